//! The one harness: every case below `tests/cases/`, in a file or a folder, is a test of the program's door.
//!
//! `tests/cases/README.md` is the format. `CFGBUILD_BLESS=1` writes what is expected; read the diff.
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
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use case::Case;
use libtest_mimic::{Arguments, Failed, Trial};
use walkdir::WalkDir;

fn main() {
    let cases = case::all();
    assert!(!cases.is_empty(), "there are cases");
    let trials = cases.into_iter().map(|case| Trial::test(case.name.clone(), move || run(&case)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn run(case: &Case) -> Result<(), Failed> {
    let (workspace, out) = (tempfile::tempdir()?, tempfile::tempdir()?);
    case.unpack(workspace.path());
    let out_path = out.path().join("out");
    let output = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .args(case.args.iter().map(|word| word.replace("$OUT", &out_path.display().to_string())))
        .current_dir(workspace.path())
        .env_clear()
        .envs(case.environment.iter().map(|(name, value)| (name, value)))
        .env("COLUMNS", "120")
        .env("NO_COLOR", "1")
        .output()?;
    let normal = |bytes: &[u8]| normalise(&String::from_utf8_lossy(bytes), &out_path);
    let exit = output.status.code().map_or("killed".to_owned(), |code| code.to_string()) + "\n";
    let mut found = BTreeMap::from([("exit".to_owned(), exit)]);
    for (name, bytes) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = normal(bytes);
        if !text.is_empty() {
            found.insert(name.to_owned(), text);
        }
    }
    let guarded = modes(&out_path);
    if !guarded.is_empty() {
        found.insert("modes".to_owned(), guarded);
    }
    found
        .extend(tree(&out_path).into_iter().map(|(path, text)| (format!("expected/{path}"), text)));
    compare(case, &found)
}

fn normalise(text: &str, out: &Path) -> String {
    let text = text.replace(&out.display().to_string(), "$OUT");
    let mut result = String::new();
    for line in text.lines() {
        match line.split_once(", in ") {
            Some((before, after)) if after.ends_with(" ms") => {
                writeln!(result, "{before}, in … ms").unwrap();
            }
            _ => writeln!(result, "{line}").unwrap(),
        }
    }
    result
}

/// Returns a line for every artefact that not everybody may read.
fn modes(folder: &Path) -> String {
    let mut lines = String::new();
    for entry in WalkDir::new(folder).sort_by_file_name().into_iter().filter_map(Result::ok) {
        let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
        if entry.file_type().is_file() && !entry.path().ends_with(".lock") && mode != 0o644 {
            let path = entry.path().strip_prefix(folder).unwrap().display();
            writeln!(lines, "{mode:04o} {path}").unwrap();
        }
    }
    lines
}

/// Returns every file below a folder; binary ones by their size.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
    {
        let path = entry.path().strip_prefix(folder).unwrap().display().to_string();
        // the lock is no artefact, and the manifest's digests are the artefacts' own business
        if [".lock", "manifest.json"].iter().any(|end| path.ends_with(end)) {
            continue;
        }
        files.insert(path, case::as_text(fs::read(entry.path()).unwrap()));
    }
    files
}

fn compare(case: &Case, found: &BTreeMap<String, String>) -> Result<(), Failed> {
    let expected = &case.expected;
    if expected == found {
        return Ok(());
    }
    if std::env::var_os("CFGBUILD_BLESS").is_some() {
        case.bless(found);
        return Ok(());
    }
    let mut report = String::new();
    for path in expected.keys().chain(found.keys()).collect::<std::collections::BTreeSet<_>>() {
        let (old, new) = (
            expected.get(path).map_or("", String::as_str),
            found.get(path).map_or("", String::as_str),
        );
        if old != new {
            let diff = similar::TextDiff::from_lines(old, new);
            write!(report, "{}", diff.unified_diff().header(path, "what came of it")).unwrap();
        }
    }
    Err(format!("{report}\nif this is right: CFGBUILD_BLESS=1 cargo test --test cases").into())
}
