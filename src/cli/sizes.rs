//! `cfgbuild show --sizes`: what each part of a node adds to its user data.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::talk;
use super::workspace::{Values, Workspace, said};
use crate::diagnostic::Diagnostics;
use crate::emit::{Forms, Part, Request, Weight, weigh};
use crate::profile::Loader;
use crate::source::Sources;
use crate::{Options, compile};

/// Compiles a role and shows the sizes of its nodes.
pub(super) fn run(directory: &Path, role: &str, values: &Values) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    workspace.role(role)?;
    let options = Options { inputs: workspace.inputs(values, 1)?, ..Options::default() };
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = said(role, &mut sources);
    let mut loader = Loader::new(&workspace.door);
    let result = compile(&role, &mut loader, &options, &mut sources, &mut diags);
    talk::findings(&sources, &diags)?;
    let Ok(build) = result else { return Ok(ExitCode::from(1)) };
    let mut shown = String::new();
    for machine in &build.machines {
        let aws = build.role.aws.as_ref();
        let request = Request { aws, ..Request::new(&build.role.target, machine) };
        if !shown.is_empty() {
            shown.push('\n');
        }
        table(&machine.name, &weigh(&request), &mut shown)?;
    }
    talk::data(shown.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the table of one node: its parts, then all of it in each format.
fn table(node: &str, weight: &Weight, out: &mut String) -> std::fmt::Result {
    let Weight { formats, growth, limit, parts } = weight;
    let words = formats.iter().map(|(format, _)| format!("+ {format}"));
    let mut rows = vec![row(node, "text", words)];
    for Part { name, text, adds } in parts {
        let text = if *text == 0 { "-".to_owned() } else { text.to_string() };
        rows.push(row(name, &text, adds.iter().map(ToString::to_string)));
    }
    let of_all = |number: &dyn Fn(&Forms) -> Option<usize>| -> Vec<String> {
        let cells = formats.iter().map(|(_, forms)| number(forms));
        cells.map(|cell| cell.map_or("-".to_owned(), |cell| cell.to_string())).collect()
    };
    let most = |forms: &Forms| forms.smallest() + growth;
    rows.push(Vec::new());
    rows.push(row("all, readable", "", of_all(&|forms| Some(forms.plain))));
    rows.push(row("all, compressed", "", of_all(&|forms| forms.packed)));
    if *growth > 0 {
        rows.push(row("with the stack's values, at most", "", of_all(&|forms| Some(most(forms)))));
    }
    if let Some(limit) = limit {
        rows.push(row("limit", "", of_all(&|_| Some(*limit))));
        let shares = formats.iter().map(|(_, forms)| format!("{} %", most(forms) * 100 / limit));
        rows.push(row("share of it", "", shares));
    }
    aligned(&rows, out)
}

fn row(name: &str, text: &str, cells: impl IntoIterator<Item = String>) -> Vec<String> {
    [name.to_owned(), text.to_owned()].into_iter().chain(cells).collect()
}

/// Writes rows as lines: the first column to the left, numbers to the right.
fn aligned(rows: &[Vec<String>], out: &mut String) -> std::fmt::Result {
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(&widths).enumerate() {
            match at {
                0 => write!(line, "{cell:<width$}")?,
                _ => write!(line, "  {cell:>width$}")?,
            }
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
