//! What each level of compression costs and saves, with two pure-Rust libraries, on what this project compresses.
//!
//! `cargo bench --bench deflate` prints the table of `docs/performance.md` that `src/emit/gzip.rs` rests on.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark prints, takes the time, reads its inputs, and may fail loudly"
)]

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use flate2::{Compress, Compression, FlushCompress};
use walkdir::WalkDir;

/// Runs of each row; the best counts.
const RUNS: usize = 5;

fn main() {
    let output = Path::new(env!("CARGO_MANIFEST_DIR")).join("output");
    let named = |wanted: fn(&str) -> bool| -> Vec<Vec<u8>> {
        let entries = WalkDir::new(&output).sort_by_file_name().into_iter();
        entries
            .map(|entry| entry.expect("the shipped output"))
            .filter(|entry| entry.file_type().is_file())
            .filter(|entry| entry.file_name().to_str().is_some_and(wanted))
            .map(|entry| fs::read(entry.path()).expect("the shipped output"))
            .collect()
    };
    table("user data", &named(|name| matches!(name, "ignition.inner.json" | "cloud-config.yaml")));
    table("units", &named(|name| name.ends_with(".service")));
}

fn table(name: &str, texts: &[Vec<u8>]) {
    let bytes: usize = texts.iter().map(Vec::len).sum();
    println!("{name}: {} texts, {bytes} bytes", texts.len());
    println!("{:>5} {:>10} {:>8} {:>12} {:>8}", "level", "zlib-rs B", "ms", "miniz_oxide B", "ms");
    for level in 1..=9 {
        let mut deflate = Compress::new(Compression::new(level.into()), false);
        let (ours, our_time) = best(texts, |text| {
            deflate.reset();
            let mut out = Vec::with_capacity(text.len() + 64);
            deflate.compress_vec(text, &mut out, FlushCompress::Finish).expect("takes every byte");
            out.len()
        });
        let (theirs, their_time) =
            best(texts, |text| miniz_oxide::deflate::compress_to_vec(text, level).len());
        let ms = |time: Duration| time.as_secs_f64() * 1e3;
        println!(
            "{level:>5} {ours:>10} {:>8.2} {theirs:>12} {:>8.2}",
            ms(our_time),
            ms(their_time)
        );
    }
}

/// Returns how many bytes all texts become, and how long that takes.
fn best(texts: &[Vec<u8>], mut packed: impl FnMut(&[u8]) -> usize) -> (usize, Duration) {
    let mut sizes = 0;
    let mut time = Duration::MAX;
    for _ in 0..RUNS {
        let began = Instant::now();
        sizes = texts.iter().map(|text| packed(text)).sum();
        time = time.min(began.elapsed());
    }
    (sizes, time)
}
