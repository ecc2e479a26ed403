//! The one harness: every folder below `tests/cases/` that holds an `args` file is a test of the program's door.
//!
//! `args` is the command line, one word a line; `$OUT` in it is a fresh folder. `stdout`, `stderr` and `exit` say what
//! must come of it, `expected/` which tree must be in `$OUT`, and `modes` what in it is not for everybody. `CFGBUILD_BLESS=1` writes them; read the diff.
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail loudly and must write"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use libtest_mimic::{Arguments, Failed, Trial};
use walkdir::WalkDir;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut trials = Vec::new();
    for entry in WalkDir::new(&root).sort_by_file_name() {
        let entry = entry.expect("the cases can be read");
        if entry.file_name() == "args" {
            let folder = entry.path().parent().expect("a file is in a folder").to_owned();
            let name = folder.strip_prefix(&root).expect("is below").display().to_string();
            trials.push(Trial::test(name, move || run(&folder)));
        }
    }
    assert!(!trials.is_empty(), "there are cases");
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn run(folder: &Path) -> Result<(), Failed> {
    let out = tempfile::tempdir()?;
    let out_path = out.path().join("out");
    let args = fs::read_to_string(folder.join("args"))?;
    let output = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .args(
            args.lines()
                .filter(|line| !line.is_empty())
                .map(|line| line.replace("$OUT", &out_path.display().to_string())),
        )
        .current_dir(folder)
        .env_clear()
        .envs(environment(folder)?)
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
    compare(folder, &found)
}

/// Variables of the case's environment: lines of `NAME=VALUE` in `env`.
fn environment(folder: &Path) -> Result<Vec<(String, String)>, Failed> {
    let path = folder.join("env");
    if !path.exists() {
        return Ok(Vec::new());
    }
    let pair =
        |line: &str| line.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    Ok(fs::read_to_string(path)?.lines().filter_map(pair).collect())
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
        let bytes = fs::read(entry.path()).unwrap();
        let text = String::from_utf8(bytes)
            .unwrap_or_else(|error| format!("{} bytes\n", error.as_bytes().len()));
        files.insert(path, text);
    }
    files
}

fn compare(folder: &Path, found: &BTreeMap<String, String>) -> Result<(), Failed> {
    let mut expected = tree(&folder.join("expected"));
    expected =
        expected.into_iter().map(|(path, text)| (format!("expected/{path}"), text)).collect();
    for name in ["exit", "stdout", "stderr", "modes"] {
        if let Ok(text) = fs::read_to_string(folder.join(name)) {
            expected.insert(name.to_owned(), text);
        }
    }
    if expected == *found {
        return Ok(());
    }
    if std::env::var_os("CFGBUILD_BLESS").is_some() {
        return bless(folder, &expected, found);
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

fn bless(
    folder: &Path,
    old: &BTreeMap<String, String>,
    new: &BTreeMap<String, String>,
) -> Result<(), Failed> {
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        fs::remove_file(folder.join(path))?;
    }
    for (path, text) in new {
        let path: PathBuf = folder.join(path);
        fs::create_dir_all(path.parent().unwrap())?;
        fs::write(path, text)?;
    }
    Ok(())
}
