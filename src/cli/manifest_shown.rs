//! A manifest as people read it: what a role consists of, and what was written for it.

use std::fmt::Write as _;

use crate::output::Manifest;
use crate::output::described::{Described, Service};

/// Returns a manifest as text; `None` for anything else, and for a format that says nothing of the role.
pub(super) fn shown(json: &[u8]) -> Option<String> {
    let manifest = Manifest::parse(json)?;
    let mut out = String::new();
    add(&manifest, &Described::read(json)?, &mut out).expect("writing to a text cannot fail");
    // a terminal gets no more of a file from elsewhere than its text
    Some(out.replace(|c: char| c.is_control() && c != '\n', "·"))
}

fn add(manifest: &Manifest, role: &Described, out: &mut String) -> std::fmt::Result {
    let Manifest { cfgbuild, format, role: name, described: _, inputs, artefacts } = manifest;
    writeln!(out, "{name}: a manifest of cfgbuild {cfgbuild}, format {format}")?;
    writeln!(out, "\ncluster {}, nodes {}", role.cluster, role.identity)?;
    for node in &role.nodes {
        let zone = node.zone.iter().map(|zone| format!(", zone {zone}"));
        let address = node.address.iter().map(|address| format!(", {address}"));
        let more: String = zone.chain(address).collect();
        writeln!(out, "    {} id {}{more}", node.name, node.id)?;
    }
    for one in &role.services {
        service(one, out)?;
    }
    if !role.volumes.is_empty() {
        writeln!(out, "\nvolumes")?;
    }
    for volume in &role.volumes {
        let size = volume.gib.map_or(String::new(), |gib| format!(" of {gib} GiB"));
        writeln!(
            out,
            "    {} {}, {} `{}`, {}{size}",
            volume.name, volume.mount, volume.filesystem, volume.label, volume.source
        )?;
    }
    writeln!(out, "\nfiles, from {} inputs", inputs.len())?;
    for entry in artefacts {
        writeln!(out, "    {} {}, {} bytes", entry.path, entry.mode, entry.bytes)?;
    }
    Ok(())
}

fn service(one: &Service, out: &mut String) -> std::fmt::Result {
    let version = one.version.as_ref().map_or(String::new(), |version| format!(" {version}"));
    let level = one.feature_level.as_ref();
    let level = level.map_or(String::new(), |level| format!(", feature level {level}"));
    writeln!(out, "\n{}: {}{version}{level}, {}", one.name, one.kind, one.image)?;
    if !one.voters.is_empty() {
        let birth = one.birth.as_ref();
        let birth = birth.map_or(String::new(), |node| format!("; {node} founds the cluster"));
        writeln!(out, "    voters {}{birth}", one.voters.join(", "))?;
    }
    for kept in &one.keeps {
        let on = kept.volume.as_ref();
        let on = on.map_or("the root disk".to_owned(), |volume| format!("volume {volume}"));
        writeln!(out, "    keeps {} on {on}", kept.path)?;
    }
    for listener in &one.listeners {
        let nodes = listener.nodes.as_ref();
        let nodes = nodes.map_or(String::new(), |nodes| format!(", on {}", nodes.join(", ")));
        let audience = listener.audience.join(", ");
        writeln!(out, "    listens on {} {} for {audience}{nodes}", listener.port, listener.name)?;
    }
    for topic in &one.topics {
        let config = topic.config.iter().map(|(name, value)| format!(", {name}={value}"));
        let config: String = config.collect();
        let (name, partitions, copies) = (&topic.name, topic.partitions, topic.replication_factor);
        writeln!(
            out,
            "    topic {name}: partitions {partitions}, replication factor {copies}{config}"
        )?;
    }
    Ok(())
}
