//! Keys of `volumes`.

use crate::profile::schema::{Field, LINES, Type, field};

pub(super) const VOLUME: &[Field] = &[
    field("mount", Type::Path, "Mount point."),
    field("filesystem", Type::Word(&["xfs", "ext4"]), "What a blank device is formatted with."),
    field("label", Type::Name, "Label of the file system; the volume's name where left out."),
    field("options", LINES, "Mount options; `noatime` where left out."),
    field("device", Type::Path, "A device that is there at boot."),
    field("ebs", Type::Record(EBS), "An EBS volume."),
    field(
        "instance_store",
        Type::Record(INSTANCE_STORE),
        "Disks of the instance, fast and forgetful.",
    ),
];

const EBS: &[Field] = &[
    field("size", Type::Bytes, "Size, in whole GiB."),
    field("type", Type::Word(&["gp2", "gp3", "io1", "io2", "st1", "sc1"]), "Volume type."),
    field("keep", Type::Bool, "Whether it outlives the instance."),
    field("device", Type::Path, "Device name given at attach; from /dev/xvdf on where left out."),
    field("iops", Type::Integer(100, 256_000), "Provisioned operations per second."),
    field("throughput", Type::Integer(125, 2_000), "Provisioned throughput in MiB/s."),
];

const INSTANCE_STORE: &[Field] = &[field(
    "devices",
    Type::List(&Type::Path),
    "The disks, several becoming one raid0; on AWS all NVMe disks of the instance where left out.",
)];
