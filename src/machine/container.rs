//! A container as a systemd service: `systemd.service(5)` around the attached client.
//!
//! Uses nothing newer than systemd 241 and docker 18.09, which Container Linux ends with.

use std::collections::BTreeSet;

use super::environment::{self, Environment};
use super::fleet;
use super::member;
use super::registry;
use super::run_command::run_command;
use super::secret_files;
use super::volume::mount_unit;
use crate::diagnostic::Diagnostics;
use crate::model::UnitText;
use crate::model::machine::{Command, Machine, Unit};
use crate::model::{Container, Guard, IdentityFile, Ownership, Run};
use crate::platform::{
    self, Before, Draft, Fetched, Host, Used, bash, generated_script, generated_unit, pulled,
};
use crate::source::Spanned;
use crate::unitfile::{quote_word, shell_word, whole_line};

/// Seconds between the last SIGKILL the client sends and systemd losing patience with the client.
const CLIENT_GRACE: u32 = 15;

/// Adds the service of a container and its environment file.
pub(super) fn add(
    host: &Host<'_>,
    container: &Container,
    draft: &mut Draft,
    diags: &mut Diagnostics,
) {
    let mut used = Used::default();
    let environment = environment::split(host, container, &mut used, diags);
    let secrets = secret_files::split(host, container, diags);
    let command = run_command(host, container, &environment, &mut used, diags);
    let deciding = member::commands(host, container, &mut used, diags);
    let platform = platform::of(host.role.target.platform.value);
    let fetched = Fetched { variables: &environment.fetched, files: &secrets.fetched };
    let helpers = (platform.before)(host, container, fetched, draft, diags);
    let mut text = UnitText::new();
    unit_section(host, container, &used, &helpers, &mut text);
    service_section(host, container, &environment, &used, &helpers, &mut text);
    before_start(host, container, &used, &mut text);
    secrets.steps.iter().for_each(|step| text.push("Service", "ExecStartPre", step.as_str()));
    if let Some((before, _)) = &deciding {
        text.push("Service", "ExecStartPre", before.as_str());
    }
    if let Some(guard) = &container.guard {
        text.push("Service", "ExecStartPre", guarded(host, container, guard));
        draft.files.push(generated_script(guard.path, 0o644, guard.script));
    }
    text.push("Service", "ExecStart", command);
    after_start(host, container, deciding.as_ref(), &mut text);
    text.push("Install", "WantedBy", "multi-user.target");
    let name = container.name.clone().map(|name| format!("{name}.service"));
    let Environment { words: _, secret_words, file, fetched: _ } = environment;
    let secret_args = container.args.iter().any(|word| word.on(host.position).is_secret());
    draft.files.extend(file.into_iter().chain(secrets.files));
    draft.stack.extend(used.stack);
    draft.units.push(Unit {
        command: Some(Command::Start),
        fleet: fleet::section(host, &container.placement),
        secret: secret_words || secret_args,
        ..generated_unit(name, &text)
    });
}

/// Writes what must be there before: network, runtime, facts, other units, volumes.
///
/// What each start of this unit looks for by itself is wanted and ordered, never required: systemd tries a start again
/// where a process failed, but not where a required unit did (`systemd.service(5)`, `Restart=`), so one bad moment of a
/// daemon, a disk or an agent would keep the container down for ever. `PartOf=` is the half of `Requires=` that stops
/// it in good order before what it stands on.
fn unit_section(
    host: &Host<'_>,
    container: &Container,
    used: &Used,
    helpers: &Before,
    text: &mut UnitText,
) {
    let mounts: Vec<String> = mounts(host, container).into_iter().map(mount_unit).collect();
    let daemon = host.system.runtime.daemon;
    let helping = helpers.login.iter().chain(&helpers.secrets).map(|one| one.unit.as_str());
    let needed = daemon.into_iter().chain(host.fact_agent(used)).chain(helping);
    let needed: Vec<&str> =
        ["network-online.target"].into_iter().chain(needed).chain(words(&mounts)).collect();
    text.push("Unit", "Description", whole_line(&container.description));
    if let Some(manual) = &container.documentation {
        text.push("Unit", "Documentation", whole_line(manual));
    }
    let socket = member::socket(host, container);
    let needed: Vec<&str> = needed.into_iter().chain(socket.as_deref()).collect();
    let wants = needed.iter().copied().chain(units(&container.wants));
    text.push_words("Unit", "Wants", once(wants));
    text.push_words("Unit", "Requires", once(units(&container.requires)));
    let after = units(&container.requires).chain(units(&container.after));
    text.push_words("Unit", "After", once(needed.iter().copied().chain(after)));
    text.push_words("Unit", "PartOf", once(daemon.into_iter().chain(words(&mounts))));
    if let Run::Once { unless_exists: Some(path) } = &container.run {
        text.push("Unit", "ConditionPathExists", format!("!{}", whole_line(path)));
    }
    text.push("Unit", "StartLimitIntervalSec", "0");
}

/// Returns where the volumes are mounted that a container uses.
fn mounts<'a>(host: &'a Host<'_>, container: &'a Container) -> BTreeSet<&'a str> {
    let identity = container.identity.iter().map(|identity| identity.path.as_str());
    let paths = container.binds.iter().map(|bind| bind.from.value.as_str()).chain(identity);
    paths.filter_map(|path| host.waited_for(path)).chain(host.mounts_of_client()).collect()
}

fn units(units: &[Spanned<String>]) -> impl Iterator<Item = &str> {
    units.iter().map(|unit| unit.value.as_str())
}

fn words(words: &[String]) -> impl Iterator<Item = &str> {
    words.iter().map(String::as_str)
}

/// Writes what kind of service it is and what it knows.
fn service_section(
    host: &Host<'_>,
    container: &Container,
    environment: &Environment,
    used: &Used,
    helpers: &Before,
    text: &mut UnitText,
) {
    let always = container.run == Run::Always;
    text.push("Service", "Type", if always { "simple" } else { "oneshot" });
    if !always {
        text.push("Service", "RemainAfterExit", "yes");
    }
    if always || host.system.oneshot_restarts {
        text.push("Service", "Restart", if always { "always" } else { "on-failure" });
        text.push("Service", "RestartSec", "10");
    }
    text.push("Service", "TimeoutStartSec", start_timeout(container));
    let patience = container.stop_timeout.saturating_add(CLIENT_GRACE);
    text.push("Service", "TimeoutStopSec", patience.to_string());
    // What a process ends with that heeds SIGTERM: a stop is not a failure.
    text.push("Service", "SuccessExitStatus", "143");
    text.push("Service", "SyslogIdentifier", whole_line(&container.name.value));
    let image = pulled(host.role, &container.image.value);
    text.push("Service", "Environment", format!("IMAGE={image}"));
    registry::environment(host, text);
    secret_files::directory(container, text);
    if let Some(login) = &helpers.login {
        text.push("Service", "Environment", login.read.as_str());
    }
    if let Some(source) = host.fact_source(used) {
        text.push("Service", "EnvironmentFile", source.file);
    }
    if !used.stack.is_empty() {
        text.push("Service", "EnvironmentFile", Machine::STACK_FILE);
    }
    if environment.file.is_some() {
        text.push("Service", "EnvironmentFile", whole_line(&environment::path(container)));
    }
    if let Some(deciding) = &container.deciding
        && deciding.takes_flags
    {
        // written by the command before, and read after it
        let path = member::decided(&deciding.instance);
        text.push("Service", "EnvironmentFile", format!("-{}", whole_line(&path)));
    }
    if let Some(secrets) = helpers.secrets.as_ref().filter(|_| !environment.fetched.is_empty()) {
        text.push("Service", "EnvironmentFile", whole_line(&secrets.read));
    }
}

/// Returns how long a start may take. A broker that lost its power reads its log before it answers, for hours where the
/// disk is large; killed meanwhile, it begins anew. Whatever hangs without its process has a limit of its own.
fn start_timeout(container: &Container) -> &'static str {
    match (&container.run, container.ready_port.is_some() || container.health.is_some()) {
        (Run::Always, true) => "12h",
        (Run::Always, false) => "20min",
        // work that ends by itself takes as long as it takes
        _ => "infinity",
    }
}

/// Writes what is done before each start.
fn before_start(host: &Host<'_>, container: &Container, used: &Used, text: &mut UnitText) {
    let client = host.system.runtime.client;
    let name = quote_word(&container.name.value);
    let mut step = |command: String| text.push("Service", "ExecStartPre", command);
    let source = host.fact_source(used).into_iter();
    let known = source.flat_map(|source| used.host.iter().map(|fact| source.variable(*fact)));
    let known = known.chain(used.stack.iter().map(|fact| fact.variable()));
    let known: Vec<String> = known.map(|variable| format!("\"${{{variable}:?}}\"")).collect();
    if !known.is_empty() {
        step(bash(&format!(": {}", known.join(" "))));
    }
    // Without its volume a service would find an empty folder of the root disk, and begin there.
    let mounts: Vec<String> = mounts(host, container).into_iter().map(quote_word).collect();
    if !mounts.is_empty() {
        let script = "for m; do mountpoint -q \"$m\" || { echo \"<3>$m is not mounted\" >&2; exit 1; }; done";
        step(format!("{} - {}", bash(script), mounts.join(" ")));
    }
    // A crash of the host or of the client leaves the container behind.
    step(format!("-{client} rm --force {name}"));
    // Pulling what is there already would make a registry's bad day a bad day of the cluster.
    step(bash(&format!(
        "{client} image inspect \"$IMAGE\" >/dev/null 2>&1 || \
         exec timeout 15m {client} pull \"$IMAGE\""
    )));
    if let Some(IdentityFile { path, value }) = &container.identity {
        let script = "found=$(cat \"$0\" 2>/dev/null); [ -z \"$found\" ] || [ \"$found\" = \"$1\" ] || \
                      { echo \"<3>$0 says $found, not $1: this is the volume of another node\" >&2; exit 1; }";
        step(format!("{} {} {}", bash(script), quote_word(path), quote_word(value)));
    }
    let mut made: Vec<(Ownership, String)> = Vec::new();
    for bind in &container.binds {
        let Some(owner) = bind.create else { continue };
        let path = quote_word(&bind.from.value);
        match made.iter_mut().find(|(known, _)| *known == owner) {
            Some((_, paths)) => {
                paths.push(' ');
                paths.push_str(&path);
            }
            None => made.push((owner, path)),
        }
    }
    for (Ownership { uid, gid, mode }, paths) in made {
        step(format!("/usr/bin/install -d -o {uid} -g {gid} -m {mode:04o} {paths}"));
    }
}

/// Returns the command that allows a start.
fn guarded(host: &Host<'_>, container: &Container, guard: &Guard) -> String {
    let name = container.name.value.as_str();
    let words = [host.system.runtime.client, name].into_iter().chain(words(&guard.words));
    let words: Vec<String> = words.map(quote_word).collect();
    format!("/usr/bin/bash {} {}", guard.path, words.join(" "))
}

/// Writes how it is known to be ready, and how it stops.
fn after_start(
    host: &Host<'_>,
    container: &Container,
    deciding: Option<&(String, Option<String>)>,
    text: &mut UnitText,
) {
    if let (Run::Always, Some(port)) = (&container.run, container.ready_port) {
        // bash knows no brackets around an address
        let host = container.ready_host.as_deref().unwrap_or("127.0.0.1");
        let host = shell_word(host.trim_matches(['[', ']']));
        let script = waits_for(&format!("(: </dev/tcp/{host}/{port}) 2>/dev/null"));
        text.push("Service", "ExecStartPost", script);
    }
    let Container { name, stop_timeout, .. } = container;
    let client = host.system.runtime.client;
    if container.health.is_some() {
        let status = "container inspect --format '{{.State.Health.Status}}'";
        let script =
            waits_for(&format!("[ \"$({client} {status} \"$0\" 2>/dev/null)\" = healthy ]"));
        let command = format!("{script} {}", quote_word(&name.value));
        text.push("Service", "ExecStartPost", command);
    }
    if let Some((_, Some(joined))) = deciding {
        text.push("Service", "ExecStartPost", joined.as_str());
    }
    // It also runs when the container has ended by itself and nothing is left to stop.
    text.push(
        "Service",
        "ExecStop",
        format!("-{client} stop -t {stop_timeout} {}", quote_word(&name.value)),
    );
}

/// Returns the command that ends once a condition of bash is true, and fails once the client has ended: a container
/// that dies would else be waited for until the start times out.
fn waits_for(condition: &str) -> String {
    bash(&format!("until {condition}; do kill -0 $MAINPID 2>/dev/null || exit 1; sleep 1; done"))
}

/// Returns words in order, each the first time it comes.
fn once<'a>(words: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut kept = Vec::new();
    for word in words {
        if !kept.contains(&word) {
            kept.push(word);
        }
    }
    kept
}
