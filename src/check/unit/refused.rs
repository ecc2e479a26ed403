//! What docker and podman refuse of the calls in written units, found once for the checks that tell it.

use super::view::View;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::Span;
use crate::unitfile::{Call, Command, Misread, RawUnit};

/// Something refused, and where.
pub(super) struct Refused<'a> {
    pub view: &'a View<'a>,
    pub unit: &'a RawUnit<'a>,
    pub command: &'a Command,
    pub call: &'a Call,
    pub misread: &'a Misread,
}

/// Calls `report` for all that clients refuse.
pub(super) fn each(view: &View<'_>, mut report: impl FnMut(&Refused<'_>)) {
    for unit in view.units.iter() {
        for command in &unit.commands {
            let Some(call) = &command.call else { continue };
            for misread in call.refused() {
                report(&Refused { view, unit, command, call, misread });
            }
        }
    }
}

impl Refused<'_> {
    /// Returns its place.
    pub(super) fn span(&self) -> Span {
        self.unit.span(self.view.sources, self.command.file, &self.misread.at)
    }

    /// Reports a finding with its help, and with the edit where it is known what is meant; an error is a warning where
    /// the unit says that the command may fail.
    pub(super) fn report(&self, diags: &mut Diagnostics, mut found: Diagnostic, help: &str) {
        if self.command.line.may_fail {
            found.severity = Severity::Warning;
        }
        let found = match &self.misread.meant {
            Some(meant) => found.help(help).edit(self.unit.replace(
                self.view.sources,
                self.command.file,
                &self.misread.at,
                meant.as_str(),
            )),
            None => found.help(help),
        };
        diags.report_once(found);
    }

    /// Returns the client and its verb, as `docker run`.
    pub(super) fn called(&self) -> String {
        format!("{} {}", self.call.client, self.misread.verb).trim_end().to_owned()
    }

    /// Returns the versions of the client that are known, as `docker 20 to 28`.
    pub(super) fn versions(&self) -> String {
        let (oldest, newest) = self.call.versions;
        format!("{} {oldest} to {newest}", self.call.client)
    }
}
