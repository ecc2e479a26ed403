//! Any bytes as a unit file, a second one and a drop-in, as a profile has them beside it: read, checked against each
//! other on one of the systems, printed, and every finding drawn.
#![no_main]

use std::collections::BTreeMap;

use cfgbuild::diagnostic::{Diagnostics, render};
use cfgbuild::profile::Loader;
use cfgbuild::source::{Door, Sources, Spanned};
use libfuzzer_sys::fuzz_target;

/// Most findings that are drawn, as by the program.
const MOST: usize = 50;
/// Checks ask them different questions.
const SYSTEMS: [&str; 3] = ["fedora-coreos", "flatcar", "container-linux"];

fuzz_target!(|bytes: &[u8]| {
    let os = SYSTEMS[bytes.len() % SYSTEMS.len()];
    let profile = format!("target: {{ os: {os}, platform: qemu }}\ncluster: {{ nodes: 1 }}\n");
    let file = |path: &str, text: &[u8]| (format!("profiles/role/{path}"), text.to_vec());
    let door = Door::Memory(BTreeMap::from([
        file("profile.yaml", profile.as_bytes()),
        file("units/a.service", bytes),
        file("units/b.service", bytes),
        file("units/b.service.d/10-a.conf", bytes),
    ]));
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = Spanned::new("role".to_owned(), Sources::NOWHERE);
    let mut loader = Loader::new(&door);
    let options = cfgbuild::Options::default();
    let built = cfgbuild::compile(&role, &mut loader, &options, &mut sources, &mut diags);
    assert_eq!(built.is_err(), diags.has_errors(), "a build that fails says why");
    render(&sources, diags.sorted().into_iter().take(MOST), 100);
});
