//! `cfgbuild init`: what it writes builds at once, in an empty folder and from below it; nothing that is there goes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly and must write"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::tempdir;

fn cfgbuild(folder: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

#[test]
fn a_new_workspace_builds_without_a_finding() {
    let place = tempdir().unwrap();
    let done = cfgbuild(place.path(), &["init", "orders", "--with", "github,gitlab,hook"]);
    assert!(done.status.success(), "{}", said(&done));
    for path in [
        "profiles/orders/profile.yaml",
        "profile.schema.json",
        ".gitignore",
        ".gitattributes",
        ".github/workflows/cfgbuild.yml",
        ".gitlab-ci.yml",
        ".githooks/pre-commit",
    ] {
        assert!(place.path().join(path).is_file(), "{path}");
        assert!(said(&done).contains(&format!("wrote  {path}\n")), "{path}");
    }
    let mode =
        fs::metadata(place.path().join(".githooks/pre-commit")).unwrap().permissions().mode();
    assert_eq!(mode & 0o100, 0o100, "git runs a hook that may be run");
    for args in [
        &["check", "--deny", "warnings"][..],
        &["profile", "--all"],
        &["profile", "--all", "--check"],
    ] {
        let done = cfgbuild(place.path(), args);
        assert!(done.status.success(), "{args:?}: {}", said(&done));
    }
    // the line for the editor leads to the schema
    let folder = place.path().join("profiles/orders");
    let profile = fs::read_to_string(folder.join("profile.yaml")).unwrap();
    let schema =
        profile.lines().next().unwrap().split("$schema=").nth(1).expect("the line is there");
    assert_eq!(
        fs::canonicalize(folder.join(schema)).unwrap(),
        fs::canonicalize(place.path().join("profile.schema.json")).unwrap()
    );
    // what CI runs is YAML, and runs this program
    for path in [".github/workflows/cfgbuild.yml", ".gitlab-ci.yml"] {
        let text = fs::read_to_string(place.path().join(path)).unwrap();
        assert!(text.contains("cfgbuild profile --all --check"), "{path}");
        serde_yaml::from_str::<serde_yaml::Value>(&text)
            .unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

#[test]
fn the_workspace_is_found_from_below() {
    let place = tempdir().unwrap();
    assert!(cfgbuild(place.path(), &["init", "orders"]).status.success());
    let below = place.path().join("profiles/orders");
    let done = cfgbuild(&below, &["profile", "orders"]);
    assert!(done.status.success(), "{}", said(&done));
    assert!(place.path().join("output/orders/manifest.json").is_file(), "{}", said(&done));
    assert!(!below.join("output").exists());
    // a finding names its file from where one stands
    fs::write(below.join("profile.yaml"), "descripton: x\n").unwrap();
    let done = cfgbuild(&below, &["check", "--format", "short"]);
    assert!(
        said(&done).starts_with("../../profiles/orders/profile.yaml:1:1: error[unknown-key]"),
        "{}",
        said(&done)
    );
    // `init` in there starts no workspace in the workspace
    assert!(cfgbuild(&below, &["init", "base"]).status.success());
    assert!(place.path().join("profiles/base/profile.yaml").is_file());
    // one that is begun below is meant, and not the one around it
    fs::create_dir_all(below.join("profiles/own")).unwrap();
    fs::write(below.join("profiles/own/profile.yml"), "description: own\n").unwrap();
    let done = cfgbuild(&below, &["list", "--names"]);
    assert_eq!(String::from_utf8_lossy(&done.stdout), "own\n");
    fs::remove_dir_all(below.join("profiles")).unwrap();
    // the folder that is named wins
    let done = cfgbuild(&below, &["-C", ".", "profile", "--all"]);
    assert_eq!(done.status.code(), Some(2), "{}", said(&done));
}

#[test]
fn nothing_that_is_there_is_touched() {
    let place = tempdir().unwrap();
    fs::write(place.path().join(".gitignore"), "mine\n").unwrap();
    std::os::unix::fs::symlink("nowhere", place.path().join(".gitattributes")).unwrap();
    let done = cfgbuild(place.path(), &["init", "kafka"]);
    assert!(done.status.success(), "{}", said(&done));
    assert_eq!(fs::read_to_string(place.path().join(".gitignore")).unwrap(), "mine\n");
    assert!(
        said(&done).contains("kept   .gitignore") && said(&done).contains("kept   .gitattributes")
    );
    assert!(!place.path().join("nowhere").exists());
    // what is copied is what would have been built without a copy
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles/kafka/profile.yaml");
    let copy = fs::read(place.path().join("profiles/kafka/profile.yaml")).unwrap();
    assert_eq!(copy, fs::read(shipped).unwrap());
    fs::write(place.path().join("profiles/kafka/profile.yaml"), "description: mine\n").unwrap();
    let again = cfgbuild(place.path(), &["init", "kafka"]);
    assert_eq!(again.status.code(), Some(2), "{}", said(&again));
    let kept = fs::read_to_string(place.path().join("profiles/kafka/profile.yaml")).unwrap();
    assert_eq!(kept, "description: mine\n");
    for name in ["", "a/b", "..", "a b"] {
        let done = cfgbuild(place.path(), &["init", name]);
        assert_eq!(done.status.code(), Some(2), "`{name}`: {}", said(&done));
    }
}
