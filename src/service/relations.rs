//! Relations that no single service owns: who keeps what where.

use std::collections::BTreeMap;

use super::services::{Instance, Services};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::source::Span;

/// Reports every relation between a role's values that makes its services impossible or wrong.
pub fn validate(services: &Services, role: &Role, diags: &mut Diagnostics) {
    own_volumes(services, diags);
    own_names(services, role, diags);
    for one in &services.all {
        one.service.validate(role, &one.met, diags);
    }
}

/// Two services on one directory of a volume would write over each other's data.
fn own_volumes(services: &Services, diags: &mut Diagnostics) {
    let mut taken: BTreeMap<(&str, &str), (&Instance, Span)> = BTreeMap::new();
    for (one, kept) in services.volumes() {
        let Some(volume) = &kept.volume else { continue };
        let Some((other, place)) = taken.get(&(volume.value.as_str(), kept.directory)) else {
            taken.insert((volume.value.as_str(), kept.directory), (one, volume.span));
            continue;
        };
        let (service, other) = (&one.name.value, &other.name.value);
        let title =
            format!("{other} and {service} keep their data on one volume, `{}`", volume.value);
        diags.report(
            Diagnostic::error("service-volume-shared", volume.span, title, "taken already")
                .related(*place, format!("taken by {other}"))
                .help(format!("declare another volume and name it in `{}`", kept.key)),
        );
    }
}

/// A container of the name of a service's unit would take its place silently.
fn own_names(services: &Services, role: &Role, diags: &mut Diagnostics) {
    for container in &role.containers {
        let name = &container.name;
        let unit = format!("{}.service", name.value);
        let Some(owner) = services.all.iter().find(|one| one.declared.units.contains(&unit)) else {
            continue;
        };
        let found = if owner.name.value == name.value {
            let title =
                format!("container name `{}` belongs to the service of that name", name.value);
            Diagnostic::error("container-name-taken", name.span, title, "already taken")
        } else {
            let title = format!(
                "container name `{}` belongs to a unit of the service `{}`",
                name.value, owner.name.value
            );
            Diagnostic::error("container-name-taken", name.span, title, "already taken")
                .related(owner.span, format!("makes `{unit}`"))
        };
        diags
            .report(found.help("rename the container, or change the generated unit under `units`"));
    }
}

#[cfg(test)]
mod tests {
    use crate::service::kafka::{Ensemble, Mode};
    use crate::service::sample;

    #[test]
    fn findings() {
        let mut cluster = sample::cluster(1);
        let mut kafka = sample::kafka();
        let mut zookeeper = sample::zookeeper();
        kafka.volume = Some(sample::at("data".to_owned()));
        zookeeper.log_volume = kafka.volume.clone();
        cluster.kafka = Some(kafka.clone());
        cluster.zookeeper = Some(zookeeper.clone());
        assert!(sample::codes(&cluster).is_empty(), "`datalog` and `data` are two directories");

        zookeeper.volume = kafka.volume.clone();
        zookeeper.client_port = sample::at(2182);
        cluster.zookeeper = Some(zookeeper);
        let servers = vec![sample::at("kafka-1.kafka.internal:2181".to_owned())];
        let (ensemble, chroot) = (Ensemble::Servers(servers), String::new());
        kafka.mode = sample::at(Mode::Zookeeper { ensemble, chroot });
        cluster.kafka = Some(kafka);
        assert_eq!(
            sample::codes(&cluster),
            ["kafka-zookeeper-port-mismatch", "service-volume-shared"]
        );

        cluster.kafka = Some(sample::kafka());
        cluster.zookeeper = None;
        assert_eq!(sample::codes(&cluster), ["kafka-without-zookeeper"]);
    }
}
