//! The containers that raw units run.

use std::ops::Range;

use super::call::Call;
use super::exec::Word;
use super::unit::{Command, RawUnit, RawUnits};
use crate::source::{Sources, Span};

/// A container that a unit runs.
#[derive(Debug)]
pub struct Run<'a> {
    pub unit: &'a RawUnit<'a>,
    pub command: &'a Command,
    /// `docker run`.
    pub call: &'a Call,
    /// The image, variables of the unit put in.
    pub image: String,
    image_at: Range<usize>,
}

impl Run<'_> {
    /// Returns the place of a range of this command.
    pub fn span(&self, sources: &Sources, range: &Range<usize>) -> Span {
        self.unit.span(sources, self.command.file, range)
    }

    /// Returns the place of the image.
    pub fn image_span(&self, sources: &Sources) -> Span {
        self.span(sources, &self.image_at)
    }

    /// Returns the place of the word `run`.
    pub fn verb_span(&self, sources: &Sources) -> Span {
        self.span(sources, &self.call.verb.at)
    }

    /// Returns the container's name, if it is given one.
    pub fn name(&self) -> Option<&Word> {
        self.call.names().first().copied()
    }
}

impl RawUnits<'_> {
    /// Returns every container that a unit runs.
    pub fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        self.whole().flat_map(RawUnit::runs)
    }
}

impl RawUnit<'_> {
    /// Returns the container that its main process runs, and those that it starts before.
    pub fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        self.commands.iter().filter_map(|command| {
            let call = command.call.as_ref()?;
            let word = call.image()?;
            let name =
                word.text.trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
            let image = match self.variable(name) {
                Some(value) if word.text.starts_with('$') => value.to_owned(),
                _ => word.text.clone(),
            };
            // flags from a variable, or a flag behind a dash that is none
            if image.starts_with(['-', '\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{2014}'])
            {
                return None;
            }
            Some(Run { unit: self, command, call, image, image_at: word.at.clone() })
        })
    }
}
