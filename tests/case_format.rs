//! The written format of cases: what it says of bytes, which faults it refuses, and that blessing rewrites nothing but
//! what is expected.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail loudly")]

mod case;

use std::collections::BTreeMap;

use case::{escaped, parse, rewrite};

const TEXT: &str = "\
Why this is looked at.
$ cfgbuild check --deny warnings a

=== bad
Two brokers.
--- profiles/a/profile.yaml
kafka: {}

--- stderr
error[x]: y
 --> profiles/a/profile.yaml:1:1

=== good
$ A=b cfgbuild show 'a b' c''d ''
--- profiles/a/profile.yaml
--- values.yaml
a: 1

--- exit
2
";

#[test]
fn a_file_is_read_as_its_cases() {
    let cases = parse(TEXT).unwrap();
    assert_eq!(cases.iter().map(|case| case.heading.as_str()).collect::<Vec<_>>(), ["bad", "good"]);
    assert_eq!(cases[0].args, ["check", "--deny", "warnings", "a"]);
    assert_eq!(cases[0].parts[0].bytes, b"kafka: {}\n\n");
    assert_eq!(cases[0].parts[1].bytes, b"error[x]: y\n --> profiles/a/profile.yaml:1:1\n");
    assert_eq!(cases[0].expected().unwrap()["exit"], "1\n", "an error");
    assert_eq!(cases[1].args, ["show", "a b", "cd", ""]);
    assert_eq!(cases[1].environment, [("A".to_owned(), "b".to_owned())]);
    assert_eq!(cases[1].parts[0].bytes, b"", "an empty file");
    assert_eq!(cases[1].parts[1].bytes, b"a: 1\n\n");
    assert_eq!(cases[1].expected().unwrap()["exit"], "2\n", "as written");
    // the case that the file is named for, and the command that needs no line
    let cases =
        parse("--- profiles/a/profile.yaml\n<BOM>a\n\n=== more\n--- stderr\nwarning: b\n").unwrap();
    assert_eq!((cases[0].heading.as_str(), cases[1].heading.as_str()), ("", "more"));
    assert_eq!(cases[1].args, ["check", "a"]);
    assert_eq!(cases[1].expected().unwrap()["exit"], "0\n", "a warning that is not denied");
}

#[test]
fn what_cannot_be_seen_is_escaped() {
    let table: [(&[u8], &str); 12] = [
        (b"\xef\xbb\xbfa: b\r\n", "<BOM>a: b<CR>\n"),
        (b"\0\x07\x7f\n", "<NUL><07><7F>\n"),
        (b"caf\xe9\n", "caf<E9>\n"),
        (b"a \nb\t\n c\td\n", "a<SPACE>\nb<TAB>\n c\td\n"),
        (b"a", "a<END>\n"),
        (b"a ", "a<SPACE><END>\n"),
        (b"\n", "\n"),
        (
            b"--- a\n--- \n---\na --- b\n=== c\n",
            "<2D>-- a\n<2D>--<SPACE>\n---\na --- b\n<3D>== c\n",
        ),
        (b"<NUL> <41> <3C> <nul> < a<b>\n", "<3C>NUL> <3C>41> <3C>3C> <nul> < a<b>\n"),
        (b"a<END>\n", "a<3C>END>\n"),
        ("é\u{85}…\n".as_bytes(), "é\u{85}…\n"),
        (b"", ""),
    ];
    for (bytes, text) in table {
        let end = if bytes.is_empty() || bytes.ends_with(b"\n") { "" } else { "<END>\n" };
        assert_eq!(escaped(bytes) + end, text);
        let read = parse(&format!("--- a\n{text}\n=== b\n--- a\n{text}")).unwrap();
        assert_eq!(read[0].parts[0].bytes, bytes, "{text}");
        assert_eq!(read[1].parts[0].bytes, bytes, "{text}");
    }
}

proptest::proptest! {
    #[test]
    fn any_bytes_can_be_written(bytes: Vec<u8>, text in "[-= <>A-F0-9\\t\\r\\n]*") {
        for bytes in [bytes, text.into_bytes()] {
            let end = if bytes.is_empty() || bytes.ends_with(b"\n") { "" } else { "<END>\n" };
            let read = parse(&format!("--- a\n{}{end}", escaped(&bytes))).unwrap();
            assert_eq!(read[0].parts[0].bytes, bytes);
        }
    }
}

#[test]
fn faults_are_refused() {
    for (text, fault) in [
        ("", "does not end"),
        ("--- a\nb", "does not end"),
        ("prose\n", "holds no case"),
        ("=== a\n--- b\n=== c\n--- d\n", "blank line"),
        ("=== a\n--- b\n\n=== a\n--- b\n", "twice"),
        ("=== a\n\n=== c\n--- d\n", "empty"),
        ("--- a\n--- a\n", "cannot be a part"),
        ("--- ../a\n", "cannot be a part"),
        ("--- a\nb \n", "escaped"),
        ("--- a\nb\r\n", "escaped"),
        ("--- a\n\u{feff}b\n", "escaped"),
        ("$ ls\n--- a\n", "sets no variable"),
        ("$ cfgbuild 'a\n--- a\n", "lacks a `'`"),
        ("$ A=b\n--- a\n", "does not call cfgbuild"),
    ] {
        let found = parse(text).err().unwrap_or_default();
        assert!(found.contains(fault), "{text:?}: {found:?}");
    }
}

#[test]
fn blessing_rewrites_what_is_expected_and_nothing_else() {
    let found = |parts: &[(&str, &str)]| -> BTreeMap<String, String> {
        parts.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    };
    let same =
        found(&[("exit", "1\n"), ("stderr", "error[x]: y\n --> profiles/a/profile.yaml:1:1\n")]);
    assert_eq!(rewrite(TEXT, "bad", &same).unwrap(), TEXT);

    let other = found(&[("exit", "0\n"), ("stderr", "--- a \n"), ("stdout", "b")]);
    let new = TEXT.replace(
        "error[x]: y\n --> profiles/a/profile.yaml:1:1\n",
        "<2D>-- a<SPACE>\n--- stdout\nb<END>\n",
    );
    assert_eq!(rewrite(TEXT, "bad", &other).unwrap(), new);

    // what is no longer said goes, and an exit status that follows from the rest
    let new = TEXT.replace("--- exit\n2\n", "");
    assert_eq!(rewrite(TEXT, "good", &found(&[("exit", "0\n")])).unwrap(), new);
    let new = TEXT.replace("--- exit\n2\n", "--- exit\n3\n");
    assert_eq!(rewrite(TEXT, "good", &found(&[("exit", "3\n")])).unwrap(), new);
    assert!(rewrite(TEXT, "gone", &found(&[])).is_err());
}
