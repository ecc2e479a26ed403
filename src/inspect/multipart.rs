//! Several parts of user data in one MIME message (RFC 2046), as tools of EC2 make it and coreos-cloudinit reads it.

use super::fault::unreadable;
use super::machine::Found;
use super::one::{form, one};
use super::packing;
use crate::diagnostic::Diagnostics;
use crate::source::{FileId, Origin, Sources, Span, as_text};

/// Most parts that are read.
const MOST: usize = 64;

/// Reads each part.
pub(super) fn read(
    title: &str,
    file: FileId,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<Found> {
    let text = sources.text(file).to_owned();
    let start = Span::new(file, 0, text.lines().next().map_or(0, str::len));
    let (headers, body) = split(&text);
    let kind = header(headers, "content-type").unwrap_or_default();
    let Some(boundary) = boundary(&kind) else {
        unreadable(start, "its `Content-Type` names no boundary", diags);
        return Vec::new();
    };
    let line = format!("--{boundary}");
    let end = format!("--{boundary}--");
    // what stands before the first boundary is for readers who know no parts
    let (mut parts, mut part): (Vec<String>, Option<String>) = (Vec::new(), None);
    for text in body.lines() {
        let text_end = text.trim_end();
        if text_end == line || text_end == end {
            parts.extend(part.take());
            part = (text_end == line).then(String::new);
        } else if let Some(part) = &mut part {
            part.push_str(text);
            part.push('\n');
        }
    }
    parts.extend(part);
    if parts.is_empty() {
        unreadable(start, "none of its parts begins with its boundary", diags);
    }
    if parts.len() > MOST {
        unreadable(start, "it has more parts than anybody writes", diags);
        parts.truncate(MOST);
    }
    let mut found = Vec::new();
    for (number, part) in parts.iter().enumerate() {
        let (headers, body) = split(part);
        let name =
            header(headers, "content-disposition").and_then(|said| parameter(&said, "filename"));
        let name = name.unwrap_or_else(|| (number + 1).to_string());
        let encoding = header(headers, "content-transfer-encoding").unwrap_or_default();
        let bytes = match encoding.to_ascii_lowercase().as_str() {
            "" | "7bit" | "8bit" | "binary" => Ok(body.as_bytes().to_vec()),
            "base64" => packing::base64(body),
            other => Err(format!("part {name} is written as `{other}`, which is not read here")),
        };
        let text = bytes
            .and_then(|bytes| packing::unpack(&bytes))
            .and_then(|unpacked| as_text(&unpacked.bytes).map_err(|error| error.to_string()));
        match text {
            Ok(text) => {
                let title = format!("{title}, part {name}");
                let inner = sources.add_from(Origin::NoFile, title.clone(), text);
                let form = form(inner, sources);
                found.extend(one(title, inner, form, false, sources, diags));
            }
            Err(why) => unreadable(start, &why, diags),
        }
    }
    found
}

/// Parts headers from what follows the first empty line.
fn split(text: &str) -> (&str, &str) {
    text.split_once("\n\n").unwrap_or((text, ""))
}

/// Returns the value of a header, with the lines that go on with it.
fn header(headers: &str, name: &str) -> Option<String> {
    let mut value: Option<String> = None;
    for line in headers.lines() {
        match &mut value {
            Some(value) if line.starts_with([' ', '\t']) => value.push_str(line),
            Some(_) => break,
            None => {
                let (key, said) = line.split_once(':').unwrap_or((line, ""));
                if key.trim().eq_ignore_ascii_case(name) {
                    value = Some(said.trim().to_owned());
                }
            }
        }
    }
    value
}

fn boundary(kind: &str) -> Option<String> {
    parameter(kind, "boundary").filter(|boundary| !boundary.is_empty())
}

/// Returns a parameter of a header.
fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|part| {
        let (key, said) = part.split_once('=')?;
        let is_it = key.trim().eq_ignore_ascii_case(name);
        is_it.then(|| said.trim().trim_matches('"').to_owned())
    })
}
