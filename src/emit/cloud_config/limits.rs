//! What a machine has and the dialect has no word for: each is reported where it was written.
//!
//! Prints nothing.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::request::Request;
use crate::model::machine::{Directory, File, Machine, Owner, Unit, User};
use crate::source::{Span, Spanned};

/// Users every image has: of these coreos-cloudinit sets password and keys only.
const EXISTING_USERS: [&str; 2] = ["core", "root"];
/// What coreos-cloudinit replaces wherever it stands, word or not; a backslash before it is eaten.
const SUBSTITUTED: [&str; 4] = ["$private_ipv4", "$public_ipv4", "$private_ipv6", "$public_ipv6"];
/// How a help ends where a profile lists the formats, and where it does not.
const OR_DROP: [&str; 2] = [
    "or drop `cloud-config` from `target.formats`",
    "or do without a cloud-config: `target: { formats: [units] }`",
];

/// Reports everything about a machine that a cloud-config cannot say.
pub(super) fn report(request: &Request<'_>, diags: &mut Diagnostics) {
    let [listed, unlisted] = OR_DROP;
    let or_drop = if request.target.asks_for_formats() { listed } else { unlisted };
    let mut limits = Limits { or_drop, diags };
    let Machine {
        name: _,
        hostname: _,
        users,
        groups,
        directories,
        files,
        links,
        disks,
        raid,
        filesystems,
        units,
        stack: _,
        calls: _,
        kernel_arguments,
    } = request.machine;
    for user in users {
        limits.user(user);
    }
    for directory in directories {
        limits.directory(directory, files);
    }
    for file in files {
        limits.file(file);
    }
    for unit in units {
        limits.unit(unit);
    }
    let arguments = kernel_arguments.should_exist.iter().chain(&kernel_arguments.should_not_exist);
    let wordless = groups
        .iter()
        .map(|group| ("make a group", &group.name))
        .chain(links.iter().map(|link| ("make a link", &link.path)))
        .chain(disks.iter().map(|disk| ("partition a disk", &disk.device)))
        .chain(raid.iter().map(|array| ("make a RAID array", &array.name)))
        .chain(filesystems.iter().map(|filesystem| ("make a file system", &filesystem.device)))
        .chain(arguments.map(|argument| ("change kernel arguments", argument)));
    for (what, which) in wordless {
        limits.cannot(which.span, what, &which.value, "remove it");
    }
}

/// Returns what coreos-cloudinit would replace in a text before it is read, if anything.
pub(super) fn substituted(text: &str) -> Option<&'static str> {
    // they all begin alike: most texts are searched once
    let may_hold = text.contains("$p");
    SUBSTITUTED.into_iter().find(|variable| may_hold && text.contains(variable))
}

/// Returns whether an owner is root, which is what a file gets unasked.
pub(super) fn is_root(owner: Option<&Owner>) -> bool {
    match owner {
        None | Some(Owner::Id(0)) => true,
        Some(Owner::Id(_)) => false,
        Some(Owner::Name(name)) => name == "root",
    }
}

struct Limits<'d> {
    /// How every help ends.
    or_drop: &'static str,
    diags: &'d mut Diagnostics,
}

impl Limits<'_> {
    fn user(&mut self, user: &User) {
        let User {
            name,
            ssh_authorized_keys,
            password_hash,
            uid,
            primary_group,
            groups,
            home_dir,
            shell,
            system,
            should_exist,
        } = user;
        if let Some(uid) = uid {
            self.cannot(uid.span, "choose a user's number", &uid.value.to_string(), "remove `uid`");
        }
        if let Some(Spanned { value: false, span }) = should_exist {
            self.cannot(*span, "remove a user", &name.value, "remove it");
        }
        let only_at_creation = primary_group.is_some()
            || !groups.is_empty()
            || home_dir.is_some()
            || shell.is_some()
            || *system;
        if only_at_creation && EXISTING_USERS.contains(&name.value.as_str()) {
            let what = "change more than password and keys of a user that exists";
            self.cannot(name.span, what, &name.value, "remove the other keys of this user");
        }
        for key in ssh_authorized_keys {
            self.text(name.span, key, "a key");
        }
        if let Some(hash) = password_hash {
            self.text(hash.span, &hash.value, "a password hash");
        }
    }

    fn directory(&mut self, directory: &Directory, files: &[File]) {
        let Directory { path, mode, user, group } = directory;
        let below = |file: &File| {
            file.path.value.strip_prefix(&path.value).is_some_and(|rest| rest.starts_with('/'))
        };
        // Parents of files are made as root's and 0755: a directory that wants no more need not be said.
        let made_anyway = mode.value == 0o755
            && is_root(user.as_ref())
            && is_root(group.as_ref())
            && files.iter().any(below);
        if !made_anyway {
            self.cannot(path.span, "make a directory", &path.value, "let a unit make it");
        }
    }

    fn file(&mut self, file: &File) {
        let File { path, mode, user: _, group: _, contents: _ } = file;
        if path.value.starts_with("/usr") {
            // The validator compares letters, so `/usrlocal` is refused as well.
            self.cannot(path.span, "write below `/usr`", &path.value, "choose another path");
        }
        if mode.value > 0o777 {
            let what = "set the setuid, setgid or sticky bit of a file";
            self.cannot(mode.span, what, &format!("{:04o}", mode.value), "use a mode up to 0777");
        }
        self.text(path.span, &path.value, "a path");
    }

    fn unit(&mut self, unit: &Unit) {
        let Unit { name, contents, enabled, mask: _, dropins, command: _, fleet: _, secret: _ } =
            unit;
        if *enabled == Some(false) && contents.is_none() {
            let instead = "mask it with `mask: true`";
            self.cannot(name.span, "disable a unit of the system", &name.value, instead);
        }
        self.text(name.span, &name.value, "a unit");
        if let Some(text) = contents {
            self.text(name.span, text, "a unit");
        }
        for text in dropins.values() {
            self.text(name.span, text, "a drop-in");
        }
    }

    /// Reports a text that coreos-cloudinit would make something else of.
    fn text(&mut self, span: Span, text: &str, what: &str) {
        let Some(variable) = substituted(text) else { return };
        let or_drop = self.or_drop;
        let title = format!("coreos-cloudinit replaces `{variable}` in {what}");
        let label = "becomes an address here and stays as it is in Ignition";
        let help = match variable.trim_start_matches('$') {
            fact @ ("private_ipv4" | "public_ipv4") => {
                format!("write `{{{{host.{fact}}}}}` instead, {or_drop}")
            }
            _ => format!("remove it, {or_drop}"),
        };
        self.diags
            .report(Diagnostic::error("cloud-config-substitution", span, title, label).help(help));
    }

    fn cannot(&mut self, span: Span, what: &str, which: &str, instead: &str) {
        let title = format!("cloud-config cannot {what}: `{which}`");
        let label = "the format has no word for this";
        let diagnostic = Diagnostic::error("cloud-config-cannot-express", span, title, label);
        self.diags.report(diagnostic.help(format!("{instead}, {}", self.or_drop)));
    }
}
