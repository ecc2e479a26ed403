//! Every command in README and docs is run, document by document, in the folder that it assumes.
//!
//! A block marked `sh` goes through a shell, one marked `sh workspace` in a workspace that has been built. `cfgbuild`
//! is this program; of a command that meets the network only the words are looked at. Other programs are stand-ins that
//! look whether the files exist that they are given. A block of no commands becomes a file where the line above it is
//! only a path in backticks.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly and must write"
)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::tempdir;
use walkdir::WalkDir;

/// Programs that no test may need.
const STAND_INS: [&str; 9] =
    ["aws", "cargo", "curl", "docker", "jq", "packer", "qemu-img", "qemu-system-x86_64", "ssh"];

/// What stands in for another program: every path below `output/` that it is given must be there.
const STAND_IN: &str = r#"#!/bin/sh
for word; do
    case $word in *output/*) ;; *) continue ;; esac
    path=output/${word##*output/}
    [ -e "$path" ] || { echo "$0 $*: there is no $path" >> "$FAULTS"; exit 1; }
done
cat > /dev/null < /dev/null
"#;

/// The key of who reads the documents.
const KEY: &str =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl me@desk\n";

/// This program, but that it meets no network; what fails is noted.
const PROGRAM: &str = r#"#!/bin/sh
case " $* " in
*" token "* | *" publish "* | *" ami "*) set -- "$@" --help ;;
*" inspect FILE "*) set -- inspect --help ;;
*" inspect - "*) set -- inspect --help ;;
esac
"$CFGBUILD" "$@" 2>> "$SAID" || echo "cfgbuild $* ends in $?: $(tail -n 20 "$SAID")" >> "$FAULTS"
"#;

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let docs = WalkDir::new(root.join("docs")).sort_by_file_name().into_iter().flatten();
    let docs = docs.map(walkdir::DirEntry::into_path);
    let is_text = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "md");
    std::iter::once(root.join("README.md")).chain(docs.filter(is_text)).collect()
}

/// A block of a document: what it is marked as, the line above it, what it holds.
struct Block {
    mark: String,
    above: String,
    text: String,
}

fn blocks(text: &str) -> Vec<Block> {
    let (mut blocks, mut above) = (Vec::new(), String::new());
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(mark) = line.strip_prefix("```") {
            let inner: Vec<&str> =
                lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            let text = inner.join("\n") + "\n";
            blocks.push(Block { mark: mark.to_owned(), above: std::mem::take(&mut above), text });
        } else if !line.trim().is_empty() {
            line.clone_into(&mut above);
        }
    }
    blocks
}

fn program(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
    fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn every_command_runs() {
    let programs = tempdir().unwrap();
    for name in STAND_INS {
        program(programs.path(), name, STAND_IN);
    }
    program(programs.path(), "cfgbuild", PROGRAM);
    let path = format!("{}:/usr/local/bin:/usr/bin:/bin", programs.path().display());
    let (mut faults, mut run) = (Vec::new(), 0);
    for document in documents() {
        let place = tempdir().unwrap();
        let (said, failed) = (programs.path().join("said"), programs.path().join("faults"));
        let mut folder = place.path().to_owned();
        // who reads has a key
        fs::create_dir(folder.join(".ssh")).unwrap();
        fs::write(folder.join(".ssh/id_ed25519.pub"), KEY).unwrap();
        for Block { mark, above, text } in blocks(&fs::read_to_string(&document).unwrap()) {
            let file = above.strip_prefix('`').and_then(|rest| rest.strip_suffix("`:"));
            if let (Some(file), false) = (file, mark.starts_with("sh")) {
                fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
                fs::write(folder.join(file), &text).unwrap();
            }
            let text = match mark.as_str() {
                "sh" => text,
                // one that is there already, and its output too
                "sh workspace" => format!("cfgbuild init\ncfgbuild profile --all\n{text}"),
                _ => continue,
            };
            run += 1;
            drop(fs::remove_file(&failed));
            fs::write(&said, "").unwrap();
            let state = programs.path().join("folder");
            let done = Command::new("sh")
                .args(["-uc", &format!("{text}\npwd > \"$STATE\"")])
                .current_dir(&folder)
                .env_clear()
                .envs([("PATH", path.as_str()), ("CFGBUILD", env!("CARGO_BIN_EXE_cfgbuild"))])
                .envs([
                    ("HOME", place.path()),
                    ("FAULTS", &failed),
                    ("SAID", &said),
                    ("STATE", &state),
                ])
                .output()
                .expect("a shell starts");
            let heard = String::from_utf8_lossy(&done.stderr);
            let wrong = fs::read_to_string(&failed).unwrap_or_default();
            // what the shell itself does not find or understand
            let is_broken = heard.contains("not found") || heard.contains("yntax error");
            if !done.status.success() || !wrong.is_empty() || is_broken {
                faults.push(format!("{}:\n{text}{heard}{wrong}", document.display()));
                continue;
            }
            folder = PathBuf::from(fs::read_to_string(&state).unwrap().trim_end());
        }
    }
    assert!(faults.is_empty(), "{} blocks fail:\n{}", faults.len(), faults.join("\n"));
    assert!(run > 20, "only {run} blocks were run");
}

/// Who has the program alone has every document, too.
#[test]
fn every_document_is_explained() {
    let folder = tempdir().unwrap();
    let explain = |path: &str| {
        let done = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
            .args(["explain", path])
            .current_dir(folder.path())
            .env_clear()
            .output()
            .unwrap();
        assert!(done.status.success(), "{path}: {}", String::from_utf8_lossy(&done.stderr));
        done.stdout
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for document in documents().iter().skip(1) {
        let path = document.strip_prefix(root).unwrap().display().to_string();
        assert!(explain(&path) == fs::read(document).unwrap(), "{path} is not what is printed");
    }
    // what a build says is next
    for platform in ["aws", "qemu", "custom"] {
        let place = tempdir().unwrap();
        let built = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
            .args(["profile", "kafka-kraft", "--target"])
            .arg(format!("platform={platform}"))
            .args(["--set", &format!("ssh_key={}", KEY.trim_end())])
            .current_dir(place.path())
            .env_clear()
            .output()
            .unwrap();
        let said = String::from_utf8(built.stderr).unwrap();
        let named = said.split("`cfgbuild explain ").skip(1);
        let named: Vec<&str> = named.map(|rest| rest.split('`').next().unwrap()).collect();
        assert!(!named.is_empty(), "{platform}: {said}");
        for path in named {
            explain(path);
        }
    }
}

#[test]
fn what_the_tutorial_says_differs_does() {
    let place = tempdir().unwrap();
    let text = include_str!("../docs/tutorial.md");
    let all = blocks(text);
    let profile = all.iter().find(|block| block.mark == "yaml profile").expect("there is one");
    let said = all.iter().find(|block| block.mark == "diff").expect("there is one");
    fs::create_dir_all(place.path().join("profiles/events")).unwrap();
    fs::write(place.path().join("profiles/events/profile.yaml"), &profile.text).unwrap();
    let built = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .args(["profile", "events"])
        .current_dir(place.path())
        .env_clear()
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let units = |node: &str| {
        let folder = place.path().join("output/events/nodes").join(node).join("units");
        let files = WalkDir::new(folder).sort_by_file_name().into_iter().flatten();
        let files = files.filter(|entry| entry.file_type().is_file());
        files.map(|entry| fs::read_to_string(entry.path()).unwrap()).collect::<Vec<String>>()
    };
    let (first, second) = (units("events-1"), units("events-2"));
    assert_eq!(first.len(), second.len());
    let mut differs = String::new();
    for (one, other) in first.iter().zip(&second) {
        let diff = similar::TextDiff::from_lines(one.as_str(), other.as_str());
        for change in diff.iter_all_changes() {
            if change.tag() != similar::ChangeTag::Equal {
                differs.extend([change.tag().to_string().as_str(), change.value()]);
            }
        }
    }
    assert_eq!(said.text, differs);
}

/// Nothing boots the desk of the tutorial as a whole: what its parts say of each other is held together here.
#[test]
fn the_desk_of_the_tutorial_fits_together() {
    let place = tempdir().unwrap();
    let all = blocks(include_str!("../docs/tutorial.md"));
    let of = |above: &str, holds: &str| {
        let mut found =
            all.iter().filter(|block| block.above == above && block.text.contains(holds));
        let block = found.next().unwrap_or_else(|| panic!("{above} with {holds}"));
        assert!(found.next().is_none(), "{above} with {holds} is there twice");
        block.text.as_str()
    };
    let profile = of("`profiles/events/profile.yaml`:", "MACAddress=");
    fs::create_dir_all(place.path().join("profiles/events")).unwrap();
    fs::write(place.path().join("profiles/events/profile.yaml"), profile).unwrap();
    let mut starts = all.iter().filter(|block| block.text.contains("qemu-system-x86_64"));
    let start = &starts.next().expect("it is there").text;
    let ssh = of("`ssh_config`:", "HostName 127.0.0.1");
    for node in 1..=3 {
        let shown = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
            .args(["show", "events", "--format", "json", "--node", &format!("events-{node}")])
            .current_dir(place.path())
            .env_clear()
            .output()
            .unwrap();
        assert!(shown.status.success(), "{}", String::from_utf8_lossy(&shown.stderr));
        let shown: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
        let start = start.replace("$n", &node.to_string());
        let after = |mark: &str| {
            let rest = start.split(mark).nth(1).unwrap_or_else(|| panic!("{mark} is not given"));
            rest.split([',', ' ', '\n']).next().unwrap().to_owned()
        };
        let network = &shown["files"]["/etc/systemd/network/10-desk.network"]["inline"];
        let network = network.as_str().expect("is a text");
        let ip = shown["cluster"]["nodes"][&format!("events-{node}")]["ip"].as_str().unwrap();
        assert!(network.contains(&format!("MACAddress={}\n", after(",mac="))), "{network}");
        assert!(network.contains(&format!("Address={ip}/24\n")), "{network}");
        let device = shown["volumes"]["kafka"]["device"].as_str().unwrap();
        assert_eq!(device, format!("/dev/disk/by-id/virtio-{}", after("drive=kafka,serial=")));
        let port = after("hostfwd=tcp:127.0.0.1:").replace("-:22", "");
        assert!(ssh.contains(&format!("Host events-{node}\n  Port {port}\n")), "{ssh}");
        let config = format!("output/events/nodes/events-{node}/ignition.json");
        assert_eq!(after("-fw_cfg name=opt/org.flatcar-linux/config,file="), config);
    }
}

/// Returns the calls of this program in what others install it by.
fn calls_of_others() -> Vec<(&'static str, String)> {
    let read = |text: &str| serde_yaml::from_str::<serde_yaml::Value>(text).expect("is YAML");
    let mut calls = Vec::new();
    let hooks = read(include_str!("../.pre-commit-hooks.yaml"));
    for hook in hooks.as_sequence().expect("is a list") {
        calls.push((".pre-commit-hooks.yaml", hook["entry"].as_str().unwrap().to_owned()));
    }
    let action = read(include_str!("../action.yml"));
    let lines = action["inputs"]["run"]["default"].as_str().unwrap().lines();
    calls.extend(lines.map(|line| ("action.yml", format!("cfgbuild {line}"))));
    calls
}

#[test]
fn what_others_run_runs_in_a_new_workspace() {
    let place = tempdir().unwrap();
    let run = |words: &[&str]| {
        let done = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
            .args(words)
            .current_dir(place.path())
            .env_clear()
            .output()
            .unwrap();
        (done.status.success(), String::from_utf8_lossy(&done.stderr).into_owned())
    };
    for words in [&["init"][..], &["profile", "--all"]] {
        assert!(run(words).0);
    }
    let calls = calls_of_others();
    assert!(calls.len() > 3, "{calls:?}");
    for (file, call) in calls {
        let words: Vec<&str> = call.split_whitespace().collect();
        assert_eq!(words.first(), Some(&"cfgbuild"), "{file}");
        let (is_well, said) = run(words.split_at(1).1);
        assert!(is_well, "{file}: {call}: {said}");
    }
}
