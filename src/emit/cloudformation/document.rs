//! The part of the CloudFormation template language that cfgbuild writes (AWS CloudFormation template reference),
//! fields in the order a reader looks for them.

use serde::Serialize;

use super::expression::Value;
use super::named::Named;
use super::resources::Kind;

/// A whole template.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Template {
    #[serde(rename = "AWSTemplateFormatVersion")]
    pub(super) format_version: &'static str,
    pub(super) description: String,
    pub(super) metadata: Metadata,
    pub(super) parameters: Named<Parameter>,
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub(super) rules: Named<Rule>,
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub(super) mappings: Named<Named<Image>>,
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub(super) conditions: Named<Condition>,
    pub(super) resources: Named<Resource>,
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub(super) outputs: Named<Output>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Metadata {
    pub(super) cfgbuild: Origin,
    #[serde(rename = "AWS::CloudFormation::Interface")]
    pub(super) interface: Interface,
}

/// Who wrote the template, and for what.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Origin {
    pub(super) version: &'static str,
    pub(super) role: String,
    pub(super) cluster: String,
}

/// How the console shows the parameters.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Interface {
    pub(super) parameter_groups: Vec<ParameterGroup>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ParameterGroup {
    pub(super) label: Label,
    pub(super) parameters: Vec<String>,
}

#[derive(Debug, Serialize)]
pub(super) struct Label {
    pub(super) default: &'static str,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Parameter {
    #[serde(rename = "Type")]
    pub(super) kind: &'static str,
    pub(super) description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) allowed_pattern: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) constraint_description: Option<&'static str>,
}

/// What must hold of the parameters before anything is made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Rule {
    pub(super) assertions: Vec<Assertion>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Assertion {
    pub(super) assert: Condition,
    pub(super) assert_description: String,
}

/// A condition, and what may stand in one.
#[derive(Debug, Serialize)]
pub(super) enum Condition {
    #[serde(rename = "Fn::Not")]
    Not([Box<Condition>; 1]),
    #[serde(rename = "Fn::Equals")]
    Equals(Box<(Condition, Condition)>),
    #[serde(rename = "Fn::Contains")]
    Contains(Box<([Condition; 1], Condition)>),
    #[serde(rename = "Fn::EachMemberIn")]
    EachMemberIn(Box<(Condition, Condition)>),
    #[serde(rename = "Fn::ValueOf")]
    ValueOf(String, &'static str),
    #[serde(rename = "Fn::ValueOfAll")]
    ValueOfAll(&'static str, &'static str),
    #[serde(rename = "Fn::RefAll")]
    RefAll(&'static str),
    #[serde(untagged)]
    Value(Value),
}

/// The image of one region.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Image {
    pub(super) image_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Output {
    pub(super) description: String,
    pub(super) value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) export: Option<Export>,
}

/// The name by which other stacks of the account and region import an output.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Export {
    pub(super) name: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resource {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) depends_on: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) deletion_policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) update_replace_policy: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) creation_policy: Option<CreationPolicy>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) update_policy: Option<UpdatePolicy>,
    #[serde(flatten)]
    pub(super) kind: Kind,
}

impl From<Kind> for Resource {
    fn from(kind: Kind) -> Self {
        Self {
            depends_on: Vec::new(),
            deletion_policy: None,
            update_replace_policy: None,
            creation_policy: None,
            update_policy: None,
            kind,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct CreationPolicy {
    pub(super) resource_signal: ResourceSignal,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ResourceSignal {
    pub(super) count: usize,
    pub(super) timeout: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct UpdatePolicy {
    pub(super) auto_scaling_rolling_update: RollingUpdate,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RollingUpdate {
    pub(super) min_instances_in_service: usize,
    pub(super) max_batch_size: usize,
    pub(super) pause_time: String,
    pub(super) wait_on_resource_signals: bool,
    pub(super) suspend_processes: Vec<&'static str>,
}
