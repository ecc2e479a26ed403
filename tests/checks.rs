//! The checks are held to their manuals: `docs/checks.md` is what they and the manual of the other findings say, and
//! every check has a `bad` and a `good` case. `CFGBUILD_BLESS=1` writes the document.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

mod case;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use case::Case;
use cfgbuild::{check, diagnostic};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the manual of every code, headings two levels below the code's own.
fn manuals() -> BTreeMap<&'static str, String> {
    let mut all: BTreeMap<&str, String> =
        diagnostic::entries().map(|entry| (entry.code, entry.text.to_owned())).collect();
    for check in check::all() {
        let lines = check.manual();
        let lines = lines.lines().map(|line| match line.strip_prefix("# ") {
            Some(heading) => format!("### {heading}\n"),
            None => format!("{line}\n"),
        });
        let known = all.insert(check.code, lines.collect::<String>().trim().to_owned());
        assert_eq!(known, None, "`{}` is a check and in src/diagnostic/manual.md", check.code);
    }
    all
}

#[test]
fn the_document_is_what_the_program_says() {
    let mut text = String::from(
        "# Findings\n\nEvery code that `cfgbuild` can report, by name. `cfgbuild explain CODE` prints the same. \
         Written by\n`CFGBUILD_BLESS=1 cargo test --test checks` from the checks themselves.\n",
    );
    for (code, manual) in manuals() {
        write!(text, "\n## {code}\n\n{manual}\n").unwrap();
    }
    let path = root().join("docs/checks.md");
    if std::env::var_os("CFGBUILD_BLESS").is_some() {
        fs::write(&path, &text).expect("the document can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "docs/checks.md is not what the checks say: CFGBUILD_BLESS=1 cargo test --test checks"
    );
}

#[test]
fn every_check_says_why_and_how_to_mend_it() {
    for check in check::all() {
        let manual = check.manual();
        for heading in ["\n# Why\n", "\n# Fix\n"] {
            assert!(manual.contains(heading), "the header of `{}` lacks{heading}", check.code);
        }
    }
}

#[test]
fn every_check_has_a_case_that_it_refuses_and_one_that_it_passes() {
    let cases: BTreeMap<String, Case> =
        case::all().into_iter().map(|case| (case.name.clone(), case)).collect();
    for check in check::all() {
        let code = check.code;
        let said = |kind: &str| {
            let case = cases.get(&format!("check/{code}/{kind}"));
            case.unwrap_or_else(|| {
                panic!("`{code}` has no case `{kind}` in tests/cases/check/{code}.case")
            })
            .stderr()
        };
        assert!(
            said("bad").contains(&format!("[{code}]")),
            "the bad case of `{code}` is not refused"
        );
        assert!(
            !said("good").contains(&format!("[{code}]")),
            "the good case of `{code}` is refused"
        );
    }
}
