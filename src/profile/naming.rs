//! What the keys of maps may be: names, unit names, paths, variables.

use super::scalar;
use super::schema::Key;
use super::words::PATH;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::UNIT_SUFFIXES;
use crate::source::{Edit, Spanned};

/// Reports a key that cannot be one of a map; `path` names the map.
pub(super) fn check_key(name: &Spanned<String>, key: Key, path: &str, diags: &mut Diagnostics) {
    let text = name.value.as_str();
    let other = "give it another name";
    let (fits, what, better, help) = match key {
        Key::Text => (
            !text.is_empty() && !text.contains(['\n', '=']),
            "a name",
            None,
            "write the name alone",
        ),
        Key::Name => (is_name(text), NAME, fitting(text, '-', is_name), other),
        Key::Unit => (
            is_unit_name(text),
            "a unit name with its suffix",
            None,
            "add the suffix, as in `kafka.service` or `backup.timer`",
        ),
        Key::Path => (
            scalar::is_clean_path(text),
            PATH,
            fitting(&format!("/{}", text.trim_matches('/')), '/', scalar::is_clean_path),
            other,
        ),
        Key::File => (
            is_file_path(text),
            if text == "/" { "a file, but the folder of all" } else { PATH },
            fitting(&format!("/{}", text.trim_matches('/')), '/', is_file_path),
            other,
        ),
        Key::Account => (
            is_account(text),
            match (is_name(text), is_number(text)) {
                (true, true) => "a name: numbers alone are taken for an id",
                (true, false) => "a name of 32 bytes at most",
                (false, _) => NAME,
            },
            fitting(text, '-', is_account),
            other,
        ),
        Key::Sysctl => (
            is_sysctl(text),
            "the name of a kernel setting, such as `vm.max_map_count`",
            None,
            "write the name alone",
        ),
        Key::Variable => {
            (is_variable(text), "the name of a variable", fitting(text, '_', is_variable), other)
        }
    };
    if !fits {
        let title = format!("`{text}` in `{path}` is not {what}");
        let found = Diagnostic::error("wrong-name", name.span, title, "cannot be a name here");
        diags.report(match better {
            Some(better) => {
                found.help(format!("write `{better}`")).edit(Edit::replace(name.span, text, better))
            }
            None => found.help(help),
        });
    }
}

const NAME: &str = "a name of letters, digits, `.`, `-` and `_`";

/// Longest name of an account, in bytes: `useradd` refuses longer ones.
const MAX_ACCOUNT: usize = 32;

fn is_account(text: &str) -> bool {
    is_name(text) && text.len() <= MAX_ACCOUNT && !is_number(text)
}

fn is_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_file_path(text: &str) -> bool {
    text != "/" && scalar::is_clean_path(text)
}

/// Returns whether a text is the name of a setting as `sysctl.d(5)` has it: with dots or slashes, a `-` before it
/// where it may fail, and a `*` for many.
fn is_sysctl(text: &str) -> bool {
    let name = text.strip_prefix('-').unwrap_or(text);
    let word =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '/' | '_' | '-' | '*' | ':' | '@');
    name.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '*') && name.chars().all(word)
}

/// Returns the name that fits, with `instead` in place of what does not.
fn fitting(text: &str, instead: char, fits: fn(&str) -> bool) -> Option<String> {
    let keep = |c: char| c.is_ascii_alphanumeric() || "/._".contains(c) || c == instead;
    let name: String = text.chars().map(|c| if keep(c) { c } else { instead }).collect();
    fits(&name).then_some(name)
}

/// Returns whether a text is a short name.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 128
        && !text.starts_with(['-', '.'])
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// Returns whether a container can be given a variable of this name.
fn is_variable(text: &str) -> bool {
    !text.starts_with(|c: char| c.is_ascii_digit())
        && !text.is_empty()
        && !text.starts_with(['.', '-'])
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-'))
}

/// Returns whether a text is a unit name as `systemd.unit(5)` has it.
pub(super) fn is_unit_name(text: &str) -> bool {
    text.rsplit_once('.').is_some_and(|(name, suffix)| {
        UNIT_SUFFIXES.contains(&suffix)
            && !name.is_empty()
            && text.len() <= 255
            && name.chars().all(|c| {
                c.is_ascii_alphanumeric() || matches!(c, ':' | '-' | '_' | '.' | '\\' | '@')
            })
    })
}
