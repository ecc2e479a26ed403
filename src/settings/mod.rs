//! The settings of a server by name, type and version, and what each accepts.
//!
//! A kind of service brings its tables as text, a line per setting and run of versions; this room reads them and judges
//! one value. It knows no service, no profile and no message: who asks decides what a refusal means.

mod amount;
mod kind;
mod range;
mod setting;
mod table;

pub use amount::Unit;
pub use setting::{Refusal, Setting, Update, Version};
pub use table::Table;
