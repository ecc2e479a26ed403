//! The section of the stack.

use super::grammar::Section;
use super::types::{Field, Key, Type, field};

/// The stack.
pub const AWS: Section = Section {
    word: "aws",
    keys: AWS_KEYS,
    doc: "The CloudFormation stack the nodes run in; none where left out.",
    defaults: include_str!("aws.yaml"),
};

const AWS_KEYS: &[Field] = &[
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
    field("root", Type::Record(AWS_ROOT), "The root disk."),
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
    field("patience", Type::Duration, "How long the stack waits for a node to be healthy."),
    field(
        "user_data",
        Type::Word(&["ignition", "cloud-config"]),
        "What instances get as user data; the first format of the target where left out.",
    ),
];

const AWS_ROOT: &[Field] = &[field("size", Type::Bytes, "Size, in whole GiB.")];
