//! `cfgbuild publish` into folders, and against servers that refuse; `tests/reference/publish` asks an S3.
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::server::{Ran, Server, answer, cfgbuild};
use tempfile::TempDir;
use walkdir::WalkDir;

const CASE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cases/emit/stub/profiles/big");

/// A workspace whose role `big` is over the limit, compiled, with an empty folder to publish to.
fn workspace() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("temporary folder");
    let role = dir.path().join("profiles/big");
    fs::create_dir_all(role.join("files")).unwrap();
    for file in ["profile.yaml", "files/noise.txt"] {
        fs::copy(Path::new(CASE).join(file), role.join(file)).unwrap();
    }
    let ran = cfgbuild(dir.path(), &["profile", "big"], &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("stub of"), "{ran:?}");
    let store = dir.path().join("store");
    fs::create_dir(&store).unwrap();
    (dir, store)
}

fn publish(dir: &TempDir, store: &Path) -> Ran {
    cfgbuild(dir.path(), &["publish", "big", "--to", &format!("file://{}", store.display())], &[])
}

/// Every file below a folder, by its path, but those that a killed run has not finished.
fn objects(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let files = WalkDir::new(folder).into_iter().map(Result::unwrap);
    let files = files.filter(|entry| entry.file_type().is_file());
    let read = files.map(|entry| {
        let name = entry.path().strip_prefix(folder).unwrap().display().to_string();
        (name, fs::read(entry.path()).unwrap())
    });
    read.filter(|(name, _)| !name.contains('#')).collect()
}

fn made(dir: &TempDir) -> BTreeMap<String, Vec<u8>> {
    objects(&dir.path().join("output/big/assets"))
}

#[test]
fn publishes_once_and_mends_what_is_not_right() {
    let (dir, store) = workspace();
    let ran = publish(&dir, &store);
    assert!(ran.code == 0 && ran.stderr.contains("2 uploaded"), "{ran:?}");
    assert!(
        ran.stderr.contains("machines look for their part at `s3://cfg-assets/prod`"),
        "{ran:?}"
    );
    assert_eq!(objects(&store), made(&dir));
    let urls: Vec<String> =
        made(&dir).keys().map(|name| format!("file://{}/{name}", store.display())).collect();
    assert_eq!(ran.stdout.lines().collect::<Vec<_>>(), urls);
    let ran = publish(&dir, &store);
    assert!(
        ran.code == 0 && ran.stderr.contains("2 there already") && !ran.stderr.contains("uploaded"),
        "{ran:?}"
    );
    let names: Vec<PathBuf> = made(&dir).keys().map(|name| store.join(name)).collect();
    // half an object, and one with a bit that turned
    let half = fs::read(&names[0]).unwrap();
    fs::write(&names[0], &half[..half.len() / 2]).unwrap();
    let mut turned = fs::read(&names[1]).unwrap();
    turned[1000] ^= 1;
    fs::write(&names[1], turned).unwrap();
    let ran = publish(&dir, &store);
    assert!(
        ran.code == 0 && ran.stderr.contains("2 replaced, not being what it should"),
        "{ran:?}"
    );
    assert_eq!(objects(&store), made(&dir));
    fs::remove_file(&names[0]).unwrap();
    let ran = publish(&dir, &store);
    assert!(ran.stderr.contains("1 uploaded, 1 there already"), "{ran:?}");
}

#[test]
fn a_killed_run_leaves_whole_objects_and_the_next_one_finishes() {
    let (dir, store) = workspace();
    let whole = made(&dir);
    for instant in 0..40 {
        let mut child = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
            .args(["publish", "big", "--to", &format!("file://{}", store.display())])
            .current_dir(dir.path())
            .env_clear()
            .output_to_nowhere()
            .spawn()
            .expect("the program runs");
        std::thread::sleep(Duration::from_millis(instant * 3));
        let _ = child.kill();
        child.wait().unwrap();
        for (name, bytes) in objects(&store) {
            assert!(whole.get(&name) == Some(&bytes), "{name} is not whole after {instant}");
        }
        if instant % 7 == 0 {
            let _ = fs::remove_dir_all(&store);
            fs::create_dir(&store).unwrap();
        }
    }
    assert_eq!(publish(&dir, &store).code, 0);
    assert_eq!(objects(&store), whole);
}

trait Quiet {
    fn output_to_nowhere(&mut self) -> &mut Self;
}

impl Quiet for Command {
    fn output_to_nowhere(&mut self) -> &mut Self {
        self.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null())
    }
}

#[test]
fn user_data_points_to_exactly_what_is_published() {
    let (dir, _) = workspace();
    let stub = fs::read(dir.path().join("output/big/nodes/big-1/ignition.json")).unwrap();
    let stub: serde_json::Value = serde_json::from_slice(&stub).unwrap();
    let part = &stub["ignition"]["config"]["merge"][0];
    let source = part["source"].as_str().unwrap().strip_prefix("s3://cfg-assets/prod/").unwrap();
    assert_eq!(part.get("compression"), None, "Ignition unpacks nothing from S3");
    let manifest = fs::read(dir.path().join("output/big/manifest.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_slice(&manifest).unwrap();
    let artefacts = manifest["artefacts"].as_array().unwrap();
    let listed =
        artefacts.iter().find(|entry| entry["path"] == format!("assets/{source}")).unwrap();
    assert_eq!(
        part["verification"]["hash"],
        format!("sha512-{}", listed["sha512"].as_str().unwrap())
    );
    assert_eq!(source.split('/').next(), listed["sha256"].as_str());
    // another content is another user data, so that nodes are replaced
    let noise = dir.path().join("profiles/big/files/noise.txt");
    let text = fs::read_to_string(&noise).unwrap();
    fs::write(&noise, text.replacen('A', "B", 1)).unwrap();
    assert_eq!(cfgbuild(dir.path(), &["profile", "big"], &[]).code, 0);
    let other = fs::read(dir.path().join("output/big/nodes/big-1/ignition.json")).unwrap();
    assert_ne!(serde_json::from_slice::<serde_json::Value>(&other).unwrap(), stub);
}

#[test]
fn refuses_what_is_stale_and_says_where_there_is_nothing_to_do() {
    let (dir, store) = workspace();
    let profile = dir.path().join("profiles/big/profile.yaml");
    let text = fs::read_to_string(&profile).unwrap();
    fs::write(&profile, text.replace("/opt/noise", "/opt/other")).unwrap();
    let ran = publish(&dir, &store);
    assert!(ran.code == 1 && ran.stderr.contains("run `cfgbuild profile big`"), "{ran:?}");
    assert!(objects(&store).is_empty());
    fs::write(&profile, "cluster: { nodes: 1 }\n").unwrap();
    assert_eq!(cfgbuild(dir.path(), &["profile", "big"], &[]).code, 0);
    let ran = publish(&dir, &store);
    assert!(ran.code == 0 && ran.stderr.contains("nothing to publish"), "{ran:?}");
    // without a place to publish to, too much is an error that says the way out
    fs::write(&profile, text.replace(", assets: s3://cfg-assets/prod", "")).unwrap();
    let ran = cfgbuild(dir.path(), &["profile", "big"], &[]);
    assert!(
        ran.code == 1 && ran.stderr.contains("set `aws.assets: s3://BUCKET/PREFIX`"),
        "{ran:?}"
    );
}

#[test]
fn places_that_cannot_be_are_said_so() {
    let (dir, store) = workspace();
    let missing = format!("file://{}/no", store.display());
    for (place, says) in [
        ("ftp://x", "must be one of: s3://BUCKET/PREFIX, file:///FOLDER"),
        ("file://relative", "must be file:///FOLDER"),
        (&*missing, "make it first"),
    ] {
        let ran = cfgbuild(dir.path(), &["publish", "big", "--to", place], &[]);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{ran:?}");
    }
}

const KEYS: [(&str, &str); 2] =
    [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "example")];

#[test]
fn refusals_of_s3_are_told_apart() {
    let (dir, _) = workspace();
    let xml = |code: &str| {
        format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>m</Message></Error>")
    };
    for (status, code, says) in [
        ("404 Not Found", "NoSuchBucket", "there is no bucket `cfg-assets`"),
        ("403 Forbidden", "AccessDenied", "may not read `s3://cfg-assets/prod/"),
        ("403 Forbidden", "InvalidAccessKeyId", "(InvalidAccessKeyId)"),
        ("400 Bad Request", "AuthorizationHeaderMalformed", "is in another region: set AWS_REGION"),
    ] {
        let body = xml(code);
        let server = Server::start(move |_, _| answer(status, "application/xml", &body));
        let ran = cfgbuild(dir.path(), &["publish", "big", "--endpoint", &server.url], &KEYS);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{code}: {ran:?}");
    }
    // nobody has credentials: not the environment, not a profile, not the instance
    let server = Server::start(|_, _| answer("404 Not Found", "text/plain", ""));
    let words = ["publish", "big", "--endpoint", &server.url];
    let ran = cfgbuild(dir.path(), &words, &[("AWS_METADATA_ENDPOINT", &server.url)]);
    assert!(
        ran.code == 2 && ran.stderr.contains("no AWS credentials: set AWS_ACCESS_KEY_ID"),
        "{ran:?}"
    );
    let ran = cfgbuild(dir.path(), &words, &[("AWS_PROFILE", "nobody")]);
    assert!(ran.code == 2 && ran.stderr.contains("there is no AWS profile `nobody`"), "{ran:?}");
}

/// The script that is user data of a cloud-config, in a folder of its own, with programs of this test in its way.
#[test]
fn the_first_stage_waits_for_the_network_and_applies_only_what_was_published() {
    let (dir, _) = workspace();
    let output = dir.path().join("output/big");
    let script = fs::read_to_string(output.join("nodes/big-1/cloud-config.sh")).unwrap();
    let kept = dir.path().join("kept");
    let script = script.replace("/var/lib/cfgbuild/user-data", &kept.display().to_string());
    assert!(script.starts_with("#!/bin/bash\n"), "coreos-cloudinit knows scripts by that");
    let part =
        made(&dir).into_iter().find(|(name, _)| name.ends_with("cloud-config.yaml")).unwrap();
    let (bin, calls) = (dir.path().join("bin"), dir.path().join("calls"));
    fs::create_dir(&bin).unwrap();
    let program = |name: &str, text: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        let path = bin.join(name);
        fs::write(&path, format!("#!/bin/bash\n{text}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    };
    let published = output.join("assets").join(&part.0);
    let (calls_shown, published) = (calls.display(), published.display());
    // nothing, then half of it, then all of it
    program(
        "docker",
        &format!(
            "echo \"$*\" >>{calls_shown}\ncase $(wc -l <{calls_shown}) in\n1) exit 1 ;;\n\
             2) head -c 999 {published} ;;\n*) cat {published} ;;\nesac"
        ),
    );
    program("coreos-cloudinit", &format!("echo \"$*\" >>{}/applied", dir.path().display()));
    let path = format!("{}:/usr/bin:/bin", bin.display());
    let boot = || {
        let mut bash = Command::new("bash");
        let ran = bash.args(["-c", &script]).env_clear().env("PATH", &path).output().unwrap();
        assert!(ran.status.success(), "{ran:?}");
    };
    boot();
    let asked = fs::read_to_string(&calls).unwrap();
    assert_eq!(asked.lines().count(), 3, "{asked}");
    let source = format!("s3 cp --only-show-errors s3://cfg-assets/prod/{} -", part.0);
    assert!(asked.lines().all(|line| line.ends_with(&source)), "{asked}");
    let sha256 = part.0.split('/').next().unwrap();
    let file = kept.join(format!("{sha256}.yaml"));
    assert_eq!(fs::read(&file).unwrap(), part.1);
    // a later boot needs no network, and forgets what belonged to older user data
    fs::write(kept.join("old.yaml"), "").unwrap();
    boot();
    assert_eq!(fs::read_to_string(&calls).unwrap(), asked);
    assert!(!kept.join("old.yaml").exists());
    // a file that was changed on the machine is not applied
    fs::write(&file, "#cloud-config\n").unwrap();
    boot();
    assert_eq!(fs::read(&file).unwrap(), part.1);
    let applied = fs::read_to_string(dir.path().join("applied")).unwrap();
    assert_eq!(applied, format!("--from-file={}\n", file.display()).repeat(3));
}
