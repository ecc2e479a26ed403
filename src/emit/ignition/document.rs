//! The part of the Ignition 3.x schema that cfgbuild writes, fields in the order of the schema.
//!
//! One model for all versions: `translate` sees to it that nothing newer than the target is filled in. Absent
//! fields are left out, for each costs bytes of the budget.

use std::ops::Not;

use serde::Serialize;

use super::tape::Url;

/// A whole config.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Config<'a> {
    pub(super) ignition: Ignition,
    /// Since 3.3.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kernel_arguments: Option<KernelArguments<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) passwd: Option<Passwd<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) storage: Option<Storage<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) systemd: Option<Systemd<'a>>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Ignition {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) config: Option<ConfigSource>,
    pub(super) version: String,
}

/// What a config is replaced by, or what it is laid over.
#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ConfigSource {
    Merge([Resource; 1]),
    Replace(Resource),
}

/// Where bytes come from. For a config, `compression` exists since 3.1.0.
#[derive(Debug, Serialize)]
pub(super) struct Resource {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) compression: Option<&'static str>,
    pub(super) source: Url,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verification: Option<Verification>,
}

/// What the bytes of a source must be.
#[derive(Debug, Serialize)]
pub(super) struct Verification {
    /// `sha512-` and hex.
    pub(super) hash: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct KernelArguments<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) should_exist: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) should_not_exist: Vec<&'a str>,
}

#[derive(Debug, Serialize)]
pub(super) struct Passwd<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) groups: Vec<Group<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) users: Vec<User<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Group<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) gid: Option<u32>,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Not::not")]
    pub(super) system: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct User<'a> {
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) groups: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) home_dir: Option<&'a str>,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) password_hash: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) primary_group: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) shell: Option<&'a str>,
    /// Since 3.2.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) should_exist: Option<bool>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) ssh_authorized_keys: &'a [String],
    #[serde(skip_serializing_if = "Not::not")]
    pub(super) system: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) uid: Option<u32>,
}

#[derive(Debug, Default, Serialize)]
pub(super) struct Storage<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) directories: Vec<Directory<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) disks: Vec<Disk<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) files: Vec<File>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) filesystems: Vec<Filesystem<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) links: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) raid: Vec<Raid<'a>>,
}

/// By number or by name, never both.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Owner {
    Id(u32),
    Name(String),
}

#[derive(Debug, Serialize)]
pub(super) struct Directory<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<Owner>,
    pub(super) path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<Owner>,
    pub(super) mode: u32,
}

/// Owns its texts: `/etc/hostname` is made up while printing.
#[derive(Debug, Serialize)]
pub(super) struct File {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) group: Option<Owner>,
    pub(super) overwrite: bool,
    pub(super) path: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user: Option<Owner>,
    pub(super) contents: Resource,
    pub(super) mode: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct Link<'a> {
    pub(super) path: &'a str,
    #[serde(skip_serializing_if = "Not::not")]
    pub(super) hard: bool,
    pub(super) target: &'a str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Disk<'a> {
    pub(super) device: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) partitions: Vec<Partition<'a>>,
    #[serde(skip_serializing_if = "Not::not")]
    pub(super) wipe_table: bool,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Partition<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<&'a str>,
    pub(super) number: u32,
    /// Since 3.2.0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) resize: Option<bool>,
    #[serde(rename = "sizeMiB", skip_serializing_if = "Option::is_none")]
    pub(super) size_mib: Option<u64>,
    #[serde(rename = "startMiB", skip_serializing_if = "Option::is_none")]
    pub(super) start_mib: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) type_guid: Option<&'a str>,
    #[serde(skip_serializing_if = "Not::not")]
    pub(super) wipe_partition_entry: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Filesystem<'a> {
    pub(super) device: &'a str,
    pub(super) format: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) label: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    pub(super) options: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) path: Option<&'a str>,
    #[serde(rename = "wipeFilesystem", skip_serializing_if = "Not::not")]
    pub(super) wipe: bool,
}

#[derive(Debug, Serialize)]
pub(super) struct Raid<'a> {
    pub(super) devices: &'a [String],
    pub(super) level: &'a str,
    pub(super) name: &'a str,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) spares: u32,
}

#[derive(Debug, Serialize)]
pub(super) struct Systemd<'a> {
    pub(super) units: Vec<Unit<'a>>,
}

#[derive(Debug, Serialize)]
pub(super) struct Unit<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contents: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) dropins: Vec<Dropin<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) enabled: Option<bool>,
    #[serde(skip_serializing_if = "Not::not")]
    pub(super) mask: bool,
    pub(super) name: &'a str,
}

#[derive(Debug, Serialize)]
pub(super) struct Dropin<'a> {
    pub(super) contents: &'a str,
    pub(super) name: &'a str,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
