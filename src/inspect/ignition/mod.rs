//! Ignition configs, spec 2 and 3: what they make of a machine, and what Ignition refuses of them or fails of.

mod effects;
mod node;
mod rules;
mod spec;
mod storage;
mod typed;
mod url;

use sha2::{Digest, Sha256, Sha512};

use super::fault::unreadable;
use super::machine::{self, Found};
use super::packing;
use effects::effects;
use node::{alike, at, filled, flag, is_true, list, named, number, remote, said, word};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{DirectorySpec, IgnitionVersion, LinkSpec, Os, Owner};
use crate::output::hex;
use crate::source::{Edit, Node, Origin, Sources, Span, Spanned, Twice, as_text, parse_json};

/// Deepest nesting of configs in configs.
const DEEPEST: usize = 4;

/// How a config was come by.
#[derive(Clone, Copy, Debug)]
pub(super) struct How {
    /// Whether it is JSON, or only looks like it.
    pub(super) is_json: bool,
    /// Whether a stack puts values in, which stand in it as `${Name}`.
    pub(super) late: bool,
}

/// Reads a config; of one that is not JSON only what it seems to say is read.
pub(super) fn read(
    title: String,
    tree: &Node,
    how: How,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Found {
    let left = packing::MOST_IN_ALL;
    let mut reader = Reader { sources, diags, depth: 0, left, late: how.late };
    reader.config(title, tree, how.is_json)
}

struct Reader<'a> {
    sources: &'a mut Sources,
    diags: &'a mut Diagnostics,
    depth: usize,
    /// How many bytes may still be unpacked.
    left: usize,
    /// Whether a stack puts values in.
    late: bool,
}

impl Reader<'_> {
    fn config(&mut self, title: String, tree: &Node, is_json: bool) -> Found {
        let text = self.sources.text(tree.span.file).len();
        let version = alike(tree, "ignition").and_then(|node| alike(node, "version"));
        let version = canonical(version.and_then(said).unwrap_or_default());
        let mut found = Found::new(title, &format!("Ignition {version}"), crate::os::DEFAULT, text);
        self.version(tree, &version);
        let typed = minor(&version).filter(|_| is_json).map(|minor| {
            let typed = typed::typed(tree, minor, self.diags);
            rules::rules(&typed, minor, self.diags);
            typed
        });
        let tree = typed.as_ref().unwrap_or(tree);
        for item in list(tree, &["storage", "files"]) {
            self.file(item, &mut found);
        }
        for item in list(tree, &["storage", "directories"]) {
            if let Some(path) = named(item, "path") {
                let mode = Spanned::new(self.mode(item, 0o755), item.span);
                let (user, group) = (owner(item, "user"), owner(item, "group"));
                found.directories.push(DirectorySpec { path, mode, user, group });
            }
        }
        for item in list(tree, &["storage", "links"]) {
            if let Some(path) = named(item, "path") {
                let (target, hard) = (word(item, "target"), flag(item, "hard"));
                found.links.push(LinkSpec { path, target, hard });
                found.link_owners.push((owner(item, "user"), owner(item, "group")));
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
            user.home_dir = item.get("homeDir").and_then(said);
            user.system = flag(item, "system");
            user.uid = number(item, "uid").map(|uid| Spanned::new(uid, item.span));
            user.should_exist =
                item.get("shouldExist").map(|node| Spanned::new(is_true(node), node.span));
            found.users.push(user);
        }
        storage::read(tree, &mut found);
        found.settings.extend(effects(tree));
        self.inner(tree, &mut found);
        if let Some(os) = os(&found) {
            found.os = os;
        }
        found
    }

    fn version(&mut self, tree: &Node, version: &str) {
        let known = IgnitionVersion::ALL.iter().any(|(known, _)| *known == version);
        let next = format!("3.{}.0-experimental", spec::NEWEST + 1);
        if known || version.starts_with("2.") || version == next {
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

    fn file(&mut self, item: &Node, found: &mut Found) {
        let Some(path) = named(item, "path") else { return };
        let mode = self.mode(item, 0o644);
        let mut bytes = Vec::new();
        let contents = item.get("contents").into_iter().chain(list(item, &["append"]));
        for resource in contents {
            if let Some((source, hash)) = remote(resource) {
                let source = match hash {
                    Some(hash) => format!("{source}, if it is {hash}"),
                    None => format!("{source}, whatever is there"),
                };
                found.fetched.entry(path.value.clone()).or_default().push(source);
            }
            bytes.extend(self.resource(resource, &path.value).unwrap_or_default());
        }
        let mut file = machine::file(path, mode, bytes);
        (file.user, file.group) = (owner(item, "user"), owner(item, "group"));
        found.files.push(file);
    }

    /// Returns permissions, and warns of octal digits in a number that is decimal.
    fn mode(&mut self, item: &Node, usual: u32) -> u32 {
        let Some(node) = item.get("mode") else { return usual };
        let Some(number) = said(node).and_then(|text| text.parse::<u32>().ok()) else {
            return usual;
        };
        if let Some(meant) = rules::octal_digits(i64::from(number)) {
            let digits = number.to_string();
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
        let packed = word(resource, "compression") == "gzip";
        let url = if self.late { url::escaped(&url) } else { url };
        let bytes = url::data(&url)
            .and_then(|bytes| if packed { packing::gunzip(&bytes, self.left) } else { Ok(bytes) })
            .and_then(|bytes| packing::spend(&mut self.left, bytes));
        if let Ok(bytes) = &bytes {
            self.verify(resource, of, bytes);
        }
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

    /// Reports a hash that is not that of the contents; Ignition takes it of what was unpacked.
    fn verify(&mut self, resource: &Node, of: &str, bytes: &[u8]) {
        let Some(node) = at(resource, &["verification", "hash"]) else { return };
        let hash = said(node).unwrap_or_default();
        let sum = match hash.split_once('-') {
            Some(("sha512", _)) => format!("sha512-{}", hex(&Sha512::digest(bytes))),
            Some(("sha256", _)) => format!("sha256-{}", hex(&Sha256::digest(bytes))),
            _ => return,
        };
        if hash.len() != sum.len() || hash.eq_ignore_ascii_case(&sum) {
            return;
        }
        let title = format!("the contents of `{of}` have another hash");
        self.diags.report(
            Diagnostic::error(
                "contents-hash-differs",
                node.span,
                title,
                "Ignition fails here, and the machine does not boot",
            )
            .help(format!("write `{sum}`, if the contents are as they should be"))
            .edit(Edit::write(node.span, format!("\"{sum}\""))),
        );
    }

    fn unit(&mut self, item: &Node, title: &str, found: &mut Found) {
        let Some(name) = named(item, "name") else { return };
        let mut unit = machine::unit(name.clone());
        (unit.enabled, unit.mask) = (item.get("enabled").map(is_true), flag(item, "mask"));
        // Ignition writes none that is empty
        let contents = item.get("contents").filter(|node| said(node).as_deref() != Some(""));
        if let Some(contents) = contents {
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
        found.replaced = replace.is_some_and(|node| filled(node, "source").is_some());
        let merge = list(tree, &["ignition", "config", "merge"]);
        for (word, resource) in replace
            .map(|node| ("replaces it", node))
            .into_iter()
            .chain(merge.iter().map(|node| ("is merged in", node)))
        {
            let title = format!("{}, the config that {word}", found.title);
            let Some(bytes) = self.resource(resource, "another config") else { continue };
            // an empty one is none
            if bytes.is_empty() {
                continue;
            }
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
            match parse_json(file, self.sources.text(file)) {
                Ok(json) => {
                    twice(&json.twice, self.diags);
                    self.depth += 1;
                    let mut config = self.config(title, &json.tree, true);
                    config.replaces = word == "replaces it";
                    self.depth -= 1;
                    found.inner.push(config);
                }
                Err(fault) => {
                    self.diags.report((*fault).into());
                }
            }
        }
    }
}

/// Reports keys that come twice: of two kinds one is none that Ignition takes.
pub(super) fn twice(twice: &[Twice], diags: &mut Diagnostics) {
    for Twice { first, last, alike } in twice {
        let title = format!("key `{}` comes twice in one object", last.value);
        let label = "Ignition mixes the two";
        let found = if *alike {
            Diagnostic::warning("json-key-twice", last.span, title, label)
        } else {
            Diagnostic::error("json-key-twice", last.span, title, "of another kind than the first")
        };
        diags.report(found.related(*first, "the first time").help("make one of the two"));
    }
}

/// Returns a version as it is usually written: its numbers may have zeros in front.
fn canonical(version: String) -> String {
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let parts = version.split('.').map(|part| part.parse().ok().filter(|_| digits(part)));
    let numbers: Option<Vec<u32>> = parts.collect();
    match numbers.as_deref() {
        Some([major, minor, patch]) => format!("{major}.{minor}.{patch}"),
        Some(_) | None => version,
    }
}

/// Returns the minor version of spec 3 whose rules count: for an unknown one, the newest.
fn minor(version: &str) -> Option<u32> {
    let rest = version.strip_prefix("3.")?;
    let minor = rest.split('.').next()?.parse::<u32>().unwrap_or(spec::NEWEST);
    Some(minor.min(spec::NEWEST))
}

/// Returns the system a config is for, as far as its units tell: who has podman alone is no Flatcar.
fn os(found: &Found) -> Option<Os> {
    let texts = found.units.iter().filter_map(|unit| unit.contents.as_ref());
    let texts: Vec<&str> = texts.filter_map(|text| text.value.on(0).plain()).collect();
    let names = |program: &str| texts.iter().any(|text| text.contains(program));
    (names("/podman ") && !names("/docker ")).then(|| crate::os::running_with("podman"))
}

fn owner(item: &Node, key: &str) -> Option<Owner> {
    let node = item.get(key)?;
    filled(node, "name").map(Owner::Name).or_else(|| number(node, "id").map(Owner::Id))
}
