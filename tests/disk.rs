//! What a build leaves on the disk, whatever happens to it: the program as a process, killed, run twice at once, and
//! pointed at things that are no plain files.
//!
//! A disk that is full needs root and is tried by `tests/reference/full-disk`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly and must write"
)]

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;
use walkdir::WalkDir;

/// Longest a run may take before it counts as hanging.
const PATIENCE: Duration = Duration::from_mins(1);

/// A workspace of its own, with one role `r`.
struct Workspace(TempDir);

impl Workspace {
    fn new(profile: &str) -> Self {
        let folder = Self(tempfile::tempdir().expect("temporary folder"));
        fs::create_dir_all(folder.0.path().join("profiles/r")).unwrap();
        fs::write(folder.profile(), profile).unwrap();
        folder
    }

    fn profile(&self) -> PathBuf {
        self.0.path().join("profiles/r/profile.yaml")
    }

    fn out(&self) -> PathBuf {
        self.0.path().join("output")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cfgbuild"));
        command.args(["profile", "r"]).args(args).current_dir(self.0.path()).env_clear();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        finish(self.command(args).spawn().expect("the program starts"))
    }

    /// Runs to the end and returns what it wrote.
    fn build(&self, args: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let output = self.run(args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        tree(&self.out().join("r"))
    }
}

/// Waits for a program, but not for ever.
fn finish(mut child: Child) -> Output {
    let began = Instant::now();
    while child.try_wait().unwrap().is_none() {
        if began.elapsed() > PATIENCE {
            child.kill().unwrap();
            panic!("hangs");
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    child.wait_with_output().unwrap()
}

fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    WalkDir::new(folder)
        .into_iter()
        .map(|entry| entry.expect("can be read"))
        .filter(|entry| !entry.file_type().is_dir())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A role of enough files that writing takes a while; `x` makes every one of them another.
const MANY_FILES: &str = "vars: { x: { type: string, default: a } }
target: { platform: qemu }
cluster: { nodes: 8 }
containers:
  one: { image: \"a/b:{{vars.x}}\" }
  two: { image: \"a/c:{{vars.x}}\" }
files: { /etc/x: { inline: \"{{vars.x}} on {{node.name}}\" } }
";

#[test]
fn a_kill_at_any_instant_leaves_a_whole_tree() {
    const KILLS: u32 = 200;
    let workspace = Workspace::new(MANY_FILES);
    let sets = [["--set", "x=old"], ["--set", "x=new"]];
    let trees = sets.map(|set| workspace.build(&set));
    assert_ne!(trees[0], trees[1]);
    assert!(trees.iter().all(|tree| tree.len() > 30 && tree.contains_key("manifest.json")));
    let duration = (0..5)
        .map(|round| {
            let began = Instant::now();
            workspace.build(&sets[round % 2]);
            began.elapsed()
        })
        .max()
        .unwrap();
    let (mut left, mut seen) = (0, [0; 2]);
    workspace.build(&sets[1]);
    for kill in 0..KILLS {
        // the run before this one ended with the other set
        let set = kill as usize % 2;
        let mut child = workspace.command(&sets[set]).spawn().expect("the program starts");
        std::thread::sleep(duration * kill / KILLS);
        child.kill().unwrap();
        child.wait().unwrap();
        let found = tree(&workspace.out().join("r"));
        let which = trees.iter().position(|tree| *tree == found);
        let which =
            which.unwrap_or_else(|| panic!("kill {kill}: neither the old tree nor the new"));
        seen[usize::from(which == set)] += 1;
        left += usize::from(names(&workspace.out()) != ["r"]);
        assert_eq!(workspace.build(&sets[set]), trees[set], "the run after kill {kill}");
        assert_eq!(names(&workspace.out()), ["r"], "nothing is left after kill {kill}");
    }
    println!(
        "{KILLS} kills within {duration:?}: {} left the old tree, {} the new, {left} a staging folder",
        seen[0], seen[1]
    );
    assert!(seen[0] > 0 && left > 0, "some kills came while it wrote");
}

#[test]
fn neither_place_nor_language_nor_time_zone_shows() {
    let (here, there) = (Workspace::new(MANY_FILES), Workspace::new(MANY_FILES));
    let expected = here.build(&[]);
    let mut command = there.command(&[]);
    command.env("LC_ALL", "tr_TR.UTF-8").env("LANG", "ja_JP.UTF-8").env("TZ", "Asia/Kathmandu");
    command.env("HOME", "/nonexistent").env("COLUMNS", "41").env("SOURCE_DATE_EPOCH", "1");
    assert!(finish(command.spawn().unwrap()).status.success());
    assert_eq!(tree(&there.out().join("r")), expected);
}

#[test]
fn a_foreign_file_is_refused_and_kept() {
    let workspace = Workspace::new(MANY_FILES);
    let mut expected = workspace.build(&["--set", "x=old"]);
    let foreign = workspace.out().join("r/notes.txt");
    fs::write(&foreign, "mine").unwrap();
    let output = workspace.run(&["--set", "x=new"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("`notes.txt` in it was not written by cfgbuild"), "{said}");
    expected.insert("notes.txt".to_owned(), b"mine".to_vec());
    assert_eq!(tree(&workspace.out().join("r")), expected);
    assert_eq!(names(&workspace.out()), ["r"]);
}

#[test]
fn two_at_once_end_whole() {
    let workspace = Workspace::new(MANY_FILES);
    let sets = [["--set", "x=old"], ["--set", "x=new"]];
    let trees = sets.map(|set| workspace.build(&set));
    for round in 0..20 {
        let children = sets.map(|set| workspace.command(&set).spawn().unwrap());
        for child in children {
            let output = finish(child);
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
        assert!(trees.contains(&tree(&workspace.out().join("r"))), "round {round}");
        assert_eq!(names(&workspace.out()), ["r"], "round {round}");
    }
}

/// Makes something of a workspace whose `profile.yaml` is gone.
type Make = fn(&Path);

#[test]
fn what_is_no_plain_file_is_refused_at_once() {
    let cases: [(&str, Make, &str); 8] = [
        ("a named pipe", pipe, "not a regular file"),
        ("a folder", |at| fs::create_dir(at).unwrap(), "not a regular file"),
        ("a link out", |at| symlink("/etc/hostname", at).unwrap(), "leads out of the workspace"),
        ("an endless device", |at| symlink("/dev/zero", at).unwrap(), "leads out of the workspace"),
        ("a link to itself", |at| symlink("profile.yaml", at).unwrap(), "symbolic links"),
        (
            "a link to nothing",
            |at| symlink("nothing", at).unwrap(),
            "profile.yaml` leads to nothing",
        ),
        (
            "100 MB",
            |at| File::create(at).unwrap().set_len(100 << 20).unwrap(),
            "104857600 bytes are more",
        ),
        (
            "bytes that are no text",
            |at| fs::write(at, [b'a', 0xff]).unwrap(),
            "not UTF-8 from byte 1 on",
        ),
    ];
    for (name, make, expected) in cases {
        let workspace = Workspace::new("");
        fs::remove_file(workspace.profile()).unwrap();
        make(&workspace.profile());
        let began = Instant::now();
        let output = workspace.run(&[]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{name}: {said}");
        assert!(said.contains(expected), "{name}: {said}");
        assert!(began.elapsed() < PATIENCE / 6, "{name} took {:?}", began.elapsed());
        assert!(!workspace.out().exists(), "{name}");
    }
}

#[test]
fn a_role_that_is_a_link_to_nothing_is_one_of_all() {
    let workspace = Workspace::new("description: one\n");
    assert!(workspace.run(&[]).status.success());
    let root = workspace.0.path();
    symlink("../elsewhere/lost", root.join("profiles/lost")).unwrap();
    for command in [["check"].as_slice(), &["profile", "--all", "--check"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
            .current_dir(root)
            .args(command)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("the link `profiles/lost` leads to nothing"), "{said}");
    }
    fs::remove_file(root.join("profiles/lost")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .current_dir(root)
        .args(["check"])
        .output()
        .unwrap();
    assert!(output.status.success());
}

#[test]
fn pipes_beside_a_profile_are_refused_at_once() {
    let workspace = Workspace::new("files: { /etc/a: { local: a } }\n");
    for folder in ["units", "files"] {
        fs::create_dir(workspace.0.path().join("profiles/r").join(folder)).unwrap();
    }
    pipe(&workspace.0.path().join("profiles/r/units/a.service"));
    pipe(&workspace.0.path().join("profiles/r/files/a"));
    let said = String::from_utf8(workspace.run(&[]).stderr).unwrap();
    assert_eq!(said.matches("not a regular file").count(), 2, "{said}");
    pipe(&workspace.0.path().join("cfgbuild.yaml"));
    assert_eq!(workspace.run(&[]).status.code(), Some(2));
}

#[test]
fn values_are_read_from_a_pipe() {
    let workspace = Workspace::new(
        "vars: { a: { type: string } }\nfiles: { /etc/a: { inline: \"{{vars.a}}\" } }\n",
    );
    let values = workspace.0.path().join("values");
    pipe(&values);
    let writer = std::thread::spawn(move || fs::write(values, "a: from a pipe\n"));
    let output = workspace.run(&["--values", "values"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    writer.join().expect("does not panic").expect("was read");
}

/// Runs the program by a line of bash, where `$0` is its path.
fn by_shell(workspace: &Workspace, line: &str) -> Output {
    let mut command = Command::new("bash");
    command.args(["-c", line, env!("CARGO_BIN_EXE_cfgbuild")]).current_dir(workspace.0.path());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    finish(command.spawn().expect("bash is there"))
}

#[test]
fn what_another_command_prints_is_read() {
    let workspace = Workspace::new(
        "vars: { a: { type: string } }\nfiles: { /etc/a: { inline: \"{{vars.a}}\" } }\n",
    );
    let output = by_shell(&workspace, "\"$0\" profile r --values <(echo 'a: from a command')");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let written = tree(&workspace.out().join("r"));
    assert!(
        written.values().any(|bytes| String::from_utf8_lossy(bytes).contains("from%20a%20command"))
    );
    let output =
        by_shell(&workspace, "\"$0\" inspect <(printf '#cloud-config\\nhostname: a-name\\n')");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && said.contains("a-name"), "{said}");
}

#[test]
fn a_small_stack_makes_no_template_wrong() {
    let deep = "{{#if vars.a}}".repeat(30) + "deep" + &"{{/if}}".repeat(30);
    let workspace = Workspace::new(&format!(
        "vars: {{ a: {{ type: bool, default: true }} }}\nfiles: {{ /etc/a: {{ inline: \"{deep}\" }} }}\n"
    ));
    for kibibytes in [64, 256] {
        let output = by_shell(&workspace, &format!("ulimit -s {kibibytes}; exec \"$0\" profile r"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{kibibytes} KiB: {said}");
    }
}

#[test]
fn an_output_that_grows_is_not_read_to_its_end() {
    let workspace = Workspace::new("files: { /etc/a: { inline: a } }\n");
    workspace.build(&[]);
    let grown = workspace.out().join("r/manifest.json");
    let mut grown = File::options().append(true).open(grown).unwrap();
    // more than the memory that the program may have
    grown.set_len(8 << 30).unwrap();
    let ended = std::sync::atomic::AtomicBool::new(false);
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(std::sync::atomic::Ordering::Relaxed) {
                grown.write_all(&[b'x'; 1024]).unwrap();
            }
        });
        let output = by_shell(&workspace, "ulimit -v 2000000; exec \"$0\" profile r --check");
        ended.store(true, std::sync::atomic::Ordering::Relaxed);
        output
    });
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("manifest.json"), "{said}");
}

#[test]
fn without_permission_the_file_is_named() {
    let workspace = Workspace::new(MANY_FILES);
    fs::set_permissions(workspace.profile(), fs::Permissions::from_mode(0o000)).unwrap();
    if File::open(workspace.profile()).is_ok() {
        // root reads everything; what it cannot do is to go through a file as if it were a folder
        fs::remove_dir_all(workspace.0.path().join("profiles/r")).unwrap();
        fs::write(workspace.0.path().join("profiles/r"), "").unwrap();
    }
    let output = workspace.run(&[]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("profiles/r/profile.yaml"), "{said}");
}

fn pipe(at: &Path) {
    let made = Command::new("mkfifo").arg(at).status().expect("coreutils are there");
    assert!(made.success());
}
