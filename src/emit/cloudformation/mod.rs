//! A CloudFormation template of one role, as JSON and as YAML (AWS CloudFormation template reference, format
//! 2010-09-09).
//!
//! Prints a [`Plan`]; user data comes as it is, from the back end of its format. Ends with the stack policy that keeps
//! an update from taking volumes away.

mod access;
mod clashes;
mod document;
mod expression;
mod ids;
mod instances;
mod limits;
mod named;
mod network;
mod parameters;
mod policy;
mod resources;
mod user_data;

use crate::diagnostic::Diagnostics;
use crate::model::Ami;
use crate::output::Tree;
use crate::plan::Plan;
use crate::source::{Yaml, print_yaml};

use super::filled::LateData;
use document::{Image, Metadata, Origin, Output, Template};
use expression::Value;
use ids::IMAGES;
use named::Named;

/// Where the template lies, relative to the role's folder.
pub const JSON: &str = "cloudformation.json";
/// The same in YAML.
pub const YAML: &str = "cloudformation.yaml";
/// The policy that protects volumes from updates.
pub const POLICY: &str = "stack-policy.json";

pub use limits::{INLINE, report_nodes};

/// Prints the template and its policy; `data` is the user data of each node.
pub fn emit(plan: &Plan<'_>, data: &[LateData], tree: &mut Tree, diags: &mut Diagnostics) {
    let secret = data.iter().any(|data| data.secret);
    let template = template(plan, data);
    clashes::report(plan, &template, diags);
    limits::report(plan, &template, diags);
    let json = compact(&template);
    limits::report_size(plan, json.len(), diags);
    let value = serde_json::to_value(&template).expect("texts and numbers always serialise");
    tree.add_guarded(YAML, print_yaml(&yaml(&value)), secret);
    tree.add_guarded(JSON, json, secret);
    if plan.keeps_disks() {
        tree.add(POLICY, compact(&policy::protects_volumes()));
    }
}

fn template(plan: &Plan<'_>, data: &[LateData]) -> Template {
    let mut template = Template {
        format_version: "2010-09-09",
        description: description(plan),
        metadata: Metadata {
            cfgbuild: Origin {
                version: env!("CARGO_PKG_VERSION"),
                role: plan.role.to_owned(),
                cluster: plan.cluster.to_owned(),
            },
            ..Metadata::default()
        },
        ..Template::default()
    };
    parameters::add(plan, &mut template);
    if let Ami::Regions(regions) = plan.instances.image {
        let mut images = Named::default();
        for (region, id) in regions {
            images.add(region.as_str(), Image { image_id: id.value.clone() });
        }
        template.mappings.add(IMAGES, images);
    }
    network::add(plan, &mut template.resources);
    for group in &plan.groups {
        access::add(plan, group, &mut template.resources);
    }
    instances::add(plan, data, &mut template.resources);
    network::outputs(plan, &mut template.outputs);
    for endpoint in &plan.endpoints {
        let value = Value::text(endpoint.servers.as_str());
        let description = endpoint.description.to_owned();
        template.outputs.add(endpoint.name, Output { description, value, export: None });
    }
    template
}

/// Longest description of a template, in bytes.
const LONGEST_DESCRIPTION: usize = 1_024;

fn description(plan: &Plan<'_>) -> String {
    // `${` would be taken for a parameter, and nothing can be said to prevent it here.
    let mut text = plan.description.replace("${", "{");
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
