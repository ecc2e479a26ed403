//! Unit files, written and read: words, paths and texts as systemd takes them, and units and calls of docker and podman
//! with the place of everything.
//!
//! Must never know a check, a role or a service: it says what is written, others judge it.

mod call;
mod call_misread;
mod call_refused;
mod call_values;
mod call_words;
mod command_lines;
pub mod directives;
mod edits;
mod escape;
mod exec;
mod mounts;
mod reference;
mod run;
mod syntax;
mod unit;
mod words;

pub use call::Call;
pub use call_misread::{Misread, MisreadKind};
pub use call_values::Kind as FlagKind;
pub use call_words::{Mounted, Published, Variable};
pub use escape::{escape_path, unescape_path};
pub use exec::{Line, VariableUse, Word, is_shell};
pub use mounts::mounted;
pub use run::Run;
pub use syntax::{Assignment, Fault, FaultKind, Section, UnitFile, Value};
pub use unit::{Command, Place, RawUnit, RawUnits, TextFile};
pub use words::{
    Part, csv_field, environment_value, quote_parts, quote_path, quote_word, shell_word, whole_line,
};
