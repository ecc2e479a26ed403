//! Volumes, what instances are started from, the groups that keep them running, and what the stack waits for.

use crate::emit::filled::LateData;
use crate::model::{Ami, Launch, OnDelete};
use crate::plan::{
    Asked, Disk, FleetingDisk, Group, Instances, KeptDisk, Membership, Plan, Replacement, Wait,
};

use super::document::{CreationPolicy, Resource, ResourceSignal, RollingUpdate, UpdatePolicy};
use super::expression::Value;
use super::ids::{self, HAS_KEY_PAIR, IMAGE, IMAGES, KEY_PAIR, READY};
use super::named::Named;
use super::resources::{
    self, AutoScalingGroup, BlockDevice, BlockDeviceEbs, GroupTag, Kind, LaunchConfiguration,
    LaunchTemplate, LaunchTemplateData, LaunchTemplateVersion, MetadataOptions, NetworkInterface,
    ProfileArn, TagSpecification,
};
use super::user_data;

/// Adds the instances of all groups.
pub(super) fn add(plan: &Plan<'_>, data: &[LateData], resources: &mut Named<Resource>) {
    for group in &plan.groups {
        for disk in &group.kept {
            resources.add(ids::volume(group, disk), kept(plan, disk));
        }
        let Some(data) = data.get(group.user_data_of) else { continue };
        let user_data = user_data::value(plan, data);
        resources.add(ids::launch(plan, group), launch(plan, group, user_data).into());
        resources.add(ids::auto_scaling(group), auto_scaling(plan, group));
    }
    if let Some(wait) = &plan.wait {
        let creation_policy = Some(signals(wait));
        let kind = Kind::WaitCondition {};
        resources.add(READY, Resource { creation_policy, ..kind.into() });
    }
}

/// Returns the volume of a node that outlives its instances.
fn kept(plan: &Plan<'_>, kept: &KeptDisk<'_>) -> Resource {
    let KeptDisk { name: _, span: _, id: _, zone, disk, fate, tags } = kept;
    let Disk { size_gib, volume_type, iops, throughput, encrypted, key } = disk;
    let made = resources::Volume {
        availability_zone: Value::Ref(ids::parameter(plan, Asked::ZoneName(*zone))),
        size: *size_gib,
        volume_type: volume_type.clone(),
        iops: *iops,
        throughput: *throughput,
        encrypted: *encrypted,
        kms_key_id: key.clone(),
        tags: tags.iter().map(Into::into).collect(),
    };
    // what a creation made that failed holds nothing, and would be the twin of what the next try makes
    let (deleted, replaced) = match fate {
        OnDelete::Retain => ("RetainExceptOnCreate", "Retain"),
        OnDelete::Snapshot => ("Snapshot", "Snapshot"),
    };
    Resource {
        deletion_policy: Some(deleted),
        update_replace_policy: Some(replaced),
        ..Kind::Volume(made).into()
    }
}

fn launch(plan: &Plan<'_>, group: &Group<'_>, user_data: Value) -> Kind {
    let Instances {
        launch,
        image,
        instance_type,
        key_pair,
        public_ip,
        hop_limit,
        tokens_required,
        policies: _,
    } = &plan.instances;
    let image_id = match image {
        Ami::Parameter(_) => Value::reference(IMAGE),
        Ami::Id(id) => Value::text(id.as_str()),
        Ami::Regions(_) => Value::ByRegion(IMAGES, "ImageId"),
    };
    let instance_type = (*instance_type).to_owned();
    let key_name = if let Some(name) = key_pair {
        Value::text(*name)
    } else {
        let asked = Box::new(Value::reference(KEY_PAIR));
        Value::If(HAS_KEY_PAIR, asked, Box::new(Value::Nothing))
    };
    let metadata_options = MetadataOptions {
        http_endpoint: "enabled",
        http_tokens: if *tokens_required { "required" } else { "optional" },
        http_put_response_hop_limit: *hop_limit,
    };
    let peers = (0..plan.peers.len())
        .map(|index| Value::Ref(ids::parameter(plan, Asked::ClientsOf(index))));
    let groups: Vec<Value> = [ids::group_id(Membership::Nodes)].into_iter().chain(peers).collect();
    let block_device_mappings = group.fleeting.iter().map(device).collect();
    match launch {
        Launch::Template => Kind::LaunchTemplate(LaunchTemplate {
            launch_template_data: LaunchTemplateData {
                image_id,
                instance_type,
                key_name,
                iam_instance_profile: ProfileArn { arn: Value::GetAtt(ids::profile(group), "Arn") },
                metadata_options,
                network_interfaces: vec![NetworkInterface {
                    device_index: 0,
                    associate_public_ip_address: *public_ip,
                    delete_on_termination: true,
                    groups,
                }],
                block_device_mappings,
                tag_specifications: vec![TagSpecification {
                    resource_type: "volume",
                    tags: group.tags.iter().map(Into::into).collect(),
                }],
                user_data,
            },
        }),
        Launch::Configuration => Kind::LaunchConfiguration(LaunchConfiguration {
            image_id,
            instance_type,
            key_name,
            iam_instance_profile: Value::Ref(ids::profile(group)),
            metadata_options,
            security_groups: groups,
            associate_public_ip_address: *public_ip,
            block_device_mappings,
            user_data,
        }),
    }
}

/// Returns a disk that comes and goes with an instance.
fn device(fleeting: &FleetingDisk) -> BlockDevice {
    let FleetingDisk { device, disk } = fleeting;
    let Disk { size_gib, volume_type, iops, throughput, encrypted, key } = disk;
    BlockDevice {
        device_name: device.clone(),
        ebs: BlockDeviceEbs {
            volume_size: *size_gib,
            volume_type: volume_type.clone(),
            iops: *iops,
            throughput: *throughput,
            encrypted: *encrypted,
            kms_key_id: key.clone(),
            delete_on_termination: true,
        },
    }
}

fn auto_scaling(plan: &Plan<'_>, group: &Group<'_>) -> Resource {
    let launch_id = ids::launch(plan, group);
    let (template, configuration) = match plan.instances.launch {
        Launch::Template => (
            Some(LaunchTemplateVersion {
                launch_template_id: Value::reference(launch_id.as_str()),
                version: Value::attribute(launch_id, "LatestVersionNumber"),
            }),
            None,
        ),
        Launch::Configuration => (None, Some(Value::reference(launch_id))),
    };
    let subnets = group.zones.iter().map(|index| ids::parameter(plan, Asked::Subnet(*index)));
    let tags = group.instance_tags.iter().map(Into::into);
    let made = AutoScalingGroup {
        min_size: group.size.to_string(),
        max_size: group.size.to_string(),
        subnets: subnets.map(Value::Ref).collect(),
        launch_template: template,
        launch_configuration_name: configuration,
        tags: tags.map(|tag| GroupTag { tag, propagate_at_launch: true }).collect(),
    };
    let volumes = group.kept.iter().map(|disk| ids::volume(group, disk));
    let before = group.after.and_then(|before| plan.groups.get(before)).map(ids::auto_scaling);
    Resource {
        depends_on: volumes.chain(before).collect(),
        creation_policy: group.wait.as_ref().map(signals),
        update_policy: group.replacement.as_ref().map(rolling),
        ..Kind::AutoScalingGroup(made).into()
    }
}

fn rolling(replacement: &Replacement) -> UpdatePolicy {
    let Replacement { batch, in_service, patience } = replacement;
    UpdatePolicy {
        auto_scaling_rolling_update: RollingUpdate {
            min_instances_in_service: *in_service,
            max_batch_size: *batch,
            pause_time: duration(*patience),
            wait_on_resource_signals: true,
            suspend_processes: vec![
                "HealthCheck",
                "ReplaceUnhealthy",
                "AZRebalance",
                "AlarmNotification",
                "ScheduledActions",
            ],
        },
    }
}

fn signals(wait: &Wait) -> CreationPolicy {
    let Wait { nodes, patience } = wait;
    CreationPolicy {
        resource_signal: ResourceSignal { count: *nodes, timeout: duration(*patience) },
    }
}

/// Returns seconds as ISO 8601 has them.
fn duration(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (minutes, 0) => format!("PT{minutes}M"),
        (0, seconds) => format!("PT{seconds}S"),
        (minutes, seconds) => format!("PT{minutes}M{seconds}S"),
    }
}
