//! Lines fit a screen: 120 characters, in the sources, the tests and the documents.
//!
//! Not held: the reference tests, which have a formatter of their own, cases and other golden files.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{files, root};

const LIMIT: usize = 120;

/// Lines that cannot be broken: the file, how the line begins, and why.
const WHOLE: [(&str, &str, &str); 1] =
    [("src/os/fedora_coreos.rs", "SUBSYSTEM==", "udev reads a rule from one line")];

#[test]
fn lines_fit_a_screen() {
    let mut faults = Vec::new();
    let mut whole = WHOLE.to_vec();
    for (path, text) in held() {
        for (number, line) in too_long(&path, &text) {
            let excuse = whole
                .iter()
                .position(|(file, start, _)| Path::new(file) == path && line.starts_with(start));
            match excuse {
                Some(at) => drop(whole.remove(at)),
                None => faults.push(format!("{}:{number}: {line}", path.display())),
            }
        }
    }
    assert!(whole.is_empty(), "no longer too long, delete in tests/tidy/lines.rs: {whole:?}");
    assert!(
        faults.is_empty(),
        "LINE LAW: a line has at most {LIMIT} characters\n{}\nFix: break it; a text in code goes on after a `\\` at \
         the end of the line. Tables, blocks between ``` and lines with a URL are not held.",
        faults.join("\n")
    );
}

/// Returns the files whose lines are held, with their texts.
fn held() -> Vec<(PathBuf, String)> {
    let mut held = Vec::new();
    for (folder, ending) in
        [("src", "rs"), ("tests", "rs"), ("benches", "rs"), ("fuzz", "rs"), ("docs", "md")]
    {
        held.extend(files(folder, ending));
    }
    let single = [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.toml",
        "README.md",
        "clippy.toml",
        "deny.toml",
        "justfile",
        "src/diagnostic/manual.md",
        "tests/cases/README.md",
    ];
    held.extend(single.map(|name| (name.into(), fs::read_to_string(root().join(name)).unwrap())));
    held
}

/// Returns the lines over the limit that could be broken, with their numbers.
fn too_long<'t>(path: &Path, text: &'t str) -> Vec<(usize, &'t str)> {
    let is_document = path.extension().is_some_and(|ending| ending == "md");
    let mut is_block = false;
    let mut long = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let start = line.trim_start();
        is_block ^= is_document && start.starts_with("```");
        let is_table = is_document && start.starts_with('|');
        if line.chars().count() > LIMIT && !is_block && !is_table && !line.contains("://") {
            long.push((number + 1, line));
        }
    }
    long
}

#[test]
fn long_lines_are_told_from_tables_and_addresses() {
    let (long, short) = ("a ".repeat(61), "ä ".repeat(60));
    let document =
        format!("{short}\n{long}\n| {long}|\n```\n{long}\n```\nhttps://{long}\n{long}\n");
    let numbers = |path: &str| -> Vec<usize> {
        too_long(Path::new(path), &document).into_iter().map(|(number, _)| number).collect()
    };
    assert_eq!(numbers("docs/a.md"), [2, 8]);
    assert_eq!(numbers("src/a.rs"), [2, 3, 5, 8]);
}
