//! Who may reach the nodes of a role, by port: a table for the end of `cfgbuild show`.
//!
//! Where a stack runs the nodes its security groups hold to it; elsewhere it is what the profile means, and says so.

use std::fmt::Write as _;

use crate::model::Role;
use crate::service::Services;

/// Returns a comment line for each port of services and containers, by number; nothing where there is none.
pub(super) fn table(role: &Role, services: &Services) -> String {
    let of_services = services.listeners().map(|(_, listener)| {
        let number = format!("{}/tcp", listener.port.value);
        (listener.port.value, number, listener.audience.to_string(), listener.key.clone())
    });
    let of_containers = role.containers.iter().flat_map(|container| {
        container.ports.iter().map(|port| {
            let (name, number) = (&port.name.value, port.number.value);
            let protocol = if port.udp { "udp" } else { "tcp" };
            let key = format!("containers.{}.ports.{name}", container.name.value);
            (number, format!("{number}/{protocol}"), port.audience.to_string(), key)
        })
    });
    let mut rows: Vec<(u16, String, String, String)> = of_services.chain(of_containers).collect();
    if let Some(network) = role.aws.as_ref().and_then(|aws| aws.ssh_from.as_ref()) {
        rows.push((22, "22/tcp".to_owned(), network.value.clone(), "aws.ssh_from".to_owned()));
    }
    rows.sort();
    let width = |column: fn(&(u16, String, String, String)) -> &str| {
        rows.iter().map(|row| column(row).len()).max().unwrap_or(0)
    };
    let (ports, audiences) = (width(|row| &row.1), width(|row| &row.2));
    let mut text = String::new();
    for (index, (_, port, audience, key)) in rows.iter().enumerate() {
        if index == 0 {
            text.push_str(if role.aws.is_some() {
                "\n# who may reach the nodes\n"
            } else {
                "\n# who is meant to reach the nodes; nothing here keeps others out\n"
            });
        }
        let _infallible = writeln!(text, "# {port:<ports$}  {audience:<audiences$}  {key}");
    }
    let networks = role.aws.iter().flat_map(|aws| &aws.clients_from);
    let networks: Vec<&str> = networks.map(|network| network.value.as_str()).collect();
    if !text.is_empty() && !networks.is_empty() {
        let _infallible = writeln!(text, "# clients are also those in {}", networks.join(", "));
    }
    text
}
