//! The `docker run` or `podman run` of a container, one option to a line so that an operator can read it.

use super::environment::Environment;
use crate::diagnostic::Diagnostics;
use crate::model::{Bind, Confinement, Container, Health, Network, Port, SecretFile, is_below};
use crate::platform::{Host, Used};
use crate::unitfile::{csv_field, quote_parts, quote_word};

/// Returns the command line, noting the facts its arguments use.
pub(super) fn run_command(
    host: &Host<'_>,
    container: &Container,
    environment: &Environment,
    used: &mut Used,
    diags: &mut Diagnostics,
) -> String {
    let mut lines = vec![format!("{} run --rm", host.system.runtime.client)];
    let mut option = |flag: &str, value: &str| lines.push(format!("{flag} {}", quote_word(value)));
    option("--name", &container.name.value);
    match container.network {
        Network::Host => option("--network", "host"),
        Network::Bridge => option("--network", "bridge"),
    }
    if container.network == Network::Bridge {
        container.ports.iter().for_each(|port| option("--publish", &publish(port)));
    }
    if let Some(user) = &container.user {
        option("--user", user);
    }
    container.ulimits.iter().for_each(|limit| option("--ulimit", limit));
    if let Some(mib) = container.memory_mib {
        option("--memory", &format!("{mib}m"));
    }
    let Confinement { cap_add, cap_drop, shm_mib, read_only, devices, security_opt } =
        &container.confinement;
    for capability in cap_drop {
        option("--cap-drop", capability);
    }
    for capability in cap_add {
        option("--cap-add", capability);
    }
    if let Some(mib) = shm_mib {
        option("--shm-size", &format!("{mib}m"));
    }
    for device in devices {
        option("--device", device);
    }
    for word in security_opt {
        option("--security-opt", word);
    }
    for (key, value) in &container.labels {
        option("--label", &format!("{key}={value}"));
    }
    if let Some(Health { command, interval, timeout, retries }) = &container.health {
        option("--health-cmd", command);
        option("--health-interval", &format!("{interval}s"));
        option("--health-timeout", &format!("{timeout}s"));
        option("--health-retries", &retries.to_string());
    }
    option("--stop-timeout", &container.stop_timeout.to_string());
    // The client prints what the container says, and its output is the unit's: a second copy would fill the disk.
    option("--log-driver", "none");
    if *read_only {
        lines.push("--read-only".to_owned());
    }
    let mut option = |flag: &str, value: &str| lines.push(format!("{flag} {}", quote_word(value)));
    // What is not ours cannot be labelled for containers, so the container must do without SELinux.
    if host.system.runtime.labels && container.binds.iter().any(|bind| !is_ours(host, bind)) {
        option("--security-opt", "label=disable");
    }
    container.binds.iter().for_each(|bind| option("--mount", &mount(host, bind)));
    let secrets = container.secrets.iter().map(|secret| secret_bind(container, secret));
    secrets.for_each(|bind| option("--mount", &mount(host, &bind)));
    container.tmpfs.iter().for_each(|path| option("--tmpfs", path));
    if let Some(entrypoint) = &container.entrypoint {
        option("--entrypoint", entrypoint);
    }
    lines.extend(environment.words.iter().map(|word| format!("--env {word}")));
    lines.push("${IMAGE}".to_owned());
    for arg in &container.args {
        let parts = host.parts_of(arg.on(host.position), container.name.span, used, diags);
        lines.push(if parts.is_empty() { quote_word("") } else { quote_parts(&parts) });
    }
    if container.deciding.as_ref().is_some_and(|deciding| deciding.takes_flags) {
        // a word of its own, so that systemd makes as many of it as there are
        lines.push("$MEMBER_FLAGS".to_owned());
    }
    lines.join(" \\\n    ")
}

/// Returns the value of `--publish`.
fn publish(port: &Port) -> String {
    let Port { name: _, number, inside, entry: _, udp, audience: _ } = port;
    let inside = inside.unwrap_or(number.value);
    format!("{}:{inside}{}", number.value, if *udp { "/udp" } else { "" })
}

/// Returns the value of `--mount`, which unlike `--volume` never makes a missing source.
///
/// Labels are shared: a private label is a new one at each start, and would be written to every file of the volume.
fn mount(host: &Host<'_>, bind: &Bind) -> String {
    let Bind { from, to, read_only, slave, create: _ } = bind;
    let mut fields = vec![
        "type=bind".to_owned(),
        csv_field(&format!("source={}", from.value)),
        csv_field(&format!("target={to}")),
    ];
    if *read_only {
        fields.push("readonly".to_owned());
    }
    if *slave {
        fields.push("bind-propagation=rslave".to_owned());
    }
    if host.system.runtime.labels && is_ours(host, bind) {
        fields.push("relabel=shared".to_owned());
    }
    fields.join(",")
}

fn secret_bind(container: &Container, secret: &SecretFile) -> Bind {
    Bind {
        from: secret.name.clone().map(|_| container.secret_path(secret)),
        to: secret.path.value.clone(),
        read_only: true,
        slave: false,
        // it is made before the start, in one folder with the others
        create: Some(container.secret_ownership(secret)),
    }
}

/// Returns whether the source of a bind is there for containers: made for this one, on a volume, or a declared file.
fn is_ours(host: &Host<'_>, bind: &Bind) -> bool {
    let from = &bind.from.value;
    let mut files = host.parts.files.iter().chain(&host.role.files);
    bind.create.is_some()
        || host.mount_of(from).is_some()
        || is_below(from, "/etc/cfgbuild")
        || files.any(|file| file.path.value == *from)
        || host.role.directories.iter().any(|directory| is_below(from, &directory.path.value))
}
