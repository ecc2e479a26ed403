//! What a platform takes as user data, and what to say when a machine needs more.
//!
//! Knows no format: the back ends measure themselves and report here.

use std::cmp::Reverse;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::Machine;
use crate::platform;
use crate::source::Span;

use super::gzip::{gzip, tight};
use super::request::Request;

/// How many parts are named.
const NAMED: usize = 5;

/// A file or a unit, and what it costs.
struct Part<'a> {
    name: &'a str,
    span: Span,
    bytes: usize,
}

/// Returns whether `bytes` of user data are more than the platform takes, with the stack's values at their longest.
pub(super) fn exceeds(request: &Request<'_>, bytes: usize) -> bool {
    request.limit().is_some_and(|limit| bytes + request.machine.growth() > limit)
}

/// Returns what `form` makes of `bytes` compressed: harder than usual where that is what it takes to fit.
pub(super) fn fitted<T>(
    request: &Request<'_>,
    bytes: &[u8],
    form: impl Fn(Vec<u8>) -> T,
    length: impl Fn(&T) -> usize,
) -> T {
    let usual = form(gzip(bytes));
    if nearly_fits(request, length(&usual)) { form(tight(bytes)) } else { usual }
}

/// Returns whether `bytes` are so little too much that compressing harder may make up for it.
fn nearly_fits(request: &Request<'_>, bytes: usize) -> bool {
    let most = |limit: usize| limit.saturating_add(limit / 10);
    exceeds(request, bytes) && request.limit().is_none_or(|limit| bytes <= most(limit))
}

/// Reports user data that does not fit even in its compressed form, of `bytes` bytes, at its biggest part.
pub(super) fn too_large(request: &Request<'_>, bytes: usize, form: &str, diags: &mut Diagnostics) {
    let platform = &request.target.platform;
    let table = platform::of(platform.value);
    let limit = request.limit().unwrap_or(0);
    let parts = biggest(request.machine);
    let mut parts = parts.iter().map(|part| {
        (part.span, format!("`{}`: about {} bytes compressed", part.name, grouped(part.bytes)))
    });
    let (span, label) = parts.next().unwrap_or((platform.span, "sets the limit".to_owned()));
    let title = format!(
        "user data of `{}` is {} bytes {form}, {} takes {}",
        request.machine.name,
        grouped(bytes),
        table.taker,
        grouped(limit)
    );
    let publish = (table.spill)(request.aws);
    let mut diagnostic =
        Diagnostic::error("user-data-too-large", span, title, label).help(format!(
            "shorten the parts named here, or leave them to a container image or a volume: \
         user data holds configuration, not programs{publish}"
        ));
    for (span, label) in parts {
        diagnostic = diagnostic.related(span, label);
    }
    diags.report(diagnostic);
}

/// Returns the parts that cost most, the biggest first.
fn biggest(machine: &Machine) -> Vec<Part<'_>> {
    let files = machine.files.iter().map(|file| Part {
        name: &file.path.value,
        span: file.path.span,
        bytes: gzip(&file.contents.bytes()).len(),
    });
    let units = machine.units.iter().map(|unit| {
        let texts: Vec<&str> =
            unit.contents.iter().chain(unit.dropins.values()).map(String::as_str).collect();
        Part {
            name: &unit.name.value,
            span: unit.name.span,
            bytes: gzip(texts.concat().as_bytes()).len(),
        }
    });
    let mut parts: Vec<Part<'_>> = files.chain(units).collect();
    parts.sort_by_key(|part| (Reverse(part.bytes), part.name));
    parts.truncate(NAMED);
    parts
}

/// Returns a number as `16,384`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    #[test]
    fn numbers_read_well() {
        for (number, text) in [(0, "0"), (999, "999"), (16_384, "16,384"), (1_000_000, "1,000,000")]
        {
            assert_eq!(super::grouped(number), text);
        }
    }
}
