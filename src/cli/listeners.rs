//! Who may reach the nodes of a role, by port: a table for the end of `cfgbuild show`.

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
    rows.sort();
    let width = |column: fn(&(u16, String, String, String)) -> &str| {
        rows.iter().map(|row| column(row).len()).max().unwrap_or(0)
    };
    let (ports, audiences) = (width(|row| &row.1), width(|row| &row.2));
    let mut text = String::new();
    for (index, (_, port, audience, key)) in rows.iter().enumerate() {
        if index == 0 {
            text.push_str("\n# who may reach the nodes\n");
        }
        let _infallible = writeln!(text, "# {port:<ports$}  {audience:<audiences$}  {key}");
    }
    text
}
