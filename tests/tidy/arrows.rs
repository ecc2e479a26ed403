//! Which file of a room takes a name from which other.
//!
//! An arrow goes from the file that names something to the file that defines it. A `mod.rs` that only lists and
//! re-exports draws no arrow, and a name taken through a `mod.rs` is an arrow to the file behind it. Read textually:
//! what only a compiler could resolve, as a method of a trait, is no arrow.

use std::collections::BTreeMap;

use crate::code::{Source, is_word, module_folder};
use crate::names::{Use, paths, uses};

/// One name that a file takes from another of its room.
#[derive(Clone, Debug)]
pub(crate) struct Arrow {
    pub(crate) to: String,
    pub(crate) line: usize,
    /// The path as it is written.
    pub(crate) name: String,
}

/// Arrows by the file that they start at.
pub(crate) type Arrows = BTreeMap<String, Vec<Arrow>>;

/// A file with what it imports.
struct File<'s> {
    source: &'s Source,
    uses: Vec<Use>,
    /// The text without its `use` declarations.
    body: String,
}

/// Every file by the path of its module, as `source::edit`.
pub(crate) struct Tree<'s> {
    files: BTreeMap<String, File<'s>>,
}

impl<'s> Tree<'s> {
    pub(crate) fn new(sources: &'s [Source]) -> Self {
        let files = sources.iter().map(|source| {
            let (uses, body) = uses(&source.bare);
            let module = module_folder(&source.path);
            let module = module.trim_start_matches("src/").trim_end_matches('/').replace('/', "::");
            (module, File { source, uses, body })
        });
        Self { files: files.collect() }
    }

    pub(crate) fn arrows(&self) -> Arrows {
        let mut arrows = Arrows::new();
        for (module, file) in &self.files {
            let list = arrows.entry(file.source.path.clone()).or_default();
            if is_list(file) {
                continue;
            }
            for (at, written, whole) in self.taken(module, file) {
                let Some(to) = self.definer(&whole, 0) else { continue };
                let to = &self.files[&to].source.path;
                let room = |path: &str| path.split('/').nth(1).unwrap().to_owned();
                let is_known = list.iter().any(|arrow: &Arrow| arrow.to == *to);
                if *to != file.source.path && room(to) == room(&file.source.path) && !is_known {
                    let line = file.source.line(at);
                    list.push(Arrow { to: to.clone(), line, name: written });
                }
            }
        }
        arrows
    }

    /// Returns the names a file takes: where, as written, and from the root of the crate.
    fn taken(&self, module: &str, file: &File<'_>) -> Vec<(usize, String, Vec<String>)> {
        let mut taken = Vec::new();
        for found in &file.uses {
            let Some(whole) = self.whole(module, &found.path) else { continue };
            // what is only handed on is not used here
            let is_used = !found.is_public || has_word(&file.body, &found.alias);
            // a module is looked into where its members are named, which the paths below find
            let is_module = self.files.contains_key(&whole.join("::")) && !self.is_item(&whole);
            if is_used && !is_module {
                taken.push((found.at, found.path.join("::"), whole));
            }
        }
        // `pub(in …)` says who may look, and takes nothing
        let scopes = |at: &usize| file.body[..*at].ends_with("pub(in ");
        for (at, path) in paths(&file.body).into_iter().filter(|(at, _)| !scopes(at)) {
            let alias = file.uses.iter().find(|found| found.alias == path[0]);
            let whole = match alias {
                Some(found) => self
                    .whole(module, &found.path)
                    .map(|whole| whole.into_iter().chain(path[1..].iter().cloned()).collect()),
                None => self.whole(module, &path),
            };
            taken.extend(whole.map(|whole| (at, path.join("::"), whole)));
        }
        taken
    }

    /// Returns a path from the root of the crate; nothing for another crate's.
    fn whole(&self, module: &str, path: &[String]) -> Option<Vec<String>> {
        let mut at: Vec<String> = module.split("::").map(str::to_owned).collect();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => (at, rest) = (Vec::new(), &path[1..]),
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|part| part == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            child if self.files.contains_key(&format!("{module}::{child}")) => {}
            _ => return None,
        }
        at.extend(rest.iter().cloned());
        Some(at)
    }

    /// Returns the module that defines what a path from the root names.
    fn definer(&self, path: &[String], depth: usize) -> Option<String> {
        let mut module = path.first()?.clone();
        let file = self.files.get(&module)?;
        let mut file = (file, &path[1..]);
        while let (_, [name, rest @ ..]) = file {
            let inner = format!("{module}::{name}");
            let handed = self.handed_on(&module, file.0, name);
            match (self.files.get(&inner), handed) {
                (Some(found), handed) if !rest.is_empty() || handed.is_none() => {
                    file = (found, rest);
                    module = inner;
                }
                (_, Some(handed)) if depth < 8 => {
                    let whole: Vec<String> =
                        handed.into_iter().chain(rest.iter().cloned()).collect();
                    return self.definer(&whole, depth + 1);
                }
                _ => break,
            }
        }
        Some(module)
    }

    /// Returns where a name comes from that a file has by `use`.
    fn handed_on(&self, module: &str, file: &File<'_>, name: &str) -> Option<Vec<String>> {
        let named = file.uses.iter().find(|found| found.alias == name);
        if let Some(found) = named {
            return self.whole(module, &found.path);
        }
        let mut globs = file.uses.iter().filter(|found| found.alias == "*");
        globs.find_map(|glob| {
            let mut whole = self.whole(module, &glob.path)?;
            let defines = defines(&self.files.get(&whole.join("::"))?.body, name);
            whole.push(name.to_owned());
            defines.then_some(whole)
        })
    }

    /// Returns whether a path that names a module names something else too, as a function of the same name.
    fn is_item(&self, path: &[String]) -> bool {
        let Some((name, outer)) = path.split_last() else { return false };
        let outer = outer.join("::");
        let Some(file) = self.files.get(&outer) else { return false };
        file.uses.iter().any(|found| found.alias == *name)
    }
}

/// Returns whether a file is a `mod.rs` that lists modules, hands names on and does nothing else.
fn is_list(file: &File<'_>) -> bool {
    let mut rest = file.body.replace("pub(super)", "").replace("pub(crate)", "");
    while let Some((start, end)) = rest.find('#').zip(rest.find(']')).filter(|(a, b)| a < b) {
        rest.replace_range(start..=end, "");
    }
    let mut items =
        rest.split(';').map(str::trim).filter(|item| !item.is_empty() && *item != "pub");
    file.source.path.ends_with("/mod.rs")
        && items.all(|item| item.trim_start_matches("pub ").trim().starts_with("mod "))
}

fn defines(body: &str, name: &str) -> bool {
    ["fn", "struct", "enum", "trait", "type", "const", "static", "mod"].iter().any(|keyword| {
        body.split(&format!("{keyword} {name}"))
            .skip(1)
            .any(|rest| !rest.bytes().next().is_some_and(is_word))
    })
}

/// Returns whether a text uses a word; a module may be declared by the same.
fn has_word(body: &str, word: &str) -> bool {
    let is_word_at = |at: usize| body.as_bytes().get(at).copied().is_some_and(is_word);
    body.match_indices(word)
        .filter(|(at, _)| !(*at > 0 && is_word_at(at - 1) || is_word_at(at + word.len())))
        .any(|(at, _)| !body[..at].ends_with("mod "))
}
