//! Every path of the project that a document or a script names exists.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use walkdir::WalkDir;

use crate::root;

/// What the paths begin with that are held: the folders of the project.
const TOPS: [&str; 8] =
    ["src/", "tests/", "docs/", "profiles/", "output/", "benches/", "fuzz/", ".ci/"];

/// Files that are read, and folders of which every file is.
const READERS: [&str; 14] = [
    "README.md",
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.toml",
    "deny.toml",
    "clippy.toml",
    "flake.nix",
    "justfile",
    ".gitattributes",
    ".ci",
    "docs",
    "tests/cases/README.md",
    "tests/reference",
];

/// Paths of roles that an example makes up, by the file that does: what is below one is not looked for.
const MADE_UP: [(&str, &str); 6] = [
    ("CONTRIBUTING.md", "profiles/a"),
    ("tests/cases/README.md", "profiles/a"),
    ("docs/tutorial.md", "profiles/events"),
    ("docs/tutorial.md", "output/events"),
    ("tests/reference/full-disk", "profiles/r"),
    ("tests/reference/publish", "output/big"),
];

#[test]
fn paths_that_are_written_down_exist() {
    let mut faults = Vec::new();
    let mut made_up = MADE_UP.to_vec();
    for (reader, text) in readers() {
        for (number, line) in text.lines().enumerate() {
            for path in paths(&reader, line) {
                if let Some(which) = MADE_UP
                    .iter()
                    .find(|(by, role)| *by == reader && Path::new(&path).starts_with(role))
                {
                    made_up.retain(|other| other != which);
                } else if !exists(&path) {
                    faults.push(format!("{reader}:{}: `{path}` does not exist", number + 1));
                }
            }
        }
    }
    faults.extend(made_up.iter().map(|(by, role)| {
        format!("{by} no longer names `{role}`: delete its line in tests/tidy/paths.rs")
    }));
    assert!(
        faults.is_empty(),
        "PATH LAW: what a document or a script names must exist\n{}\nFix: name where it is now. ROLE, NAME, `<role>`, \
         `{{role}}` and `$VAR` stand for any.",
        faults.join("\n")
    );
}

/// Returns every file that is read, by its path.
fn readers() -> Vec<(String, String)> {
    let scripts = ["fuzz/run", "fuzz/Cargo.toml"];
    READERS
        .iter()
        .chain(&scripts)
        .flat_map(|reader| {
            let found = WalkDir::new(root().join(reader)).sort_by_file_name().into_iter();
            found.filter_entry(|entry| !is_built(entry.file_name()))
        })
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(root()).unwrap().to_str()?.to_owned();
            Some((path, fs::read_to_string(entry.path()).ok()?))
        })
        .collect()
}

/// Returns whether a folder holds what the reference tests build, or what others wrote: whole systems, links in
/// circles.
fn is_built(name: &OsStr) -> bool {
    name == ".work" || name == "__pycache__"
}

/// Returns the paths of the project that a line names, from the root, without those that stand for any.
fn paths(reader: &str, line: &str) -> Vec<String> {
    let ends = |c: char| c.is_whitespace() || "`'\"()[]=:;|<>&,\\#".contains(c);
    line.split(ends)
        .filter_map(|word| {
            let word = word.trim_end_matches(['.', '…', '!', '?']);
            // patterns of these two begin at the root
            let is_pattern = [".gitattributes", "Cargo.toml"].contains(&reader);
            let word = if is_pattern { word.trim_start_matches('/') } else { word };
            let from_below = word.strip_prefix("../");
            let word = word.trim_start_matches("../");
            // what is reached by going up may lack the slash at its end: nothing else can be meant
            let is_top = |top: &str| {
                word.starts_with(top) || from_below.is_some() && format!("{word}/") == top
            };
            let is_below = TOPS.iter().any(|top| is_top(top));
            let is_held = is_below && !stands_for_any(word);
            is_held.then(|| word.to_owned())
        })
        .collect()
}

fn stands_for_any(path: &str) -> bool {
    let is_name = |part: &str| {
        let letters = part.split(|c: char| !c.is_ascii_alphanumeric());
        let capitals = |word: &str| word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase());
        !part.contains(".md") && letters.into_iter().any(capitals)
    };
    path.contains(['$', '{', '…', '%', '@']) || path.split('/').any(is_name)
}

/// Returns whether a path or a pattern with `*` and `**` leads to something.
fn exists(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    matches(root(), &parts)
}

fn matches(folder: &Path, parts: &[&str]) -> bool {
    let Some((first, rest)) = parts.split_first() else { return true };
    if !first.contains('*') {
        let next = folder.join(first);
        return next.exists() && matches(&next, rest);
    }
    if *first == "**" && matches(folder, rest) && !rest.is_empty() {
        return true;
    }
    let mut entries = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    entries.any(|entry| {
        let name = entry.file_name();
        let fits = !is_built(&name) && name.to_str().is_some_and(|name| fits(name, first));
        let deeper = *first == "**" && !rest.is_empty();
        fits && matches(&entry.path(), if deeper { parts } else { rest })
    })
}

fn fits(name: &str, pattern: &str) -> bool {
    match pattern.split_once('*') {
        None => name == pattern,
        Some((start, rest)) => {
            let rest = rest.trim_start_matches('*');
            name.strip_prefix(start).is_some_and(|name| {
                (0..=name.len()).filter_map(|at| name.get(at..)).any(|tail| fits(tail, rest))
            })
        }
    }
}

#[test]
fn paths_are_told_from_other_words() {
    for (reader, line, wanted) in [
        ("a", "see `src/a.rs`, https://x.y/docs/z and $out/tests/w.", &["src/a.rs"][..]),
        ("fuzz/run", "find ../profiles ../tests/cases -name x", &["profiles", "tests/cases"][..]),
        (
            "a",
            "output/ROLE/nodes tests/<area>/x profiles/{role}/p docs/README.md",
            &["tests/", "docs/README.md"],
        ),
        (".gitattributes", "/output/** x", &["output/**"]),
    ] {
        let found = paths(reader, line);
        assert_eq!(found, wanted, "{line}");
    }
    assert!(exists("tests/**/main.rs") && exists("src/*/mod.rs") && exists("tests/cases/**"));
    assert!(!exists("tests/**/none.rs") && !exists("src/*.py"));
}
