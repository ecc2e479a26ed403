//! A unit file as sections of options, as read by `systemd.syntax(7)`.
//!
//! A writer only: raw units stay text.

use std::fmt;

/// Sections in order, each a list of options in order; an option may come more than once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitText {
    sections: Vec<(&'static str, Vec<(String, String)>)>,
}

impl UnitText {
    /// Returns an empty unit.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an option to a section, making the section where it is new.
    pub fn push(
        &mut self,
        section: &'static str,
        key: impl Into<String>,
        value: impl Into<String>,
    ) {
        let option = (key.into(), value.into());
        match self.sections.iter_mut().find(|(name, _)| *name == section) {
            Some((_, options)) => options.push(option),
            None => self.sections.push((section, vec![option])),
        }
    }

    /// Adds an option for each word list that is not empty, joined by blanks.
    pub fn push_words<'a>(
        &mut self,
        section: &'static str,
        key: &str,
        words: impl IntoIterator<Item = &'a str>,
    ) {
        let words: Vec<&str> = words.into_iter().collect();
        if !words.is_empty() {
            self.push(section, key, words.join(" "));
        }
    }
}

impl fmt::Display for UnitText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, options)) in self.sections.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            writeln!(f, "[{name}]")?;
            for (key, value) in options {
                writeln!(f, "{key}={value}")?;
            }
        }
        Ok(())
    }
}
