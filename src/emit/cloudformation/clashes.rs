//! Names of a profile that come to the same logical id: ids are letters and digits, and parameters, conditions,
//! mappings and resources share them.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::plan::{Asked, Plan};
use crate::source::Span;

use super::document::Template;
use super::ids;

/// What an id comes from.
struct Origin {
    id: String,
    span: Span,
    /// What it is called in the profile, as "node `a`".
    what: String,
}

/// Reports each two names of the profile that come to the same id, once, and each that comes to one of the template's
/// own.
pub(super) fn report(plan: &Plan<'_>, template: &Template, diags: &mut Diagnostics) {
    let mut written: BTreeMap<&str, usize> = BTreeMap::new();
    let parameters = template.parameters.0.iter().map(|(id, _)| id);
    let mappings = template.mappings.0.iter().map(|(id, _)| id);
    let conditions = template.conditions.0.iter().map(|(id, _)| id);
    let resources = template.resources.0.iter().map(|(id, _)| id);
    for id in parameters.chain(mappings).chain(conditions).chain(resources) {
        *written.entry(id).or_default() += 1;
    }
    let origins = origins(plan);
    let mut by_id: BTreeMap<&str, Vec<&Origin>> = BTreeMap::new();
    for origin in &origins {
        by_id.entry(&origin.id).or_default().push(origin);
    }
    let mut told: Vec<(Span, &str, Span)> = Vec::new();
    for Origin { id, span, what } in &origins {
        let among = by_id.get(id.as_str()).map(Vec::as_slice).unwrap_or_default();
        let Some(first) = among.first() else { continue };
        let is_first = (first.span, &first.what) == (*span, what);
        if is_first && written.get(id.as_str()).is_some_and(|count| *count > among.len()) {
            let title = format!(
                "{what} would be `{id}` in the template, and so is a part of every template"
            );
            diags.report(
                Diagnostic::error("logical-id-clash", *span, title, "already taken")
                    .help("rename it: logical ids are letters and digits only"),
            );
        }
        // one name gives several ids: they clash together
        if is_first
            || told.iter().any(|(at, it, other)| (*at, *it, *other) == (*span, what, first.span))
        {
            continue;
        }
        told.push((*span, what, first.span));
        let title = format!("{} and {what} would both be `{id}` in the template", first.what);
        diags.report(
            Diagnostic::error("logical-id-clash", *span, title, "already taken")
                .related(first.span, format!("taken by {}", first.what))
                .help("rename one: logical ids are letters and digits only"),
        );
    }
}

/// Returns every id that a name of the profile is in, in the order of the template.
fn origins(plan: &Plan<'_>) -> Vec<Origin> {
    let mut found = Vec::new();
    let mut add = |id: String, span: Span, what: String| found.push(Origin { id, span, what });
    for (index, zone) in plan.zones.iter().enumerate() {
        let what = || format!("zone `{}`", zone.name.unwrap_or_default());
        add(ids::parameter(plan, Asked::Subnet(index)), zone.span, what());
        if plan.keeps_disks() {
            add(ids::parameter(plan, Asked::ZoneName(index)), zone.span, what());
        }
    }
    for (index, peer) in plan.peers.iter().enumerate() {
        let id = ids::parameter(plan, Asked::ClientsOf(index));
        add(id, peer.span, format!("role `{}`", peer.role));
    }
    for group in &plan.groups {
        let what = format!("node `{}`", group.name);
        for disk in &group.kept {
            let volume = format!("volume `{}` of {what}", disk.name);
            add(ids::volume(group, disk), disk.span, volume);
        }
        for id in [
            ids::role(group),
            ids::profile(group),
            ids::launch(plan, group),
            ids::auto_scaling(group),
        ] {
            add(id, group.span, what.clone());
        }
    }
    found
}
