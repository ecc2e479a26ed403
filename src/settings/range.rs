//! The numbers a setting takes.

use std::fmt;

/// Bounds as they are written, both included, with single values beside them: `1..9|-1`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    least: Option<f64>,
    most: Option<f64>,
    /// A number outside of the bounds that has a meaning of its own.
    besides: Option<f64>,
}

impl Range {
    /// Reads bounds; every number in the tables is one that a double holds.
    pub(super) fn read(text: &str) -> Option<Self> {
        let (bounds, besides) = match text.split_once('|') {
            Some((bounds, besides)) => (bounds, besides.parse().ok()),
            None => (text, None),
        };
        let (least, most) = bounds.split_once("..")?;
        Some(Self { least: least.parse().ok(), most: most.parse().ok(), besides })
    }

    /// Returns the bounds, as far as there is nothing besides them.
    pub(super) fn bounds(&self) -> (Option<f64>, Option<f64>) {
        if self.besides.is_some() { (None, None) } else { (self.least, self.most) }
    }

    pub(super) fn holds(&self, number: f64) -> bool {
        let within = self.least.is_none_or(|least| number >= least)
            && self.most.is_none_or(|most| number <= most);
        within || self.besides == Some(number)
    }
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.least, self.most) {
            (Some(least), Some(most)) => write!(f, " from {least} to {most}")?,
            (Some(least), None) => write!(f, " from {least} on")?,
            (None, Some(most)) => write!(f, " up to {most}")?,
            (None, None) => {}
        }
        self.besides.map_or(Ok(()), |besides| write!(f, ", or {besides}"))
    }
}
