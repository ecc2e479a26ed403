//! What a compiled role consists of, for its manifest.

use crate::Build;
use crate::model::{Identity, VolumeSource};
use crate::output::Known;
use crate::output::described::{Described, Kept, Listener, Node, Service, Topic, Volume};
use crate::service::Instance;

/// Describes a role; `known` tells what is secret.
pub(super) fn described(build: &Build, known: &Known) -> Described {
    let role = &build.role;
    let node = |node: &crate::model::Node| Node {
        name: node.name.value.clone(),
        id: node.id.value,
        zone: node.zone.as_ref().map(|zone| zone.value.clone()),
        address: node.address.as_ref().map(|address| address.value.clone()),
        leaving: node.leaving.is_some(),
    };
    let volume = |volume: &crate::model::Volume| {
        let (source, gib) = match &volume.source {
            VolumeSource::Device(_) => ("device", None),
            VolumeSource::Ebs(ebs) => ("ebs", Some(ebs.size_gib.value)),
            VolumeSource::InstanceStore(_) => ("instance-store", None),
        };
        Volume {
            name: volume.name.value.clone(),
            mount: volume.mount.value.clone(),
            label: volume.label.value.clone(),
            filesystem: volume.filesystem.value.word().to_owned(),
            source: source.to_owned(),
            gib,
        }
    };
    Described {
        cluster: role.cluster.value.clone(),
        identity: match role.identity.value {
            Identity::Pinned => "pinned",
            Identity::Shared => "shared",
        }
        .to_owned(),
        nodes: role.nodes.iter().map(node).collect(),
        volumes: role.volumes.iter().map(volume).collect(),
        services: build.services.all.iter().map(|one| service(build, one, known)).collect(),
    }
}

fn service(build: &Build, one: &Instance, known: &Known) -> Service {
    let declared = &one.declared;
    let runs = &declared.runs;
    let founder = runs.birth.and_then(|id| build.role.nodes.iter().find(|it| it.id.value == id));
    Service {
        name: one.name.value.clone(),
        kind: one.kind.word.to_owned(),
        image: runs.image.clone(),
        version: runs.version.map(|(major, minor)| format!("{major}.{minor}")),
        feature_level: runs.feature_level.map(|(major, minor)| format!("{major}.{minor}")),
        voters: declared.quorum.as_ref().map(|quorum| quorum.voters.clone()).unwrap_or_default(),
        listed: declared.quorum.as_ref().is_some_and(|quorum| quorum.listed),
        birth: founder.map(|node| node.name.value.clone()),
        keeps: declared
            .volumes
            .iter()
            .map(|it| Kept {
                path: it.path.clone(),
                volume: it.volume.as_ref().map(|volume| volume.value.clone()),
            })
            .collect(),
        listeners: one
            .listeners()
            .map(|it| Listener {
                name: it.name.clone(),
                port: it.port.value,
                audience: it.audience.to_string().split(", ").map(str::to_owned).collect(),
                nodes: it.nodes.clone(),
            })
            .collect(),
        topics: declared
            .topics
            .iter()
            .map(|it| Topic {
                name: it.name.clone(),
                partitions: it.partitions,
                replication_factor: it.replication_factor,
                config: it
                    .config
                    .iter()
                    .filter(|(_, value)| !known.is_in(value.as_bytes()))
                    .map(|(name, value)| (name.clone(), value.clone()))
                    .collect(),
            })
            .collect(),
    }
}
