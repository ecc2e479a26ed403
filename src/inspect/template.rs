//! CloudFormation templates, JSON or YAML: the user data of every launch configuration, launch template and instance.
//!
//! Functions become text. What only a stack knows stays as `${Name}`; a parameter with a default has that.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::unreadable;
use super::machine::{EC2, Found};
use super::mapped::Mapped;
use super::one::{form, one};
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
    let known = Known { parameters: parameters(tree), names: names(tree) };
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
        found.extend(of_resource(title, name, node, *limit, &known, sources, diags));
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
    known: &Known<'_>,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Option<Found> {
    let (mut mapped, mut used) = (Mapped::default(), BTreeMap::new());
    match function(node) {
        Some(("Base64", inner)) => {
            unknown_in_sub(inner, known, diags);
            resolve(inner, &known.parameters, &mut used, &mut mapped);
        }
        Some(_) => {
            unreadable(node.span, "only the stack knows it", diags);
            return None;
        }
        None => {
            let bytes = scalar(node).unwrap_or_default().as_bytes();
            let unpacked = packing::unpack(bytes);
            if unpacked.as_ref().is_ok_and(|unpacked| !unpacked.how.starts_with("decoded")) {
                let title = format!("the user data of `{}` is not base64", name.value);
                diags.report(
                    Diagnostic::error("template-not-base64", node.span, title, "EC2 refuses it")
                        .help("put it into `Fn::Base64`"),
                );
            }
            let text = unpacked
                .and_then(|unpacked| as_text(&unpacked.bytes).map_err(|error| error.to_string()));
            match text {
                Ok(text) => {
                    let inner = sources.add_from(Origin::NoFile, title.clone(), text);
                    return one(title, inner, form(inner, sources), false, sources, diags);
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
    let understood = one(title, inner, form(inner, sources), true, sources, &mut found);
    mapped.tell(inner, found, sources, diags);
    let defaults: Vec<String> =
        used.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    understood.map(|mut understood| {
        if !defaults.is_empty() {
            let heading = "parameters, with the default that stands below".to_owned();
            understood.settings.insert(0, (heading, defaults));
        }
        Found { sent: Some(bytes), limit, ..understood }
    })
}

/// What a template knows of itself.
struct Known<'t> {
    /// Defaults of parameters, by name.
    parameters: BTreeMap<&'t str, &'t str>,
    /// What `${Name}` may name in it.
    names: BTreeSet<&'t str>,
}

/// Returns the names of parameters and resources.
fn names(tree: &Node) -> BTreeSet<&str> {
    let sections = ["Parameters", "Resources"].iter().filter_map(|section| tree.get(section));
    let entries = sections.filter_map(Node::entries).flatten();
    entries.map(|(name, _)| name.value.as_str()).collect()
}

/// Reports what `Fn::Sub` puts in and no stack knows: variables of a shell, mostly.
fn unknown_in_sub(node: &Node, known: &Known<'_>, diags: &mut Diagnostics) {
    let (text, own) = match (function(node), &node.kind) {
        (Some(("Sub", given)), _) => match &given.kind {
            Kind::List(parts) => (parts.first(), parts.get(1).and_then(Node::entries)),
            Kind::Null | Kind::Scalar(..) | Kind::Map(_) => (Some(given), None),
        },
        (Some((_, given)), _) => return unknown_in_sub(given, known, diags),
        (None, Kind::List(items)) => {
            return items.iter().for_each(|item| unknown_in_sub(item, known, diags));
        }
        (None, _) => return,
    };
    let Some((text, node)) = text.and_then(|node| Some((scalar(node)?, node))) else { return };
    let own: BTreeSet<&str> =
        own.unwrap_or_default().iter().map(|(name, _)| name.value.as_str()).collect();
    let mut told = BTreeSet::new();
    for part in text.split("${").skip(1) {
        let Some((name, _)) = part.split_once('}') else { continue };
        let base = name.split('.').next().unwrap_or_default();
        let is_known = name.starts_with('!')
            || base.starts_with("AWS::")
            || known.names.contains(base)
            || own.contains(name);
        if is_known || !told.insert(name) {
            continue;
        }
        let title = format!("no stack knows what `${{{name}}}` is");
        let label = "CloudFormation refuses the template";
        let help = format!("for a variable of a shell, write `${{!{name}}}`");
        diags.report(
            Diagnostic::error("template-variable-unknown", node.span, title, label).help(help),
        );
    }
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

/// Appends the text a node becomes, and notes the defaults that it took.
fn resolve<'t>(
    node: &'t Node,
    parameters: &BTreeMap<&'t str, &'t str>,
    used: &mut BTreeMap<&'t str, &'t str>,
    text: &mut Mapped,
) {
    let Some((name, given)) = function(node) else {
        if let Some(said) = scalar(node) {
            text.push(said, node.span);
        }
        return;
    };
    match (name, &given.kind) {
        ("Ref", Kind::Scalar(name, _)) => match parameters.get(name.as_str()) {
            Some(default) => {
                used.insert(name, default);
                text.push(default, given.span);
            }
            None => text.push(&format!("${{{name}}}"), given.span),
        },
        ("Join", Kind::List(parts)) => {
            let [between, Node { kind: Kind::List(items), .. }] = parts.as_slice() else { return };
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(scalar(between).unwrap_or_default(), between.span);
                }
                resolve(item, parameters, used, text);
            }
        }
        // what it puts in stands in the text as it is put in
        ("Sub", Kind::List(parts)) => {
            if let Some(first) = parts.first() {
                resolve(first, parameters, used, text);
            }
        }
        ("Base64" | "Sub", _) => resolve(given, parameters, used, text),
        ("If", Kind::List(parts)) => {
            if let Some(first) = parts.get(1) {
                resolve(first, parameters, used, text);
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
