//! A stack lets every address of the internet in.
//!
//! # Why
//! Kafka, ZooKeeper and etcd as compiled here ask nobody for a password, and SSH is tried on within minutes. The
//! security groups are then the only door, and `0.0.0.0/0` takes it off its hinges.
//!
//! # Fix
//! Name the networks that need to come in: the VPC's own, the office's. Programs inside the VPC need no network at all:
//! give them the stack's client security group.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::platform::table::Check;

/// Every address there is.
const EVERYBODY: &str = "0.0.0.0/0";

pub(super) const CHECK: Check =
    Check { code: "aws-open-to-the-world", source: include_str!("aws_open_to_the_world.rs"), run };

fn run(role: &Role, diags: &mut Diagnostics) {
    let Some(aws) = &role.aws else { return };
    let ssh = aws.ssh_from.iter().map(|network| ("aws.ssh_from", "SSH", network));
    let clients =
        aws.clients_from.iter().map(|network| ("aws.clients_from", "what clients use", network));
    for (key, what, network) in
        ssh.chain(clients).filter(|(.., network)| network.value == EVERYBODY)
    {
        let title = format!("`{key}` opens {what} to every address of the internet");
        diags.report(
            Diagnostic::warning(CHECK.code, network.span, title, "everybody")
                .help(format!("name the networks in `{key}`, as in `10.0.0.0/8`")),
        );
    }
}
