//! The stack policy: no update of a stack may replace or delete a volume.
//!
//! Set with `aws cloudformation set-stack-policy`; whoever means it lifts it for one update.

use serde::Serialize;

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct StackPolicy {
    statement: Vec<Statement>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    effect: &'static str,
    action: Vec<&'static str>,
    principal: &'static str,
    resource: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<Condition>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Condition {
    string_equals: ResourceTypes,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ResourceTypes {
    resource_type: Vec<&'static str>,
}

pub(super) fn protects_volumes() -> StackPolicy {
    let types = ResourceTypes { resource_type: vec!["AWS::EC2::Volume"] };
    let statement = |effect, action, condition| Statement {
        effect,
        action,
        principal: "*",
        resource: "*",
        condition,
    };
    StackPolicy {
        statement: vec![
            statement("Allow", vec!["Update:*"], None),
            statement(
                "Deny",
                vec!["Update:Replace", "Update:Delete"],
                Some(Condition { string_equals: types }),
            ),
        ],
    }
}
