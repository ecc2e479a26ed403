//! Volumes, what instances are started from, the groups that keep them running, and what the stack waits for.

use crate::emit::LateData;
use crate::model::{Ami, Aws, Ebs, Identity, Launch, OnDelete, Volume, VolumeSource, logical_id};
use crate::plan::{Group, Stack};

use super::IMAGES;
use super::access::profile_id;
use super::document::{
    CreationPolicy, Named, Resource, ResourceSignal, RollingUpdate, UpdatePolicy,
};
use super::expression::Value;
use super::network::{NODES, tags};
use super::parameters::{
    HAS_KEY_PAIR, IMAGE, INSTANCE_TYPE, KEY_PAIR, PUBLIC_IP, clients_of, subnet, zone,
};
use super::resources::{
    self, AutoScalingGroup, BlockDevice, BlockDeviceEbs, GroupTag, Kind, LaunchConfiguration,
    LaunchTemplate, LaunchTemplateData, LaunchTemplateVersion, MetadataOptions, NetworkInterface,
    ProfileArn, Tag, TagSpecification,
};
use super::user_data;

/// Where the root disk of every image of the family is.
const ROOT_DEVICE: &str = "/dev/xvda";
/// What the creation of a stack of pinned nodes waits for.
const READY: &str = "Ready";

/// Adds the instances of all groups.
pub(super) fn add(stack: &Stack<'_>, data: &[LateData], resources: &mut Named<Resource>) {
    let mut before: Option<String> = None;
    for group in &stack.groups {
        let first = group.nodes.first().copied().unwrap_or_default();
        let mut depends_on: Vec<String> = Vec::new();
        for volume in &group.kept {
            let id = format!("{}{}Volume", group.id, logical_id(&volume.name.value));
            resources.0.extend(kept(stack, group, volume).map(|one| (id.clone(), one)));
            depends_on.push(id);
        }
        let launch_id = match stack.aws.launch.value {
            Launch::Template => format!("{}Template", group.id),
            Launch::Configuration => format!("{}Configuration", group.id),
        };
        let Some(data) = data.get(first) else { continue };
        resources
            .add(launch_id.as_str(), launch(stack, group, user_data::value(stack, data)).into());
        // One after another: an update that replaces nodes must never have two of them away at once.
        depends_on.extend(before.take());
        let id = format!("{}Group", group.id);
        resources.add(id.as_str(), auto_scaling(stack, group, &launch_id, depends_on));
        before = Some(id);
    }
    if stack.cluster.identity.value == Identity::Pinned {
        resources.add(READY, ready(stack));
    }
}

/// Returns the volume of a node that outlives its instances.
fn kept(stack: &Stack<'_>, group: &Group<'_>, volume: &Volume) -> Option<Resource> {
    let VolumeSource::Ebs(ebs) = &volume.source else { return None };
    let Ebs { device: _, size_gib, volume_type, keep: _, iops, throughput } = ebs;
    let zone_id = group.zones.first().and_then(|index| stack.zones.get(*index))?;
    let node = stack.name_of(group);
    let mut tags = tags(stack, format!("{node} {}", volume.name.value));
    tags.push(Tag { key: "cfgbuild:node", value: node });
    tags.push(Tag { key: "cfgbuild:volume", value: volume.name.value.clone() });
    let made = resources::Volume {
        availability_zone: Value::Ref(zone(&zone_id.id)),
        size: size_gib.value,
        volume_type: volume_type.value.clone(),
        iops: iops.as_ref().map(|iops| iops.value),
        throughput: throughput.as_ref().map(|throughput| throughput.value),
        encrypted: true,
        kms_key_id: kms_key(stack.aws),
        tags,
    };
    let fate = match stack.aws.on_delete.value {
        OnDelete::Retain => "Retain",
        OnDelete::Snapshot => "Snapshot",
    };
    Some(Resource {
        deletion_policy: Some(fate),
        update_replace_policy: Some(fate),
        ..Kind::Volume(made).into()
    })
}

fn kms_key(aws: &Aws) -> Option<String> {
    aws.kms_key.as_ref().map(|key| key.value.clone())
}

fn launch(stack: &Stack<'_>, group: &Group<'_>, user_data: Value) -> Kind {
    let image_id = match &stack.aws.ami.value {
        Ami::Parameter(_) | Ami::Id(_) => Value::reference(IMAGE),
        Ami::Regions(_) => Value::ByRegion(IMAGES, "ImageId"),
    };
    let instance_type = Value::reference(INSTANCE_TYPE);
    let key_name =
        Value::If(HAS_KEY_PAIR, Box::new(Value::reference(KEY_PAIR)), Box::new(Value::Nothing));
    let metadata_options = MetadataOptions {
        http_endpoint: "enabled",
        http_tokens: "required",
        http_put_response_hop_limit: stack.hop_limit,
    };
    let peers = stack.peers.iter().map(|peer| Value::Ref(clients_of(&peer.id)));
    let groups: Vec<Value> =
        [Value::attribute(NODES, "GroupId")].into_iter().chain(peers).collect();
    let block_device_mappings = devices(stack.aws, group);
    match stack.aws.launch.value {
        Launch::Template => Kind::LaunchTemplate(LaunchTemplate {
            launch_template_data: LaunchTemplateData {
                image_id,
                instance_type,
                key_name,
                iam_instance_profile: ProfileArn { arn: Value::GetAtt(profile_id(group), "Arn") },
                metadata_options,
                network_interfaces: vec![NetworkInterface {
                    device_index: 0,
                    associate_public_ip_address: Value::reference(PUBLIC_IP),
                    delete_on_termination: true,
                    groups,
                }],
                block_device_mappings,
                tag_specifications: vec![TagSpecification {
                    resource_type: "volume",
                    tags: tags(stack, stack.name_of(group)),
                }],
                user_data,
            },
        }),
        Launch::Configuration => Kind::LaunchConfiguration(LaunchConfiguration {
            image_id,
            instance_type,
            key_name,
            iam_instance_profile: Value::Ref(profile_id(group)),
            metadata_options,
            security_groups: groups,
            associate_public_ip_address: Value::reference(PUBLIC_IP),
            block_device_mappings,
            user_data,
        }),
    }
}

/// Returns the root disk and the volumes that come and go with an instance.
fn devices(aws: &Aws, group: &Group<'_>) -> Vec<BlockDevice> {
    let root = BlockDevice {
        device_name: ROOT_DEVICE.to_owned(),
        ebs: BlockDeviceEbs {
            volume_size: aws.root_gib.value,
            volume_type: "gp3".to_owned(),
            iops: None,
            throughput: None,
            encrypted: true,
            kms_key_id: kms_key(aws),
            delete_on_termination: true,
        },
    };
    let fleeting = group.fleeting.iter().filter_map(|volume| {
        let VolumeSource::Ebs(ebs) = &volume.source else { return None };
        let Ebs { device, size_gib, volume_type, keep: _, iops, throughput } = ebs;
        Some(BlockDevice {
            device_name: device.value.clone(),
            ebs: BlockDeviceEbs {
                volume_size: size_gib.value,
                volume_type: volume_type.value.clone(),
                iops: iops.as_ref().map(|iops| iops.value),
                throughput: throughput.as_ref().map(|throughput| throughput.value),
                ..root.ebs.clone()
            },
        })
    });
    [root.clone()].into_iter().chain(fleeting).collect()
}

fn auto_scaling(
    stack: &Stack<'_>,
    group: &Group<'_>,
    launch_id: &str,
    depends_on: Vec<String>,
) -> Resource {
    let size = group.nodes.len();
    let pinned = stack.cluster.identity.value == Identity::Pinned;
    let name = stack.name_of(group);
    let mut tags = tags(stack, name.clone());
    if pinned {
        tags.push(Tag { key: "cfgbuild:node", value: name });
    }
    let (template, configuration) = match stack.aws.launch.value {
        Launch::Template => (
            Some(LaunchTemplateVersion {
                launch_template_id: Value::reference(launch_id),
                version: Value::attribute(launch_id, "LatestVersionNumber"),
            }),
            None,
        ),
        Launch::Configuration => (None, Some(Value::reference(launch_id))),
    };
    let zones = group.zones.iter().filter_map(|index| stack.zones.get(*index));
    let made = AutoScalingGroup {
        min_size: size.to_string(),
        max_size: size.to_string(),
        subnets: zones.map(|zone| Value::Ref(subnet(&zone.id))).collect(),
        launch_template: template,
        launch_configuration_name: configuration,
        tags: tags.into_iter().map(|tag| GroupTag { tag, propagate_at_launch: true }).collect(),
    };
    Resource {
        depends_on,
        // Pinned nodes need each other to become healthy: the stack waits for all of them at its end.
        creation_policy: (!pinned).then(|| signals(stack, size)),
        update_policy: Some(UpdatePolicy {
            auto_scaling_rolling_update: RollingUpdate {
                min_instances_in_service: size.saturating_sub(1),
                max_batch_size: 1,
                pause_time: duration(stack.aws.patience.value),
                wait_on_resource_signals: true,
                suspend_processes: vec![
                    "HealthCheck",
                    "ReplaceUnhealthy",
                    "AZRebalance",
                    "AlarmNotification",
                    "ScheduledActions",
                ],
            },
        }),
        ..Kind::AutoScalingGroup(made).into()
    }
}

/// Returns what the stack's creation waits for: a signal of every node.
fn ready(stack: &Stack<'_>) -> Resource {
    Resource {
        // It depends on nothing: a node may be healthy before the last group is there, and its signal must not be lost.
        creation_policy: Some(signals(stack, stack.groups.len())),
        ..Kind::WaitCondition {}.into()
    }
}

fn signals(stack: &Stack<'_>, count: usize) -> CreationPolicy {
    let timeout = duration(stack.aws.patience.value);
    CreationPolicy { resource_signal: ResourceSignal { count, timeout } }
}

/// Returns seconds as ISO 8601 has them.
fn duration(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (minutes, 0) => format!("PT{minutes}M"),
        (0, seconds) => format!("PT{seconds}S"),
        (minutes, seconds) => format!("PT{minutes}M{seconds}S"),
    }
}
