//! Any bytes as a profile: the whole way from text to tree, and every finding drawn.
//!
//! The role can extend the shipped `base` and refer to the shipped `kafka`; nothing touches the disk.
#![no_main]

use std::collections::BTreeMap;

use cfgbuild::diagnostic::{Diagnostics, render};
use cfgbuild::profile::Loader;
use cfgbuild::source::{Door, Sources, Spanned};
use libfuzzer_sys::fuzz_target;

/// Most findings that are drawn, as by the program.
const MOST: usize = 50;

fuzz_target!(|bytes: &[u8]| {
    let file = |path: &str, text: &[u8]| (path.to_owned(), text.to_vec());
    let door = Door::Memory(BTreeMap::from([
        file("profiles/role/profile.yaml", bytes),
        file("profiles/base/profile.yaml", include_bytes!("../../profiles/base/profile.yaml")),
        file("profiles/kafka/profile.yaml", include_bytes!("../../profiles/kafka/profile.yaml")),
    ]));
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = Spanned::new("role".to_owned(), Sources::NOWHERE);
    let mut loader = Loader::new(&door);
    let options = cfgbuild::Options { with_model: true, ..Default::default() };
    let built =
        cfgbuild::compile(&role, &mut loader, &options, &mut sources, &mut diags);
    assert_eq!(built.is_err(), diags.has_errors(), "a build that fails says why");
    render(&sources, diags.sorted().into_iter().take(MOST), 100);
});
