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
