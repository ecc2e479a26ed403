//! The resources that cfgbuild writes, with the properties it sets (AWS resource and property types reference).

#![expect(clippy::struct_field_names, reason = "the names are CloudFormation's")]

use serde::Serialize;

use crate::plan;

use super::expression::Value;
use super::named::Named;

/// A resource's type with its properties.
#[derive(Debug, Serialize)]
#[serde(tag = "Type", content = "Properties")]
pub(super) enum Kind {
    #[serde(rename = "AWS::EC2::SecurityGroup")]
    SecurityGroup(SecurityGroup),
    #[serde(rename = "AWS::EC2::SecurityGroupIngress")]
    SecurityGroupIngress(SecurityGroupIngress),
    #[serde(rename = "AWS::Route53::HostedZone")]
    HostedZone(HostedZone),
    #[serde(rename = "AWS::IAM::Role")]
    Role(Role),
    #[serde(rename = "AWS::IAM::InstanceProfile")]
    InstanceProfile(InstanceProfile),
    #[serde(rename = "AWS::EC2::Volume")]
    Volume(Volume),
    #[serde(rename = "AWS::EC2::LaunchTemplate")]
    LaunchTemplate(LaunchTemplate),
    #[serde(rename = "AWS::AutoScaling::LaunchConfiguration")]
    LaunchConfiguration(LaunchConfiguration),
    #[serde(rename = "AWS::AutoScaling::AutoScalingGroup")]
    AutoScalingGroup(AutoScalingGroup),
    #[serde(rename = "AWS::CloudFormation::WaitCondition")]
    WaitCondition {},
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SecurityGroup {
    pub(super) group_description: String,
    pub(super) vpc_id: Value,
    pub(super) tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct SecurityGroupIngress {
    pub(super) group_id: Value,
    pub(super) ip_protocol: &'static str,
    pub(super) from_port: u16,
    pub(super) to_port: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source_security_group_id: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cidr_ip: Option<Value>,
    pub(super) description: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HostedZone {
    pub(super) name: String,
    pub(super) hosted_zone_config: HostedZoneConfig,
    #[serde(rename = "VPCs")]
    pub(super) vpcs: Vec<Vpc>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HostedZoneConfig {
    pub(super) comment: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Vpc {
    #[serde(rename = "VPCId")]
    pub(super) id: Value,
    #[serde(rename = "VPCRegion")]
    pub(super) region: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Role {
    pub(super) description: String,
    pub(super) assume_role_policy_document: Policy,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) managed_policy_arns: Vec<String>,
    pub(super) policies: Vec<InlinePolicy>,
    pub(super) tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InlinePolicy {
    pub(super) policy_name: &'static str,
    pub(super) policy_document: Policy,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Policy {
    pub(super) version: &'static str,
    pub(super) statement: Vec<Statement>,
}

impl Policy {
    pub(super) fn of(statement: Vec<Statement>) -> Self {
        Self { version: "2012-10-17", statement }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Statement {
    pub(super) effect: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) principal: Option<Principal>,
    pub(super) action: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) resource: Vec<Value>,
    #[serde(skip_serializing_if = "Named::is_empty")]
    pub(super) condition: Named<Named<Vec<String>>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Principal {
    pub(super) service: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct InstanceProfile {
    pub(super) roles: Vec<Value>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Volume {
    pub(super) availability_zone: Value,
    pub(super) size: u64,
    pub(super) volume_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) iops: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) throughput: Option<u64>,
    pub(super) encrypted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kms_key_id: Option<String>,
    pub(super) tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LaunchTemplate {
    pub(super) launch_template_data: LaunchTemplateData,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LaunchTemplateData {
    pub(super) image_id: Value,
    pub(super) instance_type: String,
    pub(super) key_name: Value,
    pub(super) iam_instance_profile: ProfileArn,
    pub(super) metadata_options: MetadataOptions,
    pub(super) network_interfaces: Vec<NetworkInterface>,
    pub(super) block_device_mappings: Vec<BlockDevice>,
    pub(super) tag_specifications: Vec<TagSpecification>,
    pub(super) user_data: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ProfileArn {
    pub(super) arn: Value,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct MetadataOptions {
    pub(super) http_endpoint: &'static str,
    pub(super) http_tokens: &'static str,
    pub(super) http_put_response_hop_limit: u32,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct NetworkInterface {
    pub(super) device_index: u32,
    pub(super) associate_public_ip_address: bool,
    pub(super) delete_on_termination: bool,
    pub(super) groups: Vec<Value>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BlockDevice {
    pub(super) device_name: String,
    pub(super) ebs: BlockDeviceEbs,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct BlockDeviceEbs {
    pub(super) volume_size: u64,
    pub(super) volume_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) iops: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) throughput: Option<u64>,
    pub(super) encrypted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kms_key_id: Option<String>,
    pub(super) delete_on_termination: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct TagSpecification {
    pub(super) resource_type: &'static str,
    pub(super) tags: Vec<Tag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LaunchConfiguration {
    pub(super) image_id: Value,
    pub(super) instance_type: String,
    pub(super) key_name: Value,
    pub(super) iam_instance_profile: Value,
    pub(super) metadata_options: MetadataOptions,
    pub(super) security_groups: Vec<Value>,
    pub(super) associate_public_ip_address: bool,
    pub(super) block_device_mappings: Vec<BlockDevice>,
    pub(super) user_data: Value,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct AutoScalingGroup {
    pub(super) min_size: String,
    pub(super) max_size: String,
    #[serde(rename = "VPCZoneIdentifier")]
    pub(super) subnets: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) launch_template: Option<LaunchTemplateVersion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) launch_configuration_name: Option<Value>,
    pub(super) tags: Vec<GroupTag>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct LaunchTemplateVersion {
    pub(super) launch_template_id: Value,
    pub(super) version: Value,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Tag {
    pub(super) key: &'static str,
    pub(super) value: String,
}

impl From<&plan::Tag> for Tag {
    fn from(tag: &plan::Tag) -> Self {
        let plan::Tag { key, value } = tag;
        Self { key, value: value.clone() }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct GroupTag {
    #[serde(flatten)]
    pub(super) tag: Tag,
    pub(super) propagate_at_launch: bool,
}
