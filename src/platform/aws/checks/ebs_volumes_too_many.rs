//! A node has more EBS volumes than its instance attaches, or than there are device names for.
//!
//! # Why
//! The stack makes all the volumes, and the last of them are never attached: what is on them does not start, and the
//! creation waits until its patience ends. Types of Nitro up to the sixth generation attach 28 things in all, the root
//! disk and the network interface among them; EC2 documents 63 device names for volumes.
//!
//! # Fix
//! Put several directories on one volume, or take an instance type of the seventh generation.

use super::super::instance_types::most_volumes;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Role, Volume, VolumeSource};
use crate::platform::table::Check;

pub(super) const CHECK: Check =
    Check { code: "ebs-volumes-too-many", source: include_str!("ebs_volumes_too_many.rs"), run };

/// Device names that EC2 documents for volumes: f to p, and ba to cz.
const NAMES: usize = 11 + 2 * 26;

fn run(role: &Role, diags: &mut Diagnostics) {
    let is_ebs = |volume: &&Volume| matches!(volume.source, VolumeSource::Ebs(_));
    let volumes: Vec<&Volume> = role.volumes.iter().filter(is_ebs).collect();
    let of_type = role.aws.as_ref().and_then(|aws| {
        let most = most_volumes(&aws.instance_type.value)?;
        Some((most, &aws.instance_type))
    });
    let most = of_type.map_or(NAMES, |(most, _)| most);
    let Some(first) = volumes.get(most) else { return };
    let count = volumes.len();
    let title = match of_type {
        Some((_, one)) => format!("`{}` attaches {most} volumes at most, not {count}", one.value),
        None => format!("there are device names for {most} volumes, not for {count}"),
    };
    let mut found = Diagnostic::error(CHECK.code, first.name.span, title, "one too many")
        .help("put several directories on one volume");
    if let Some((_, one)) = of_type {
        found = found.related(one.span, "the type of the instances");
    }
    diags.report(found);
}
