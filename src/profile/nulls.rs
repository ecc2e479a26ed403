//! Warns of a `null` that takes nothing back: whoever writes `kafka:` and no more means `kafka: {}`.
//!
//! Of units and files it says nothing: there `null` also takes back what cfgbuild generates.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{Edit, Kind, Node, Spanned};

/// Maps with entries that are there by being named, and whether one may say nothing else.
const NAMED: [(&[&str], bool); 9] = [
    (&["cluster", "nodes"], true),
    (&["containers"], false),
    (&["directories"], true),
    (&["groups"], true),
    (&["kafka", "topics"], true),
    (&["links"], false),
    (&["users"], true),
    (&["vars"], true),
    (&["volumes"], false),
];
/// Sections that are a service by being there.
const SERVICES: [&str; 3] = ["etcd", "zookeeper", "kafka"];

/// Reports the idle `null`s of one layer over all below it.
pub(super) fn warn(under: &Node, over: &Node, diags: &mut Diagnostics) {
    for (name, _) in idle(Some(under), Some(over)) {
        if SERVICES.contains(&name.value.as_str()) {
            report(&name.value, name, true, diags);
        }
    }
    for (path, may_be_bare) in NAMED {
        let at = |node| path.iter().try_fold(node, |node: &Node, key| node.get(key));
        for (name, _) in idle(at(under), at(over)) {
            report(&format!("{}.{}", path.join("."), name.value), name, may_be_bare, diags);
        }
    }
}

/// Returns the entries of a map that are `null` where nothing is below them.
fn idle<'n>(
    under: Option<&'n Node>,
    over: Option<&'n Node>,
) -> impl Iterator<Item = &'n (Spanned<String>, Node)> {
    let below = move |name: &str| {
        under.and_then(|node| node.get(name)).is_some_and(|node| node.kind != Kind::Null)
    };
    let entries = over.and_then(Node::entries).unwrap_or_default().iter();
    entries.filter(move |(name, node)| node.kind == Kind::Null && !below(&name.value))
}

fn report(path: &str, name: &Spanned<String>, may_be_bare: bool, diags: &mut Diagnostics) {
    let title = format!("`{path}` is empty, and so is left out");
    let label = "takes back what a parent says, and none says anything";
    let found = Diagnostic::warning("empty-removes-nothing", name.span, title, label);
    diags.report(if may_be_bare {
        let key = name.value.as_str();
        found
            .help(format!("write `{key}: {{}}` to have it with its defaults, or remove it"))
            .edit(Edit::set_beside(name.span, key, "{}"))
    } else {
        found.help("say what it is, or remove it").edit(Edit::remove(name.span))
    });
}
