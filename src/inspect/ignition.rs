//! Ignition configs, spec 2 and 3: files, units and users, and what is wrong with them as far as our own rules know.
//!
//! The judge of a config is Ignition itself; here is told what it accepts and then does not do.

use super::effects::{at, effects, list, said};
use super::fault::unreadable;
use super::machine::{self, Found};
use super::packing;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::model::{DirectorySpec, IgnitionVersion, LinkSpec, Os, Owner};
use crate::source::{Edit, Kind, Node, Origin, Sources, Span, Spanned, as_text, parse};

/// Deepest nesting of configs in configs.
const DEEPEST: usize = 4;

/// Keys of the objects of spec 3.0.0 to 3.6.0 that are read here, by the path to them.
const KEYS: [(&str, &[&str]); 16] = [
    ("", &["ignition", "kernelArguments", "passwd", "storage", "systemd"]),
    ("ignition", &["config", "proxy", "security", "timeouts", "version"]),
    ("ignition.config", &["merge", "replace"]),
    ("ignition.config.replace", RESOURCE),
    ("ignition.config.merge", RESOURCE),
    ("storage", &["directories", "disks", "files", "filesystems", "links", "luks", "raid"]),
    ("storage.files", &["append", "contents", "group", "mode", "overwrite", "path", "user"]),
    ("storage.files.contents", RESOURCE),
    ("storage.files.append", RESOURCE),
    ("storage.directories", &["group", "mode", "overwrite", "path", "user"]),
    ("storage.links", &["group", "hard", "overwrite", "path", "target", "user"]),
    ("systemd", &["units"]),
    ("systemd.units", &["contents", "dropins", "enabled", "mask", "name"]),
    ("systemd.units.dropins", &["contents", "name"]),
    ("passwd", &["groups", "users"]),
    (
        "passwd.users",
        &[
            "gecos",
            "groups",
            "homeDir",
            "name",
            "noCreateHome",
            "noLogInit",
            "noUserGroup",
            "passwordHash",
            "primaryGroup",
            "shell",
            "shouldExist",
            "sshAuthorizedKeys",
            "system",
            "uid",
        ],
    ),
];

const RESOURCE: &[&str] = &["compression", "httpHeaders", "source", "verification"];

/// Reads a config.
pub(super) fn read(
    title: String,
    tree: &Node,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Found {
    Reader { sources, diags, depth: 0, left: packing::MOST_IN_ALL }.config(title, tree)
}

struct Reader<'a> {
    sources: &'a mut Sources,
    diags: &'a mut Diagnostics,
    depth: usize,
    /// How many bytes may still be unpacked.
    left: usize,
}

impl Reader<'_> {
    fn config(&mut self, title: String, tree: &Node) -> Found {
        let text = self.sources.text(tree.span.file).len();
        let version = at(tree, &["ignition", "version"]).and_then(said).unwrap_or_default();
        let mut found = Found::new(title, &format!("Ignition {version}"), crate::os::DEFAULT, text);
        self.version(tree, &version);
        if version.starts_with("3.") {
            self.keys(tree, "");
        }
        for item in list(tree, &["storage", "files"]) {
            self.file(item, &mut found);
        }
        for item in list(tree, &["storage", "directories"]) {
            if let Some(path) = self.path(item) {
                let mode = Spanned::new(self.mode(item, 0o755), item.span);
                let (user, group) = (owner(item, "user"), owner(item, "group"));
                found.directories.push(DirectorySpec { path, mode, user, group });
            }
        }
        for item in list(tree, &["storage", "links"]) {
            if let Some(path) = self.path(item) {
                let target = item.get("target").and_then(said).unwrap_or_default();
                let hard = item.get("hard").and_then(said).as_deref() == Some("true");
                found.links.push(LinkSpec { path, target, hard });
            }
        }
        for item in list(tree, &["systemd", "units"]) {
            self.unit(item, &found.title.clone(), &mut found);
        }
        for item in list(tree, &["passwd", "users"]) {
            let Some(name) = named(item, "name") else { continue };
            let keys = list(item, &["sshAuthorizedKeys"]).iter().filter_map(said).collect();
            let mut user = machine::user(name, keys);
            user.password_hash = named(item, "passwordHash").filter(|hash| !hash.value.is_empty());
            user.groups = list(item, &["groups"]).iter().filter_map(said).collect();
            user.primary_group = item.get("primaryGroup").and_then(said);
            user.shell = item.get("shell").and_then(said);
            found.users.push(user);
        }
        found.settings.extend(effects(tree));
        self.inner(tree, &mut found);
        if let Some(os) = os(&found) {
            found.os = os;
        }
        found
    }

    fn version(&mut self, tree: &Node, version: &str) {
        let known = IgnitionVersion::ALL.iter().any(|(known, _)| *known == version);
        if known || version.starts_with("2.") || version.contains("experimental") {
            return;
        }
        let node = at(tree, &["ignition", "version"]).or_else(|| tree.get("ignition"));
        let span = node.map_or(tree.span, |node| node.span);
        let title = if version.is_empty() {
            "the config names no version".to_owned()
        } else {
            format!("there is no Ignition spec {version}")
        };
        let words: Vec<&str> = IgnitionVersion::ALL.iter().map(|(word, _)| *word).collect();
        self.diags.report(
            Diagnostic::error("ignition-version-unknown", span, title, "the machine does not boot")
                .help(format!("must be one of: {}", words.join(", "))),
        );
    }

    /// Reports keys that Ignition does not read.
    fn keys(&mut self, node: &Node, path: &str) {
        if let Kind::List(items) = &node.kind {
            return items.iter().for_each(|item| self.keys(item, path));
        }
        let Some((_, known)) = KEYS.iter().find(|(at, _)| *at == path) else { return };
        for (name, value) in node.entries().unwrap_or_default() {
            let key = name.value.as_str();
            if known.contains(&key) {
                let inner = if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
                self.keys(value, &inner);
                continue;
            }
            let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
            let title = format!("Ignition has no key `{key}`{place}");
            let mut finding =
                Diagnostic::error("ignition-unknown-key", name.span, title, "is never read")
                    .help(suggestion(key, known.iter().copied()));
            if let Some(meant) = nearest(key, known.iter().copied()) {
                finding = finding.edit(Edit::replace(name.span, key, meant));
            }
            self.diags.report(finding);
        }
    }

    fn file(&mut self, item: &Node, found: &mut Found) {
        let Some(path) = self.path(item) else { return };
        let mode = self.mode(item, 0o644);
        let mut bytes = Vec::new();
        let contents = item.get("contents").into_iter().chain(list(item, &["append"]));
        for resource in contents {
            bytes.extend(self.resource(resource, &path.value).unwrap_or_default());
        }
        let mut file = machine::file(path, mode, bytes);
        (file.user, file.group) = (owner(item, "user"), owner(item, "group"));
        found.files.push(file);
    }

    /// Returns the path of an entry, which must be absolute.
    fn path(&mut self, item: &Node) -> Option<Spanned<String>> {
        let path = named(item, "path")?;
        if !path.value.starts_with('/') {
            let title = format!("`{}` is no absolute path", path.value);
            self.diags.report(
                Diagnostic::error("ignition-wrong-value", path.span, title, "Ignition refuses it")
                    .help(format!("write `/{}`", path.value)),
            );
        }
        Some(path)
    }

    /// Returns permissions, and warns of octal digits in a number that is decimal.
    fn mode(&mut self, item: &Node, usual: u32) -> u32 {
        let Some(node) = item.get("mode") else { return usual };
        let Some(number) = said(node).and_then(|text| text.parse::<u32>().ok()) else {
            return usual;
        };
        let digits = number.to_string();
        let meant = u32::from_str_radix(&digits, 8).ok();
        let likely = [0o400, 0o440, 0o600, 0o640, 0o644, 0o664, 0o700, 0o750, 0o755, 0o777];
        if let Some(meant) = meant.filter(|meant| likely.contains(meant)) {
            let title =
                format!("mode {digits} is {number:04o} in octal: JSON has decimal numbers alone");
            self.diags.report(
                Diagnostic::warning("mode-not-octal", node.span, title, "octal digits")
                    .help(format!("write `{meant}`, which is 0{digits}"))
                    .edit(Edit::write(node.span, meant.to_string())),
            );
        }
        number
    }

    /// Returns the bytes of a resource that holds them itself.
    fn resource(&mut self, resource: &Node, of: &str) -> Option<Vec<u8>> {
        let source = resource.get("source")?;
        let url = said(source)?;
        if !url.starts_with("data:") {
            return None;
        }
        let packed = resource.get("compression").and_then(said).as_deref() == Some("gzip");
        let bytes = packing::data_url(&url)
            .and_then(|bytes| if packed { packing::gunzip(&bytes, self.left) } else { Ok(bytes) })
            .and_then(|bytes| packing::spend(&mut self.left, bytes));
        match bytes {
            Ok(bytes) => Some(bytes),
            Err(why) => {
                let title = format!("the contents of `{of}` cannot be read: {why}");
                let label = "Ignition fails here, and the machine does not boot";
                self.diags.report(
                    Diagnostic::error("contents-unreadable", source.span, title, label)
                        .help("encode it again"),
                );
                None
            }
        }
    }

    fn unit(&mut self, item: &Node, title: &str, found: &mut Found) {
        let Some(name) = named(item, "name") else { return };
        let mut unit = machine::unit(name.clone());
        let flag = |key: &str| item.get(key).and_then(said).map(|text| text == "true");
        (unit.enabled, unit.mask) = (flag("enabled"), flag("mask") == Some(true));
        if let Some(contents) = item.get("contents") {
            unit.contents = self.text(contents, format!("{title}, `{}`", name.value));
        }
        for dropin in list(item, &["dropins"]) {
            let Some(file) = named(dropin, "name") else { continue };
            let shown = format!("{title}, `{}` of `{}`", file.value, name.value);
            let text = dropin.get("contents").and_then(|contents| self.text(contents, shown));
            unit.dropins.extend(text.map(|text| machine::dropin(file, text)));
        }
        found.units.push(unit);
    }

    /// Returns the text of a unit: in JSON it is one long line, so findings are shown in the text as it is.
    fn text(
        &mut self,
        node: &Node,
        shown: String,
    ) -> Option<Spanned<crate::model::PerNode<crate::model::Text>>> {
        let text = said(node)?;
        let length = text.len();
        let file = self.sources.add_from(Origin::NoFile, shown, text.clone());
        Some(machine::text(&text, Span::new(file, 0, length)))
    }

    /// Reads the configs inside of a config.
    fn inner(&mut self, tree: &Node, found: &mut Found) {
        let replace = at(tree, &["ignition", "config", "replace"]);
        let merge = list(tree, &["ignition", "config", "merge"]);
        for (word, resource) in replace
            .map(|node| ("replaces it", node))
            .into_iter()
            .chain(merge.iter().map(|node| ("is merged in", node)))
        {
            let title = format!("{}, the config that {word}", found.title);
            let Some(bytes) = self.resource(resource, "another config") else { continue };
            if self.depth >= DEEPEST {
                unreadable(resource.span, "configs are nested too deep", self.diags);
                continue;
            }
            let text = match as_text(&bytes) {
                Ok(text) => text,
                Err(error) => {
                    unreadable(resource.span, &error.to_string(), self.diags);
                    continue;
                }
            };
            let file = self.sources.add_from(Origin::NoFile, title.clone(), text);
            match parse(file, self.sources.text(file)) {
                Ok(tree) => {
                    self.depth += 1;
                    let config = self.config(title, &tree);
                    self.depth -= 1;
                    found.inner.push(config);
                }
                Err(faults) => {
                    for fault in faults {
                        self.diags.report(fault.into());
                    }
                }
            }
        }
    }
}

/// Returns the system a config is for, as far as its units tell: who has podman alone is no Flatcar.
fn os(found: &Found) -> Option<Os> {
    let texts = found.units.iter().filter_map(|unit| unit.contents.as_ref());
    let texts: Vec<&str> = texts.filter_map(|text| text.value.on(0).plain()).collect();
    let names = |program: &str| texts.iter().any(|text| text.contains(program));
    (names("/podman ") && !names("/docker ")).then(|| crate::os::running_with("podman"))
}

fn named(item: &Node, key: &str) -> Option<Spanned<String>> {
    let node = item.get(key)?;
    Some(Spanned::new(said(node)?, node.span))
}

fn owner(item: &Node, key: &str) -> Option<Owner> {
    let node = item.get(key)?;
    node.get("name").or_else(|| node.get("id")).and_then(said).map(|text| machine::owner(&text))
}
