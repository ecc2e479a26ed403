//! What a cloud-config makes of a machine: units, files, users, settings of daemons.

use super::keys;
use super::nodes::{items, scalar, text_of, texts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::inspect::machine::{self, Found};
use crate::inspect::packing;
use crate::source::{Node, Spanned};

/// Reads a config into what was found.
pub(super) fn read(tree: &Node, found: &mut Found, diags: &mut Diagnostics) {
    Builder { diags, left: packing::MOST_IN_ALL }.machine(tree, found);
}

/// What the names of files end in that are units here, and that `systemd-networkd` reads from a folder of its own.
const NETWORKD: [&str; 3] = [".link", ".netdev", ".network"];

struct Builder<'d> {
    diags: &'d mut Diagnostics,
    /// How many bytes may still be unpacked.
    left: usize,
}

impl Builder<'_> {
    fn machine(&mut self, tree: &Node, found: &mut Found) {
        let coreos = tree.get("coreos");
        for item in coreos.and_then(|coreos| coreos.get("units")).map(items).unwrap_or_default() {
            self.unit(item, found);
        }
        for item in tree.get("write_files").map(items).unwrap_or_default() {
            self.file(item, found);
        }
        for item in tree.get("users").map(items).unwrap_or_default() {
            match text_of(item, "name") {
                Some(name) => {
                    let keys = texts(item, "ssh_authorized_keys");
                    found.users.push(machine::user(name, keys));
                }
                None => self.missing(item, "users[…]", "name"),
            }
        }
        let keys = texts(tree, "ssh_authorized_keys");
        if let Some(written) = tree.get("ssh_authorized_keys").filter(|_| !keys.is_empty()) {
            let core = Spanned::new("core".to_owned(), written.span);
            found.users.push(machine::user(core, keys));
        }
        if let Some(name) = text_of(tree, "hostname") {
            found.settings.push(("hostname".to_owned(), vec![name.value]));
        }
        for (daemon, section) in keys::daemons() {
            let Some(node) = coreos.and_then(|coreos| coreos.get(daemon)) else { continue };
            let read = node.entries().unwrap_or_default().iter();
            let read = read.filter(|(name, _)| keys::find(section, &name.value).is_some());
            let lines = read
                .filter_map(|(name, value)| Some(format!("{}: {}", name.value, scalar(value)?)));
            found.settings.push((section.to_owned(), lines.collect()));
        }
    }

    fn unit(&mut self, item: &Node, found: &mut Found) {
        if item.entries().is_none() {
            return;
        }
        let Some(name) = text_of(item, "name") else {
            return self.missing(item, "coreos.units[…]", "name");
        };
        if keys::is_gone(&name.value) && item.get("content").is_none() {
            let title = format!("no system has `{}` any more", name.value);
            self.diags.report(
                Diagnostic::warning(
                    "cloud-config-deprecated-key",
                    name.span,
                    title,
                    "there is nothing to start",
                )
                .help("remove the unit, or write it whole in `content`"),
            );
        }
        if NETWORKD.iter().any(|end| name.value.ends_with(end)) {
            if let Some(content) = text_of(item, "content") {
                let path = name.map(|name| format!("/etc/systemd/network/{name}"));
                found.files.push(machine::file(path, 0o644, content.value.into_bytes()));
            }
            return;
        }
        let mut unit = machine::unit(name.clone());
        let is_set = |key: &str| {
            item.get(key).and_then(scalar).is_some_and(|text| {
                matches!(text.to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "y")
            })
        };
        let command = text_of(item, "command").filter(|command| !command.value.is_empty());
        unit.mask = is_set("mask");
        // what a command starts need not be enabled
        unit.enabled = if is_set("enable") { Some(true) } else { command.as_ref().map(|_| false) };
        if let Some(content) = text_of(item, "content") {
            unit.contents = Some(machine::text(&content.value, content.span));
        }
        for dropin in item.get("drop_ins").map(items).unwrap_or_default() {
            match (text_of(dropin, "name"), text_of(dropin, "content")) {
                (Some(name), Some(content)) => {
                    let content = machine::text(&content.value, content.span);
                    unit.dropins.push(machine::dropin(name, content));
                }
                (None, _) => self.missing(dropin, "drop_ins[…]", "name"),
                (_, None) => self.missing(dropin, "drop_ins[…]", "content"),
            }
        }
        if let Some(command) = command {
            found.commands.entry(name.value).or_insert(command.value);
        }
        found.units.push(unit);
    }

    fn file(&mut self, item: &Node, found: &mut Found) {
        if item.entries().is_none() {
            return;
        }
        let Some(path) = text_of(item, "path") else {
            return self.missing(item, "write_files[…]", "path");
        };
        // the reader puts the root in front
        let path = path.map(|path| {
            let is_absolute = path.starts_with('/') || path.starts_with("${");
            if is_absolute { path } else { format!("/{path}") }
        });
        if path.value.starts_with("/usr/") {
            let title = format!("`{}` cannot be written: `/usr` is read-only", path.value);
            self.diags.report(
                Diagnostic::error("path-not-writable", path.span, title, "below `/usr`")
                    .help("choose a path below `/etc`, `/opt` or `/var`"),
            );
        }
        let content = text_of(item, "content");
        let encoding = text_of(item, "encoding").map(|encoding| encoding.value).unwrap_or_default();
        let text = content.as_ref().map_or("", |content| &content.value);
        let decoded = decoded(text, &encoding, self.left);
        let bytes = match decoded.and_then(|bytes| packing::spend(&mut self.left, bytes)) {
            Ok(bytes) => bytes,
            Err(why) => {
                let title = format!("the content of `{}` is not {encoding}: {why}", path.value);
                let span = content.map_or(path.span, |content| content.span);
                self.diags.report(
                    Diagnostic::error("contents-unreadable", span, title, "cannot be decoded")
                        .help("encode it again, or leave `encoding` out for plain text"),
                );
                Vec::new()
            }
        };
        let mode =
            text_of(item, "permissions").and_then(|mode| u32::from_str_radix(&mode.value, 8).ok());
        let mut file = machine::file(path, mode.unwrap_or(0o644), bytes);
        if let Some(owner) = text_of(item, "owner") {
            let (user, group) = owner.value.split_once(':').unwrap_or((&owner.value, ""));
            file.user = Some(machine::owner(user));
            file.group = (!group.is_empty()).then(|| machine::owner(group));
        }
        found.files.push(file);
    }

    fn missing(&mut self, item: &Node, path: &str, key: &str) {
        let title = format!("`{path}` has no `{key}`");
        self.diags.report(
            Diagnostic::error("missing-key", item.span, title, "is left out")
                .help(format!("add `{key}: …`")),
        );
    }
}

fn decoded(content: &str, encoding: &str, left: usize) -> Result<Vec<u8>, String> {
    let mut bytes = content.as_bytes().to_vec();
    if encoding.contains("b64") || encoding.contains("base64") {
        bytes = packing::base64(content)?;
    }
    if encoding.contains("gz") { packing::gunzip(&bytes, left) } else { Ok(bytes) }
}
