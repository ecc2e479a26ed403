//! `cfgbuild check --fix`: carries out every help that says exactly what to write.
//!
//! Works on copies in memory, round after round, until no finding has an edit left: what one edit uncovers is mended
//! too. Only then are the files written, all of them or none.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{anyhow, bail, ensure};

use super::style::{DIM, NAME, styled};
use super::talk;
use super::workspace::{Findings, Workspace, said};
use crate::diagnostic::{Diagnostics, mask};
use crate::output;
use crate::profile::Loader;
use crate::source::{Change, Door, Editor, Origin, Sources, as_text, parse};
use crate::{Options, compile, parallel};

/// Most rounds: an edit that undoes another would go on for ever.
const MOST_ROUNDS: usize = 20;

/// A role as it was compiled.
type Compiled = (String, Sources, Diagnostics, bool);

/// What was changed, and what is left.
pub(super) struct Fixed {
    /// New texts by their path in the workspace.
    texts: BTreeMap<String, Vec<u8>>,
    /// What was there, by the same paths.
    old: BTreeMap<String, Vec<u8>>,
    /// A line for each finding that was carried out.
    done: Vec<String>,
    /// Findings whose edits could not be made, with the reason.
    skipped: BTreeSet<String>,
    /// What no run has shown.
    secrets: BTreeSet<String>,
    /// The roles as they are compiled now.
    pub(super) left: Vec<Compiled>,
}

/// Carries out what can be, in memory.
pub(super) fn fix(
    workspace: &Workspace,
    roles: &[String],
    options: &Options,
    findings: &Findings,
) -> anyhow::Result<Fixed> {
    let Door::Disk(root) = &workspace.door else { bail!("only files on a disk can be fixed") };
    let mut fixed = Fixed {
        texts: BTreeMap::new(),
        old: BTreeMap::new(),
        done: Vec::new(),
        skipped: BTreeSet::new(),
        left: Vec::new(),
        secrets: BTreeSet::new(),
    };
    for _ in 0..MOST_ROUNDS {
        let door = Door::Edited { root: root.clone(), texts: fixed.texts.clone() };
        fixed.left = compiled(&door, roles, options, findings)?;
        let secrets = fixed.left.iter().flat_map(|(_, _, diags, _)| diags.secrets());
        fixed.secrets.extend(secrets.cloned());
        if !fixed.round(&door) {
            break;
        }
    }
    Ok(fixed)
}

fn compiled(
    door: &Door,
    roles: &[String],
    options: &Options,
    findings: &Findings,
) -> anyhow::Result<Vec<Compiled>> {
    let mut all = Vec::new();
    let work = |_, name: &String| {
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let role = said(name, &mut sources);
        let built = compile(&role, &mut Loader::new(door), options, &mut sources, &mut diags);
        let is_wrong = built.is_err() || findings.fail(&diags);
        (role.value, sources, diags, is_wrong)
    };
    parallel::in_order(roles, parallel::cores(), work, |one| {
        all.push(one);
        anyhow::Ok(())
    })?;
    Ok(all)
}

/// A change by the path of its file: first byte, one past the last, the new text.
type Place = (String, usize, usize, String);

impl Fixed {
    /// Makes all edits of the findings there are, but those that touch another or cannot be made; returns whether there
    /// was one.
    fn round(&mut self, door: &Door) -> bool {
        let wanted = self.wanted();
        let all: BTreeSet<Place> = wanted.iter().flat_map(|one| one.places.clone()).collect();
        // what is wrong with all edits together is found by looking at each
        let mut made = texts(door, &all).unwrap_or_default();
        if made.is_empty() {
            let mut taken = BTreeSet::new();
            for one in wanted {
                let with: BTreeSet<Place> = taken.iter().chain(&one.places).cloned().collect();
                match texts(door, &with) {
                    Ok(new) => {
                        (taken, made) = (with, new);
                        self.done.push(one.line);
                    }
                    Err(why) => {
                        self.skipped.insert(format!("{}: {why}", one.name));
                    }
                }
            }
        } else {
            self.done.extend(wanted.into_iter().map(|one| one.line));
        }
        let is_made = !made.is_empty();
        for (path, (old, new)) in made {
            self.old.entry(path.clone()).or_insert(old);
            self.texts.insert(path, new);
        }
        is_made
    }

    /// Returns the edits of the findings there are, none of which touches another.
    fn wanted(&mut self) -> Vec<Wanted> {
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut taken: BTreeSet<Place> = BTreeSet::new();
        let mut told = BTreeSet::new();
        self.skipped.clear();
        for (role, sources, diags, _) in &self.left {
            let mut editor = Editor::new(sources);
            let profile = sources.find(&format!("profiles/{role}/profile.yaml"));
            for found in diags.sorted().into_iter().filter(|found| !found.choice) {
                let changes = editor.changes(&found.edits, profile);
                let (line, column) = sources.line_column(found.primary.span);
                let at = format!("{}:{line}:{column}", sources.name(found.primary.span.file));
                let places: Vec<Place> =
                    changes.iter().filter_map(|one| place(sources, one)).collect();
                if changes.is_empty() || !told.insert((at.clone(), found.code, found.title.clone()))
                {
                    continue;
                }
                if places.len() < changes.len() {
                    self.skipped
                        .insert(format!("{at}: {}: its file is not in the workspace", found.code));
                    continue;
                }
                if places.iter().any(|place| taken.iter().any(|other| touch(place, other))) {
                    self.skipped.insert(format!("{at}: {}: its edit touches another", found.code));
                    continue;
                }
                taken.extend(places.iter().cloned());
                let help = found.help.as_deref().unwrap_or("edited");
                let line = format!("  {} {} {help}", styled(DIM, &at), styled(NAME, found.code));
                wanted.push(Wanted { places, line, name: format!("{at}: {}", found.code) });
            }
        }
        wanted
    }

    /// Writes all texts, or prints what would change.
    pub(super) fn finish(&self, workspace: &Workspace, dry: bool) -> anyhow::Result<()> {
        let changed = || self.texts.iter().filter(|(path, new)| self.old.get(*path) != Some(*new));
        if dry {
            let mut diffs = String::new();
            for (path, new) in changed() {
                let old =
                    self.old.get(path).map(|old| String::from_utf8_lossy(old)).unwrap_or_default();
                let new = String::from_utf8_lossy(new);
                let diff = similar::TextDiff::from_lines(&*old, &*new);
                let names = (format!("a/{path}"), format!("b/{path}"));
                diffs.push_str(&diff.unified_diff().header(&names.0, &names.1).to_string());
            }
            for secret in &self.secrets {
                diffs = diffs.replace(secret, "…");
            }
            talk::drawn_data(&talk::clean(&mask(&diffs)))?;
        } else {
            let mut files = Vec::new();
            for (path, new) in changed() {
                let there = workspace.door.read(path);
                let is_same = there.is_ok_and(|there| self.old.get(path) == Some(&there));
                ensure!(
                    is_same,
                    "`{path}` has changed meanwhile: nothing is written, run it again"
                );
                files.push((workspace.root.join(path), new.as_slice()));
            }
            output::replace_all(&files)?;
        }
        let count = talk::count(&[(self.done.len(), "finding")]);
        let verb = if dry { "would be fixed" } else { "fixed" };
        if self.done.is_empty() {
            talk::say("nothing to fix: no finding has an edit that can be made without thinking")?;
        } else {
            talk::text(&format!("{verb}: {count}\n{}\n\n", self.done.join("\n")))?;
        }
        if !self.skipped.is_empty() {
            let lines: Vec<&str> = self.skipped.iter().map(String::as_str).collect();
            talk::text(&format!("left as it is:\n  {}\n\n", lines.join("\n  ")))?;
        }
        Ok(())
    }
}

/// Files by their path: what is there, and what is to be.
type Changed = BTreeMap<String, (Vec<u8>, Vec<u8>)>;

/// The edits of one finding.
struct Wanted {
    places: Vec<Place>,
    /// What is said once they are made.
    line: String,
    /// The finding, where they are not.
    name: String,
}

/// Returns the texts that come of changes, each behind what is there; or why one cannot be made.
fn texts(door: &Door, places: &BTreeSet<Place>) -> anyhow::Result<Changed> {
    let mut by_file: BTreeMap<&str, Vec<&Place>> = BTreeMap::new();
    for place in places {
        by_file.entry(&place.0).or_default().push(place);
    }
    let mut made = BTreeMap::new();
    for (path, places) in by_file {
        let old = door.read(path).map_err(|error| anyhow!("cannot read `{path}`: {error}"))?;
        let new = edited(path, &old, &places)?;
        if let (None, Some(title)) = (fault(path, &old), fault(path, &new)) {
            bail!("its edit would make what is not YAML ({title})");
        }
        made.insert(path.to_owned(), (old, new));
    }
    Ok(made)
}

/// Returns why a file that must be YAML is none.
fn fault(path: &str, bytes: &[u8]) -> Option<String> {
    let text = as_text(bytes).ok()?;
    let file = Sources::new().add(path, &text);
    let is_yaml = Path::new(path).extension().is_some_and(|extension| extension == "yaml");
    let faults = if is_yaml { parse(file, &text).err() } else { None };
    Some(faults?.into_iter().next()?.title)
}

/// Returns a change with the path of its file; nothing where that is no file of the workspace.
fn place(sources: &Sources, change: &Change) -> Option<Place> {
    let Change { span, text } = change;
    let is_own = sources.origin(span.file) == Origin::Workspace;
    let path = sources.name(span.file).to_owned();
    is_own.then(|| (path, span.start as usize, span.end as usize, text.clone()))
}

/// Returns whether two changes cannot both be made; the same one twice is one.
fn touch(one: &Place, other: &Place) -> bool {
    let (ends_before, begins_after) = (one.2 < other.1, one.1 > other.2);
    one != other && one.0 == other.0 && !ends_before && !begins_after
}

/// Returns a file with its text changed; its mark and its line ends stay.
fn edited(path: &str, bytes: &[u8], places: &[&Place]) -> anyhow::Result<Vec<u8>> {
    let mut text =
        as_text(bytes).map_err(|error| anyhow::anyhow!("cannot read `{path}`: {error}"))?;
    let raw = String::from_utf8_lossy(bytes);
    let (all, pairs) = (raw.matches('\n').count(), raw.matches("\r\n").count());
    ensure!(
        pairs == 0 || pairs == all,
        "`{path}` mixes two kinds of line ends: make them one kind first"
    );
    // from the end on, so that no place moves
    for (_, start, end, new) in
        places.iter().rev().map(|place| (&place.0, place.1, place.2, &place.3))
    {
        ensure!(text.get(start..end).is_some(), "`{path}` is not what was read");
        text.replace_range(start..end, new);
    }
    if pairs > 0 {
        text = text.replace('\n', "\r\n");
    }
    let mark = if raw.starts_with('\u{FEFF}') { "\u{FEFF}" } else { "" };
    Ok(format!("{mark}{text}").into_bytes())
}

/// Fixes roles, and says what was done.
pub(super) fn run(
    workspace: &Workspace,
    roles: &[String],
    options: &Options,
    findings: &Findings,
    dry: bool,
) -> anyhow::Result<bool> {
    let fixed = fix(workspace, roles, options, findings)?;
    fixed.finish(workspace, dry)?;
    for (_, sources, diags, _) in &fixed.left {
        talk::findings(sources, diags)?;
    }
    Ok(fixed.left.iter().all(|(.., is_wrong)| !is_wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_and_marks_stay() {
        let place = ("f".to_owned(), 3, 4, "22".to_owned());
        let twice = ("f".to_owned(), 0, 1, "aa".to_owned());
        for (before, after) in [
            ("a: 1\nb: 2\n", "aa: 22\nb: 2\n"),
            ("\u{FEFF}a: 1\r\nb: 2\r\n", "\u{FEFF}aa: 22\r\nb: 2\r\n"),
        ] {
            let found = edited("f", before.as_bytes(), &[&twice, &place]).unwrap();
            assert_eq!(String::from_utf8(found).unwrap(), after);
        }
        assert!(edited("f", b"a: 1\r\nb: 2\n", &[&place]).is_err());
    }

    #[test]
    fn what_touches_is_not_made_at_once() {
        let at = |start, end, text: &str| ("f".to_owned(), start, end, text.to_owned());
        assert!(!touch(&at(1, 2, "x"), &at(1, 2, "x")), "the same is one");
        assert!(touch(&at(1, 2, "x"), &at(1, 2, "y")));
        assert!(touch(&at(1, 1, "x"), &at(1, 1, "y")), "nobody knows which comes first");
        assert!(touch(&at(1, 4, ""), &at(2, 3, "y")) && touch(&at(1, 2, ""), &at(2, 3, "y")));
        assert!(!touch(&at(1, 2, ""), &at(3, 4, "y")));
        assert!(!touch(&at(1, 2, ""), &("g".to_owned(), 1, 2, "y".to_owned())));
    }
}
