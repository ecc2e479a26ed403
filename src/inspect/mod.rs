//! User data as machines get it, read back: what it would make of a machine, and what is wrong with it.
//!
//! Takes whatever people have: Ignition, CoreOS cloud-config, a script, or a CloudFormation template that holds one of
//! these; plain, as base64 or gzipped. Everything is bounded. Does not resolve what only a stack or a machine knows.

mod cloud_config;
mod document;
mod fault;
mod ignition;
mod machine;
mod mapped;
mod multipart;
mod one;
mod packing;
mod show;
mod template;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Origin, Sources, Span, as_text};

use fault::unreadable;
use one::{Form, form, one};
use packing::Unpacked;

pub use document::document;
pub use machine::Found;
pub use show::{show, summary};

/// Reads user data; `name` and `origin` say where the bytes come from.
///
/// What can be understood is returned, one for each machine the bytes are for, in the order written.
pub fn read(
    name: &str,
    bytes: &[u8],
    origin: Origin,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<Found> {
    let unpacked = match packing::unpack(bytes) {
        Ok(unpacked) => unpacked,
        Err(fault) => {
            let file = sources.add_from(origin, name, "");
            unreadable(Span::new(file, 0, 0), &fault, diags);
            return Vec::new();
        }
    };
    let text = match as_text(&unpacked.bytes) {
        Ok(text) => text,
        Err(error) => {
            let file = sources.add_from(origin, name, "");
            unreadable(Span::new(file, 0, 0), &error.to_string(), diags);
            return Vec::new();
        }
    };
    let file = match unpacked.how.as_str() {
        "" => sources.add_from(origin, name, text),
        how => sources.add_from(Origin::NoFile, format!("{name}, {how}"), text),
    };
    let title = sources.name(file).to_owned();
    let form = match form(file, sources) {
        Form::Template(tree) => return template::read(&title, file, &tree, sources, diags),
        Form::Multipart => return multipart::read(&title, file, sources, diags),
        form @ (Form::CloudConfig
        | Form::Script
        | Form::Ignition(..)
        | Form::Foreign(_)
        | Form::Broken(_)
        | Form::Nothing) => form,
    };
    let sent = if unpacked.how.contains("base64") { None } else { Some(bytes.len()) };
    let found = one(title, file, form, false, sources, diags);
    let mut found: Vec<Found> = found.into_iter().collect();
    let start = Span::new(file, 0, sources.text(file).lines().next().map_or(0, str::len));
    for found in &mut found {
        (found.sent, found.start) = (sent, start);
        beginning(found, &unpacked, start, diags);
    }
    found
}

/// Reports what is more than a platform takes; `None` is no limit. What a template says was held to EC2's when it was
/// read.
pub fn too_large(found: &[Found], limit: Option<usize>, diags: &mut Diagnostics) {
    for found in found.iter().filter(|found| found.start != Sources::NOWHERE) {
        let Some((sent, limit)) = found.sent.zip(limit).filter(|(sent, limit)| sent > limit) else {
            continue;
        };
        let title = format!("{sent} bytes are sent, the platform takes {limit}");
        let help = "let the machine fetch large parts at boot, or compress what its reader unpacks";
        diags.report(
            Diagnostic::error("user-data-too-large", found.start, title, "more than it may have")
                .help(help),
        );
    }
}

/// Reports what the machine's reader does not take of the first bytes, and editors do not show.
fn beginning(found: &Found, unpacked: &Unpacked, start: Span, diags: &mut Diagnostics) {
    if found.is_ignition() && unpacked.how.contains("gzip") {
        let title = "Ignition does not unpack its config, and nobody does it for it";
        diags.report(
            Diagnostic::error("ignition-gzipped", start, title, "the machine does not boot").help(
                "send it as it is, or put the gzip as a `data:` URL into `ignition.config.replace` of a small config",
            ),
        );
    }
    if unpacked.bytes.starts_with("\u{FEFF}".as_bytes()) {
        let title = "a byte order mark stands in front of the user data";
        diags.report(
            Diagnostic::error("byte-order-mark", start, title, "no machine reads it with that")
                .help("write the file as UTF-8 without a byte order mark"),
        );
    }
    let first = unpacked.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    if first.starts_with(b"#!") && first.ends_with(b"\r") {
        let title = "the kernel looks for a program whose name ends in a carriage return";
        diags.report(
            Diagnostic::error("script-line-ends", start, title, "its lines end as on Windows")
                .help("write the script with a line feed alone at the end of each line"),
        );
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_bytes_panic(
            head in prop_oneof![
                Just("#cloud-config\n"), Just("{\"ignition\":{\"version\":\"3.4.0\"},"),
                Just("Resources:\n  A:\n    Type: AWS::EC2::Instance\n    Properties: {UserData: "),
                Just(""), Just("\x1f\u{8b}")
            ],
            body in "[-a-z:{}\\[\\]\"'#!&*$\\\\\n _0-9éFn]*",
        ) {
            let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
            let text = format!("{head}{body}");
            let found = read("x", text.as_bytes(), Origin::Outside, &mut sources, &mut diags);
            prop_assert!(found.len() <= 1);
            for found in &found {
                show(found);
            }
            crate::diagnostic::render(&sources, diags.sorted(), 100);
        }
    }
}
