//! HCL's JSON syntax, as Packer reads it from `*.pkr.json` (<https://github.com/hashicorp/hcl>, `json/spec.md`).
//!
//! Every text is a template there too, and an expression is a template that holds nothing else.

use serde_json::{Map, Value};

use super::body::{Block, Body, Expr, Piece, escape_template};
use super::hcl;

/// Prints a document.
pub(super) fn print(body: &Body) -> Vec<u8> {
    let mut json =
        serde_json::to_vec_pretty(&object(body)).expect("texts and numbers always serialise");
    json.push(b'\n');
    json
}

fn object(body: &Body) -> Value {
    let Body { attributes, blocks } = body;
    let mut made: Map<String, Value> =
        attributes.iter().map(|(name, value)| (name.clone(), expression(value))).collect();
    for block in blocks {
        let Block { kind, labels, comment: _, body } = block;
        let labelled = labels.iter().rev().fold(object(body), |inner, label| {
            Value::Object(Map::from_iter([(label.clone(), inner)]))
        });
        // Blocks of one type keep their order in a list.
        match made.entry(*kind).or_insert_with(|| Value::Array(Vec::new())) {
            Value::Array(list) => list.push(labelled),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Object(_) => {}
        }
    }
    Value::Object(made)
}

fn expression(value: &Expr) -> Value {
    match value {
        Expr::Text(text) => Value::String(escape_template(text)),
        Expr::Template(pieces) => {
            let pieces = pieces.iter().map(|piece| match piece {
                Piece::Literal(text) => escape_template(text),
                Piece::Code(code) => format!("${{{code}}}"),
            });
            Value::String(pieces.collect())
        }
        Expr::Code(code) => Value::String(format!("${{{code}}}")),
        // Read as a keyword, not as a template.
        Expr::Type(name) => Value::String((*name).to_owned()),
        Expr::Call(..) => Value::String(format!("${{{}}}", hcl::expression(value, 0))),
        Expr::Number(number) => Value::Number(number.clone()),
        Expr::Bool(truth) => Value::Bool(*truth),
        Expr::List(items) => items.iter().map(expression).collect(),
        Expr::Map(entries) => {
            let entries =
                entries.iter().map(|(key, value)| (escape_template(key), expression(value)));
            Value::Object(entries.collect())
        }
    }
}
