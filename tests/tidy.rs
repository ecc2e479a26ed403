//! The house rules that the architecture stands on: who may import whom, what every file says first, that every
//! finding has a manual and a case, that paths in the documents exist.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// A room, and the rooms it may import besides itself.
const ROOMS: [(&str, &[&str]); 11] = [
    ("source", &[]),
    ("diagnostic", &["source"]),
    ("profile", &["source", "diagnostic"]),
    ("cluster", &["source", "diagnostic"]),
    ("service", &["cluster", "source", "diagnostic"]),
    ("machine", &["cluster", "source", "diagnostic"]),
    ("check", &["cluster", "machine", "source", "diagnostic"]),
    ("output", &[]),
    ("emit", &["cluster", "machine", "output", "source", "diagnostic"]),
    (
        "cli",
        &["source", "diagnostic", "profile", "cluster", "service", "machine", "output", "emit"],
    ),
    (
        "lib.rs",
        &[
            "source",
            "diagnostic",
            "profile",
            "cluster",
            "service",
            "machine",
            "output",
            "emit",
            "cli",
        ],
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extension: &str) -> Vec<(PathBuf, String)> {
    WalkDir::new(root().join(folder))
        .sort_by_file_name()
        .into_iter()
        .map(|entry| entry.expect("the tree can be read").into_path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| {
            (
                path.strip_prefix(root()).unwrap().to_owned(),
                fs::read_to_string(&path).expect("is text"),
            )
        })
        .collect()
}

#[test]
fn imports_look_upstream_only() {
    for (path, text) in files("src", "rs") {
        let room = path.components().nth(1).unwrap().as_os_str().to_str().unwrap();
        let Some((_, may)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        // the one way in from profiles
        let lowers = path.starts_with("src/cluster/lower");
        for import in text.split("crate::").skip(1) {
            let other = import.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap();
            let known = ROOMS.iter().any(|(name, _)| *name == other);
            let allowed = other == room || may.contains(&other) || lowers && other == "profile";
            assert!(!known || allowed, "{} may not import `{other}`", path.display());
        }
    }
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in
        files("src", "rs").into_iter().chain(files("tests", "rs")).chain(files("benches", "rs"))
    {
        assert!(text.starts_with("//! "), "{} must open with `//!`", path.display());
    }
}

/// Codes that no profile can bring about, with the reason.
const NO_CASE: [&str; 0] = [];

#[test]
fn every_finding_has_a_manual_and_a_case() {
    let manual: BTreeSet<&str> = cfgbuild::diagnostic::entries().map(|entry| entry.code).collect();
    let cases: String = files_named("tests/cases", "stderr")
        .into_iter()
        .map(|path| fs::read_to_string(path).expect("is text"))
        .collect();
    let used = codes();
    for code in &used {
        assert!(
            manual.contains(code.as_str()),
            "`{code}` has no section in src/diagnostic/manual.md"
        );
        let seen = cases.contains(&format!("[{code}]")) || NO_CASE.contains(&code.as_str());
        assert!(seen, "`{code}` has no case folder below tests/cases");
    }
    for code in manual {
        assert!(used.contains(code), "`{code}` has a manual but no code");
        let text = cfgbuild::diagnostic::manual(code).unwrap();
        assert!(
            text.contains("### Why") && text.contains("### Fix"),
            "the manual of `{code}` lacks Why or Fix"
        );
    }
}

#[test]
fn every_check_has_a_manual_and_cases() {
    for check in cfgbuild::check::all() {
        let (code, manual) = (check.code, check.manual());
        assert!(
            manual.contains("# Why") && manual.contains("# Fix"),
            "the header of `{code}` lacks Why or Fix"
        );
        for kind in ["bad", "good"] {
            let folder = root().join("tests/cases/check").join(code).join(kind);
            assert!(folder.join("args").exists(), "`{code}` has no case folder `{kind}`");
            let said = fs::read_to_string(folder.join("stderr")).unwrap_or_default();
            let is_said = said.contains(&format!("[{code}]"));
            assert_eq!(is_said, kind == "bad", "the case `{kind}` of `{code}`");
        }
    }
}

/// Returns every code the sources can report: the first text of a `Diagnostic::error(…)` and its like.
fn codes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, text) in files("src", "rs") {
        let text = text.split("#[cfg(test)]").next().unwrap();
        for opener in [
            "Diagnostic::error(",
            "Diagnostic::warning(",
            "self.fault(",
            ".fault(",
            "const CODE: &str =",
            "-> &'static str {",
        ] {
            for after in text.split(opener).skip(1) {
                for word in after.split('"').skip(1).step_by(2).take(2) {
                    let shape = word.contains('-')
                        && word
                            .chars()
                            .all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit());
                    if shape && cfgbuild::diagnostic::manual(word).is_some()
                        || shape
                            && after.trim_start().starts_with('"')
                            && after.trim_start().starts_with(&format!("\"{word}\""))
                    {
                        found.insert(word.to_owned());
                    }
                }
            }
        }
    }
    found
}

fn files_named(folder: &str, name: &str) -> Vec<PathBuf> {
    let entries =
        WalkDir::new(root().join(folder)).sort_by_file_name().into_iter().filter_map(Result::ok);
    entries.filter(|entry| entry.file_name() == name).map(walkdir::DirEntry::into_path).collect()
}

#[test]
fn paths_in_the_documents_exist() {
    for document in ["README.md", "ARCHITECTURE.md"] {
        let text = fs::read_to_string(root().join(document)).expect("the document is there");
        for word in text.split('`').skip(1).step_by(2) {
            let path = word.trim_end_matches('/');
            let is_path = ["src/", "tests/", "docs/", "profiles/", "output/", "benches/", "fuzz/"]
                .iter()
                .any(|start| path.starts_with(start));
            if is_path && path.chars().all(|c| c.is_ascii_alphanumeric() || "/._-".contains(c)) {
                assert!(
                    root().join(path).exists(),
                    "{document} names `{path}`, which does not exist"
                );
            }
        }
    }
}

#[test]
fn files_stay_readable() {
    for (path, text) in files("src", "rs") {
        let lines = text.split("#[cfg(test)]").next().unwrap().lines().count();
        assert!(lines <= 520, "{} has {lines} lines: split it", path.display());
    }
}
