//! CloudFormation templates, JSON or YAML: the user data of every launch configuration, launch template and instance.
//!
//! Functions become text. What only a stack knows stays as `${Name}`; a parameter with a default has that.

use std::collections::BTreeMap;

use super::fault::unreadable;
use super::machine::{EC2, Found};
use super::mapped::Mapped;
use super::one::one;
use super::packing;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::{FileId, Kind, Node, Origin, Sources, Span, Spanned, Style, as_text};

/// Resources with user data: type, keys that lead to it, most bytes of it, raw.
const HOMES: [(&str, &[&str], usize); 3] = [
    // the limit is on the base64 of it
    ("AWS::AutoScaling::LaunchConfiguration", &["Properties", "UserData"], EC2 - 1),
    ("AWS::EC2::LaunchTemplate", &["Properties", "LaunchTemplateData", "UserData"], EC2),
    ("AWS::EC2::Instance", &["Properties", "UserData"], EC2),
];

/// Reads all user data of a template.
pub(super) fn read(
    title: &str,
    file: FileId,
    tree: &Node,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Vec<Found> {
    let parameters = parameters(tree);
    let mut found = Vec::new();
    let mut seen = false;
    for (name, resource) in tree.get("Resources").and_then(Node::entries).unwrap_or_default() {
        let kind = resource.get("Type").and_then(scalar).unwrap_or_default();
        let Some((_, path, limit)) = HOMES.iter().find(|(known, ..)| *known == kind) else {
            continue;
        };
        let at = path.iter().try_fold(resource, |node: &Node, key| node.get(key));
        let Some(node) = at else { continue };
        seen = true;
        let title = format!("{title}, user data of `{}`", name.value);
        found.extend(of_resource(title, name, node, *limit, &parameters, sources, diags));
    }
    if !seen {
        let end = sources.text(file).lines().next().map_or(0, str::len);
        unreadable(Span::new(file, 0, end), "no resource of the template has any", diags);
    }
    found
}

fn of_resource(
    title: String,
    name: &Spanned<String>,
    node: &Node,
    limit: usize,
    parameters: &BTreeMap<&str, &str>,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<Found> {
    let mut mapped = Mapped::default();
    match function(node) {
        Some(("Base64", inner)) => resolve(inner, parameters, &mut mapped),
        Some(_) => {
            unreadable(node.span, "only the stack knows it", diags);
            return None;
        }
        None => {
            let bytes = scalar(node).unwrap_or_default().as_bytes();
            let text = packing::unpack(bytes)
                .and_then(|unpacked| as_text(&unpacked.bytes).map_err(|error| error.to_string()));
            match text {
                Ok(text) => {
                    let inner = sources.add_from(Origin::NoFile, title.clone(), text);
                    return one(title, inner, false, sources, diags);
                }
                Err(why) => {
                    unreadable(node.span, &why, diags);
                    return None;
                }
            }
        }
    }
    let bytes = mapped.text.len();
    if bytes > limit {
        let title = format!("user data of `{}` is {bytes} bytes, EC2 takes {limit}", name.value);
        diags.report(
            Diagnostic::error("user-data-too-large", name.span, title, "more than it may have")
                .help("let the machine fetch large parts at boot, or compress a text that needs no function"),
        );
    }
    let inner = sources.add_from(Origin::NoFile, title.clone(), mapped.text.clone());
    let mut found = Diagnostics::new();
    let understood = one(title, inner, true, sources, &mut found);
    mapped.tell(inner, found, sources, diags);
    understood.map(|understood| Found { sent: Some(bytes), limit, ..understood })
}

/// Returns the defaults of parameters, by name.
fn parameters(tree: &Node) -> BTreeMap<&str, &str> {
    let declared = tree.get("Parameters").and_then(Node::entries).unwrap_or_default();
    declared
        .iter()
        .filter_map(|(name, about)| Some((name.value.as_str(), scalar(about.get("Default")?)?)))
        .filter(|(_, default)| !default.is_empty())
        .collect()
}

/// Returns the function a node calls, without `Fn::`, and what it is given.
fn function(node: &Node) -> Option<(&str, &Node)> {
    let [(name, value)] = node.entries()? else { return None };
    let name = name.value.strip_prefix("Fn::").or_else(|| name.value.strip_prefix('!'));
    match (name, node.entries()?.first()?.0.value.as_str()) {
        (Some(name), _) => Some((name, value)),
        (None, "Ref") => Some(("Ref", value)),
        (None, _) => None,
    }
}

/// Appends the text a node becomes.
fn resolve(node: &Node, parameters: &BTreeMap<&str, &str>, text: &mut Mapped) {
    let Some((name, given)) = function(node) else {
        if let Some(said) = scalar(node) {
            text.push(said, node.span);
        }
        return;
    };
    match (name, &given.kind) {
        ("Ref", Kind::Scalar(name, _)) => match parameters.get(name.as_str()) {
            Some(default) => text.push(default, given.span),
            None => text.push(&format!("${{{name}}}"), given.span),
        },
        ("Join", Kind::List(parts)) => {
            let [between, Node { kind: Kind::List(items), .. }] = parts.as_slice() else { return };
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(scalar(between).unwrap_or_default(), between.span);
                }
                resolve(item, parameters, text);
            }
        }
        // what it puts in stands in the text as it is put in
        ("Sub", Kind::List(parts)) => {
            if let Some(first) = parts.first() {
                resolve(first, parameters, text);
            }
        }
        ("Base64" | "Sub", _) => resolve(given, parameters, text),
        ("If", Kind::List(parts)) => {
            if let Some(first) = parts.get(1) {
                resolve(first, parameters, text);
            }
        }
        ("GetAtt", Kind::List(parts)) => {
            let path: Vec<&str> = parts.iter().filter_map(scalar).collect();
            text.push(&format!("${{{}}}", path.join(".")), given.span);
        }
        ("GetAtt", Kind::Scalar(path, _)) => text.push(&format!("${{{path}}}"), given.span),
        (other, _) => text.push(&format!("${{{other}}}"), given.span),
    }
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Scalar(text, Style::Plain | Style::Quoted | Style::Block | Style::Verbatim) => {
            Some(text)
        }
        Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    }
}
