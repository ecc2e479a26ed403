//! What `--print` writes is what a console takes: decoded as a console decodes it, it is the node's user data.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use tempfile::tempdir;

fn cfgbuild(folder: &Path, args: &[&str]) -> Output {
    let done = Command::new(env!("CARGO_BIN_EXE_cfgbuild"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .output()
        .expect("the program starts");
    assert!(done.status.success(), "{args:?}: {}", String::from_utf8_lossy(&done.stderr));
    done
}

#[test]
fn a_paste_decodes_to_the_bytes_of_the_node() {
    let place = tempdir().unwrap();
    let mut encoded = 0;
    for role in ["base", "kafka", "kafka-kraft"] {
        cfgbuild(place.path(), &["profile", role]);
        for format in ["ignition", "cloud-config"] {
            let node = format!("{role}-1");
            let print = ["profile", role, "--print", format, "--node", node.as_str()];
            let paste = cfgbuild(place.path(), &print);
            let raw = cfgbuild(place.path(), &[&print[..], &["--raw"]].concat());
            let folder = place.path().join("output").join(role).join("nodes").join(&node);
            let files = ["ignition.json", "cloud-config.yaml.gz", "cloud-config.yaml"];
            let files = files.iter().filter(|name| name.starts_with(format));
            let written =
                files.map(|name| folder.join(name)).find(|path| path.exists()).expect("is written");
            let written = fs::read(written).unwrap();
            assert!(raw.stdout == written, "{node}: `--raw` prints other bytes than the file");
            // what a console shows and takes is text, whatever it is
            let text = String::from_utf8(paste.stdout).expect("a paste is text");
            let said = String::from_utf8(paste.stderr).unwrap();
            if written.starts_with(&[0x1f, 0x8b]) {
                let bytes = BASE64_STANDARD.decode(text.trim_end()).expect("is base64");
                assert!(bytes == written, "{node}: {format} decodes to other bytes");
                assert!(!text.trim_end().contains(char::is_whitespace), "a console takes one line");
                assert!(said.contains("base64"), "{said}");
                encoded += 1;
            } else {
                assert!(text.as_bytes() == written && !said.contains("base64"), "{node}: {said}");
            }
        }
    }
    assert!(encoded > 0, "some node's user data is compressed");
}

/// What a machine fetches itself is named in its units, and no secret.
#[test]
fn what_fetches_its_secrets_is_read_back_without_a_finding() {
    let text = include_str!("../docs/profiles.md");
    let blocks = text.split("```yaml profile\n").skip(1);
    let mut blocks = blocks.map(|block| block.split("```").next().unwrap());
    let gateway = blocks.find(|block| block.contains("from: \"ssm:")).expect("there is one");
    let place = tempdir().unwrap();
    fs::create_dir_all(place.path().join("profiles/gw")).unwrap();
    fs::write(place.path().join("profiles/gw/profile.yaml"), gateway).unwrap();
    cfgbuild(place.path(), &["profile", "gw"]);
    for file in ["nodes/gw-1/ignition.json", "nodes/gw-1/cloud-config.yaml", "cloudformation.json"]
    {
        let path = format!("output/gw/{file}");
        let shown = cfgbuild(place.path(), &["inspect", &path, "--deny", "warnings"]);
        let shown = String::from_utf8(shown.stdout).unwrap();
        assert!(shown.contains("API_KEY= secretsmanager"), "{file} shows\n{shown}");
    }
}
