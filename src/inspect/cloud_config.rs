//! CoreOS cloud-config, as coreos-cloudinit reads it on today's Flatcar.
//!
//! What is dropped there without a word is told, and is not part of the machine that is shown.

use super::keys::{self, Row, Takes};
use super::machine::{self, Found};
use super::packing;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::model::Os;
use crate::source::{Edit, FileId, Kind, Node, Sources, Span, Spanned, Style, parse};

/// What the first line must be.
pub(super) const HEADER: &str = "#cloud-config";

/// Sections of `coreos` that set variables or files of a daemon.
const DAEMONS: [&str; 7] = ["etcd", "etcd2", "fleet", "flannel", "locksmith", "update", "oem"];

/// Reads a cloud-config; `None` where it is not YAML.
pub(super) fn read(
    title: String,
    file: FileId,
    sources: &Sources,
    diags: &mut Diagnostics,
) -> Option<Found> {
    let text = sources.text(file);
    let first = text.lines().next().unwrap_or("");
    if first.trim_end() != HEADER {
        let span = Span::new(file, 0, first.len());
        let title = format!("the first line is not `{HEADER}`");
        diags.report(
            Diagnostic::error(
                "cloud-config-header",
                span,
                title,
                "coreos-cloudinit reads no further",
            )
            .help(format!("write `{HEADER}` above it, alone on its line"))
            .edit(Edit::above(span, first, HEADER)),
        );
    }
    let tree = match parse(file, text) {
        Ok(tree) => tree,
        Err(faults) => {
            for fault in faults {
                diags.report(fault.into());
            }
            return None;
        }
    };
    let mut found = Found::new(title, "cloud-config", Os::Flatcar, text.len());
    let mut reader = Reader { diags };
    reader.section(&tree, "-", "");
    reader.machine(&tree, &mut found);
    Some(found)
}

struct Reader<'d> {
    diags: &'d mut Diagnostics,
}

impl Reader<'_> {
    /// Reports what is wrong in a section; `path` names it as `coreos.units[0]`.
    fn section(&mut self, node: &Node, section: &'static str, path: &str) {
        let Some(entries) = node.entries() else {
            let what = if path.is_empty() { "the config" } else { path };
            return self.wrong_type(node.span, what, "a map");
        };
        for (name, value) in entries {
            let meant = name.value.replace('-', "_");
            let full =
                if path.is_empty() { name.value.clone() } else { format!("{path}.{}", name.value) };
            match (keys::find(section, &name.value), keys::find(section, &meant)) {
                (Some(row), _) => self.value(row, name, value, &full),
                (None, Some(row)) => {
                    self.hyphen(name, &meant, &full);
                    self.value(row, name, value, &full);
                }
                (None, None) => self.unknown(name, &meant, section, path),
            }
        }
    }

    fn value(&mut self, row: Row, name: &Spanned<String>, value: &Node, path: &str) {
        if let Some(why) = row.deprecated {
            let title = format!("`{path}` is of no use any more");
            self.diags.report(
                Diagnostic::warning("cloud-config-deprecated-key", name.span, title, why)
                    .help("remove it")
                    .edit(Edit::remove(name.span)),
            );
        }
        match (row.takes, &value.kind) {
            (_, Kind::Null) => {}
            (Takes::Section(inner), _) => self.section(value, inner, path),
            (Takes::Sections(inner), Kind::List(items)) => {
                for (position, item) in items.iter().enumerate() {
                    self.section(item, inner, &format!("{path}[{position}]"));
                }
            }
            (Takes::Sections(_), _) => self.wrong_type(value.span, path, "a list of maps"),
            (Takes::Texts, Kind::List(items)) => {
                for item in items.iter().filter(|item| scalar(item).is_none()) {
                    self.wrong_type(item.span, path, "a list of texts");
                }
            }
            (Takes::Texts, _) => self.wrong_type(value.span, path, "a list of texts"),
            (takes, Kind::Scalar(text, style)) => {
                self.single(row, takes, (text, *style), value.span, path);
            }
            (_, Kind::List(_) | Kind::Map(_)) => {
                self.wrong_type(value.span, path, "a single value");
            }
        }
    }

    fn single(
        &mut self,
        row: Row,
        takes: Takes,
        (text, style): (&str, Style),
        span: Span,
        path: &str,
    ) {
        match keys::wrong(takes, text) {
            Some(wrong) if wrong.is_type => self.wrong_type(span, path, &wrong.must_be),
            Some(wrong) => {
                let title = format!("`{path}` is `{text}`, but must be {}", wrong.must_be);
                let mut finding =
                    Diagnostic::error("cloud-config-wrong-value", span, title, "not taken");
                if let Takes::Word(words) = takes
                    && let Some(meant) = nearest(text, words.split('|'))
                {
                    finding =
                        finding.help(format!("write `{meant}`")).edit(Edit::write(span, meant));
                }
                self.diags.report(finding);
            }
            None if takes == Takes::Mode && style == Style::Plain => self.decimal(text, span, path),
            None => {}
        }
        if row.key == "discovery" && !text.contains("${") {
            self.discovery(text, span);
        }
    }

    /// Warns of permissions that were meant as a decimal number, as programs write them.
    fn decimal(&mut self, text: &str, span: Span, path: &str) {
        const USUAL: [u32; 10] =
            [0o400, 0o440, 0o600, 0o640, 0o644, 0o664, 0o700, 0o750, 0o755, 0o777];
        let number = text.parse().ok().filter(|number| USUAL.contains(number));
        let Some(number) = number.filter(|_| !text.starts_with('0')) else { return };
        let title = format!("`{path}` is {text}, which is read as the octal digits 0{text}");
        let meant = format!("\"0{number:o}\"");
        self.diags.report(
            Diagnostic::warning("mode-not-octal", span, title, format!("0{number:o} in decimal"))
                .help(format!("write `{meant}`"))
                .edit(Edit::write(span, meant)),
        );
    }

    fn discovery(&mut self, url: &str, span: Span) {
        let is_url = url.starts_with("https://") || url.starts_with("http://");
        let last = url.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let fault = if url.contains(['<', '>']) || ["token", "TOKEN", "xxx"].contains(&last) {
            "a placeholder, not a token"
        } else if !is_url {
            "no URL"
        } else {
            return;
        };
        let title = format!("`{url}` is not an etcd discovery URL");
        self.diags.report(
            Diagnostic::error("etcd-discovery-url-malformed", span, title, fault)
                .help("use the URL that `curl https://discovery.etcd.io/new?size=3` prints"),
        );
    }

    fn hyphen(&mut self, name: &Spanned<String>, meant: &str, path: &str) {
        let title = format!("today's Flatcar drops `{path}` without a word: it has a hyphen");
        self.diags.report(
            Diagnostic::error("cloud-config-hyphen", name.span, title, "is never read")
                .help(format!("write `{meant}`"))
                .edit(Edit::replace(name.span, name.value.as_str(), meant)),
        );
    }

    fn unknown(&mut self, name: &Spanned<String>, meant: &str, section: &str, path: &str) {
        let key = &name.value;
        let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
        if let Some(home) = keys::home(section, meant) {
            let here =
                if path.is_empty() { "the top level".to_owned() } else { format!("`{path}`") };
            let title = format!("coreos-cloudinit does not look for `{key}` in {here}");
            let home = if home == "-" { "to the top level" } else { "below `coreos`" };
            self.diags.report(
                Diagnostic::error("cloud-config-misplaced-key", name.span, title, "is never read")
                    .help(format!("move `{meant}` {home}")),
            );
            return;
        }
        let known = keys::of(section);
        let title = format!("coreos-cloudinit has no key `{key}`{place}");
        let mut finding =
            Diagnostic::error("cloud-config-unknown-key", name.span, title, "is never read")
                .help(suggestion(key, known.iter().copied()));
        if let Some(meant) = nearest(key, known) {
            finding = finding.edit(Edit::replace(name.span, key.as_str(), meant));
        }
        self.diags.report(finding);
    }

    fn wrong_type(&mut self, span: Span, path: &str, must_be: &str) {
        let title = format!("`{path}` must be {must_be}");
        let label = "today's Flatcar refuses the whole config";
        self.diags.report(
            Diagnostic::error("cloud-config-wrong-type", span, title, label)
                .help(format!("write {must_be}")),
        );
    }

    fn missing(&mut self, item: &Node, path: &str, key: &str) {
        let title = format!("`{path}` has no `{key}`");
        self.diags.report(
            Diagnostic::error("missing-key", item.span, title, "is left out")
                .help(format!("add `{key}: …`")),
        );
    }

    /// Reads what becomes of the machine.
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
        for daemon in DAEMONS {
            let Some(node) = coreos.and_then(|coreos| coreos.get(daemon)) else { continue };
            let section = format!("coreos.{daemon}");
            let read = node.entries().unwrap_or_default().iter();
            let read = read.filter(|(name, _)| keys::find(&section, &name.value).is_some());
            let lines = read
                .filter_map(|(name, value)| Some(format!("{}: {}", name.value, scalar(value)?)));
            found.settings.push((section.clone(), lines.collect()));
        }
    }

    fn unit(&mut self, item: &Node, found: &mut Found) {
        if item.entries().is_none() {
            return;
        }
        let Some(name) = text_of(item, "name") else {
            return self.missing(item, "coreos.units[…]", "name");
        };
        let gone =
            ["etcd.service", "etcd2.service", "fleet.service"].contains(&name.value.as_str());
        if gone && item.get("content").is_none() {
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
            found.commands.push((name.value, command.value));
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
        if !path.value.starts_with('/') && !path.value.starts_with("${") {
            let title = format!("`{}` is no absolute path", path.value);
            self.diags.report(
                Diagnostic::error(
                    "cloud-config-wrong-value",
                    path.span,
                    title,
                    "below which folder?",
                )
                .help(format!("write `/{}`", path.value))
                .edit(Edit::write(path.span, format!("/{}", path.value))),
            );
        }
        if path.value.starts_with("/usr/") {
            let title = format!("`{}` cannot be written: `/usr` is read-only", path.value);
            self.diags.report(
                Diagnostic::error("path-not-writable", path.span, title, "below `/usr`")
                    .help("choose a path below `/etc`, `/opt` or `/var`"),
            );
        }
        let content = text_of(item, "content");
        let encoding = text_of(item, "encoding").map(|encoding| encoding.value).unwrap_or_default();
        let bytes = match decoded(content.as_ref().map_or("", |content| &content.value), &encoding)
        {
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
}

fn decoded(content: &str, encoding: &str) -> Result<Vec<u8>, String> {
    let mut bytes = content.as_bytes().to_vec();
    if encoding.contains("b64") || encoding.contains("base64") {
        bytes = packing::base64(content)?;
    }
    if encoding.contains("gz") { packing::gunzip(&bytes) } else { Ok(bytes) }
}

fn items(node: &Node) -> &[Node] {
    match &node.kind {
        Kind::List(items) => items,
        Kind::Null | Kind::Scalar(..) | Kind::Map(_) => &[],
    }
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Scalar(text, _) => Some(text),
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    }
}

fn text_of(node: &Node, key: &str) -> Option<Spanned<String>> {
    let value = node.get(key)?;
    Some(Spanned::new(scalar(value)?.to_owned(), value.span))
}

fn texts(node: &Node, key: &str) -> Vec<String> {
    node.get(key)
        .map(items)
        .unwrap_or_default()
        .iter()
        .filter_map(scalar)
        .map(str::to_owned)
        .collect()
}
