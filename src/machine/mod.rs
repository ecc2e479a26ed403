//! One machine per node: containers, volumes and users become units, files, disks and mounts of one operating system.
//!
//! Knows nothing of services or of output formats.

mod model;
mod unit_text;

pub use model::{
    Command, Directory, Disk, File, Filesystem, Group, KernelArguments, Link, Machine, Owner,
    Partition, Raid, Unit, User,
};
pub use unit_text::UnitText;
