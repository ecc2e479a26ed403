//! The door: nothing outside of the workspace is read while somebody moves links, and what cannot be read is no
//! empty folder.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use cfgbuild::source::Door;

/// A name that flips between a file of the workspace and a link to one outside, while it is read.
#[test]
fn a_link_that_is_flipped_while_it_is_read_leads_nowhere() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("a"), "outside").unwrap();
    fs::write(outside.path().join("secret"), "outside").unwrap();
    let workspace = tempfile::tempdir().unwrap();
    let root = workspace.path();
    fs::create_dir(root.join("inner")).unwrap();
    fs::write(root.join("inner/a"), "inside").unwrap();
    symlink(outside.path(), root.join("other")).unwrap();
    let done = AtomicBool::new(false);
    let (mut inside, mut refused) = (0, 0);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                exchange(&root.join("inner"), &root.join("other"));
            }
        });
        let door = Door::open(root).unwrap();
        for _ in 0..20_000 {
            // what is moved while it is looked at may be neither file nor folder: only what is read counts
            match door.read("inner/a") {
                Ok(bytes) => {
                    assert_eq!(bytes, b"inside", "the file outside was read");
                    inside += 1;
                }
                Err(_) => refused += 1,
            }
            if let Ok(names) = door.list("inner") {
                assert_eq!(names, ["a"], "the folder outside was listed");
            }
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(inside > 100 && refused > 100, "it was flipped: {inside} inside, {refused} refused");
}

fn exchange(one: &Path, other: &Path) {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).unwrap();
}

/// Every folder that a profile is read from × every way in which it cannot be read: never as if it were empty.
#[test]
fn what_cannot_be_read_is_not_empty() {
    let outside = tempfile::tempdir().unwrap();
    let mut tried = 0;
    for folder in ["units", "units/a.service.d", "files", "", ".."] {
        for how in ["file", "loop", "outside", "locked"] {
            let workspace = tempfile::tempdir().unwrap();
            let profile = workspace.path().join("profiles/a");
            fs::create_dir_all(&profile).unwrap();
            let text = "description: A\ncluster: { nodes: 1 }\n";
            fs::write(profile.join("profile.yaml"), text).unwrap();
            let place = profile.join(folder).components().as_path().to_owned();
            let place = if folder == ".." { workspace.path().join("profiles") } else { place };
            if folder == "units/a.service.d" {
                fs::create_dir(profile.join("units")).unwrap();
            }
            if how == "locked" {
                // root reads whatever is locked
                if rustix::process::geteuid().is_root() {
                    continue;
                }
                fs::create_dir_all(&place).unwrap();
                fs::set_permissions(&place, fs::Permissions::from_mode(0o0)).unwrap();
            } else {
                if place.exists() {
                    fs::remove_dir_all(&place).unwrap();
                }
                match how {
                    "file" => fs::write(&place, "text").unwrap(),
                    "loop" => symlink(&place, &place).unwrap(),
                    _ => symlink(outside.path(), &place).unwrap(),
                }
            }
            tried += 1;
            let output = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
                .args(["check", "-C"])
                .arg(workspace.path())
                .output()
                .unwrap();
            let told = String::from_utf8_lossy(&output.stderr);
            if how == "locked" {
                fs::set_permissions(&place, fs::Permissions::from_mode(0o755)).unwrap();
            }
            assert!(!output.status.success(), "{folder} as {how}: {told}");
            let cause = told.contains("cannot read") || told.contains("holds no profiles");
            assert!(cause, "{folder} as {how}: {told}");
        }
    }
    assert!(tried >= 15);
}
