//! A program that does not run as root listens on a port below 1024.
//!
//! An error where the user is known, a warning where only the image knows it. Containers on a bridge are not meant:
//! their ports are docker's to open.
//!
//! # Why
//! The kernel gives ports below 1024 to root only: the program ends with "permission denied", over and over. Kafka and
//! ZooKeeper run as user 1000.
//!
//! # Fix
//! Choose a port from 1024 on. A container of your own may say `user: "0"` if it runs as root, or the host may open
//! these ports to all: `sysctl: { net.ipv4.ip_unprivileged_port_start: "80" }`.

use super::ports::Plan;
use crate::check::{Check, Facts};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Network;
use crate::source::Edit;

pub(super) const CHECK: Check =
    Check { code: "port-privileged", source: include_str!("port_privileged.rs"), run };

fn run(facts: &Facts<'_>, diags: &mut Diagnostics) {
    let plan = Plan::of(facts);
    let opened = facts.role.sysctl.iter().find_map(|(name, value)| {
        let first = value.trim().parse::<u16>().ok();
        first.filter(|_| name.value == "net.ipv4.ip_unprivileged_port_start")
    });
    for listener in plan.listeners.iter().filter(|listener| listener.port < opened.unwrap_or(1024))
    {
        let Some(container) = listener.container.filter(|one| one.network == Network::Host) else {
            continue;
        };
        let (port, owner) = (listener.port, &listener.owner);
        let user = container.user.as_deref().and_then(|user| user.split(':').next());
        let found = match user {
            Some("0" | "root") => continue,
            Some(user) => {
                let title = format!("{owner} runs as user {user} and cannot listen on port {port}");
                Diagnostic::error(CHECK.code, listener.place, title, "only root may")
            }
            None if listener.foreign => {
                let title = format!("{owner} can listen on port {port} only as root");
                let label = "only root may, and the image says who it runs as";
                Diagnostic::warning(CHECK.code, listener.place, title, label)
            }
            None => continue,
        };
        let key = listener.key.as_deref().unwrap_or("its port");
        let root = if listener.foreign {
            format!(", or set `containers.{}.user: \"0\"`", container.name.value)
        } else {
            String::new()
        };
        let free = plan.free(8000_u16.saturating_add(port % 1000));
        let found = found.help(format!("set `{key}` to a port such as {free}{root}"));
        diags.report(if listener.key.is_some() {
            // what the image listens on is not changed by it
            found.edit(Edit::write(listener.place, free.to_string())).choice()
        } else {
            found
        });
    }
}
