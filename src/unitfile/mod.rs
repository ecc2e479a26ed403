//! The language of unit files: how a word, a path or a text is written so that systemd reads what was meant.

mod escape;
mod words;

pub use escape::escape_path;
pub use words::{
    Part, csv_field, environment_value, quote_parts, quote_path, quote_word, shell_word, whole_line,
};
