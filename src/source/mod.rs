//! The way in: texts, places, YAML trees, and the one door to the disk.
//!
//! Knows nothing of what a key means.

mod beneath;
mod door;
mod edit;
mod editor;
mod entry;
mod fault;
mod gate;
mod indentation;
mod json;
mod keys;
mod lines;
mod locate;
mod node;
mod plainly;
mod print;
mod text;
mod yaml;

pub use door::{Door, ReadError, as_text};
pub use edit::Edit;
pub use editor::{Change, Editor};
pub use entry::set_entry;
pub use fault::Fault;
pub use gate::odd_character;
pub use json::{Json, Twice, no_json, parse_json};
pub use keys::Keys;
pub use lines::Lines;
pub use locate::{Locator, locate};
pub use node::{Kind, Node, Style};
pub use print::{Piece as YamlPiece, Yaml, print_yaml, print_yaml_with_places};
pub use text::{FileId, Origin, SHIPPED, Sources, Span, Spanned};
pub use yaml::{parse, parse_tagged};
