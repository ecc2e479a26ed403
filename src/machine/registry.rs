//! What a container runtime must know of a private registry: its certificate, its password, that it speaks plain http.
//!
//! docker reads `daemon.json(5)` and `certs.d`, podman `containers-registries.conf.d(5)` and `containers-certs.d(5)`;
//! passwords are in the same format for both.

use serde_json::{Map, Value as Json, json};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Registry;
use crate::model::UnitText;
use crate::model::machine::{Contents, File};
use crate::os::RegistrySettings;
use crate::platform::{Draft, Host, generated_file};
use crate::source::Spanned;

/// Where docker's daemon is configured.
const DAEMON_JSON: &str = "/etc/docker/daemon.json";

/// Folder of `config.json`, which holds the password.
const PASSWORDS: &str = "/etc/cfgbuild/registry";

/// The key of docker's settings for registries without TLS.
const INSECURE: &str = "insecure-registries";

/// Adds the runtime's files about the registry.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft) {
    let Some(registry) = &host.role.registry else { return };
    let settings = &host.system.runtime.registry;
    let name = &registry.host.value;
    if registry.insecure {
        match settings {
            RegistrySettings::Docker => {
                let text = daemon_json(&mut Map::new(), name).unwrap_or_default();
                draft.files.push(generated_file(DAEMON_JSON, 0o644, text));
            }
            RegistrySettings::Podman => draft.files.push(generated_file(
                "/etc/containers/registries.conf.d/50-cfgbuild.conf",
                0o644,
                format!("[[registry]]\nlocation = \"{name}\"\ninsecure = true\n"),
            )),
        }
    }
    if let Some(ca) = &registry.ca {
        let path = format!("{}/{name}/ca.crt", settings.certificates());
        let text = format!("{}\n", ca.value.trim());
        draft
            .files
            .push(File { path: Spanned::new(path, ca.span), ..generated_file("", 0o644, text) });
    }
    if let Some(auth) = &registry.auth {
        let text = pretty(&json!({ "auths": { name: { "auth": auth.value.encoded } } }));
        let path = Spanned::new(format!("{PASSWORDS}/config.json"), auth.span);
        let file = generated_file("", 0o600, text);
        draft.files.push(File { path, contents: file.contents.guarded(true), ..file });
    }
}

/// Writes where the client finds the password.
pub(super) fn environment(host: &Host<'_>, text: &mut UnitText) {
    let opened = host.role.registry.as_ref().is_some_and(|registry| registry.auth.is_some());
    if opened {
        text.push("Service", "Environment", host.system.runtime.registry.passwords_in(PASSWORDS));
    }
}

/// Returns a profile's own `daemon.json` with the registry in it; what cannot be merged is refused.
pub(super) fn merge(host: &Host<'_>, file: File, diags: &mut Diagnostics) -> File {
    let registry = host.role.registry.as_ref().filter(|registry| registry.insecure);
    let docker = matches!(host.system.runtime.registry, RegistrySettings::Docker);
    let Some(registry) = registry.filter(|_| docker && file.path.value == DAEMON_JSON) else {
        return file;
    };
    let merged = match serde_json::from_slice::<Json>(&file.contents.bytes()) {
        Ok(Json::Object(mut settings)) => daemon_json(&mut settings, &registry.host.value),
        Ok(_) | Err(_) => None,
    };
    let Some(text) = merged else {
        diags.report(not_merged(&file, registry));
        return file;
    };
    File { contents: Contents::open(text).guarded(file.contents.secret), ..file }
}

fn not_merged(file: &File, registry: &Registry) -> Diagnostic {
    let name = &registry.host.value;
    Diagnostic::error(
        "registry-daemon-json",
        file.path.span,
        format!(
            "{DAEMON_JSON} cannot take the registry `{name}`: it is no JSON object, \
             or its `{INSECURE}` is no list"
        ),
        "docker would not start with it",
    )
    .related(registry.host.span, "this registry speaks plain http")
    .help(format!(
        "write it with `json:`, and give `{INSECURE}` a list or leave it to the registry"
    ))
}

/// Adds a registry to the settings of docker's daemon and prints them; `None` where there is something else.
fn daemon_json(settings: &mut Map<String, Json>, name: &str) -> Option<String> {
    let list = settings.entry(INSECURE).or_insert_with(|| Json::Array(Vec::new()));
    let list = list.as_array_mut()?;
    if !list.iter().any(|known| known.as_str() == Some(name)) {
        list.push(Json::from(name));
    }
    Some(pretty(settings))
}

fn pretty(value: &impl serde::Serialize) -> String {
    serde_json::to_string_pretty(value).expect("texts and lists always print") + "\n"
}
