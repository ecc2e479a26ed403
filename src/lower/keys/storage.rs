//! Disks, arrays and file systems in Ignition's words.

use crate::profile::schema::{Field, LINES, Type, field};

pub(super) const STORAGE: &[Field] = &[
    field("disks", Type::List(&Type::Record(DISK)), "Disks to partition."),
    field("raid", Type::List(&Type::Record(RAID)), "Arrays to assemble."),
    field("filesystems", Type::List(&Type::Record(FILESYSTEM)), "File systems to make."),
];

const DISK: &[Field] = &[
    field("device", Type::Path, "Device."),
    field("wipe_table", Type::Bool, "Destroy an existing partition table."),
    field("partitions", Type::List(&Type::Record(PARTITION)), "Partitions."),
];

const PARTITION: &[Field] = &[
    field("number", Type::Integer(0, 128), "Number; 0 takes the next free one."),
    field("label", Type::Line, "GPT label."),
    field("size_mib", Type::Integer(0, 1 << 34), "Size in MiB; 0 takes what is left."),
    field("start_mib", Type::Integer(0, 1 << 34), "Start in MiB."),
    field("type_guid", Type::Line, "Type."),
    field("wipe_partition_entry", Type::Bool, "Replace a partition that differs."),
    field("resize", Type::Bool, "Let a partition that is too small grow (Ignition 3.2.0)."),
];

const RAID: &[Field] = &[
    field("name", Type::Name, "Name below /dev/md/."),
    field(
        "level",
        Type::Word(&["linear", "raid0", "raid1", "raid4", "raid5", "raid6", "raid10"]),
        "Level.",
    ),
    field("devices", Type::List(&Type::Path), "Its devices."),
    field("spares", Type::Integer(0, 128), "How many of them are spares."),
];

const FILESYSTEM: &[Field] = &[
    field("device", Type::Path, "Device."),
    field(
        "format",
        Type::Word(&["ext4", "xfs", "btrfs", "vfat", "swap", "none"]),
        "Format; `swap` is turned on by a unit that is made for it, `none` makes none (Ignition 3.3.0).",
    ),
    field("label", Type::Line, "Label."),
    field("path", Type::Path, "Mount point; a mount unit is made where it is given."),
    field("wipe_filesystem", Type::Bool, "Destroy an existing file system."),
    field("options", LINES, "Arguments to mkfs."),
    field("mount_options", LINES, "Options of the mount."),
];
