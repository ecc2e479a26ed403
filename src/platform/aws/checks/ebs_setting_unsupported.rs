//! An EBS volume has a size or a setting that its type does not take.
//!
//! # Why
//! EC2 refuses such a volume when the stack makes it, after everything else has been made: `io1` and `io2` must say
//! their IOPS, only `gp3`, `io1` and `io2` may, only `gp3` takes a throughput, and each type has its bounds.
//!
//! # Fix
//! Mend the value that is marked. `gp3` has 3,000 IOPS and 125 MiB/s without a word; most volumes need no more.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Ebs, Role, VolumeSource};
use crate::platform::table::Check;
use crate::source::Spanned;

pub(super) const CHECK: Check = Check {
    code: "ebs-setting-unsupported",
    source: include_str!("ebs_setting_unsupported.rs"),
    run,
};

/// What one type takes (Amazon EBS volume types, as of November 2026).
struct Bounds {
    name: &'static str,
    /// GiB, from and to.
    size: (u64, u64),
    /// Operations per second, from and to; `None` where they cannot be said.
    iops: Option<(u64, u64)>,
    /// Most operations per second for each GiB.
    iops_per_gib: u64,
    /// MiB/s, from and to; `None` where they cannot be said.
    throughput: Option<(u64, u64)>,
}

const TYPES: [Bounds; 6] = [
    Bounds { name: "gp2", size: (1, 16_384), iops: None, iops_per_gib: 0, throughput: None },
    Bounds {
        name: "gp3",
        size: (1, 65_536),
        iops: Some((3_000, 80_000)),
        iops_per_gib: 500,
        throughput: Some((125, 2_000)),
    },
    Bounds {
        name: "io1",
        size: (4, 16_384),
        iops: Some((100, 64_000)),
        iops_per_gib: 50,
        throughput: None,
    },
    Bounds {
        name: "io2",
        size: (4, 65_536),
        iops: Some((100, 256_000)),
        iops_per_gib: 1_000,
        throughput: None,
    },
    Bounds { name: "st1", size: (125, 16_384), iops: None, iops_per_gib: 0, throughput: None },
    Bounds { name: "sc1", size: (125, 16_384), iops: None, iops_per_gib: 0, throughput: None },
];

/// Most IOPS a `gp3` volume has without saying so.
const GP3_BASE: u64 = 3_000;
/// IOPS that each MiB/s of a `gp3` volume takes: a throughput of 0.25 MiB/s for each.
const IOPS_PER_MIB: u64 = 4;

fn run(role: &Role, diags: &mut Diagnostics) {
    for volume in &role.volumes {
        let VolumeSource::Ebs(ebs) = &volume.source else { continue };
        let Some(bounds) = TYPES.iter().find(|bounds| bounds.name == ebs.volume_type.value) else {
            continue;
        };
        look(&format!("volumes.{}.ebs", volume.name.value), ebs, bounds, diags);
    }
}

fn look(path: &str, ebs: &Ebs, bounds: &Bounds, diags: &mut Diagnostics) {
    let Bounds { name, size, iops, iops_per_gib, throughput } = bounds;
    let Ebs { size_gib, volume_type, .. } = ebs;
    let mut say = |at: &Spanned<u64>, title: String, label: String, help: String| {
        let mut found = Diagnostic::error(CHECK.code, at.span, title, label).help(help);
        if at.span != volume_type.span {
            found = found.related(volume_type.span, format!("the type is {name}"));
        }
        diags.report(found);
    };
    let most = size_gib.value.saturating_mul(*iops_per_gib);
    let (from, to) = *size;
    if !(from..=to).contains(&size_gib.value) {
        let title = format!("a volume of type {name} cannot have {} GiB", size_gib.value);
        let help = format!("set `{path}.size` to {from}GiB or more, up to {to}GiB");
        say(size_gib, title, format!("from {from} to {to} GiB"), help);
    }
    for (key, value, limits) in
        [("iops", &ebs.iops, iops), ("throughput", &ebs.throughput, throughput)]
    {
        match (value, limits) {
            (Some(value), None) => {
                let title = format!("a volume of type {name} takes no `{key}`");
                let help = format!("remove `{path}.{key}`, or set `{path}.type` to gp3");
                say(value, title, "not for this type".to_owned(), help);
            }
            (Some(value), Some((from, to))) if !(*from..=*to).contains(&value.value) => {
                let title = format!("a volume of type {name} cannot have {key} {}", value.value);
                let help = format!("set `{path}.{key}` to {from} or more, up to {to}");
                say(value, title, format!("from {from} to {to}"), help);
            }
            (None, Some((from, _))) if key == "iops" && *name != "gp3" => {
                let title = format!("a volume of type {name} must say its `iops`");
                let help = format!("add `{path}.iops`, as in `iops: {}`", (from * 30).min(most));
                say(&volume_type.clone().map(|_| 0), title, "needs `iops`".to_owned(), help);
            }
            (Some(_) | None, _) => {}
        }
    }
    if let Some(value) = &ebs.iops
        && iops.is_some_and(|(from, to)| (from..=to).contains(&value.value))
        && value.value > most.max(if *name == "gp3" { GP3_BASE } else { 0 })
    {
        let title = format!(
            "{} GiB of {name} have at most {most} IOPS, not {}",
            size_gib.value, value.value
        );
        let needed = value.value.div_ceil(*iops_per_gib);
        let help = format!("set `{path}.iops` to {most} or less, or `{path}.size` to {needed}GiB");
        say(value, title, format!("{iops_per_gib} for each GiB"), help);
    }
    let iops = ebs.iops.as_ref().map_or(GP3_BASE, |iops| iops.value);
    if let Some(value) = ebs.throughput.as_ref().filter(|_| throughput.is_some())
        && value.value > iops / IOPS_PER_MIB
        && throughput.is_some_and(|(_, to)| value.value <= to)
    {
        let title = format!(
            "{iops} IOPS of {name} carry at most {} MiB/s, not {}",
            iops / IOPS_PER_MIB,
            value.value
        );
        let help = format!("set `{path}.iops` to {} or more", value.value * IOPS_PER_MIB);
        say(value, title, "0.25 MiB/s for each IOPS".to_owned(), help);
    }
}
