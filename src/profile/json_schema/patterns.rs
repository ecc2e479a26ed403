//! What texts must look like, as ECMA-262 patterns that every regular expression engine of the trade reads alike.
//!
//! Each says what `scalar.rs` and `shape.rs` say in code; the reference tests hold the two together.

use super::document::{Schema, Shape, Templates};
use crate::profile::schema::Key;

/// A text that the template engine sees.
pub(super) const TEMPLATE: &str = r"\{\{";
/// A text in one line, without blanks around it or a backslash at its end.
pub(super) const LINE: &str = r"(?! )(?!.*[ \\]$)[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*";
/// A hash of a password, or a mark that there is none; which lengths belong to which method is not said here.
pub(super) const PASSWORD_HASH: &str =
    r"(|\*(LK\*|NP\*)?|!([!*]|\$[!-9;-~]+)?|\$(y|gy|7|2[abxy]|6|5|1|sha1)\$[!-9;-~]{22,})";
/// A text without blanks, quotes and backslashes.
pub(super) const TOKEN: &str = r#"[^\u0000-\u0020\u007f-\u00a0\u2028\u2029"'\\]+"#;
/// A unit file name.
pub(super) const UNIT: &str = concat!(
    r"[A-Za-z0-9:_.\\@-]+\.",
    "(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)"
);
/// A short name.
pub(super) const NAME: &str = "[A-Za-z0-9_][A-Za-z0-9._-]{0,127}";
/// A name that is not numbers alone.
const ACCOUNT: &str = "([0-9]*[A-Za-z_][A-Za-z0-9._-]*|[0-9]+[._-][A-Za-z0-9._-]*)";
/// A DNS name or an IPv4 address.
pub(super) const HOST: &str =
    "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*";
/// File permissions.
pub(super) const MODE: &str = "(0|0o|0o0)?[0-7]{3,4}";
/// An amount.
pub(super) const BYTES: &str = "[1-9][0-9]*([KMGT]iB|[KMGT]i|[KMGT]B|[mMgG])";
pub(super) const DURATION: &str = "((0|[1-9][0-9]*)(s|sec|min|m|h|d))+";
/// A time of day.
pub(super) const CLOCK: &str = "([01][0-9]|2[0-3]):[0-5][0-9]";
/// A version of two or three numbers.
pub(super) const VERSION: &str = r"[0-9]{1,4}\.[0-9]{1,4}(\.[0-9]{1,4})?";
/// An http or https URL, or nothing.
pub(super) const URL: &str = r"(https?://[A-Za-z0-9._:@\[\]-]+([/?#][!#-;=?-\[\]_a-z~]*)?)?";
/// An IPv4 address.
pub(super) const IPV4: &str =
    r"((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?!$)|(?![0-9.]))){4}";
/// An IPv4 network; that no bit is set beyond its prefix is not said here.
pub(super) const CIDR: &str =
    r"((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\.(?!/)|(?=/))){4}/(3[0-2]|[12]?[0-9])";
/// An absolute path without `.`, `..`, empty parts, or a slash, blank or backslash at the end.
pub(super) const PATH: &str =
    r"(?!.*[ \\]$)(/|(/(?!\.{1,2}(/|$))[^/\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,255})+)";
/// The same, of something in a folder.
pub(super) const FILE: &str =
    r"(?!.*[ \\]$)(/(?!\.{1,2}(/|$))[^/\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,255})+";
/// The same as a path, without colons.
pub(super) const COLONLESS_PATH: &str =
    r"(?!.*[ \\]$)(/|(/(?!\.{1,2}(/|$))[^/:\u0000-\u001f\u007f-\u009f\u2028\u2029]{1,255})+)";

/// Returns a pattern of the whole text, or of a template where there may be one.
pub(super) fn or_template(pattern: &str, templates: Templates) -> String {
    match templates {
        Templates::Rendered => format!("^{pattern}$|{TEMPLATE}"),
        Templates::Literal => format!("^{pattern}$"),
    }
}

/// Returns the schema of a map's keys.
pub(super) fn key(key: Key) -> Schema {
    let (pattern, max_length) = match key {
        Key::Text => ("[^\\n=]+", None),
        Key::Name => (NAME, None),
        Key::Unit => (UNIT, Some(255)),
        Key::File => (FILE, None),
        Key::Account => (ACCOUNT, Some(32)),
        Key::Sysctl => (r"-?[A-Za-z0-9*][A-Za-z0-9._/*:@-]*", None),
        Key::Path => (PATH, None),
        Key::Variable => (r"[A-Za-z_][A-Za-z0-9_.-]*", None),
    };
    Schema {
        types: vec![Shape::String],
        pattern: Some(or_template(pattern, Templates::Literal)),
        max_length,
        ..Schema::default()
    }
}
