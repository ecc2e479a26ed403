//! How words look on a terminal: few styles, each with one meaning. What is no terminal gets the words alone.

use anstyle::{AnsiColor, Style};

/// What one may type: names of roles and nodes.
pub(super) const NAME: Style = AnsiColor::Cyan.on_default().bold();
/// What is there to be looked up, not read: places, counts, shares.
pub(super) const DIM: Style = Style::new().dimmed();
/// What is near a limit.
pub(super) const NEAR: Style = AnsiColor::Yellow.on_default();
/// What is over a limit.
pub(super) const OVER: Style = AnsiColor::Red.on_default().bold();

pub(super) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
