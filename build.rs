//! Puts the shipped profiles into the program: every file below `profiles/`, by its path.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a build script reads and writes, and fails loudly"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    let folder =
        PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it")).join("profiles");
    // cargo looks at all that is below a folder
    println!("cargo::rerun-if-changed=profiles");
    let mut list = String::from("&[\n");
    add(&folder, "", &mut list);
    list.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join("shipped.rs");
    fs::write(out, list).expect("the folder for what is built can be written");
}

/// Adds a line for every file below a folder, in the order of their paths.
fn add(folder: &Path, prefix: &str, list: &mut String) {
    let entries = fs::read_dir(folder).expect("the folder `profiles` can be read");
    let mut names: Vec<String> = entries
        .map(|entry| {
            entry
                .expect("its entries can be read")
                .file_name()
                .into_string()
                .expect("names are UTF-8")
        })
        .collect();
    names.sort();
    for name in names {
        let (path, shown) = (folder.join(&name), format!("{prefix}{name}"));
        if path.is_dir() {
            add(&path, &format!("{shown}/"), list);
        } else {
            let path = path.display().to_string();
            writeln!(list, "    ({shown:?}, include_bytes!({path:?})),").expect("a text takes it");
        }
    }
}
