//! `check --fix` makes every edit of every case at once: a second run finds nothing that could be fixed, but what the
//! first one named as left; a dry run says the same and writes nothing.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly and must write"
)]

mod case;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use case::Case;
use cfgbuild::parallel;
use serde_json::Value;
use walkdir::WalkDir;

fn run(case: &Case, folder: &Path, more: &[&str]) -> Output {
    let mut args: Vec<&str> = Vec::new();
    let mut words = case.args.iter().map(String::as_str).peekable();
    while let Some(word) = words.next() {
        // the run says itself how it tells what it finds
        if word == "--format" {
            words.next();
        } else {
            args.push(word);
        }
    }
    let verb = args.iter().position(|word| *word == "check").expect("is a check");
    let rest = args.split_off(verb + 1);
    args.extend(more.iter().copied().chain(rest));
    Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .envs(case.environment.iter().map(|(name, value)| (name, value)))
        .output()
        .expect("the program starts")
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| (entry.path().display().to_string(), fs::read(entry.path()).unwrap()))
        .collect()
}

/// Findings whose edit is one way of several: it is shown, and whoever wrote the profile chooses.
const CHOICES: [&str; 9] = [
    "aws-type-unknown",
    "birth-unknown",
    "leaving-unknown",
    "empty-removes-nothing",
    "kafka-on-instance-store",
    "kafka-settings-contradict",
    "port-clash",
    "port-privileged",
    "quorum-on-instance-store",
];

/// Returns the findings that have an edit to be made: place, code.
fn fixable(case: &Case, folder: &Path) -> Vec<String> {
    let found = run(case, folder, &["--format", "json"]);
    let Ok(report) = serde_json::from_slice::<Value>(&found.stdout) else { return Vec::new() };
    let findings = report["findings"].as_array().unwrap().iter();
    let findings = findings.filter(|finding| {
        let code = finding["code"].as_str().unwrap();
        !finding["edits"].as_array().unwrap().is_empty() && !CHOICES.contains(&code)
    });
    findings
        .map(|finding| {
            let place = &finding["primary"];
            let start = &place["start"];
            let at = format!(
                "{}:{}:{}",
                place["source"].as_str().unwrap(),
                start["line"],
                start["column"]
            );
            format!("{at}: {}", finding["code"].as_str().unwrap())
        })
        .collect()
}

/// What came of fixing a case: whether its files changed, or in what the runs contradict each other.
fn fix(case: &Case) -> Result<bool, String> {
    if !case.args.iter().any(|word| word == "check") || !case.stderr().contains("= help: ") {
        return Ok(false);
    }
    let folder = tempfile::tempdir().unwrap();
    case.unpack(folder.path());
    let before = files(folder.path());
    if fixable(case, folder.path()).is_empty() {
        return Ok(false);
    }
    let dry = run(case, folder.path(), &["--fix", "--dry-run"]);
    assert!(files(folder.path()) == before, "{}: a dry run writes", case.name);
    let done = run(case, folder.path(), &["--fix"]);
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    let changed = files(folder.path()) != before;
    let diff = String::from_utf8_lossy(&dry.stdout);
    if changed != diff.contains("\n+++ b/") || !changed && !said.contains("left as it is") {
        return Err(format!("{}: changed {changed}, {said}{diff}", case.name));
    }
    let left = fixable(case, folder.path());
    let untold: Vec<&String> = left.iter().filter(|one| !said.contains(one.as_str())).collect();
    if !untold.is_empty() {
        return Err(format!("{}: left {untold:?}, said\n{said}", case.name));
    }
    Ok(changed)
}

#[test]
fn a_second_run_finds_nothing_to_fix() {
    let (mut faults, mut fixed) = (Vec::new(), 0);
    let joined: Result<(), ()> = parallel::in_order(
        &case::all(),
        parallel::cores(),
        |_, case| fix(case),
        |done| {
            match done {
                Ok(changed) => fixed += usize::from(changed),
                Err(fault) => faults.push(fault),
            }
            Ok(())
        },
    );
    joined.unwrap();
    println!("{fixed} cases were fixed");
    assert!(faults.is_empty(), "{} cases:\n{}", faults.len(), faults.join("\n"));
    assert!(fixed > 100, "only {fixed} cases were fixed");
}
