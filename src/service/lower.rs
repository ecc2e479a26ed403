//! The sections of services, read and brought together: each with what became of its needs.

use std::collections::BTreeMap;

use super::KINDS;
use super::container::{ENV, SECRETS};
use super::declared::{Answer, Declared, Met, Need, Offer, Origin, Setting};
use super::kind::Kind;
use super::services::{Instance, Services};
use super::written::Written;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::profile::{self, Peer, Value, ValueKind, read};
use crate::source::Spanned;

/// Reads the services of a role; what cannot be read has been reported and is left out.
pub fn lower(
    sections: &[profile::Instance],
    peers: &BTreeMap<String, Peer>,
    role: &Role,
    diags: &mut Diagnostics,
) -> Services {
    let here: Vec<Offer> = sections
        .iter()
        .filter_map(|section| {
            let nodes = role.nodes.iter();
            let nodes = nodes.filter_map(|node| Some((node.id.value, node.address.clone()?)));
            offer(section, &role.cluster.value, nodes.collect())
        })
        .collect();
    let mut all = Vec::new();
    for section in sections {
        let Some(kind) = kind(section.kind) else { continue };
        let profile::Instance { name, path, section, .. } = section;
        let written = Written { name, path, value: section, role };
        let Some(service) = (kind.lower)(&written, diags) else { continue };
        let answers = service.needs().into_iter().map(|need| answer(&need, &here, peers, diags));
        let met = Met { answers: answers.collect(), here: here.clone() };
        let declared: Declared = service.declared(role, &met);
        all.push(Instance {
            name: name.clone(),
            kind,
            path: path.clone(),
            span: section.span,
            settings: settings(path, section),
            met,
            declared,
            service,
        });
    }
    // those that others stand on start first
    all.sort_by_key(|one: &Instance| KINDS.iter().position(|kind| kind.word == one.kind.word));
    Services { all }
}

fn kind(word: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.word == word)
}

/// Returns what others may refer to, on nodes with these ids and addresses.
fn offer(
    section: &profile::Instance,
    cluster: &str,
    nodes: Vec<(u32, Spanned<String>)>,
) -> Option<Offer> {
    let kind = kind(section.kind)?;
    let span = section.section.get(kind.clients)?.span;
    let port = Spanned::new(section.port(kind.clients)?, span);
    let plain = |(id, address): &(u32, Spanned<String>)| (*id, address.value.clone());
    let known = nodes.iter().map(plain).collect();
    let server =
        |(_, address): (u32, Spanned<String>)| address.map(|host| format!("{host}:{}", port.value));
    Some(Offer {
        kind: kind.word,
        instance: section.name.value.clone(),
        servers: nodes.into_iter().map(server).collect(),
        port,
        cluster: cluster.to_owned(),
        nodes: known,
        section: section.section.clone(),
    })
}

fn answer(
    need: &Need,
    here: &[Offer],
    peers: &BTreeMap<String, Peer>,
    diags: &mut Diagnostics,
) -> Answer {
    let role = match &need.from {
        Origin::Here => {
            let found = here.iter().find(|offer| offer.kind == need.kind);
            return found.map_or(Answer::Missing, |offer| Answer::Offer(Box::new(offer.clone())));
        }
        Origin::Role(role) => role,
    };
    // a role that is not there has been reported
    let Some(peer) = peers.get(&role.value) else { return Answer::Reported };
    let Some(section) = peer.instances.iter().find(|one| one.kind == need.kind) else {
        return Answer::Missing;
    };
    let Some(addresses) = addresses(role, peer, diags) else { return Answer::Reported };
    let Some(offer) = offer(section, &peer.cluster, addresses) else {
        let (path, role_name) = (&section.path, &role.value);
        let title = format!("`{path}` of role `{role_name}` says no port that clients could use");
        diags.report(
            Diagnostic::error("wrong-type", role.span, title, "cannot be connected to")
                .related(section.name.span, "this service")
                .help(format!("run `cfgbuild check {role_name}`: it says what is wrong there")),
        );
        return Answer::Reported;
    };
    Answer::Offer(Box::new(offer))
}

/// Returns the addresses of another role's nodes, or reports the first that has none.
fn addresses(
    role: &Spanned<String>,
    peer: &Peer,
    diags: &mut Diagnostics,
) -> Option<Vec<(u32, Spanned<String>)>> {
    let mut found = Vec::new();
    for node in &peer.nodes {
        let Some(address) = &node.address else {
            let title =
                format!("node `{}` of role `{}` has no address", node.name.value, role.value);
            diags.report(
                Diagnostic::error(
                    "node-without-address",
                    role.span,
                    title,
                    "its nodes are needed here",
                )
                .related(node.name.span, "this node")
                .help("set `cluster.domain` there, or an `address` for each node"),
            );
            return None;
        };
        found.push((node.id.value, Spanned::new(address.value.clone(), role.span)));
    }
    Some(found)
}

/// What the name of a text in a section is a word of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Our own: a key.
    Key,
    /// The service's: what stands below `config`.
    Language,
    /// Its container's environment.
    Variable,
    /// A file of its container.
    File,
}

/// Returns every text in a section, with its key.
fn settings(path: &str, section: &Value) -> Vec<Setting> {
    let mut found = Vec::new();
    let mut open = vec![(path.to_owned(), String::new(), section.span, Whose::Key, section)];
    while let Some((key, name, span, whose, value)) = open.pop() {
        match &value.kind {
            ValueKind::Null => {}
            ValueKind::Scalar(_) => {
                let Some(value) = read::host_text(value) else { continue };
                let free = matches!(whose, Whose::Language | Whose::Variable);
                let fetched = matches!(whose, Whose::Variable | Whose::File);
                found.push(Setting { key, name, value, span, free, fetched });
            }
            ValueKind::List(items) => {
                open.extend(items.iter().enumerate().map(|(index, item)| {
                    (format!("{key}[{index}]"), name.clone(), item.span, whose, item)
                }));
            }
            ValueKind::Map(entries) => {
                let whose = match &*name {
                    "config" => Whose::Language,
                    name if name == ENV.name => Whose::Variable,
                    name if name == SECRETS.name => Whose::File,
                    _ => whose,
                };
                open.extend(entries.iter().map(|(name, value)| {
                    (format!("{key}.{}", name.value), name.value.clone(), value.span, whose, value)
                }));
            }
        }
    }
    found.sort_by_key(|setting| setting.span);
    found
}
