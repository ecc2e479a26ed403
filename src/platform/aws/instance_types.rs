//! Memory and disks of the common EC2 instance types, as of November 2026.
//!
//! Families grow in proportion: a size is so many times the family's `large`. Of a type that is not known nothing is
//! said.

use crate::diagnostic::nearest;

/// MiB of a family's `large`, by the letters and the number it begins with.
const FAMILIES: [(&str, u64); 35] = [
    ("c3", 3_840),
    ("c4", 3_840),
    ("c5", 4_096),
    ("c6", 4_096),
    ("c7", 4_096),
    ("c8", 4_096),
    ("d2", 15_616),
    ("d3", 16_384),
    ("d3en", 8_192),
    ("i2", 15_616),
    ("i3", 15_616),
    ("i3en", 16_384),
    ("i4", 16_384),
    ("i7", 16_384),
    ("i8", 16_384),
    ("im4", 8_192),
    ("is4", 12_288),
    ("m3", 7_680),
    ("m4", 8_192),
    ("m5", 8_192),
    ("m6", 8_192),
    ("m7", 8_192),
    ("m8", 8_192),
    ("r3", 15_616),
    ("r4", 15_616),
    ("r5", 16_384),
    ("r6", 16_384),
    ("r7", 16_384),
    ("r8", 16_384),
    ("t2", 8_192),
    ("t3", 8_192),
    ("t3a", 8_192),
    ("t4", 8_192),
    ("z1", 16_384),
    ("x2", 32_768),
];

/// Sizes below `xlarge`, in sixteenths of `large`: those of the burstable families, and `medium` of the others.
const SMALL: [(&str, u64); 4] = [("nano", 1), ("micro", 2), ("small", 4), ("medium", 8)];

/// Families whose disks Xen shows, under the names they are mapped to.
const MAPPED: [&str; 7] = ["m3", "c3", "r3", "i2", "d2", "x1", "h1"];

/// What disks of its own an instance type has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OwnDisks {
    None,
    /// NVMe disks, numbered as the kernel finds them.
    Nvme,
    /// Disks at the names they are mapped to: `/dev/xvdb`.
    Mapped,
}

/// An instance type, taken apart.
struct Parts<'a> {
    /// As `m6`.
    family: &'a str,
    /// As `id` of `m6id`.
    attributes: &'a str,
    /// As `2xlarge`.
    size: &'a str,
}

fn parts(instance: &str) -> Option<Parts<'_>> {
    let (family, size) = instance.split_once('.')?;
    let digits = family.find(|c: char| c.is_ascii_digit())?;
    let end = digits
        + family
            .get(digits..)?
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(family.len() - digits);
    let (family, attributes) = family.split_at_checked(end)?;
    Some(Parts { family, attributes, size })
}

/// Returns the processor of an instance type, in the words of image lists: Amazon's own have a `g` behind the
/// generation.
pub fn processor(instance: &str) -> &'static str {
    match parts(instance) {
        Some(Parts { family: "a1", .. }) => "aarch64",
        Some(Parts { attributes, .. }) if attributes.starts_with('g') => "aarch64",
        Some(_) | None => "x86_64",
    }
}

/// Sizes without a number; `2xlarge` and `metal-24xl` are others.
const SIZES: [&str; 7] = ["nano", "micro", "small", "medium", "large", "xlarge", "metal"];

/// Returns the size of something that cannot be an instance type of any family, as `lrage` of `m6i.lrage`, and the size
/// that may be meant; families are not looked at, as new ones come every year.
pub(super) fn no_size(instance: &str) -> Option<(&str, Option<&'static str>)> {
    let size = parts(instance)?.size;
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let is_numbered = size.strip_suffix("xlarge").is_some_and(number)
        || size.strip_prefix("metal-").and_then(|rest| rest.strip_suffix("xl")).is_some_and(number);
    let is_size = SIZES.contains(&size) || is_numbered;
    (!is_size).then(|| (size, nearest(size, SIZES)))
}

/// Returns the memory of an instance type in MiB, if it is known.
pub(super) fn memory_mib(instance: &str) -> Option<u64> {
    let Parts { family, attributes, size } = parts(instance)?;
    // memory-heavy and other odd ones of `x2` differ among themselves
    if family == "x2" && attributes != "gd" {
        return None;
    }
    let whole = format!("{family}{attributes}");
    let exact = FAMILIES.iter().find(|(name, _)| *name == whole);
    let (_, large) = exact.or_else(|| FAMILIES.iter().find(|(name, _)| *name == family))?;
    if let Some((_, sixteenths)) = SMALL.iter().find(|(name, _)| *name == size) {
        let is_burstable = family.starts_with('t');
        return (is_burstable || size == "medium").then_some(large * sixteenths / 16);
    }
    if size == "large" {
        return Some(*large);
    }
    let times = match size.strip_suffix("xlarge")? {
        "" => 2,
        number => number.parse::<u64>().ok()?.checked_mul(2)?,
    };
    Some(large * times)
}

/// Things that Nitro types attach in all, up to the sixth generation: later ones count disks for themselves, by size.
const NITRO_ATTACHES: usize = 28;

/// Families of Nitro whose volumes, interfaces and own disks are counted together.
const COUNTED_TOGETHER: [&str; 11] =
    ["a1", "c5", "c6", "m5", "m6", "r5", "r6", "t3", "t4", "i4", "z1"];

/// Returns the most EBS volumes beside the root disk, with one network interface, if it is known.
pub(super) fn most_volumes(instance: &str) -> Option<usize> {
    let family = parts(instance)?.family;
    COUNTED_TOGETHER.contains(&family).then_some(NITRO_ATTACHES - 2)
}

/// Returns what disks of its own an instance type has, if it is known.
pub(super) fn own_disks(instance: &str) -> Option<OwnDisks> {
    let Parts { family, attributes, size: _ } = parts(instance)?;
    let letters = family.trim_end_matches(|c: char| c.is_ascii_digit());
    if MAPPED.contains(&family) {
        return Some(OwnDisks::Mapped);
    }
    if ["i", "im", "is", "d"].contains(&letters) {
        return Some(OwnDisks::Nvme);
    }
    let by_attribute = if attributes.contains('d') { OwnDisks::Nvme } else { OwnDisks::None };
    ["m", "c", "r", "t"].contains(&letters).then_some(by_attribute)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_are_none() {
        for fine in [
            "m6i.large",
            "m9xyz.12xlarge",
            "c7g.metal",
            "i8ge.metal-24xl",
            "t3.nano",
            "u-3tb1.56xlarge",
        ] {
            assert_eq!(no_size(fine), None, "{fine}");
        }
        assert_eq!(no_size("m6i.lrage"), Some(("lrage", Some("large"))));
        assert_eq!(no_size("m6i.2xlrage"), Some(("2xlrage", Some("xlarge"))));
        assert_eq!(no_size("m6i.two"), Some(("two", None)));
    }

    #[test]
    fn processors() {
        for arm in [
            "m6g.large",
            "t4g.nano",
            "im4gn.large",
            "x2gd.large",
            "c8gb.large",
            "a1.large",
            "g5g.xlarge",
        ] {
            assert_eq!(processor(arm), "aarch64", "{arm}");
        }
        for intel in
            ["m6i.large", "g4dn.xlarge", "g6.xlarge", "m7i-flex.large", "c6a.large", "p5.48xlarge"]
        {
            assert_eq!(processor(intel), "x86_64", "{intel}");
        }
    }

    #[test]
    fn types_as_ec2_lists_them() {
        for (instance, gib, disks) in [
            ("m6i.xlarge", Some(16.0), Some(OwnDisks::None)),
            ("m5d.4xlarge", Some(64.0), Some(OwnDisks::Nvme)),
            ("c5.9xlarge", Some(72.0), Some(OwnDisks::None)),
            ("c4.8xlarge", Some(60.0), Some(OwnDisks::None)),
            ("r4.16xlarge", Some(488.0), Some(OwnDisks::None)),
            ("r6gd.2xlarge", Some(64.0), Some(OwnDisks::Nvme)),
            ("t3.micro", Some(1.0), Some(OwnDisks::None)),
            ("t4g.small", Some(2.0), Some(OwnDisks::None)),
            ("t3a.nano", Some(0.5), Some(OwnDisks::None)),
            ("m7g.medium", Some(4.0), Some(OwnDisks::None)),
            ("i3.2xlarge", Some(61.0), Some(OwnDisks::Nvme)),
            ("i3en.24xlarge", Some(768.0), Some(OwnDisks::Nvme)),
            ("im4gn.4xlarge", Some(64.0), Some(OwnDisks::Nvme)),
            ("d2.xlarge", Some(30.5), Some(OwnDisks::Mapped)),
            ("d3en.12xlarge", Some(192.0), Some(OwnDisks::Nvme)),
            ("m3.xlarge", Some(15.0), Some(OwnDisks::Mapped)),
            ("p5.48xlarge", None, None),
            ("x2iedn.xlarge", None, None),
            ("large", None, None),
        ] {
            #[expect(clippy::cast_precision_loss, reason = "amounts of memory are small")]
            let found = memory_mib(instance).map(|mib| mib as f64 / 1024.0);
            assert_eq!((found, own_disks(instance)), (gib, disks), "{instance}");
        }
        assert_eq!(memory_mib("m6i.large"), Some(8_192));
    }
}
