//! A unit gives every node the same member id.
//!
//! # Why
//! A broker, a ZooKeeper server or an etcd member is known by its id. Two of one id throw each other out of the
//! cluster, or write over each other's data.
//!
//! # Fix
//! Name the file `NAME.service.hbs` and write `{{node.id}}`; ids that exist already go to `cluster.nodes.NAME.id`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::catalogue::contracts;

pub(super) const CHECK: Check =
    Check { code: "hard-coded-member-id", source: include_str!("hard_coded_member_id.rs"), run };

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let nodes = view.nodes;
    if nodes.len() < 2 {
        return;
    }
    for run in view.units.runs() {
        let is_same =
            run.unit.spec.contents.as_ref().is_some_and(|contents| contents.value.all().len() == 1);
        for variable in run.call.env().filter(|_| is_same) {
            let ids = contracts().flat_map(|contract| contract.member_ids);
            let Some(id) = ids.into_iter().find(|id| id.variable == variable.name) else {
                continue;
            };
            if variable.value.contains(['$', '%', '{']) || variable.value == "-1" {
                continue;
            }
            let title =
                format!("all {} nodes get `{}={}`", nodes.len(), variable.name, variable.value);
            let template = id.template;
            let span = run.span(view.sources, &variable.value_at);
            let rename = run.unit.made_template(view.sources);
            let mut finding =
                Diagnostic::error(CHECK.code, span, title, "must differ from node to node")
                    .help(format!("{rename}write `{}={template}`", variable.name));
            if rename.is_empty() {
                finding = finding.edit(run.replace(view.sources, &variable.value_at, template));
            }
            diags.report_once(finding);
        }
    }
}
