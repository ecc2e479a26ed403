//! The sections that every role may have, whatever it runs: their keys, as data, beside the code that reads them.

mod containers;
mod host;
mod storage;
mod volumes;

use crate::profile::schema::{Bare, Field, Key, Section, Type, field};

use containers::CONTAINER;
use host::{
    DIRECTORY, FILE, GROUP, KERNEL_ARGUMENTS as ARGUMENTS, LINK, UNIT, UPDATES as OF_UPDATES, USER,
};
use storage::STORAGE as OF_STORAGE;
use volumes::VOLUME;

/// Where images are pulled from.
pub const REGISTRY: Section = Section {
    word: "registry",
    keys: OF_REGISTRY,
    doc: "A private registry that machines pull every image from.",
    defaults: "",
};
/// Storage.
pub const VOLUMES: Field = field(
    "volumes",
    Type::Named(Key::Name, &Type::Record(VOLUME), Bare::MustSay),
    "Storage with a mount point, by name.",
);
/// Containers.
pub const CONTAINERS: Field = field(
    "containers",
    Type::Named(Key::Name, &Type::Record(CONTAINER), Bare::MustSay),
    "Further containers, by name; each becomes the unit NAME.service.",
);
/// Units.
pub const UNITS: Field = field(
    "units",
    Type::Map(Key::Unit, &Type::Record(UNIT)),
    "systemd units, drop-ins and masks, by unit name; `null` leaves a generated one out.",
);
/// Files.
pub const FILES: Field = field(
    "files",
    Type::Map(Key::File, &Type::Record(FILE)),
    "Files, by path; `null` leaves a generated one out.",
);
/// Directories.
pub const DIRECTORIES: Field = field(
    "directories",
    Type::Named(Key::Path, &Type::Record(DIRECTORY), Bare::May),
    "Directories, by path.",
);
/// Links.
pub const LINKS: Field =
    field("links", Type::Named(Key::File, &Type::Record(LINK), Bare::MustSay), "Links, by path.");
/// Users.
pub const USERS: Field =
    field("users", Type::Named(Key::Account, &Type::Record(USER), Bare::May), "Users, by name.");
/// Groups.
pub const GROUPS: Field =
    field("groups", Type::Named(Key::Account, &Type::Record(GROUP), Bare::May), "Groups, by name.");
/// Kernel settings.
pub const SYSCTL: Field =
    field("sysctl", Type::Map(Key::Sysctl, &Type::Line), "Kernel settings, by name.");
/// The kernel command line.
pub const KERNEL_ARGUMENTS: Section = Section {
    word: "kernel_arguments",
    keys: ARGUMENTS,
    doc: "Arguments of the kernel command line (Ignition 3.3.0).",
    defaults: "",
};
/// Updates.
pub const UPDATES: Section = Section {
    word: "updates",
    keys: OF_UPDATES,
    doc: "How updates of the system reboot machines.",
    defaults: include_str!("updates.yaml"),
};
/// Findings that are right here.
pub const ALLOW: Field = field(
    "allow",
    Type::Map(Key::Name, &Type::Text),
    "Findings that are right here, by code, each with the reason.",
);
/// Images.
pub const PACKER: Section = Section {
    word: "packer",
    keys: OF_PACKER,
    doc: "How Packer makes an image of the role.",
    defaults: "",
};
/// Disks in Ignition's words.
pub const STORAGE: Section = Section {
    word: "storage",
    keys: OF_STORAGE,
    doc: "Disks, arrays and file systems in Ignition's words, done at first boot.",
    defaults: "",
};

const OF_REGISTRY: &[Field] = &[
    field(
        "mirror",
        Type::Text,
        "HOST[:PORT][/PATH] that takes the place of each image's registry; none where empty.",
    ),
    field(
        "prefixes",
        Type::Map(Key::Text, &Type::Text),
        "Path put before the images of a registry, by its host: `docker.io: docker-hub`.",
    ),
    field("insecure", Type::Bool, "Whether it speaks plain http."),
    field("ca", Type::Text, "Certificate of who signed the registry's, in PEM."),
    field(
        "auth",
        Type::GuardedText,
        "base64 of USER:PASSWORD, as in docker's config.json; from a variable of type `secret`.",
    ),
];

const OF_PACKER: &[Field] = &[field(
    "provisioners",
    Type::List(&Type::Map(Key::Name, &Type::Free)),
    "Provisioners of Packer, run in order once the images are pulled; each a type with its settings.",
)];
