//! The containers that raw units run.

use std::ops::Range;

use super::docker_run::Call;
use super::exec::Word;
use super::images::Known;
use super::unit::{Command, RawUnit, RawUnits};
use crate::check::Facts;
use crate::source::Span;

/// A container that a unit runs.
#[derive(Debug)]
pub(super) struct Run<'a> {
    /// The unit.
    pub(super) unit: &'a RawUnit<'a>,
    /// The command.
    pub(super) command: &'a Command,
    /// `docker run`.
    pub(super) call: &'a Call,
    /// The image, variables of the unit put in.
    pub(super) image: String,
    /// What is known of the image.
    pub(super) known: Option<&'static Known>,
    image_at: Range<usize>,
}

impl Run<'_> {
    /// Returns the place of a range of this command.
    pub(super) fn span(&self, facts: &Facts<'_>, range: &Range<usize>) -> Span {
        self.unit.span(facts, self.command.file, range)
    }

    /// Returns the place of the image.
    pub(super) fn image_span(&self, facts: &Facts<'_>) -> Span {
        self.span(facts, &self.image_at)
    }

    /// Returns the place of the word `run`.
    pub(super) fn verb_span(&self, facts: &Facts<'_>) -> Span {
        self.span(facts, &self.call.verb.at)
    }

    /// Returns the container's name, if it is given one.
    pub(super) fn name(&self) -> Option<&Word> {
        self.call.names().first().copied()
    }
}

impl RawUnits<'_> {
    /// Returns every container that a unit runs.
    pub(super) fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        self.whole().flat_map(RawUnit::runs)
    }
}

impl RawUnit<'_> {
    /// Returns the container that its main process runs, and those that it starts before.
    pub(super) fn runs(&self) -> impl Iterator<Item = Run<'_>> {
        self.commands.iter().filter_map(|command| {
            let call = command.call.as_ref()?;
            let word = call.image()?;
            let name =
                word.text.trim_start_matches('$').trim_start_matches('{').trim_end_matches('}');
            let image = match self.variable(name) {
                Some(value) if word.text.starts_with('$') => value.to_owned(),
                _ => word.text.clone(),
            };
            let known = Known::of(&image);
            Some(Run { unit: self, command, call, image, known, image_at: word.at.clone() })
        })
    }
}
