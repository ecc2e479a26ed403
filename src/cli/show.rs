//! `cfgbuild show`: a resolved profile, each value with the place it comes from.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;

use super::style::{DIM, styled};
use super::workspace::{Values, Workspace, said};
use super::{document, listeners, talk};
use crate::diagnostic::Diagnostics;
use crate::grammar::GRAMMAR;
use crate::lower;
use crate::model::Text;
use crate::profile::{Loader, Texts, Value, ValueKind, resolve};
use crate::source::{Sources, Span, print_yaml};

/// Show a resolved profile: every value, and the file and line that set it
///
/// Inheritance is merged, variables are set, templates are rendered. A value that differs from node to node is shown
/// for one of them; secrets are not shown. The end says who may reach the nodes, by port.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Role to show
    #[arg(value_name = "ROLE")]
    role: String,
    /// How to show it: for programs, nothing is cut and no place is told
    #[arg(long, value_name = "FORMAT", default_value = "human", conflicts_with = "sizes")]
    format: Format,
    /// Show the values of this node; those of the first where left out
    #[arg(long, value_name = "NODE", conflicts_with = "sizes")]
    node: Option<String>,
    /// Show instead what each part of a node adds to its user data, in bytes
    #[arg(long)]
    sizes: bool,
    #[command(flatten)]
    values: Values,
}

/// How a profile is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Each value with its place
    Human,
    /// YAML
    Yaml,
    /// JSON
    Json,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    if args.sizes {
        return super::sizes::run(directory, &args.role, &args.values);
    }
    let workspace = Workspace::open(directory)?;
    workspace.role(&args.role)?;
    let inputs = workspace.inputs(&args.values, 1)?;
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = said(&args.role, &mut sources);
    let resolved = resolve(
        &role,
        &mut Loader::new(&workspace.door),
        &GRAMMAR,
        &inputs,
        &mut sources,
        &mut diags,
    );
    talk::findings(&sources, &diags)?;
    let Ok(resolved) = resolved else { return Ok(ExitCode::from(1)) };
    let names: Vec<&str> = resolved.nodes.iter().map(|node| node.name.value.as_str()).collect();
    let position = match &args.node {
        None => 0,
        Some(node) => names
            .iter()
            .position(|name| name == node)
            .with_context(|| format!("no node `{node}`: must be one of: {}", names.join(", ")))?,
    };
    if args.format != Format::Human {
        let shown = document::json(&resolved.tree, position);
        let text = match args.format {
            Format::Yaml => print_yaml(&document::yaml(&shown)),
            Format::Human | Format::Json => serde_json::to_string_pretty(&shown)? + "\n",
        };
        talk::data(text.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut lines = Vec::new();
    walk((&resolved.tree, position), 0, &sources, &mut lines);
    let width = lines
        .iter()
        .map(|(text, _)| text.chars().count())
        .filter(|width| *width <= 72)
        .max()
        .unwrap_or(0);
    let mut shown = String::new();
    for (text, place) in lines {
        match place {
            Some(place) => {
                let place = styled(DIM, &format!("# {place}"));
                writeln!(shown, "{text:<width$}  {place}")?;
            }
            None => writeln!(shown, "{text}")?,
        }
    }
    // what cannot be lowered is the business of `check`
    if let Ok((role, services)) = lower::lower(&role, &resolved, &mut Diagnostics::new()) {
        shown.push_str(&listeners::table(&role, &services));
    }
    talk::drawn_data(&shown)?;
    Ok(ExitCode::SUCCESS)
}

/// Collects the lines of a value with their places.
fn walk(
    (value, position): (&Value, usize),
    depth: usize,
    sources: &Sources,
    lines: &mut Vec<(String, Option<String>)>,
) {
    let indent = "  ".repeat(depth);
    match &value.kind {
        ValueKind::Map(entries) => {
            let hidden = document::is_called_secret(value);
            for (name, value) in entries {
                match &value.kind {
                    _ if hidden && lower::CONTENTS.contains(&name.value.as_str()) => lines.push((
                        format!("{indent}{}: (secret)", name.value),
                        Some(place(value.span, sources)),
                    )),
                    ValueKind::Map(inner) if !inner.is_empty() => {
                        lines.push((format!("{indent}{}:", name.value), None));
                        walk((value, position), depth + 1, sources, lines);
                    }
                    ValueKind::List(items) if items.iter().any(|item| item.scalar().is_none()) => {
                        lines.push((format!("{indent}{}:", name.value), None));
                        walk((value, position), depth + 1, sources, lines);
                    }
                    ValueKind::Null
                    | ValueKind::Scalar(_)
                    | ValueKind::List(_)
                    | ValueKind::Map(_) => {
                        let text = one_line(value, position);
                        lines.push((
                            format!("{indent}{}: {text}", name.value),
                            Some(place(value.span, sources)),
                        ));
                    }
                }
            }
        }
        ValueKind::List(items) => {
            for item in items {
                lines.push((
                    format!("{indent}- {}", one_line(item, position)),
                    Some(place(item.span, sources)),
                ));
            }
        }
        ValueKind::Null | ValueKind::Scalar(_) => {}
    }
}

/// Returns a value in one line, as flow YAML; a long text is cut.
fn one_line(value: &Value, position: usize) -> String {
    match &value.kind {
        ValueKind::Null => "null".to_owned(),
        ValueKind::List(items) => {
            format!(
                "[{}]",
                items.iter().map(|item| one_line(item, position)).collect::<Vec<_>>().join(", ")
            )
        }
        ValueKind::Map(entries) if entries.is_empty() => "{}".to_owned(),
        ValueKind::Map(entries) => {
            let entries = entries
                .iter()
                .map(|(name, value)| format!("{}: {}", name.value, one_line(value, position)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        ValueKind::Scalar(scalar) if scalar.is_secret() => "(secret)".to_owned(),
        ValueKind::Scalar(scalar) => {
            let (text, more) = match &scalar.texts {
                Texts::Same(text) => (Some(text), ""),
                Texts::Each(texts) => (texts.get(position), " …"),
            };
            let whole: String =
                text.map(Text::pieces).unwrap_or_default().iter().map(document::piece).collect();
            let lines = whole.lines().count();
            let first = whole.lines().next().unwrap_or("");
            let cut: String = first.chars().take(100).collect();
            match lines {
                0 => "\"\"".to_owned(),
                1 => format!("{cut}{more}"),
                _ => format!("{cut} … ({lines} lines){more}"),
            }
        }
    }
}

fn place(span: Span, sources: &Sources) -> String {
    let (line, _) = sources.line_column(span);
    format!("{}:{line}", sources.name(span.file))
}
