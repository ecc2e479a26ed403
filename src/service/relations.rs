//! Relations that no single service owns: who keeps what where.

use std::collections::BTreeMap;

use super::declared::VolumeUse;
use super::services::{Instance, Services};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;

/// Reports every relation between a role's values that makes its services impossible or wrong.
pub fn validate(services: &Services, role: &Role, diags: &mut Diagnostics) {
    own_directories(services, diags);
    own_names(services, role, diags);
    for one in &services.all {
        one.service.validate(role, &one.met, diags);
    }
}

/// Two services in one directory would write over each other's data, whichever way they got there.
fn own_directories(services: &Services, diags: &mut Diagnostics) {
    let mut taken: BTreeMap<&str, (&Instance, &VolumeUse)> = BTreeMap::new();
    for (one, kept) in services.volumes() {
        let Some((other, first)) = taken.get(kept.path.as_str()) else {
            taken.insert(&kept.path, (one, kept));
            continue;
        };
        let place = |one: &Instance, kept: &VolumeUse| match &kept.volume {
            Some(volume) => volume.span,
            None => one.span,
        };
        let (service, theirs) = (&one.name.value, &other.name.value);
        let title = match (&kept.volume, &first.volume) {
            (Some(volume), Some(same)) if volume.value == same.value => {
                format!("{theirs} and {service} keep their data on one volume, `{}`", volume.value)
            }
            _ => format!("{theirs} and {service} keep their data in one directory, {}", kept.path),
        };
        let found =
            Diagnostic::error("service-volume-shared", place(one, kept), title, "taken already");
        diags.report(
            found
                .related(place(other, first), format!("taken by {theirs}"))
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
        let mut role = sample::role(1);
        let mut kafka = sample::kafka();
        let mut zookeeper = sample::zookeeper();
        kafka.volume = Some(sample::at("data".to_owned()));
        zookeeper.log_volume = kafka.volume.clone();
        role.kafka = Some(kafka.clone());
        role.zookeeper = Some(zookeeper.clone());
        assert!(sample::codes(&role).is_empty(), "`datalog` and `data` are two directories");

        zookeeper.volume = kafka.volume.clone();
        // without such a volume, data are in the folder of the service's name
        kafka.name = "zookeeper".to_owned();
        zookeeper.client_port = sample::at(2182);
        role.zookeeper = Some(zookeeper);
        let servers = vec![sample::at("kafka-1.kafka.internal:2181".to_owned())];
        let (ensemble, chroot) = (Ensemble::Servers(servers), String::new());
        kafka.mode = sample::at(Mode::Zookeeper { ensemble, chroot });
        role.kafka = Some(kafka);
        assert_eq!(
            sample::codes(&role),
            ["kafka-zookeeper-port-mismatch", "service-volume-shared"]
        );

        role.kafka = Some(sample::kafka());
        role.zookeeper = None;
        assert_eq!(sample::codes(&role), ["kafka-without-zookeeper"]);
    }
}
