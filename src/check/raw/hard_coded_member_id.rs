//! A unit gives every node the same member id.
//!
//! # Why
//! A broker, a ZooKeeper server or an etcd member is known by its id. Two of one id throw each other out of the cluster,
//! or write over each other's data.
//!
//! # Fix
//! Name the file `NAME.service.hbs` and write `{{node.id}}`; ids that exist already go to `cluster.nodes.NAME.id`.

use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check =
    Check { code: "hard-coded-member-id", source: include_str!("hard_coded_member_id.rs"), run };

/// Variables that say who a member is.
const IDS: &[&str] = &[
    "KAFKA_BROKER_ID",
    "KAFKA_NODE_ID",
    "KAFKA_CFG_BROKER_ID",
    "KAFKA_CFG_NODE_ID",
    "ZOO_MY_ID",
    "ZOO_SERVER_ID",
    "ZOOKEEPER_SERVER_ID",
    "ETCD_NAME",
];

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let nodes = &facts.cluster.nodes;
    if nodes.len() < 2 {
        return;
    }
    for run in facts.raw.runs() {
        let is_same =
            run.unit.spec.contents.as_ref().is_some_and(|contents| contents.value.all().len() == 1);
        for variable in run.call.env().filter(|variable| is_same && IDS.contains(&variable.name)) {
            if variable.value.contains(['$', '%', '{']) || variable.value == "-1" {
                continue;
            }
            let title =
                format!("all {} nodes get `{}={}`", nodes.len(), variable.name, variable.value);
            let template =
                if variable.name == "ETCD_NAME" { "{{node.name}}" } else { "{{node.id}}" };
            let span = run.span(facts, &variable.value_at);
            let rename = run.unit.made_template(facts);
            let mut finding =
                Diagnostic::error(CHECK.code, span, title, "must differ from node to node")
                    .help(format!("{rename}write `{}={template}`", variable.name));
            if rename.is_empty() {
                finding = finding.edit(run.replace(facts, &variable.value_at, template));
            }
            diags.report_once(finding);
        }
    }
}
