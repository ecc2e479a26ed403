//! What the program says: findings and progress on stderr, data on stdout.

use std::io::{IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicU8, Ordering};

use super::overview::overview;
use crate::diagnostic::{Diagnostics, Severity, mask, render, secret_of_setting};
use crate::source::Sources;

/// Most findings drawn in one run: a file of nothing but faults needs no more.
const MOST: usize = 200;

/// How much is said besides findings and failures: 0 nothing, 1 the usual, 2 more.
static LOUDNESS: AtomicU8 = AtomicU8::new(1);

/// Sets how much is said.
pub(super) fn set_loudness(is_quiet: bool, is_verbose: bool) {
    let level = if is_quiet { 0 } else { 1 + u8::from(is_verbose) };
    LOUDNESS.store(level, Ordering::Relaxed);
}

/// Returns whether only what is wrong is said.
pub(super) fn is_quiet() -> bool {
    LOUDNESS.load(Ordering::Relaxed) == 0
}

/// Returns whether more than usual is said.
pub(super) fn is_verbose() -> bool {
    LOUDNESS.load(Ordering::Relaxed) > 1
}

/// Says a line about what went well.
pub(super) fn note(line: &str) -> anyhow::Result<()> {
    if is_quiet() { Ok(()) } else { say(line) }
}

/// A line that says how many of several are done, on a terminal only.
pub(super) struct Progress {
    all: usize,
    done: usize,
    is_shown: bool,
}

impl Progress {
    /// Returns the progress of `all` things, none of which is done.
    pub(super) fn new(all: usize) -> Self {
        let is_shown = all > 1 && !is_quiet() && std::io::stderr().is_terminal();
        Self { all, done: 0, is_shown }
    }

    /// Says that one more is done.
    pub(super) fn step(&mut self) -> anyhow::Result<()> {
        self.done += 1;
        if !self.is_shown {
            return Ok(());
        }
        let mut err = anstream::stderr();
        heard(write!(err, "  {} of {} …", self.done, self.all).and_then(|()| err.flush()))
    }

    /// Takes the line away, for something else to be said.
    pub(super) fn clear(&self) -> anyhow::Result<()> {
        if self.is_shown { heard(write!(std::io::stderr(), "\r\x1b[2K")) } else { Ok(()) }
    }
}

/// Draws all findings, then a line that counts them.
pub(super) fn findings(sources: &Sources, diags: &Diagnostics) -> anyhow::Result<()> {
    text(&drawn(sources, diags))
}

/// Returns what [`findings`] writes.
pub(super) fn drawn(sources: &Sources, diags: &Diagnostics) -> String {
    let all = diags.sorted();
    if all.is_empty() {
        return String::new();
    }
    let width = terminal_width();
    let mut drawn = overview(sources, &all, diags.first_error());
    for finding in render(sources, all.iter().copied().take(MOST), width) {
        drawn.push_str(&finding);
        drawn.push_str("\n\n");
    }
    if all.len() > MOST {
        let more = format!("… and {} more\n\n", all.len() - MOST);
        drawn.push_str(&more);
    }
    let errors = all.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).count();
    let warnings = all.len() - errors;
    let counts = count(&[(errors, "error"), (warnings, "warning")]);
    let code = all.first().map_or("", |first| first.code);
    drawn + &format!("{counts}\nmore about a finding: `cfgbuild explain {code}`\n")
}

/// Returns `3 errors, 1 warning`.
pub(super) fn count(counts: &[(usize, &str)]) -> String {
    let parts = counts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<String> = parts
        .map(|(number, what)| format!("{number} {what}{}", if *number == 1 { "" } else { "s" }))
        .collect();
    parts.join(", ")
}

pub(super) fn say(line: &str) -> anyhow::Result<()> {
    heard(writeln!(anstream::stderr(), "{line}"))
}

/// Says lines, each of which has its end.
pub(super) fn text(lines: &str) -> anyhow::Result<()> {
    heard(anstream::stderr().write_all(lines.as_bytes()))
}

/// Says what the machine failed at, with every cause, and no secret that a URL or the environment brought into it.
pub(super) fn failure(error: &anyhow::Error) {
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    // where stderr itself is gone there is nobody to tell
    drop(writeln!(anstream::stderr(), "error: {}", redacted(&causes.join(": "), false)));
}

/// Has a panic, which is a fault of ours, tell where it is without what it was about.
pub(super) fn redact_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let about = panic.payload_as_str().unwrap_or_default();
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let about = redacted(about, true);
        drop(writeln!(anstream::stderr(), "cfgbuild has a fault of its own at {place}: {about}"));
    }));
}

/// Returns a text as it may be shown: without what looks like a secret, without those of the environment, and without
/// what a terminal would obey. With `all`, no value of a variable is shown, for any may be a secret.
fn redacted(text: &str, all: bool) -> String {
    let mut text = mask(text).into_owned();
    for secret in secrets_of_environment(all) {
        text = text.replace(&secret, "…");
    }
    clean(&text)
}

/// Shortest value of the environment that is kept out of messages: a shorter one is found in every other word.
const SHORTEST: usize = 4;

#[expect(clippy::disallowed_methods, reason = "what it holds is kept out of messages")]
fn secrets_of_environment(all: bool) -> Vec<String> {
    let is_secret = |name: &str, value: &str| {
        all && name.starts_with("CFGBUILD_VAR_")
            || name == "AWS_SESSION_TOKEN"
            || secret_of_setting(name, value).is_some()
    };
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    let pairs = std::env::vars_os().map(|(name, value)| (text(name), text(value)));
    let mut found: Vec<String> = pairs
        .filter(|(name, value)| value.len() >= SHORTEST && is_secret(name, value))
        .map(|(_, value)| value)
        .collect();
    found.sort_by_key(|value| std::cmp::Reverse(value.len()));
    found
}

/// Returns a text as it may be shown on a terminal, which obeys control characters.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{FFFD}' } else { c }).collect()
}

/// Writes data to stdout as it is.
pub(super) fn data(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    heard(out.write_all(bytes).and_then(|()| out.flush()))
}

/// Writes what is drawn for people to stdout: styles stay on a terminal only.
pub(super) fn drawn_data(text: &str) -> anyhow::Result<()> {
    let mut out = anstream::stdout().lock();
    heard(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Forgives that nobody reads on, as in `cfgbuild check | head -1`: what is true stays true, and decides the exit code.
fn heard(written: std::io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

/// Returns the columns of the terminal; wide enough for most lines where there is none.
fn terminal_width() -> usize {
    #[expect(clippy::disallowed_methods, reason = "only how findings are drawn depends on it")]
    let columns = std::env::var("COLUMNS");
    let said = columns.ok().and_then(|columns| columns.parse().ok());
    let size = || {
        let size = rustix::termios::tcgetwinsize(std::io::stderr()).ok()?;
        Some(usize::from(size.ws_col))
    };
    said.or_else(size).filter(|columns| *columns >= 40).unwrap_or(140)
}
