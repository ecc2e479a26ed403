//! HCL's native syntax, as Packer reads it from `*.pkr.hcl` (<https://github.com/hashicorp/hcl>, `hclsyntax/spec.md`).

use std::fmt::Write as _;

use super::body::{Block, Body, Expr, Piece, escape_template};

/// Prints a document under a comment of its own.
pub(super) fn print(header: &str, body: &Body) -> Vec<u8> {
    let mut text = String::new();
    comment(&mut text, header, 0);
    write_body(&mut text, body, 0);
    text.into_bytes()
}

fn write_body(text: &mut String, body: &Body, depth: usize) {
    let Body { attributes, blocks } = body;
    let printed: Vec<(&str, String)> =
        attributes.iter().map(|(name, value)| (name.as_str(), expression(value, depth))).collect();
    write_aligned(text, &printed, depth);
    for (position, block) in blocks.iter().enumerate() {
        if position > 0 || !attributes.is_empty() || depth == 0 {
            text.push('\n');
        }
        write_block(text, block, depth);
    }
}

/// Writes names and values with their signs below each other, as `packer fmt` does: up to a value of several lines.
fn write_aligned(text: &mut String, entries: &[(&str, String)], depth: usize) {
    for run in entries.split_inclusive(|(_, value)| value.contains('\n')) {
        let flat = run.iter().filter(|(_, value)| !value.contains('\n'));
        let width = flat.map(|(name, _)| name.chars().count()).max().unwrap_or(0);
        for (name, value) in run {
            let width = if value.contains('\n') { 0 } else { width };
            line(text, depth, &format!("{name:width$} = {value}"));
        }
    }
}

fn write_block(text: &mut String, block: &Block, depth: usize) {
    let Block { kind, labels, comment: words, body } = block;
    comment(text, words.unwrap_or_default(), depth);
    let labels = labels.iter().map(|label| quote(label));
    let opening: Vec<String> = [(*kind).to_owned()].into_iter().chain(labels).collect();
    line(text, depth, &format!("{} {{", opening.join(" ")));
    write_body(text, body, depth + 1);
    line(text, depth, "}");
}

fn comment(text: &mut String, words: &str, depth: usize) {
    words.lines().for_each(|words| line(text, depth, &format!("# {words}")));
}

fn line(text: &mut String, depth: usize, words: &str) {
    text.push_str(&"  ".repeat(depth));
    text.push_str(words);
    text.push('\n');
}

/// Returns a value as it stands right of a `=` in a block at `depth`.
pub(super) fn expression(value: &Expr, depth: usize) -> String {
    match value {
        Expr::Text(text) => quote(text),
        Expr::Template(pieces) => {
            let inner: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text) => escape(text),
                    Piece::Code(code) => format!("${{{code}}}"),
                })
                .collect();
            format!("\"{inner}\"")
        }
        Expr::Code(code) | Expr::Type(code) => (*code).to_owned(),
        Expr::Call(function, arguments) => {
            let arguments: Vec<String> =
                arguments.iter().map(|argument| expression(argument, depth)).collect();
            format!("{function}({})", arguments.join(", "))
        }
        Expr::Number(number) => number.to_string(),
        Expr::Bool(truth) => truth.to_string(),
        Expr::List(items) => {
            let items: Vec<String> = items.iter().map(|item| expression(item, depth)).collect();
            format!("[{}]", items.join(", "))
        }
        Expr::Map(entries) => {
            let mut text = "{\n".to_owned();
            let keys: Vec<String> = entries.iter().map(|(key, _)| quote(key)).collect();
            let values = entries.iter().map(|(_, value)| expression(value, depth + 1));
            let printed: Vec<(&str, String)> =
                keys.iter().map(String::as_str).zip(values).collect();
            write_aligned(&mut text, &printed, depth + 1);
            format!("{text}{}}}", "  ".repeat(depth))
        }
    }
}

fn quote(text: &str) -> String {
    format!("\"{}\"", escape(text))
}

/// Returns what stands between double quotes.
fn escape(text: &str) -> String {
    let mut made = String::new();
    for c in escape_template(text).chars() {
        match c {
            '"' => made.push_str("\\\""),
            '\\' => made.push_str("\\\\"),
            '\n' => made.push_str("\\n"),
            '\r' => made.push_str("\\r"),
            '\t' => made.push_str("\\t"),
            c if c.is_control() => {
                write!(made, "\\u{:04x}", u32::from(c))
                    .expect("a String takes all that is written");
            }
            c => made.push(c),
        }
    }
    made
}
