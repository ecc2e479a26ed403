//! What only one of all services of a workspace may have, and which role has it.
//!
//! Roles are compiled by themselves. Before that each says what it claims; a role then meets the claims of the others,
//! each with its place, as if it had read their profiles.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::claim::{Claim, NODE_ID, Taken, UPDATE_WINDOW};
use super::services::Services;
use crate::model::{Reboots, Role, Window};
use crate::os::Slot;
use crate::source::{Origin, Sources, Span};

/// Who claims something.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Holder {
    role: String,
    path: String,
    cluster: Option<String>,
    file: String,
    origin: Origin,
    text: Arc<str>,
    range: Range<usize>,
}

/// Everything that roles of a workspace claim.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    held: BTreeMap<(&'static str, String), Vec<Holder>>,
    parents: BTreeMap<String, Vec<String>>,
}

/// Returns the name under which roles form one cluster: where a domain is the same too, they are in one network.
fn cluster(role: &Role) -> Option<String> {
    role.domain.as_ref().map(|domain| format!("`{}` in {}", role.cluster.value, domain.value))
}

/// Returns what a role claims, with the service that does.
fn of<'a>(role: &Role, services: &'a Services) -> Vec<(&'a str, Claim)> {
    let own = cluster(role).into_iter().flat_map(|cluster| {
        role.nodes.iter().map(move |node| {
            let what = format!("{} of {cluster}", node.id.value);
            ("", Claim { code: NODE_ID, what, span: node.id.span })
        })
    });
    let theirs = services.all.iter().flat_map(|one| {
        one.declared.claims.iter().map(move |claim| (one.path.as_str(), claim.clone()))
    });
    own.chain(windows(role)).chain(theirs).collect()
}

/// Returns each minute of a week in which a node may reboot.
fn windows<'a>(role: &Role) -> impl Iterator<Item = (&'a str, Claim)> {
    let said = role.updates.as_ref().and_then(|updates| match &updates.strategy.value {
        Reboots::Windows(window) => Some((*window, updates.strategy.span)),
        Reboots::Off | Reboots::Lock { .. } => None,
    });
    // more nodes than a week has room for are refused
    let fits =
        |window: &Window| role.nodes.len() as u64 <= Slot::room(u64::from(window.length_minutes));
    said.into_iter().filter(move |(window, _)| fits(window)).flat_map(|(window, span)| {
        let slots = (0..role.nodes.len()).map(move |position| Slot::of(position, window));
        let code = UPDATE_WINDOW;
        slots
            .flat_map(Slot::minutes)
            .map(move |minute| ("", Claim { code, what: minute.to_string(), span }))
    })
}

impl Claims {
    /// Adds what a role claims; `parents` are the profiles that it extends.
    pub fn add(&mut self, role: &Role, parents: &[String], services: &Services, sources: &Sources) {
        self.parents.insert(role.name.clone(), parents.to_vec());
        let mut texts: BTreeMap<_, Arc<str>> = BTreeMap::new();
        for (path, Claim { code, what, span }) in of(role, services) {
            // what no file says is no claim that could be mended
            let origin = sources.origin(span.file);
            if !matches!(origin, Origin::Workspace | Origin::Shipped) {
                continue;
            }
            let text = texts.entry(span.file).or_insert_with(|| sources.text(span.file).into());
            self.held.entry((code, what)).or_default().push(Holder {
                role: role.name.clone(),
                path: path.to_owned(),
                cluster: cluster(role),
                file: sources.name(span.file).to_owned(),
                origin,
                text: Arc::clone(text),
                range: span.start as usize..span.end as usize,
            });
        }
    }

    /// Adds what other roles claim.
    pub fn extend(&mut self, other: Self) {
        for (claim, holders) in other.held {
            self.held.entry(claim).or_default().extend(holders);
        }
        self.parents.extend(other.parents);
    }

    /// Returns what a role claims and others claim too: of each other service the first.
    pub fn taken(&self, role: &Role, services: &Services, sources: &mut Sources) -> Vec<Taken> {
        let (mut found, mut told) = (Vec::new(), BTreeSet::new());
        for (path, Claim { code, what, span }) in of(role, services) {
            let claim = (code, what);
            for holder in self.held.get(&claim).into_iter().flatten() {
                let is_own = holder.role == role.name && holder.path == path;
                if is_own || !told.insert((code, path, &holder.role, &holder.path)) {
                    continue;
                }
                let file = sources.find(&holder.file).unwrap_or_else(|| {
                    sources.add_from(holder.origin, holder.file.as_str(), &*holder.text)
                });
                found.push(Taken {
                    code,
                    what: claim.1.clone(),
                    path: path.to_owned(),
                    span,
                    role: holder.role.clone(),
                    their_path: holder.path.clone(),
                    there: Span::new(file, holder.range.start, holder.range.end),
                    is_one_cluster: holder.cluster.is_some() && holder.cluster == cluster(role),
                    is_family: self.extends(&role.name, &holder.role)
                        || self.extends(&holder.role, &role.name),
                });
            }
        }
        found
    }

    fn extends(&self, role: &str, parent: &str) -> bool {
        let (mut seen, mut next) = (BTreeSet::new(), vec![role]);
        while let Some(one) = next.pop() {
            for above in self.parents.get(one).into_iter().flatten() {
                if above == parent {
                    return true;
                }
                if seen.insert(above) {
                    next.push(above);
                }
            }
        }
        false
    }
}
