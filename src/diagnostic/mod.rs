//! What the user is told: findings with a code, a place, every other place that took part, and the edit.
//!
//! This room knows no YAML key and no format; each message is written where its fault is found.

mod catalogue;
mod check;
mod copied;
mod diagnostics;
mod json;
mod message;
mod nearest;
mod needles;
mod place;
mod render;
mod report;
mod sarif;
mod secret;
mod short;
mod window;

pub use catalogue::{Entry, entries, manual};
pub use check::Check;
pub use diagnostics::{Diagnostics, Reported};
pub use json::json;
pub use message::{Diagnostic, Label, Severity};
pub use nearest::{nearest, suggestion};
pub use needles::Needles;
pub use place::{Correction, Place, Point};
pub use render::render;
pub use report::{Finding, Report};
pub use sarif::sarif;
pub use secret::{Secret, SecretKind, mask, secret_of_setting, secrets};
pub use short::short;
