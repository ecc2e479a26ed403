//! The house rules that the architecture stands on: who may import whom, that no two files need each other, who may
//! name a service or a system, what every file and every public item says first, that every finding has a manual and
//! a case, that every path that is written down exists.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

mod arrows;
#[path = "../case/mod.rs"]
mod case;
mod circles;
mod code;
mod lines;
mod names;
mod paths;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

/// A room, and the rooms it may import besides itself.
const ROOMS: &[(&str, &[&str])] = &[
    ("source", &[]),
    ("diagnostic", &["source"]),
    ("settings", &["diagnostic"]),
    ("model", &["source"]),
    ("profile", &["source", "diagnostic", "settings", "model"]),
    ("unitfile", &["source", "diagnostic", "model"]),
    ("os", &["model"]),
    ("platform", &["source", "diagnostic", "model", "profile", "unitfile", "os"]),
    (
        "service",
        &["source", "diagnostic", "settings", "model", "profile", "unitfile", "os", "platform"],
    ),
    ("lower", &["source", "diagnostic", "model", "profile", "os", "platform", "service"]),
    ("grammar", &["profile", "platform", "service", "lower"]),
    ("machine", &["source", "diagnostic", "model", "unitfile", "os", "platform"]),
    ("plan", &["source", "diagnostic", "model", "platform", "service", "machine"]),
    ("output", &["diagnostic"]),
    ("change", &["source", "diagnostic", "model", "output"]),
    (
        "check",
        &[
            "source",
            "diagnostic",
            "model",
            "settings",
            "unitfile",
            "os",
            "platform",
            "service",
            "change",
        ],
    ),
    ("inspect", &["source", "diagnostic", "model", "unitfile", "os", "output", "check"]),
    ("net", &[]),
    ("parallel", &[]),
    ("emit", &["source", "diagnostic", "model", "os", "platform", "machine", "plan", "output"]),
    (
        "cli",
        &[
            "source",
            "diagnostic",
            "model",
            "profile",
            "lower",
            "grammar",
            "unitfile",
            "os",
            "platform",
            "service",
            "machine",
            "plan",
            "check",
            "inspect",
            "output",
            "change",
            "emit",
            "net",
            "parallel",
        ],
    ),
    (
        "lib.rs",
        &[
            "source",
            "diagnostic",
            "model",
            "profile",
            "lower",
            "grammar",
            "unitfile",
            "os",
            "platform",
            "service",
            "machine",
            "plan",
            "check",
            "inspect",
            "output",
            "emit",
            "cli",
            "parallel",
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
        // what the reference tests build is theirs: whole systems, which change while they are made
        .filter_entry(|entry| entry.file_name() != ".work")
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
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs") {
        let room = path.components().nth(1).unwrap().as_os_str().to_str().unwrap();
        // a room of one file is named without its ending
        let room = room.strip_suffix(".rs").filter(|name| *name != "lib").unwrap_or(room);
        let Some((_, may)) = ROOMS.iter().find(|(name, _)| *name == room) else { continue };
        for (number, line) in text.lines().enumerate() {
            for import in line.split("crate::").skip(1) {
                let other =
                    import.split(|c: char| !(c.is_alphanumeric() || c == '_')).next().unwrap();
                let known = ROOMS.iter().any(|(name, _)| *name == other);
                if known && other != room && !may.contains(&other) {
                    faults.push(format!("{}:{}: imports `{other}`", path.display(), number + 1));
                }
            }
        }
    }
    assert!(
        faults.is_empty(),
        "ROOM LAW: a room imports upstream only\n{}\nFix: move what is needed upstream, or hand it in; a new arrow \
         between rooms is a line of ROOMS in tests/tidy/main.rs and closes no circle of rooms.",
        faults.join("\n")
    );
}

#[test]
fn rooms_form_no_circle() {
    let mut may: Vec<(&str, Vec<&str>)> =
        ROOMS.iter().map(|(room, may)| (*room, may.to_vec())).collect();
    // a room that imports none that is left is upstream of all of these
    while let Some(at) = may.iter().position(|(_, may)| may.is_empty()) {
        let (room, _) = may.remove(at);
        for (_, others) in &mut may {
            others.retain(|other| *other != room);
        }
    }
    assert!(may.is_empty(), "ROOMS in tests/tidy/main.rs closes a circle: {may:?}");
}

/// What can open a connection, and who may name it.
const WAYS_OUT: [&str; 8] = [
    "reqwest::",
    "object_store::",
    "tokio::",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "UnixStream",
    "ToSocketAddrs",
];
/// The commands that say in their name that they meet the network.
const NETWORKED: [&str; 4] =
    ["src/cli/token", "src/cli/network.rs", "src/cli/publish", "src/cli/ami"];

#[test]
fn a_build_meets_no_network() {
    for (path, text) in files("src", "rs") {
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        if !path.starts_with("src/net") {
            for way in WAYS_OUT {
                assert!(!code.contains(way), "{}: only src/net names `{way}`", path.display());
            }
        }
        let may = NETWORKED.iter().any(|command| path.to_str().unwrap().starts_with(command));
        let does = code.match_indices("net").any(|(at, _)| names_the_room(code, at));
        assert!(
            may || !does || path.starts_with("src/net"),
            "{} may not meet the network",
            path.display()
        );
    }
}

/// Tells whether the word `net` at a place names the room, and not `std::net` or a part of another word.
fn names_the_room(code: &str, at: usize) -> bool {
    let (before, after) = (&code[..at], &code[at + "net".len()..]);
    let is_word = !before.ends_with(|c: char| c.is_alphanumeric() || c == '_')
        && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    let is_path =
        after.starts_with("::") || before.ends_with("crate::") || before.ends_with("super::");
    is_word && is_path && !before.ends_with("std::")
}

#[test]
fn every_file_says_what_it_is() {
    for (path, text) in
        files("src", "rs").into_iter().chain(files("tests", "rs")).chain(files("benches", "rs"))
    {
        assert!(text.starts_with("//! "), "{} must open with `//!`", path.display());
    }
}

/// What a line begins with that others may use. Fields and variants are left out: most are said by their names.
const PUBLIC: [&str; 8] = [
    "pub fn ",
    "pub const ",
    "pub static ",
    "pub struct ",
    "pub enum ",
    "pub trait ",
    "pub type ",
    "pub async fn ",
];

#[test]
fn what_is_public_says_what_it_is() {
    let mut faults = Vec::new();
    for (path, text) in files("src", "rs") {
        let mut says = false;
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_start();
            if PUBLIC.iter().any(|word| line.starts_with(word)) && !says {
                faults.push(format!("{}:{}: {line}", path.display(), number + 1));
            }
            // attributes stand between a comment and its item, in as many lines as they like
            says = line.starts_with("///")
                || says && !line.is_empty() && !line.ends_with([';', '}', '{']);
        }
    }
    assert!(faults.is_empty(), "a comment is missing before\n{}", faults.join("\n"));
}

/// Codes that no profile can bring about, with the reason.
const NO_CASE: [&str; 0] = [];

#[test]
fn every_finding_has_a_manual_and_a_case() {
    let manual: BTreeSet<&str> = cfgbuild::diagnostic::entries().map(|entry| entry.code).collect();
    let cases: String = case::all().iter().map(|case| case.stderr().to_owned()).collect();
    let used = codes();
    for code in &used {
        assert!(
            manual.contains(code.as_str()),
            "`{code}` has no section in src/diagnostic/manual.md"
        );
        let seen = cases.contains(&format!("[{code}]")) || NO_CASE.contains(&code.as_str());
        assert!(seen, "`{code}` has no case below tests/cases");
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

/// What a code is handed to first.
const OPENERS: [&str; 5] =
    ["Diagnostic::error(", "Diagnostic::warning(", ".fault(", "Fault::new(", "Diagnostic { code:"];

/// Returns every code the sources can report.
///
/// A code stands where it is used, as a literal or as a constant of the same file: any other first argument fails, so
/// that no code can hide in a variable. Comments and tests do not count.
fn codes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (path, text) in files("src", "rs") {
        let text: String = text
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap()
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .flat_map(|line| [line, "\n"])
            .collect();
        for opener in OPENERS {
            for after in text.split(opener).skip(1) {
                let argument = after.split([',', ')']).next().unwrap().trim();
                // a check's code is its file's, and has its manual in the header and its cases: see tests/checks.rs
                if argument.ends_with("CHECK.code") {
                    continue;
                }
                let code = literal(argument).or_else(|| constant(&text, argument));
                let code = code.unwrap_or_else(|| {
                    panic!("{}: `{argument}` after `{opener}` must be a code", path.display())
                });
                let shape = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                assert!(
                    code.contains('-') && code.chars().all(shape),
                    "{}: `{code}` has not the shape of a code",
                    path.display()
                );
                found.insert(code.to_owned());
            }
        }
    }
    found
}

fn literal(argument: &str) -> Option<&str> {
    argument.strip_prefix('"')?.strip_suffix('"')
}

fn constant<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    let (_, after) = text.split_once(&format!("const {name}: &str ="))?;
    literal(after.split(';').next()?.trim()).filter(|_| is_name)
}

#[test]
fn cases_are_folders_only_where_a_file_reads_badly() {
    let long = |case: &case::Case| {
        let lines = case.inputs.values().flat_map(|bytes| bytes.split(|byte| *byte == b'\n'));
        lines.max_by_key(|line| line.len()).is_some_and(|line| line.len() > 4000)
    };
    let cases = case::all().into_iter().filter(|case| case.is_needless_folder() && !long(case));
    let needless: Vec<String> = cases.map(|case| case.name).collect();
    assert!(
        needless.is_empty(),
        "these cases compare no tree: write each into the `.case` file of its name, see tests/cases/README.md\n{}",
        needless.join("\n")
    );
}

#[test]
fn files_stay_readable() {
    for (path, text) in files("src", "rs") {
        let lines = text.split("#[cfg(test)]\nmod tests").next().unwrap().lines().count();
        assert!(lines <= 520, "{} has {lines} lines: split it", path.display());
    }
}
