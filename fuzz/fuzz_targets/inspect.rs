//! Any bytes as user data: unpacked, read, its units checked, shown, and every finding drawn.
#![no_main]

use cfgbuild::diagnostic::{Diagnostics, render};
use cfgbuild::inspect;
use cfgbuild::source::{Origin, Sources};
use libfuzzer_sys::fuzz_target;

/// Most findings that are drawn, as by the program.
const MOST: usize = 50;

fuzz_target!(|bytes: &[u8]| {
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    for found in inspect::read("user-data", bytes, Origin::Outside, &mut sources, &mut diags) {
        inspect::show(&found);
    }
    render(&sources, diags.sorted().into_iter().take(MOST), 100);
});
