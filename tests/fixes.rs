//! The help of a finding, applied literally, makes the finding go away.
//!
//! Every case's findings are asked for as JSON; the edits of each are made on a copy of its files, alone, and the copy
//! is looked at again: the finding must be gone, no new error may have come, and the edit must be what the help says.
//! What needs a person's thought has no edit, and owes nothing.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly and must write"
)]

mod case;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use case::Case;
use cfgbuild::parallel;
use serde_json::Value;

/// Codes that must have an edit in some case: one that gets none any more has lost its edit.
const LEAST: usize = 99;

/// Edits that are not enough by themselves: the case, the code, and why.
const NOT_ALONE: &[(&str, &str, &str)] = &[(
    "profile/secret-is-not-shown",
    "variable-unused",
    "what the command line or a values file sets must be declared: it goes there too",
)];

/// What was seen at one case.
#[derive(Default)]
struct Seen {
    /// The code of each finding.
    all: Vec<String>,
    /// Those that have an edit.
    mended: Vec<String>,
    /// Code and fault of each edit that is not enough.
    faults: Vec<(String, String)>,
}

fn look(case: &Case) -> Seen {
    let mut seen = Seen::default();
    let Some(args) = arguments(case) else { return seen };
    let folder = tempfile::tempdir().unwrap();
    case.unpack(folder.path());
    let before = findings(case, folder.path(), &args);
    for finding in &before {
        let code = text(finding, "code").to_owned();
        seen.all.push(code.clone());
        if finding["edits"].as_array().unwrap().is_empty() {
            continue;
        }
        seen.mended.push(code.clone());
        if let Err(fault) = mend(case, &args, finding, &before) {
            seen.faults.push((code, fault));
        }
    }
    seen
}

#[test]
fn the_help_applied_literally_makes_the_finding_go_away() {
    let mut faults = Vec::new();
    let (mut mended, mut all) = (BTreeSet::new(), BTreeSet::new());
    let mut excused = BTreeSet::new();
    let (cases, mut edits) = (case::all(), 0);
    let mut names = cases.iter().map(|case| &case.name);
    let joined: Result<(), ()> = parallel::in_order(
        &cases,
        parallel::cores(),
        |_, case| look(case),
        |seen| {
            let name = names.next().expect("a case has a name");
            all.extend(seen.all);
            edits += seen.mended.len();
            mended.extend(seen.mended);
            for (code, fault) in seen.faults {
                let reason = NOT_ALONE
                    .iter()
                    .find(|(case, known, _)| name.starts_with(case) && *known == code);
                match reason {
                    Some(reason) => {
                        excused.insert(reason);
                    }
                    None => faults.push(format!("{name}: {code}: {fault}")),
                }
            }
            Ok(())
        },
    );
    joined.unwrap();
    println!("{edits} findings have an edit that was made");
    if std::env::var_os("CFGBUILD_FIXES").is_some() {
        let without: Vec<&String> = all.difference(&mended).collect();
        println!("{} of {} codes have an edit; without: {without:#?}", mended.len(), all.len());
    }
    assert!(faults.is_empty(), "{} edits do not mend:\n{}", faults.len(), faults.join("\n"));
    assert_eq!(excused.len(), NOT_ALONE.len(), "an edit is excused that is enough: {excused:?}");
    assert!(mended.len() >= LEAST, "only {} of {} codes have an edit", mended.len(), all.len());
}

/// Returns the command that tells the findings of a case as JSON.
fn arguments(case: &Case) -> Option<Vec<String>> {
    if !case.stderr().contains("= help: ") {
        return None;
    }
    let mut words: Vec<&str> = case.args.iter().map(String::as_str).collect();
    let verb = words.iter().position(|word| ["check", "profile", "inspect"].contains(word))?;
    if words[verb] == "profile" {
        words[verb] = "check";
    }
    let mut args = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word {
            "--out" | "--print" | "--node" | "--format" => {
                words.next();
            }
            "--all" | "--check" | "--with-model" => {}
            _ => args.push(word.to_owned()),
        }
    }
    args.extend(["--format".to_owned(), "json".to_owned()]);
    Some(args)
}

fn findings(case: &Case, folder: &Path, args: &[String]) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .envs(case.environment.iter().map(|(name, value)| (name, value)))
        .output()
        .unwrap();
    let stdout = String::from_utf8(output.stdout).unwrap();
    let document: Value = serde_json::from_str(&stdout).unwrap_or(Value::Null);
    document["findings"].as_array().cloned().unwrap_or_default()
}

/// Makes the edits of one finding on a copy, and tells what is still wrong then.
fn mend(case: &Case, args: &[String], finding: &Value, before: &[Value]) -> Result<(), String> {
    let copy = tempfile::tempdir().unwrap();
    case.unpack(copy.path());
    let moved = apply(copy.path(), finding)?;
    is_said(case, finding)?;
    let after = findings(case, copy.path(), args);
    let code = text(finding, "code");
    let place = |finding: &Value| {
        let primary = &finding["primary"];
        (
            text(primary, "source").to_owned(),
            primary["start"].is_object().then(|| offset(primary, "start")),
        )
    };
    let (file, offset) = place(finding);
    let here =
        (file, offset.map(|offset| moved.offset(text(&finding["primary"], "source"), offset)));
    let same = |all: &[Value]| all.iter().filter(|one| text(one, "code") == code).count();
    if after.iter().any(|one| text(one, "code") == code && place(one) == here)
        || same(&after) >= same(before)
    {
        return Err(format!("is still there\n{}", moved.text()));
    }
    let errors = |all: &[Value]| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for one in all.iter().filter(|one| text(one, "severity") == "error") {
            *counts.entry(text(one, "code").to_owned()).or_default() += 1;
        }
        counts
    };
    let known = errors(before);
    for (other, count) in errors(&after) {
        if count > known.get(&other).copied().unwrap_or(0) {
            let title = after.iter().find(|one| text(one, "code") == other).unwrap();
            let title = text(title, "title");
            return Err(format!("makes an error {other}: {title}\n{}", moved.text()));
        }
    }
    Ok(())
}

/// What edits did to the files.
struct Moved {
    /// By file, ascending: start, end and length of what came instead.
    changes: BTreeMap<String, Vec<(usize, usize, usize)>>,
    files: BTreeMap<String, String>,
}

impl Moved {
    /// Returns where a byte of a file is now.
    fn offset(&self, file: &str, offset: usize) -> usize {
        let changes = self.changes.get(file).into_iter().flatten();
        let before = changes.filter(|(start, end, _)| *end <= offset && *start < offset);
        before.fold(offset, |now, (start, end, length)| now + length - (end - start))
    }

    fn text(&self) -> String {
        let files = self.files.iter();
        files.flat_map(|(name, text)| ["--- ", name.as_str(), "\n", text.as_str()]).collect()
    }
}

fn apply(folder: &Path, finding: &Value) -> Result<Moved, String> {
    let mut edits: Vec<&Value> = finding["edits"].as_array().unwrap().iter().collect();
    edits.sort_by_key(|edit| (text(edit, "file").to_owned(), offset(edit, "start")));
    let mut moved = Moved { changes: BTreeMap::new(), files: BTreeMap::new() };
    for edit in edits.iter().rev() {
        let file = text(edit, "file");
        let path = folder.join(file);
        let (start, end) = (offset(edit, "start"), offset(edit, "end"));
        let changes = moved.changes.entry(file.to_owned()).or_default();
        if changes.last().is_some_and(|(next, _, _)| *next < end) {
            return Err("has edits that overlap".to_owned());
        }
        let mut content = fs::read_to_string(&path).unwrap();
        let new = text(edit, "text");
        content.replace_range(start..end, new);
        fs::write(&path, &content).unwrap();
        changes.push((start, end, new.len()));
        moved.files.insert(file.to_owned(), content);
    }
    Ok(moved)
}

/// Tells whether the edits are what the help says: every word that is written anew stands in it, and where nothing is,
/// it says that something goes.
fn is_said(case: &Case, finding: &Value) -> Result<(), String> {
    let help = finding["help"].as_str().unwrap_or("");
    let is_sign = |c: char| c.is_whitespace() || "{}[],#/\"".contains(c);
    let (mut is_removal, mut is_said) = (true, true);
    for edit in finding["edits"].as_array().unwrap() {
        let content = std::str::from_utf8(&case.inputs[text(edit, "file")]).unwrap();
        let old = &content[offset(edit, "start")..offset(edit, "end")];
        let words = text(edit, "text").split(is_sign).map(|word| word.trim_end_matches(':'));
        for word in words.filter(|word| !word.is_empty()) {
            is_removal = false;
            is_said &= help.contains(word) || old.contains(word);
        }
    }
    let moves = help.contains("move it");
    let removes = moves || ["remove", "leave it out"].iter().any(|verb| help.contains(verb));
    if if is_removal { removes } else { is_said || moves } {
        return Ok(());
    }
    Err(format!("is not what the help says: {help}\n{}", finding["edits"]))
}

fn offset(edit: &Value, end: &str) -> usize {
    usize::try_from(edit[end]["offset"].as_u64().unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or("")
}
