//! Every code a finding can have, and its manual: what `cfgbuild explain CODE` prints.
//!
//! The manual is one Markdown file with a heading per code; a test holds it to the codes the program uses.

/// The manual of all codes.
const MANUAL: &str = include_str!("manual.md");

/// One code and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub code: &'static str,
    /// What it means, why it is refused, and how to mend it.
    pub text: &'static str,
}

/// Returns all codes in the order of the manual.
pub fn entries() -> impl Iterator<Item = Entry> {
    MANUAL.split("\n## ").skip(1).filter_map(|section| {
        let (code, text) = section.split_once('\n')?;
        Some(Entry { code: code.trim(), text: text.trim() })
    })
}

/// Returns the manual of one code.
pub fn manual(code: &str) -> Option<&'static str> {
    entries().find(|entry| entry.code == code).map(|entry| entry.text)
}
