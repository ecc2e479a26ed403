//! A check: a code, the file that holds it, and what it runs. What it sees is the business of whoever runs it.

/// One check.
#[derive(Clone, Copy, Debug)]
pub struct Check<F> {
    /// Its code, named after the fault.
    pub code: &'static str,
    /// The text of its file: the `//!` lines at the top are its manual.
    pub source: &'static str,
    /// Looks and reports.
    pub run: F,
}

impl<F> Check<F> {
    /// Returns it without what it runs: checks that see different things, side by side.
    pub fn to_known(&self) -> Check<()> {
        Check { code: self.code, source: self.source, run: () }
    }

    /// Returns the manual: the header of the file.
    pub fn manual(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        lines.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect()
    }
}
