//! A CloudFormation template of one role, as JSON and as YAML (AWS CloudFormation template reference, format 2010-09-09).
//!
//! Prints a [`Stack`]; user data comes as it is, from the back end of its format. Ends with the stack policy that keeps
//! an update from taking volumes away.

mod access;
mod document;
mod expression;
mod instances;
mod limits;
mod network;
mod parameters;
mod policy;
mod resources;
mod user_data;

use crate::diagnostic::Diagnostics;
use crate::model::Ami;
use crate::output::Tree;
use crate::plan::Stack;
use crate::source::{Yaml, print_yaml};

use super::LateData;
use document::{Image, Metadata, Named, Origin, Output, Template};
use expression::Value;

/// Where the template lies, relative to the role's folder.
pub const JSON: &str = "cloudformation.json";
/// The same in YAML.
pub const YAML: &str = "cloudformation.yaml";
/// The policy that protects volumes from updates.
pub const POLICY: &str = "stack-policy.json";

pub use limits::INLINE;

/// The mapping of regions to images.
const IMAGES: &str = "Images";

/// Prints the template and its policy; `data` is the user data of each node, `secret` whether it is for the owner's eyes.
pub fn emit(
    stack: &Stack<'_>,
    data: &[LateData],
    secret: bool,
    tree: &mut Tree,
    diags: &mut Diagnostics,
) {
    let template = template(stack, data);
    limits::report(stack, &template, diags);
    let json = compact(&template);
    limits::report_size(stack, json.len(), diags);
    let value = serde_json::to_value(&template).expect("texts and numbers always serialise");
    tree.add_guarded(YAML, print_yaml(&yaml(&value)), secret);
    tree.add_guarded(JSON, json, secret);
    if stack.groups.iter().any(|group| !group.kept.is_empty()) {
        tree.add(POLICY, compact(&policy::protects_volumes()));
    }
}

fn template(stack: &Stack<'_>, data: &[LateData]) -> Template {
    let mut template = Template {
        format_version: "2010-09-09",
        description: description(stack),
        metadata: Metadata {
            cfgbuild: Origin {
                version: env!("CARGO_PKG_VERSION"),
                role: stack.cluster.role.clone(),
                cluster: stack.cluster.name.value.clone(),
            },
            ..Metadata::default()
        },
        ..Template::default()
    };
    parameters::add(stack, &mut template);
    if let Ami::Regions(regions) = &stack.aws.ami.value {
        let mut images = Named::default();
        for (region, id) in regions {
            images.add(region.as_str(), Image { image_id: id.value.clone() });
        }
        template.mappings.add(IMAGES, images);
    }
    network::add(stack, &mut template.resources);
    for group in &stack.groups {
        access::add(stack, group, &mut template.resources);
    }
    instances::add(stack, data, &mut template.resources);
    network::outputs(stack, &mut template.outputs);
    for endpoint in &stack.endpoints {
        let value = Value::text(endpoint.servers.as_str());
        let description = endpoint.description.to_owned();
        template.outputs.add(endpoint.name, Output { description, value });
    }
    template
}

/// Longest description of a template, in bytes.
const LONGEST_DESCRIPTION: usize = 1_024;

fn description(stack: &Stack<'_>) -> String {
    // `${` would be taken for a parameter, and nothing can be said to prevent it here.
    let mut text = stack.cluster.description.replace("${", "{");
    if text.is_empty() {
        text = format!("The role {} of cluster {}", stack.cluster.role, stack.cluster.name.value);
    }
    while text.len() > LONGEST_DESCRIPTION {
        text.pop();
    }
    text
}

/// Returns a document as JSON in as few bytes as it takes: CloudFormation counts them, and people read the YAML.
fn compact(document: &impl serde::Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec(document).expect("texts and numbers always serialise");
    bytes.push(b'\n');
    bytes
}

fn yaml(value: &serde_json::Value) -> Yaml<'_> {
    match value {
        serde_json::Value::Null => Yaml::Literal("null".to_owned()),
        serde_json::Value::Bool(truth) => Yaml::Literal(truth.to_string()),
        serde_json::Value::Number(number) => Yaml::Literal(number.to_string()),
        serde_json::Value::String(text) => Yaml::Text(text.clone()),
        serde_json::Value::Array(items) => Yaml::List(items.iter().map(yaml).collect()),
        serde_json::Value::Object(entries) => {
            Yaml::Map(entries.iter().map(|(name, value)| (name.as_str(), yaml(value))).collect())
        }
    }
}
