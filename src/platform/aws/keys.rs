//! The keys of the section `aws`.

use crate::profile::schema::{Field, Key, Section, Type, field};

/// The stack.
pub(super) const SECTION: Section = Section {
    word: "aws",
    keys: KEYS,
    doc: "The CloudFormation stack the nodes run in; none where left out.",
    defaults: include_str!("defaults.yaml"),
};

const KEYS: &[Field] = &[
    field(
        "launch",
        Type::Word(&["template", "configuration"]),
        "What groups start instances from; accounts opened since 2024-10-01 have no configurations.",
    ),
    field("instance_type", Type::Name, "Type of the instances, as m6i.large."),
    field(
        "ami",
        Type::Either(&[Type::Text, Type::Map(Key::Name, &Type::Text)]),
        "Image of the root disk: an SSM parameter's name, an id, or ids by region.",
    ),
    field("root", Type::Record(ROOT), "The root disk."),
    field("key_pair", Type::Name, "EC2 key pair; the default of the stack's parameter."),
    field("public_ip", Type::Bool, "Whether instances get a public address."),
    field("ssh_from", Type::Cidr, "Network that may reach SSH; nobody where left out."),
    field(
        "clients_from",
        Type::List(&Type::Cidr),
        "Networks that may reach what clients use, beside members of the client security group.",
    ),
    field(
        "hosted_zone",
        Type::Name,
        "Private DNS zone of `cluster.domain`: `create`, `parameter`, or its id.",
    ),
    field(
        "on_delete",
        Type::Word(&["retain", "snapshot"]),
        "What becomes of kept volumes when the stack is deleted.",
    ),
    field(
        "kms_key",
        Type::Text,
        "ARN of the key that encrypts volumes; the account's own where left out.",
    ),
    field("assets", Type::Text, "s3://BUCKET/PREFIX that `cfgbuild publish` uploads to."),
    field("cli_image", Type::Text, "Image of the AWS command line that machines use."),
    field(
        "policies",
        Type::List(&Type::Text),
        "ARNs of further policies of the machines' roles, beside what their units need.",
    ),
    field("patience", Type::Duration(60), "How long the stack waits for a node to be healthy."),
    field(
        "user_data",
        Type::Word(&["ignition", "cloud-config"]),
        "What instances get as user data; the first format of the target where left out.",
    ),
];

const ROOT: &[Field] = &[field("size", Type::Bytes, "Size, in whole GiB.")];
