//! Gzip (RFC 1952) with the same bytes on every run and host.

use std::io::Write as _;

use flate2::{Compression, GzBuilder};

/// Returns `bytes` compressed: no name, no time, no operating system in the header.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder =
        GzBuilder::new().mtime(0).operating_system(255).write(Vec::new(), Compression::best());
    encoder.write_all(bytes).expect("a Vec takes every byte");
    encoder.finish().expect("a Vec takes every byte")
}
