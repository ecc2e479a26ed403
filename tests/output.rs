//! What is committed under `output/` is what the shipped profiles compile to, and is read back without a finding.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

use std::path::Path;
use std::process::Command;

use cfgbuild::diagnostic::Diagnostics;
use cfgbuild::profile::Loader;
use cfgbuild::source::{Door, Sources, Spanned};

#[test]
fn any_number_of_threads_makes_the_same_bytes_and_findings() {
    let door = Door::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the workspace is there");
    let built = |role: &str, threads| {
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let role = Spanned::new(role.to_owned(), Sources::NOWHERE);
        let options = cfgbuild::Options { threads, ..cfgbuild::Options::default() };
        let mut loader = Loader::new(&door);
        let built = cfgbuild::compile(&role, &mut loader, &options, &mut sources, &mut diags);
        let built = built.expect("a shipped profile compiles");
        let artefacts =
            built.tree.iter().map(|(name, one)| (name.to_owned(), one.mode, one.bytes.clone()));
        let found: Vec<_> =
            diags.sorted().iter().map(|one| (one.code, one.title.clone())).collect();
        (artefacts.collect::<Vec<_>>(), found)
    };
    for role in ["kafka", "kafka-kraft"] {
        let alone = built(role, 1);
        assert!(alone.0.len() > 10);
        for threads in [2, 3, 8] {
            assert!(built(role, threads) == alone, "{role} differs on {threads} threads");
        }
    }
}

#[test]
fn the_committed_output_is_fresh() {
    let run = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .args(["profile", "--all", "--check"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .output()
        .expect("the program runs");
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

#[test]
fn the_readme_shows_what_is_said() {
    let out = tempfile::tempdir().expect("a folder");
    let run = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .args(["profile", "kafka", "--out"])
        .arg(out.path())
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("NO_COLOR", "1")
        .output()
        .expect("the program runs");
    let said = String::from_utf8(run.stderr).expect("is text");
    let said = said.replace(&out.path().display().to_string(), "output");
    let (said, _) = said.split_once(", in ").expect("ends with its time");
    assert!(include_str!("../README.md").contains(said), "README.md does not show\n{said}");
}

#[test]
fn a_token_reaches_the_start_of_every_node() {
    let token = "https://discovery.etcd.io/0123456789abcdef0123456789abcdef";
    for node in ["kafka-1", "kafka-2", "kafka-3"] {
        let run = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
            .args([
                "profile",
                "kafka",
                "--print",
                "cloud-config",
                "--node",
                node,
                "--target",
                "platform=custom",
            ])
            .args(["--set", &format!("discovery_url={token}")])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("the program runs");
        let text = String::from_utf8(run.stdout).expect("is text");
        assert!(text.contains(&format!(" {token}\n")), "{node} lacks the token:\n{text}");
        assert!(
            text.contains("begin() { flags \"--discovery=$3\""),
            "{node} lacks the flag:\n{text}"
        );
        assert!(!text.contains("ETCD_DISCOVERY"), "{node} has the token in its environment");
    }
}

#[test]
fn what_is_written_is_read_back_without_a_finding() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("output");
    let names = ["ignition.json", "cloud-config.yaml", "cloud-config.yaml.gz"];
    let files = walkdir::WalkDir::new(root).into_iter().map(Result::unwrap);
    let files =
        files.filter(|entry| entry.file_name().to_str().is_some_and(|name| names.contains(&name)));
    let mut seen = 0;
    for entry in files {
        let run = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
            .args(["inspect", "--deny", "warnings"])
            .arg(entry.path())
            .output()
            .expect("the program runs");
        let said = String::from_utf8_lossy(&run.stderr);
        assert!(run.status.success() && said.is_empty(), "{}: {said}", entry.path().display());
        let shown = String::from_utf8(run.stdout).expect("is text");
        assert!(
            shown.contains("\nunit ") && shown.contains("ExecStart="),
            "{} shows\n{shown}",
            entry.path().display()
        );
        seen += 1;
    }
    assert!(seen > 20, "only {seen} artefacts were read back");
}
