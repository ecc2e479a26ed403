//! What Ignition refuses of values, and what it accepts and fails of at boot.
//!
//! Rules of one value or one entry. Those that hold entries to each other are `src/check/config/`.

mod luks;
mod report;
mod resource;
mod storage;

use super::node::{at, filled, list, said, word};
use super::url;
use crate::diagnostic::Diagnostics;
use crate::model::UNIT_SUFFIXES;
use crate::source::{Node, Span};

use report::Rules;

pub(super) use storage::octal_digits;

/// Reports what is wrong in a config of spec 3.
pub(super) fn rules(tree: &Node, minor: u32, diags: &mut Diagnostics) {
    let mut rules = Rules { minor, diags };
    rules.ignition(tree);
    rules.passwd(tree);
    rules.storage(tree);
    for unit in list(tree, &["systemd", "units"]) {
        rules.unit(unit);
    }
    rules.twice(list(tree, &["systemd", "units"]), "unit", "name");
}

impl Rules<'_> {
    fn ignition(&mut self, tree: &Node) {
        let merge = list(tree, &["ignition", "config", "merge"]);
        let authorities = list(tree, &["ignition", "security", "tls", "certificateAuthorities"]);
        for resource in merge {
            self.resource(resource, self.minor > 0, true);
        }
        self.twice(merge, "the config of", "source");
        if let Some(resource) = at(tree, &["ignition", "config", "replace"]) {
            self.resource(resource, false, true);
        }
        for resource in authorities {
            self.resource(resource, true, true);
            self.data(resource);
        }
        self.twice(authorities, "the certificate of", "source");
        let proxy = at(tree, &["ignition", "proxy"]);
        for (key, plain) in [("httpProxy", true), ("httpsProxy", false)] {
            let Some(node) = proxy.and_then(|proxy| proxy.get(key)) else { continue };
            let text = said(node).unwrap_or_default();
            match url::scheme(&text).as_deref() {
                Ok("https") => {}
                Ok("http") if plain => {}
                Ok("http") => self.useless(
                    node.span,
                    format!("`{text}` is no encrypted way to a proxy for https"),
                    "the names of hosts are read on the way",
                    "use a proxy with `https://`, or leave it and know that",
                ),
                _ => self.wrong(
                    node.span,
                    format!("`{text}` is no proxy"),
                    "write `http://…` or `https://…`",
                ),
            }
        }
        self.texts_twice(list(tree, &["ignition", "proxy", "noProxy"]), "the host");
    }

    fn passwd(&mut self, tree: &Node) {
        let (users, groups) = (list(tree, &["passwd", "users"]), list(tree, &["passwd", "groups"]));
        for (entry, what) in users
            .iter()
            .map(|user| (user, "user"))
            .chain(groups.iter().map(|group| (group, "group")))
        {
            if filled(entry, "name").is_none() {
                self.fails(entry.span, format!("a {what} has no name"), "add `name`");
            }
        }
        self.twice(users, "user", "name");
        self.twice(groups, "group", "name");
        for user in users {
            self.texts_twice(list(user, &["groups"]), "the group");
            self.texts_twice(list(user, &["sshAuthorizedKeys"]), "the key");
        }
    }

    fn unit(&mut self, unit: &Node) {
        let help = "write the name alone: units have a folder of their own";
        let (name, span) = self.file_name(unit, "unit", help);
        if !name.contains('/') && !has_suffix(&name) {
            self.wrong(
                span,
                format!("`{name}` has no suffix of a unit"),
                "write `.service`, `.mount`, `.timer` or what it is",
            );
        }
        let dropins = list(unit, &["dropins"]);
        for dropin in dropins {
            let (name, span) = self.file_name(dropin, "drop-in", "write the name alone");
            let is_conf = name.rsplit_once('.').is_some_and(|(_, end)| end == "conf");
            if !name.contains('/') && !is_conf {
                let title = format!("drop-in `{name}` does not end in `.conf`");
                self.wrong(span, title, "add `.conf`");
            }
        }
        self.twice(dropins, "drop-in", "name");
    }

    /// Returns the name of a unit or a drop-in with its place; one with a `/` in it is reported.
    fn file_name(&mut self, entry: &Node, what: &str, help: &str) -> (String, Span) {
        let name = word(entry, "name");
        let span = entry.get("name").map_or(entry.span, |name| name.span);
        if name.contains('/') {
            self.fails(span, format!("`{name}` is no name of a {what}"), help);
        }
        (name, span)
    }
}

/// Returns whether a name ends as those of units do; Ignition still knows one that systemd has not any more.
fn has_suffix(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, suffix)| UNIT_SUFFIXES.contains(&suffix) || suffix == "snapshot")
}
