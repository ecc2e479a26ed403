//! Files, directories and links: what is generated, then what a profile says of the same paths.

use std::collections::BTreeMap;

use super::registry;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::{Contents, Directory, File, Link};
use crate::model::{DirectorySpec, FileSpec, HostNames, Identity, LinkSpec};
use crate::platform::{Draft, Host, generated_file};
use crate::source::Spanned;

/// Where the static host name stands.
const HOSTNAME: &str = "/etc/hostname";

/// Returns the static host name, if the node has one and no file of the profile's says another.
pub(super) fn hostname(host: &Host<'_>) -> Option<String> {
    let pinned = host.role.identity.value == Identity::Pinned;
    let own = host.role.files.iter().any(|file| file.path.value == HOSTNAME);
    (pinned && !own).then(|| host.node.name.value.clone())
}

/// Where names lead that no DNS knows.
const HOSTS: &str = "/etc/hosts";

/// Adds the files of the host itself: its name, those of other nodes and its kernel settings.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft) {
    if let Some(name) = hostname(host) {
        draft.files.push(generated_file(HOSTNAME, 0o644, format!("{name}\n")));
    }
    if !host.role.hosts.is_empty() {
        // what the system says in its own, which this one takes the place of
        let own = ["127.0.0.1 localhost\n", "::1 localhost\n"].map(str::to_owned);
        let line = |HostNames { ip, names }: &HostNames| format!("{ip} {}\n", names.join(" "));
        let lines: Vec<String> = own.into_iter().chain(host.role.hosts.iter().map(line)).collect();
        draft.files.push(generated_file(HOSTS, 0o644, lines.concat()));
    }
    let generated = host.parts.sysctl.iter().map(|(name, value)| (name, value));
    let own = host.role.sysctl.iter().map(|(name, value)| (&name.value, value));
    let settings: BTreeMap<&String, &String> = generated.chain(own).collect();
    if !settings.is_empty() {
        let lines: Vec<String> =
            settings.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
        let lines = lines.concat();
        draft.files.push(generated_file("/etc/sysctl.d/90-cfgbuild.conf", 0o644, lines));
    }
}

/// Returns all files by path: generated ones, over them those of services, over them the profile's.
pub(super) fn resolve(host: &Host<'_>, generated: Vec<File>, diags: &mut Diagnostics) -> Vec<File> {
    let named = generated.into_iter().map(|file| (file.path.value.clone(), file));
    let mut files: BTreeMap<String, File> = named.collect();
    for spec in host.parts.files.iter().chain(&host.role.files) {
        let FileSpec { path, mode, user, group, contents, secret, remove } = spec;
        if *remove {
            files.remove(&path.value);
            continue;
        }
        refuse_path(host, path, diags);
        let file = File {
            path: path.clone(),
            mode: mode.clone(),
            user: user.clone(),
            group: group.clone(),
            contents: Contents::open(contents.on(host.position).clone()).guarded(*secret),
        };
        files.insert(path.value.clone(), registry::merge(host, file, diags));
    }
    files.into_values().collect()
}

/// Returns the directories a profile declares; by path, so parents come first.
pub(super) fn directories(host: &Host<'_>, diags: &mut Diagnostics) -> Vec<Directory> {
    let mut made = Vec::new();
    for DirectorySpec { path, mode, user, group } in &host.role.directories {
        refuse_path(host, path, diags);
        made.push(Directory {
            path: path.clone(),
            mode: mode.clone(),
            user: user.clone(),
            group: group.clone(),
        });
    }
    made.sort_by(|a, b| a.path.value.cmp(&b.path.value));
    made
}

/// Returns the links a profile declares, by path.
pub(super) fn links(host: &Host<'_>, diags: &mut Diagnostics) -> Vec<Link> {
    let mut made = Vec::new();
    for LinkSpec { path, target, hard } in &host.role.links {
        refuse_path(host, path, diags);
        made.push(Link { path: path.clone(), target: target.clone(), hard: *hard });
    }
    made.sort_by(|a, b| a.path.value.cmp(&b.path.value));
    made
}

/// Refuses a path at which nothing that is written at provisioning can be found later.
fn refuse_path(host: &Host<'_>, path: &Spanned<String>, diags: &mut Diagnostics) {
    let Some(why) = host.system.unwritable(&path.value) else { return };
    let os = host.role.target.os.value;
    diags.report(
        Diagnostic::error(
            "path-not-writable",
            path.span,
            format!("`{}` cannot be written: the place {why} on {os}", path.value),
            why,
        )
        .related(host.role.target.os.span, "the operating system is set here")
        .help("choose a path below `/etc`, `/opt` or `/var`"),
    );
}
