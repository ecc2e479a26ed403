//! A name in a template that nothing has: what was meant, or how to come by it.

use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, nearest, suggestion};
use crate::source::{Edit, Span};

/// A name that is not known, before its place in the file is.
pub(super) struct UnknownName {
    raw: String,
    meant: Option<String>,
    help: String,
}

impl UnknownName {
    /// Looks for what was meant by `names`, written as `raw`: `at` has no part `index` of it, `data` is what there is.
    pub(super) fn new(raw: &str, names: &[&str], index: usize, at: &Json, data: &Json) -> Self {
        let known: Vec<String> =
            at.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default();
        let name = names.get(index).copied().unwrap_or("").to_owned();
        let before = names.get(..index).unwrap_or_default().join(".");
        // of two names equally near, the one that has what follows
        let rest = names.get(index + 1..).unwrap_or_default();
        let leads = |key: &&String| {
            rest.iter().try_fold(at.get(key.as_str())?, |at, name| at.get(*name)).map(|_| ())
        };
        let whole = known.iter().filter(|key| leads(key).is_some()).map(String::as_str);
        let meant =
            nearest(&name, whole).or_else(|| nearest(&name, known.iter().map(String::as_str)));
        let exact = exact_ports(data, names);
        let meant = meant.filter(|_| exact.is_empty()).map(|meant| raw.replacen(&name, meant, 1));
        let help = match (before.as_str(), &meant) {
            _ if !exact.is_empty() => {
                format!("several services there have such a port: write {}", exact.join(" or "))
            }
            ("vars", None) => format!("declare it under `vars`: `{name}: {{ type: string }}`"),
            (_, Some(near)) => format!("did you mean `{near}`?"),
            ("node", None) if name == "address" => {
                "set `cluster.domain`, or an `address` for each node in `cluster.nodes`".to_owned()
            }
            ("node", None) if name == "ip" => {
                "set an `ip` for each node in `cluster.nodes`".to_owned()
            }
            ("node", None) if name == "zone" => {
                "set `cluster.zones`, or a `zone` for each node in `cluster.nodes`".to_owned()
            }
            (_, None) => suggestion(&name, known.iter().map(String::as_str)),
        };
        Self { raw: raw.to_owned(), meant, help }
    }

    pub(super) fn at(&self, place: Span) -> Diagnostic {
        let Self { raw, meant, help } = self;
        let mut found = Diagnostic::error(
            "template-unknown-name",
            place,
            format!("`{raw}` is not known"),
            "no such name",
        )
        .help(help.clone());
        found.edits.extend(meant.iter().map(|meant| Edit::replace(place, raw, meant)));
        found
    }
}

/// Returns the exact spellings of a port `role.OTHER.ports.NAME` that several services of that role have.
fn exact_ports(data: &Json, names: &[&str]) -> Vec<String> {
    let ["role", role, "ports", port] = names else { return Vec::new() };
    let services = data.get("role").and_then(|roles| roles.get(role)?.get("services")?.as_object());
    let with_port = services
        .into_iter()
        .flatten()
        .filter(|(_, service)| service.get("ports").is_some_and(|ports| ports.get(port).is_some()));
    let spelled = |name: &str| {
        // a dot parts names, except in brackets
        if name.contains('.') { format!("[{name}]") } else { name.to_owned() }
    };
    let exact = |name: &str| format!("`role.{role}.services.{}.ports.{port}`", spelled(name));
    with_port.map(|(name, _)| exact(name)).collect()
}
