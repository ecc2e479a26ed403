//! `cfgbuild list`: the roles of the workspace, and the profiles that cfgbuild brings along.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use serde::Serialize;

use super::style::{DIM, NAME, styled};
use super::talk;
use super::workspace::{Values, Workspace, said};
use crate::diagnostic::Diagnostics;
use crate::grammar::GRAMMAR;
use crate::profile::{Inputs, Loader, resolve, shipped_roles};
use crate::source::Sources;

/// List the roles of the workspace with their descriptions
///
/// The profiles that cfgbuild brings along follow, as far as the workspace has none of the same name.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the names of the workspace's own roles alone, one a line
    #[arg(long, conflicts_with = "format")]
    names: bool,
    /// How to print the list
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

/// How the list is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A line for each role
    Human,
    /// One JSON document
    Json,
}

/// The list as one JSON document.
#[derive(Serialize)]
struct Document {
    version: u32,
    roles: Vec<Role>,
}

#[derive(Serialize)]
struct Role {
    name: String,
    /// Whether cfgbuild brings it along.
    shipped: bool,
    /// What it says of itself; none where it does not compile.
    description: Option<String>,
    /// The names of its nodes; none where it does not compile.
    nodes: Option<Vec<String>>,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    let own = Loader::new(&workspace.door).roles();
    let own = own.map_err(|error| anyhow::anyhow!("cannot read the folder `profiles`: {error}"))?;
    if args.names {
        let lines: String = own.iter().map(|name| talk::clean(name) + "\n").collect();
        talk::data(lines.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let shipped: Vec<&str> =
        shipped_roles().into_iter().filter(|name| !own.iter().any(|own| own == name)).collect();
    let inputs = workspace.inputs(&Values::default(), own.len())?;
    let shipped = shipped.iter().map(|name| role(&workspace, name, true, &inputs));
    let own = own.iter().map(|name| role(&workspace, name, false, &inputs));
    let roles: Vec<Role> = own.chain(shipped).collect();
    if args.format == Format::Json {
        let text = serde_json::to_string_pretty(&Document { version: 1, roles });
        talk::data((text? + "\n").as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    talk::drawn_data(&lines(&roles))?;
    Ok(ExitCode::SUCCESS)
}

fn role(workspace: &Workspace, name: &str, shipped: bool, inputs: &Inputs) -> Role {
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = said(name, &mut sources);
    let mut loader = Loader::new(&workspace.door);
    let resolved = resolve(&role, &mut loader, &GRAMMAR, inputs, &mut sources, &mut diags).ok();
    let about = |resolved: &crate::profile::Resolved| {
        let text = resolved.tree.get("description").and_then(|text| text.text());
        text.unwrap_or("").to_owned()
    };
    Role {
        name: name.to_owned(),
        shipped,
        description: resolved.as_ref().map(about),
        nodes: resolved.map(|all| all.nodes.into_iter().map(|node| node.name.value).collect()),
    }
}

fn lines(roles: &[Role]) -> String {
    let width = roles.iter().map(|role| talk::clean(&role.name).chars().count()).max();
    let width = width.unwrap_or(0);
    let mut lines = String::new();
    for (index, Role { name, shipped, description, nodes }) in roles.iter().enumerate() {
        let is_first = index.checked_sub(1).and_then(|before| roles.get(before));
        if *shipped && is_first.is_none_or(|before| !before.shipped) {
            let gap = if index > 0 { "\n" } else { "" };
            let _ = writeln!(
                lines,
                "{gap}shipped: `cfgbuild profile NAME` builds one, `extends: NAME` builds on it, \
                 `cfgbuild init NAME` copies it"
            );
        }
        let about = match (description, nodes) {
            (Some(about), Some(nodes)) => {
                format!("{} {about}", styled(DIM, &format!("{} ×", nodes.len())))
            }
            _ if name.contains(char::is_whitespace) => {
                "does not compile: see `cfgbuild check`".to_owned()
            }
            _ => format!("does not compile: see `cfgbuild check {}`", talk::clean(name)),
        };
        let gap = " ".repeat(width - talk::clean(name).chars().count());
        // writing to a text cannot fail
        let _ = writeln!(lines, "{}{gap}  {about}", styled(NAME, &talk::clean(name)));
    }
    lines
}
