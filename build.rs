//! Puts the shipped profiles and the documents into the program: every file below `profiles/` and every page below
//! `docs/`, by its path.
#![allow(
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a build script reads and writes, and fails loudly"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() {
    collect("profiles", "", "", "shipped.rs");
    // as messages name them
    collect("docs", "docs/", ".md", "documents.rs");
}

/// Writes the list of the files below a folder whose names end so, each with `prefix` before its path there.
fn collect(folder: &str, prefix: &str, ending: &str, list: &str) {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    // cargo looks at all that is below a folder
    println!("cargo::rerun-if-changed={folder}");
    let mut text = String::from("&[\n");
    add(&root.join(folder), prefix, ending, &mut text);
    text.push_str("]\n");
    let out = PathBuf::from(env::var_os("OUT_DIR").expect("cargo sets it")).join(list);
    fs::write(out, text).expect("the folder for what is built can be written");
}

/// Adds a line for every file below a folder whose name ends so, in the order of their paths.
fn add(folder: &Path, prefix: &str, ending: &str, list: &mut String) {
    let entries = fs::read_dir(folder).expect("a folder that is put into the program can be read");
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
            add(&path, &format!("{shown}/"), ending, list);
        } else if name.ends_with(ending) {
            let path = path.display().to_string();
            writeln!(list, "    ({shown:?}, include_bytes!({path:?})),").expect("a text takes it");
        }
    }
}
