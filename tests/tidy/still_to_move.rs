//! What does not comply with a law yet, from `still_to_move.txt`: that table may only shrink.

use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::root;

/// Held while the table is rewritten: laws are held at the same time.
static WRITING: Mutex<()> = Mutex::new(());

fn path() -> PathBuf {
    root().join("tests/tidy/still_to_move.txt")
}

/// Returns the lines of a law: the file, and what it still names.
pub(crate) fn still_to_move(law: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(path()).expect("the table is there");
    let lines = text.lines().filter_map(|line| line.strip_prefix(law)?.strip_prefix(' '));
    lines.filter_map(|line| line.split_once(' ')).map(|(a, b)| (a.into(), b.into())).collect()
}

/// Returns a fault for each line that nothing needs any more, or deletes these lines where that is asked for.
pub(crate) fn settle(law: &str, unneeded: &[(String, String)]) -> Vec<String> {
    let lines: Vec<String> = unneeded.iter().map(|(a, b)| format!("{law} {a} {b}")).collect();
    if std::env::var_os("CFGBUILD_BLESS").is_none() {
        let fault = |line| {
            format!(
                "tests/tidy/still_to_move.txt: nothing needs `{line}` any more: delete it (CFGBUILD_BLESS=1 does)"
            )
        };
        return lines.iter().map(fault).collect();
    }
    let _guard = WRITING.lock().expect("no law panics while it writes");
    let text = fs::read_to_string(path()).expect("the table is there");
    let kept = text.lines().filter(|line| !lines.iter().any(|gone| gone == line));
    let kept: String = kept.flat_map(|line| [line, "\n"]).collect();
    fs::write(path(), kept).expect("the table can be written");
    Vec::new()
}
