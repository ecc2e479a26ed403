//! Units of all nodes advertise one and the same host.
//!
//! # Why
//! A client asks any broker who leads a partition and connects to the host it is told; members find each other the
//! same way. Where all tell the same, it reaches whichever machine that name leads to, and not the one it was sent to:
//! produce and fetch fail, and members are taken for each other.
//!
//! # Fix
//! Name the file `NAME.service.hbs` and write `{{node.address}}`, or `{{host.private_ipv4}}` where it is known only at
//! boot. A load balancer is for the first contact, in `bootstrap.servers` of clients.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::contract::NODE;

pub(super) const CHECK: Check = Check {
    code: "hard-coded-advertised-host",
    source: include_str!("hard_coded_advertised_host.rs"),
    run,
};

/// What nobody else reaches is another matter.
const NOWHERE: [&str; 3] = ["0.0.0.0", "127.0.0.1", "[::1]"];

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    let nodes = view.nodes;
    if nodes.len() < 2 {
        return;
    }
    for run in view.units.runs() {
        let is_same =
            run.unit.spec.contents.as_ref().is_some_and(|contents| contents.value.all().len() == 1);
        let Some(known) = Known::run(&run).filter(|_| is_same) else { continue };
        let told = (known.contract.advertised_hosts)(run.call).hosts;
        let is_fixed = |host: &str| {
            host.contains('.') && !host.contains(['$', '%', '{']) && !NOWHERE.contains(&host)
        };
        if !told.iter().all(|host| is_fixed(&host.host)) {
            continue;
        }
        let Some(first) = told.first() else { continue };
        let title = format!("all {} nodes advertise `{}`", nodes.len(), first.host);
        let span = run.span(view.sources, &first.at);
        let has_addresses = nodes.iter().all(|node| node.address.is_some());
        let domain = if has_addresses { "" } else { "set `cluster.domain`, and " };
        let before = format!("{domain}{}", run.unit.made_template(view.sources));
        let mut found = Diagnostic::error(CHECK.code, span, title, "leads to one of them")
            .help(format!("{before}write `{NODE}` for it"));
        if before.is_empty() {
            found = found.edit(run.replace(view.sources, &first.at, NODE));
        }
        diags.report_once(found);
    }
}
