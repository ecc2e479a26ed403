//! The only way in: a resolved profile → the cluster.
//!
//! Turns checked values into types and reports what a schema cannot say: references between sections, keys that must
//! be there, keys that exclude each other.

mod accounts;
mod containers;
mod devices;
mod host;
pub mod keys;
mod packer;
mod registry;
mod volumes;

pub use host::CONTENTS;

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv4Addr;

use crate::diagnostic::{Diagnostic, Diagnostics, Reported, nearest, suggestion};
use crate::model::{
    Format, HostNames, Identity, IgnitionVersion, Node, Os, Platform, Role, Target,
};
use crate::os;
use crate::platform::{self, Written};
use crate::profile::{NodeFacts, Resolved, Value, ValueKind, read, scalar};
use crate::service::{self, Services};
use crate::source::{Edit, Spanned};

/// Sections that are read for themselves: what is wrong in them changes nothing of what others mean.
const APART: [&str; 10] = [
    "allow",
    "description",
    "directories",
    "groups",
    "kernel_arguments",
    "links",
    "packer",
    "registry",
    "sysctl",
    "users",
];

/// Lowers a resolved profile to its role, and to the services of that.
///
/// Of a role that is refused already, what is wrong in the sections that are right so far is reported, where it
/// does not hang on a section that is missing.
pub fn lower(
    role: &Spanned<String>,
    resolved: &Resolved,
    diags: &mut Diagnostics,
) -> Result<(Role, Services), Reported> {
    let tree = &resolved.tree;
    let nothing = Value { span: role.span, kind: ValueKind::Map(Vec::new()) };
    let section = |key: &str| tree.get(key).unwrap_or(&nothing);
    let about = section("cluster");
    let mut nodes: Vec<Node> =
        resolved.nodes.iter().enumerate().map(|(position, facts)| node(position, facts)).collect();
    leaving(&read::texts_at(about, "leaving"), &mut nodes, diags);
    names(&nodes, diags);
    duplicates(&nodes, diags);
    let target = target(section("target"), diags);
    let is_apart = |section: &String| APART.contains(&section.as_str());
    let is_whole = resolved.faulty.iter().all(is_apart);
    let volumes = if resolved.faulty.contains("target") {
        Vec::new()
    } else {
        volumes::volumes(tree, platform::of(target.platform.value), diags)
    };
    let (kernel_arguments, kernel_arguments_absent) =
        host::kernel_arguments(section("kernel_arguments"), diags);
    let identity = read::word_at(
        about,
        "identity",
        &[("pinned", Identity::Pinned), ("shared", Identity::Shared)],
    )
    .unwrap_or_else(|| Spanned::new(Identity::Pinned, about.span));
    let written = Written { tree, target: &target, identity: &identity, volumes: &volumes };
    let aws =
        is_whole.then(|| (platform::of(target.platform.value).lower)(&written, diags)).flatten();
    let lowered = Role {
        name: role.value.clone(),
        description: read::text_at(tree, "description").map_or(String::new(), |text| text.value),
        cluster: read::text_at(about, "name").unwrap_or_else(|| role.clone()),
        aws,
        identity,
        domain: read::text_at(about, "domain"),
        target,
        hosts: hosts(resolved),
        nodes,
        registry: registry::registry(tree, diags),
        volumes,
        containers: containers::containers(tree, diags),
        units: host::units(tree, diags),
        files: host::files(tree, resolved.nodes.len(), diags),
        directories: host::directories(tree),
        links: host::links(tree, diags),
        users: accounts::users(tree, diags),
        groups: accounts::groups(tree),
        sysctl: host::sysctl(tree),
        kernel_arguments,
        kernel_arguments_absent,
        updates: host::updates(tree, diags),
        storage: host::storage(tree, diags),
        provisioners: packer::provisioners(tree, diags),
        allow: read::entries_at(tree, "allow")
            .filter_map(|(code, reason)| Some((code.clone(), read::text(reason)?)))
            .collect(),
    };
    let sections = if is_whole { &*resolved.instances } else { &[] };
    let services = service::lower(sections, &resolved.peers, &lowered, diags);
    diags.stop()?;
    Ok((lowered, services))
}

fn node(position: usize, facts: &NodeFacts) -> Node {
    let NodeFacts { name, id, zone, address, ip } = facts.clone();
    let index = u32::try_from(position + 1).unwrap_or(u32::MAX);
    Node { index, name, id, zone, address, ip, leaving: None }
}

/// Marks the nodes that are about to go, and reports names that are none's.
fn leaving(said: &[Spanned<String>], nodes: &mut [Node], diags: &mut Diagnostics) {
    for name in said {
        if let Some(node) = nodes.iter_mut().find(|node| node.name.value == name.value) {
            node.leaving = Some(name.span);
            continue;
        }
        let known = || nodes.iter().map(|node| node.name.value.as_str());
        let title = format!("`cluster.leaving` names `{}`, and there is no such node", name.value);
        let mut found =
            Diagnostic::error("leaving-unknown", name.span, title, "no node of this role").help(
                format!(
                    "{}; a node that has gone is named no more",
                    suggestion(&name.value, known())
                ),
            );
        found
            .edits
            .extend(nearest(&name.value, known()).map(|meant| Edit::write(name.span, meant)));
        found.choice = true;
        diags.report(found);
    }
}

/// Returns where names lead, those of the role's own nodes first.
fn hosts(resolved: &Resolved) -> Vec<HostNames> {
    let peers = resolved.peers.values().flat_map(|peer| &peer.nodes);
    let mut known: BTreeSet<&str> = BTreeSet::new();
    let mut found = Vec::new();
    for node in resolved.nodes.iter().chain(peers) {
        let Some(ip) = &node.ip else { continue };
        let address = node.address.iter().map(|address| address.value.as_str());
        let others = address.filter(|address| address.parse::<Ipv4Addr>().is_err());
        // a name leads to one place: what is said first counts
        let names = others.chain([node.name.value.as_str()]).filter(|name| known.insert(name));
        let names: Vec<String> = names.map(str::to_owned).collect();
        if !names.is_empty() {
            found.push(HostNames { ip: ip.value.clone(), names });
        }
    }
    found
}

/// Reports the first node whose name no host can have: letters, digits and inner dashes, and DNS takes 63 bytes between
/// dots, Linux 64 in all.
fn names(nodes: &[Node], diags: &mut Diagnostics) {
    let is_short = |name: &str| name.len() <= 64 && name.split('.').all(|label| label.len() <= 63);
    let is_name = |name: &str| scalar::is_host(name) && name != "localhost";
    if let Some(node) = nodes.iter().find(|node| !is_short(&node.name.value)) {
        let name = &node.name.value;
        let title = format!("the name of node `{name}` has {} bytes, a host takes 63", name.len());
        diags.report(
            Diagnostic::error("wrong-name", node.name.span, title, "cannot be the name of a host")
                .help("give the node a shorter name; counted nodes are named after `cluster.name`, or after the role"),
        );
    } else if let Some(node) = nodes.iter().find(|node| !is_name(&node.name.value)) {
        let title = format!("a host cannot be called `{}`", node.name.value);
        diags.report(
            Diagnostic::error("wrong-name", node.name.span, title, "cannot be the name of a host").help(
                "use letters, digits and inner dashes; counted nodes are named after `cluster.name`, or after the role",
            ),
        );
    }
}

/// Reports ids and addresses that two nodes share.
fn duplicates(nodes: &[Node], diags: &mut Diagnostics) {
    let mut ids = BTreeMap::new();
    let mut addresses = BTreeMap::new();
    let mut ips = BTreeMap::new();
    for node in nodes {
        let name = &node.name.value;
        if let Some((other, span)) = ids.insert(node.id.value, (name, node.id.span)) {
            let title = format!("nodes `{other}` and `{name}` have the same id {}", node.id.value);
            diags.report(
                Diagnostic::error("duplicate-node-id", node.id.span, title, "already taken")
                    .related(span, format!("taken by `{other}` here"))
                    .help(format!("give `{name}` an id of its own")),
            );
        }
        if let Some(ip) = &node.ip
            && let Some((other, span)) = ips.insert(ip.value.as_str(), (name, ip.span))
        {
            let title = format!("nodes `{other}` and `{name}` have the same `ip` {}", ip.value);
            diags.report(
                Diagnostic::error("duplicate-node-address", ip.span, title, "already taken")
                    .related(span, format!("taken by `{other}` here"))
                    .help(format!("give `{name}` an `ip` of its own")),
            );
        }
        let Some(address) = &node.address else { continue };
        // names of hosts are the same in any case of letters
        let key = address.value.to_ascii_lowercase();
        if let Some((other, span)) = addresses.insert(key, (name, address.span)) {
            let title =
                format!("nodes `{other}` and `{name}` have the same address {}", address.value);
            diags.report(
                Diagnostic::error("duplicate-node-address", address.span, title, "already taken")
                    .related(span, format!("taken by `{other}` here"))
                    .help(format!("give `{name}` an address of its own")),
            );
        }
    }
}

fn target(section: &Value, diags: &mut Diagnostics) -> Target {
    let os = read::word_at(section, "os", &Os::ALL)
        .unwrap_or_else(|| Spanned::new(os::DEFAULT, section.span));
    let system = os::table(os.value);
    let reads = system.formats;
    let written: Vec<Spanned<Format>> = section
        .get("formats")
        .map(Value::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|item| {
            let (_, format) = Format::ALL.iter().find(|(word, _)| item.text() == Some(word))?;
            Some(Spanned::new(*format, item.span))
        })
        .collect();
    for format in written.iter().filter(|format| !reads.contains(&format.value)) {
        let title = format!("{} does not read {}", os.value, format.value);
        let words: Vec<String> = reads.iter().map(ToString::to_string).collect();
        diags.report(
            Diagnostic::error("format-not-read", format.span, title, system.reads_no_other)
                .related(os.span, "the system is set here")
                .help(format!("keep only: {}", words.join(", ")))
                .edit(Edit::set(["target", "formats"], format!("[{}]", words.join(", ")))),
        );
    }
    let formats = match section.get("formats") {
        Some(list) => {
            Spanned::new(written.into_iter().map(|format| format.value).collect(), list.span)
        }
        None => Spanned::new(reads.to_vec(), os.span),
    };
    Target {
        os,
        platform: read::word_at(section, "platform", &Platform::ALL)
            .unwrap_or_else(|| Spanned::new(platform::DEFAULT, section.span)),
        ignition: read::word_at(section, "ignition", &IgnitionVersion::ALL)
            .unwrap_or_else(|| Spanned::new(IgnitionVersion::V3_4, section.span)),
        formats,
    }
}
