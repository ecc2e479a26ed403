//! The cases below `tests/cases/`, as values: what every test that looks at cases reads.
//!
//! A case is a part of a `.case` file, whose format is in `tests/cases/README.md`, or, where a tree is compared, a
//! folder that holds an `args` file.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test that reads the cases asks for something else of them"
)]
#![allow(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly and must write"
)]

mod text;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

pub(crate) use text::{escaped, parse, rewrite};
use walkdir::WalkDir;

/// One run of the program, and what must come of it.
pub(crate) struct Case {
    /// Its path below `tests/cases/`, the heading in its file included.
    pub(crate) name: String,
    /// The command line; `$OUT` stands for a folder of the run's own.
    pub(crate) args: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    /// By path: the folder that the program is run in.
    pub(crate) inputs: BTreeMap<String, Vec<u8>>,
    /// `exit`, `stdout`, `stderr`, `modes`, and the tree in `$OUT` below `expected/`.
    pub(crate) expected: BTreeMap<String, String>,
    home: Home,
}

/// Where a case is written.
enum Home {
    File { path: PathBuf, heading: String },
    Folder(PathBuf),
}

/// Returns where the cases are.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// Returns every case, by name.
pub(crate) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for entry in WalkDir::new(root()).sort_by_file_name() {
        let path = entry.expect("the cases can be read").into_path();
        if path.file_name().is_some_and(|name| name == "args") {
            cases.push(folder(path.parent().expect("a file is in a folder")));
        } else if path.extension().is_some_and(|ending| ending == "case") {
            let text = fs::read_to_string(&path)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let written = parse(&text)
                .and_then(|cases| cases.into_iter().map(|case| written(&path, case)).collect());
            let written: Vec<Case> =
                written.unwrap_or_else(|fault| panic!("{}: {fault}", path.display()));
            cases.extend(written);
        }
    }
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    for pair in cases.windows(2) {
        assert!(pair[0].name != pair[1].name, "`{}` is there twice", pair[0].name);
    }
    cases
}

fn below_root(path: &Path) -> String {
    path.strip_prefix(root()).expect("is below").display().to_string()
}

fn written(path: &Path, case: text::Written) -> Result<Case, String> {
    let expected = case.expected()?;
    let text::Written { heading, args, environment, parts, .. } = case;
    let file = below_root(&path.with_extension(""));
    let name = if heading.is_empty() { file } else { format!("{file}/{heading}") };
    let inputs = parts.into_iter().filter(|part| !text::is_expected(&part.name));
    let inputs = inputs.map(|part| (part.name, part.bytes)).collect();
    let home = Home::File { path: path.to_owned(), heading };
    Ok(Case { name, args, environment, inputs, expected, home })
}

fn folder(folder: &Path) -> Case {
    let (mut inputs, mut expected) = (BTreeMap::new(), BTreeMap::new());
    let mut words = BTreeMap::new();
    let entries = WalkDir::new(folder).min_depth(1).into_iter().filter_entry(|entry| {
        // a case in this folder has its own files
        !entry.path().join("args").exists()
    });
    for entry in entries.map(|entry| entry.expect("the cases can be read")) {
        if !entry.file_type().is_file() {
            continue;
        }
        let name = entry.path().strip_prefix(folder).expect("is below").display().to_string();
        let bytes = fs::read(entry.path()).expect("the cases can be read");
        if ["args", "env"].contains(&name.as_str()) {
            words.insert(name, String::from_utf8(bytes).expect("words are text"));
        } else if text::is_expected(&name) {
            expected.insert(name, as_text(bytes));
        } else {
            inputs.insert(name, bytes);
        }
    }
    let lines = |name: &str| {
        let lines = words.get(name).map_or("", String::as_str).lines();
        lines.filter(|line| !line.is_empty()).map(str::to_owned).collect::<Vec<String>>()
    };
    let pair = |line: String| {
        line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()))
    };
    Case {
        name: below_root(folder),
        args: lines("args"),
        environment: lines("env").into_iter().filter_map(pair).collect(),
        inputs,
        expected,
        home: Home::Folder(folder.to_owned()),
    }
}

/// Returns an artefact as it is compared: a binary one by its size.
pub(crate) fn as_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| format!("{} bytes\n", error.as_bytes().len()))
}

impl Case {
    pub(crate) fn stderr(&self) -> &str {
        self.expected.get("stderr").map_or("", String::as_str)
    }

    /// Returns whether the case is a folder that a file could hold: it compares no tree.
    pub(crate) fn is_needless_folder(&self) -> bool {
        let is_tree = |name: &String| name == "modes" || name.starts_with("expected/");
        matches!(self.home, Home::Folder(_)) && !self.expected.keys().any(is_tree)
    }

    /// Writes the files that the program is run on.
    pub(crate) fn unpack(&self, folder: &Path) {
        for (name, bytes) in &self.inputs {
            let path = folder.join(name);
            fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("can be made");
            fs::write(&path, bytes).expect("can be written");
        }
    }

    /// Writes what came of a run as what is expected.
    pub(crate) fn bless(&self, found: &BTreeMap<String, String>) {
        // cases run at the same time, and several stand in one file
        static WRITES: Mutex<()> = Mutex::new(());
        let _lock = WRITES.lock().unwrap_or_else(PoisonError::into_inner);
        match &self.home {
            Home::File { path, heading } => {
                let text = fs::read_to_string(path).expect("the case can be read");
                fs::write(path, rewrite(&text, heading, found).expect("is a case"))
                    .expect("can be written");
            }
            Home::Folder(folder) => {
                for path in self.expected.keys().filter(|path| !found.contains_key(*path)) {
                    fs::remove_file(folder.join(path)).expect("can be removed");
                }
                for (path, text) in found {
                    let path = folder.join(path);
                    fs::create_dir_all(path.parent().expect("is in a folder"))
                        .expect("can be made");
                    fs::write(path, text).expect("can be written");
                }
            }
        }
    }
}
