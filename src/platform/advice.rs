//! What to say where a profile asks for something that nothing on its platform gives.

use crate::diagnostic::Diagnostic;
use crate::source::Span;

/// What helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Advice {
    /// One or two ways out.
    pub help: &'static str,
    /// Whether it is the platform that cannot, and not only this role.
    pub is_platforms: bool,
}

impl Advice {
    /// Adds it to a finding; `platform` is where the platform is set.
    pub fn give(self, found: Diagnostic, platform: Span) -> Diagnostic {
        let Self { help, is_platforms } = self;
        let found =
            if is_platforms { found.related(platform, "the platform is set here") } else { found };
        found.help(help)
    }
}
