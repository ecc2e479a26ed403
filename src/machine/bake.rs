//! The machine an image of the role is taken from: it pulls every image of the role, and knows no node.
//!
//! A machine that starts from the image runs Ignition again, with its own node's config. So nothing of a node is on
//! it: no name, no token, no secret, no service. It is a cache: a node boots the same with and without it.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::accounts;
use crate::model::UnitText;
use crate::model::machine::{File, Machine, Unit};
use crate::model::{Parts, Registry, Role, User, is_below};
use crate::os::{self, FirstBoot, System};
use crate::platform::{self, Host, bare_unit, bash, generated_unit, pulled};
use crate::source::{Sources, Spanned};
use crate::unitfile::{quote_word, shell_word};

/// The unit that pulls.
const UNIT: &str = "cfgbuild-bake.service";

/// Who provisions: the user that every system of the family has.
const USER: &str = "core";

/// Where the password of a registry lies while images are pulled: in memory, not on the disk that becomes the image.
const PASSWORDS: &str = "/run/cfgbuild-registry";

/// Where a system keeps what its container runtime must know to reach a registry.
const RUNTIME: [&str; 4] =
    ["/etc/containers", "/etc/docker", "/etc/pki/ca-trust/source/anchors", "/etc/ssl/certs"];

/// What an image of a role is made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bake {
    /// The machine whose disk becomes the image.
    pub machine: Machine,
    /// A script that ends once every image is there, or fails.
    pub wait: String,
    /// A script that makes the next boot the first one.
    pub reset: String,
    /// Whether `wait` takes what opens the registry, base64 of `user:password`, from [`Bake::AUTH`].
    pub asks_auth: bool,
}

impl Bake {
    /// Variable of the environment of `wait`.
    pub const AUTH: &str = "REGISTRY_AUTH";
}

/// Builds the machine that all of `machines`, the nodes of the cluster, have in common before they are nodes.
pub fn bake(role: &Role, parts: &[Parts], machines: &[Machine]) -> Bake {
    let system = os::table(role.target.os.value);
    let images = images(role, parts, machines);
    let mut units: Vec<Unit> = runtime_units(system, machines);
    let closed = role.registry.as_ref().filter(|registry| registry.auth.is_some());
    units.push(pull(system, &images, closed.is_some()));
    let quiet = system.first_boot.quiet.iter();
    units.extend(quiet.map(|name| Unit { mask: true, ..bare_unit(generated((*name).to_owned())) }));
    let machine = Machine {
        users: parts.first().map_or(Vec::new(), |parts| users(&platform::host(role, parts, 0))),
        files: runtime_files(machines),
        units,
        ..Machine::named("bake")
    };
    let reset = reset(system, &machine);
    Bake { wait: wait(system, &images, closed), reset, machine, asks_auth: closed.is_some() }
}

/// Returns the images of all containers that some node runs, each once.
fn images(role: &Role, parts: &[Parts], machines: &[Machine]) -> BTreeSet<String> {
    let units = machines.iter().flat_map(|machine| &machine.units).filter(|unit| !unit.mask);
    let running: BTreeSet<&str> =
        units.filter_map(|unit| unit.name.value.strip_suffix(".service")).collect();
    let containers = parts.iter().flat_map(|parts| &parts.containers).chain(&role.containers);
    let running = containers.filter(|container| running.contains(container.name.value.as_str()));
    let images = running.map(|container| &container.image.value);
    let own = (platform::of(role.target.platform.value).images)(role);
    let images = images.chain(own);
    images.map(|image| pulled(role, image).to_string()).collect()
}

/// Returns the operator's account, without a password: an image is no place for one.
fn users(host: &Host<'_>) -> Vec<User> {
    let found = accounts::users(host).into_iter().find(|user| user.name.value == USER);
    let keys = found.filter(|user| !user.ssh_authorized_keys.is_empty());
    let user = keys.map(|user| User {
        name: user.name,
        ssh_authorized_keys: user.ssh_authorized_keys,
        password_hash: None,
        uid: None,
        primary_group: None,
        groups: Vec::new(),
        home_dir: None,
        shell: None,
        system: false,
        should_exist: None,
    });
    user.into_iter().collect()
}

/// Returns the files that a pull needs, where all nodes have the same and none is secret.
fn runtime_files(machines: &[Machine]) -> Vec<File> {
    let Some((first, others)) = machines.split_first() else { return Vec::new() };
    let wanted = |file: &&File| {
        !file.contents.secret
            && RUNTIME.iter().any(|directory| is_below(&file.path.value, directory))
    };
    // By path, so there is one to look at.
    let found = |machine: &Machine, file: &File| {
        let key = |other: &File| other.path.value.as_str().cmp(&file.path.value);
        let place = machine.files.binary_search_by(key).ok();
        place.and_then(|place| machine.files.get(place)) == Some(file)
    };
    let shared = |file: &&File| others.iter().all(|machine| found(machine, file));
    first.files.iter().filter(wanted).filter(shared).cloned().collect()
}

/// Returns what the nodes say of the runtime's daemon, as the proxy it takes, where all say the same.
fn runtime_units(system: &System, machines: &[Machine]) -> Vec<Unit> {
    let Some((first, others)) = machines.split_first() else { return Vec::new() };
    let wanted = |unit: &&Unit| {
        let name = unit.name.value.as_str();
        !unit.secret && (Some(name) == system.runtime.daemon || name == "containerd.service")
    };
    let shared = |unit: &&Unit| others.iter().all(|machine| machine.units.contains(unit));
    first.units.iter().filter(wanted).filter(shared).cloned().collect()
}

/// Returns the unit that pulls every image, each five times before it gives up; where the registry is closed, not
/// before somebody opens it.
fn pull(system: &System, images: &BTreeSet<String>, closed: bool) -> Unit {
    let client = system.runtime.client;
    let mut text = UnitText::new();
    text.push("Unit", "Description", "Pull the images of the role");
    let needed = || ["network-online.target"].into_iter().chain(system.runtime.daemon);
    text.push_words("Unit", "Wants", needed());
    text.push_words("Unit", "After", needed());
    text.push("Service", "Type", "oneshot");
    text.push("Service", "RemainAfterExit", "yes");
    text.push("Service", "TimeoutStartSec", "1h");
    if closed {
        let passwords = system.runtime.registry.passwords_in(PASSWORDS);
        text.push("Service", "Environment", passwords);
    }
    let script = format!(
        "for pause in 5 10 20 40 0; do {client} pull \"$0\" && exit; sleep $pause; done; \
         echo \"<3>cannot pull $0\" >&2; exit 1"
    );
    for image in images {
        text.push("Service", "ExecStart", format!("{} {}", bash(&script), quote_word(image)));
    }
    if images.is_empty() {
        text.push("Service", "ExecStart", "/usr/bin/true");
    }
    if !closed {
        text.push("Install", "WantedBy", "multi-user.target");
    }
    generated_unit(generated(UNIT.to_owned()), &text)
}

/// Returns the script that waits for the unit and shows what it does.
fn wait(system: &System, images: &BTreeSet<String>, closed: Option<&Registry>) -> String {
    let client = system.runtime.client;
    let open = closed.map_or(String::new(), open_registry);
    let mut script = format!(
        "#!/usr/bin/env bash\n\
         # Waits until every image of the role is pulled. Written by cfgbuild.\n\
         set -euo pipefail\n\
         {open}journalctl --follow --output cat --unit {UNIT} &\n\
         follower=$!\n\
         trap 'kill \"$follower\"' EXIT\n\
         # Waits for a start that is under way, and tries again what has failed.\n\
         systemctl start {UNIT}\n"
    );
    for image in images {
        writeln!(script, "{client} image inspect {} >/dev/null", shell_word(image))
            .expect("a String takes all that is written");
    }
    script
}

/// Returns what writes the password to where the unit looks for it.
fn open_registry(registry: &Registry) -> String {
    let auth = Bake::AUTH;
    let host = shell_word(&registry.host.value);
    format!(
        "# In memory, and gone with the machine.\n\
         install -d -m 0700 {PASSWORDS}\n\
         (umask 077 && printf '{{\"auths\":{{\"%s\":{{\"auth\":\"%s\"}}}}}}' {host} \"${{{auth}:?}}\" \\\n    \
         >{PASSWORDS}/config.json)\n"
    )
}

/// Returns the script that takes away all that is this machine's own, and asks for another first boot.
fn reset(system: &System, machine: &Machine) -> String {
    let FirstBoot { flag, remount, quiet: _ } = &system.first_boot;
    let mut script = include_str!("bake-reset.sh").to_owned();
    let mut paths: Vec<String> = machine.files.iter().map(|file| file.path.value.clone()).collect();
    paths.extend(machine.units.iter().flat_map(unit_paths));
    let mut lines = String::new();
    for path in &paths {
        lines.push_str("    ");
        lines.push_str(&shell_word(path));
        lines.push('\n');
    }
    let remount = remount.map_or(String::new(), |mount| format!("mount -o remount,rw {mount}\n"));
    for (word, text) in [
        ("@UNIT@", UNIT),
        ("@USER@", USER),
        ("@REMOUNT@\n", &remount),
        ("@FLAG@", flag),
        // Last: what a profile says could look like one of the others.
        ("@PATHS@\n", &lines),
    ] {
        script = script.replace(word, text);
    }
    script
}

/// Returns the files that Ignition makes of a unit.
fn unit_paths(unit: &Unit) -> Vec<String> {
    let path = format!("/etc/systemd/system/{}", unit.name.value);
    let dropins = unit.dropins.keys().map(|name| format!("{path}.d/{name}"));
    let own = (unit.mask || unit.contents.is_some()).then(|| path.clone());
    own.into_iter().chain(dropins).collect()
}

fn generated(name: String) -> Spanned<String> {
    Spanned::new(name, Sources::NOWHERE)
}
