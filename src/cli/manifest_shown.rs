//! A manifest as people read it: what a role consists of, and what was written for it.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::output::Manifest;
use crate::output::described::{Described, Service};

/// Returns a manifest as text; `None` for anything else. Fails where a manifest does not describe its role.
pub(super) fn shown(name: &str, json: &[u8]) -> anyhow::Result<Option<String>> {
    let Ok(mut tree) = serde_json::from_slice::<Value>(json) else { return Ok(None) };
    if !["cfgbuild", "artefacts", "role"].iter().all(|key| tree.get(key).is_some()) {
        return Ok(None);
    }
    clean(&mut tree);
    let failed = || format!("`{name}` is a manifest, and does not describe its role");
    let described = serde_json::from_value::<Described>(tree.clone()).with_context(failed)?;
    let manifest = serde_json::from_value::<Manifest>(tree).with_context(failed)?;
    if !manifest.is_known() {
        bail!("`{name}` is a manifest of format {}: a newer cfgbuild wrote it", manifest.format);
    }
    let mut out = String::new();
    add(&manifest, &described, &mut out).expect("writing to a text cannot fail");
    Ok(Some(out))
}

/// Puts a dot for whatever a terminal would obey, or show as a line of its own.
fn clean(tree: &mut Value) {
    match tree {
        Value::String(text) => {
            let directs = |c: char| c.is_control() || ('\u{200e}'..='\u{202e}').contains(&c);
            *text =
                text.replace(|c: char| directs(c) || ('\u{2066}'..='\u{2069}').contains(&c), "·");
        }
        Value::Array(items) => items.iter_mut().for_each(clean),
        Value::Object(entries) => entries.values_mut().for_each(clean),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
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
