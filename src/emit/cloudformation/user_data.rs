//! User data as a property: text that the stack puts its values into, or bytes as they are.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::emit::filled::{LateBody, LateData, LatePiece};
use crate::model::StackFact;
use crate::plan::Plan;

use super::expression::{Value, literal};
use super::ids;

/// Returns the property's value.
pub(super) fn value(plan: &Plan<'_>, data: &LateData) -> Value {
    let LateData { body, secret: _ } = data;
    let pieces = match body {
        LateBody::Bytes(bytes) => return Value::Text(BASE64_STANDARD.encode(bytes)),
        LateBody::Text(pieces) => pieces,
    };
    let is_late = |piece: &LatePiece| matches!(piece, LatePiece::Stack(_));
    if !pieces.iter().any(is_late) {
        let text = pieces.iter().map(|piece| match piece {
            LatePiece::Literal(text) => text.as_str(),
            LatePiece::Stack(_) => "",
        });
        return Value::Base64(Box::new(Value::Text(text.collect())));
    }
    let text = pieces.iter().map(|piece| match piece {
        LatePiece::Literal(text) => literal(text),
        LatePiece::Stack(fact) => expression(plan, *fact),
    });
    Value::Base64(Box::new(Value::Sub(text.collect())))
}

/// Returns what `Fn::Sub` replaces by a value.
fn expression(plan: &Plan<'_>, fact: StackFact) -> String {
    let name = match fact {
        StackFact::Name => "AWS::StackName",
        StackFact::Id => "AWS::StackId",
        StackFact::Region => "AWS::Region",
        StackFact::AccountId => "AWS::AccountId",
        StackFact::Partition => "AWS::Partition",
        StackFact::Parameter(parameter) => parameter.name,
        StackFact::ZoneId => match ids::zone(plan) {
            Some(Value::Ref(id)) => return format!("${{{id}}}"),
            Some(Value::Text(id)) => return literal(&id),
            _ => return String::new(),
        },
        // known when the template is written: no piece is made of them
        StackFact::Group | StackFact::Ready => return String::new(),
    };
    format!("${{{name}}}")
}
