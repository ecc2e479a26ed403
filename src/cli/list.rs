//! `cfgbuild list`: the roles of the workspace.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::talk;
use super::workspace::{Values, Workspace, said};
use crate::diagnostic::Diagnostics;
use crate::grammar::GRAMMAR;
use crate::profile::{Loader, resolve};
use crate::source::Sources;

/// List the roles of the workspace with their descriptions
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the names alone, one a line
    #[arg(long)]
    names: bool,
}

/// Runs the command.
pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    let roles = workspace.roles(&[], true)?;
    let width = roles.iter().map(String::len).max().unwrap_or(0);
    let mut lines = String::new();
    for name in &roles {
        if args.names {
            writeln!(lines, "{}", talk::clean(name))?;
            continue;
        }
        let inputs = workspace.inputs(&Values::default(), roles.len())?;
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let role = said(name, &mut sources);
        let resolved = resolve(
            &role,
            &mut Loader::new(&workspace.door),
            &GRAMMAR,
            &inputs,
            &mut sources,
            &mut diags,
        );
        let about = match &resolved {
            Ok(resolved) => {
                let about =
                    resolved.tree.get("description").and_then(|text| text.text()).unwrap_or("");
                format!("{} × {about}", resolved.nodes.len())
            }
            Err(_) if name.contains(char::is_whitespace) => {
                "does not compile: see `cfgbuild check`".to_owned()
            }
            Err(_) => format!("does not compile: see `cfgbuild check {name}`"),
        };
        writeln!(lines, "{:<width$}  {}", talk::clean(name), talk::clean(&about))?;
    }
    talk::data(lines.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
