//! `cfgbuild goodbye`: how a node leaves.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use super::talk;
use super::workspace::{Values, Workspace, said};
use crate::diagnostic::Diagnostics;
use crate::grammar::GRAMMAR;
use crate::lower;
use crate::model::{Identity, Role};
use crate::profile::{Loader, resolve};
use crate::service::{Farewell, Goodbye, Member, Services};
use crate::source::Sources;

/// Say how a node leaves its cluster for good, step by step
///
/// The node is one of `cluster.leaving`, and that is built and deployed: it is listed until it has gone. Nothing is
/// done by this command, and nobody is asked. A build without a node that has not been leaving is refused.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Role of the node
    #[arg(value_name = "ROLE")]
    role: String,
    /// Node that leaves
    #[arg(value_name = "NODE")]
    node: String,
    #[command(flatten)]
    values: Values,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    workspace.role(&args.role)?;
    let Some((role, services)) = read(&workspace, &args.role, &args.values)? else {
        return Ok(ExitCode::from(1));
    };
    let names: Vec<&str> = role.nodes.iter().map(|node| node.name.value.as_str()).collect();
    let position = names.iter().position(|name| *name == args.node);
    let position = position.with_context(|| {
        format!("no node `{}`: must be one of: {}", args.node, names.join(", "))
    })?;
    let member = Member::of(&role, position).context("the node is there")?;
    if member.node.leaving.is_none() {
        bail!(
            "`{}` stays: say `cluster: {{ leaving: [{}] }}` in profiles/{}, build and deploy that first",
            args.node,
            args.node,
            role.name
        );
    }
    if role.identity.value == Identity::Shared {
        bail!("the nodes of `{}` share one config: nothing tells one from another", role.name);
    }
    // who stands on another leaves first
    let mut said: Vec<(&str, Goodbye)> = Vec::new();
    for one in services.all.iter().rev() {
        match one.service.goodbye(member) {
            Ok(goodbye) => said.push((&one.name.value, goodbye)),
            Err(why) => bail!("{}: {why}", one.name.value),
        }
    }
    let step = |what: String, commands: Vec<String>| Farewell { what, commands };
    let before =
        said.iter().flat_map(|(name, it)| it.before.iter().map(|one| (*name, one.clone())));
    let after = said.iter().flat_map(|(name, it)| it.after.iter().map(|one| (*name, one.clone())));
    let off = format!("Shut {} down for good: nothing may start it again", args.node);
    let last = [
        step(
            format!(
                "Take {} out of `cluster.nodes` and `cluster.leaving`, build, and record what runs",
                args.node
            ),
            vec![format!("cfgbuild deployed {}", role.name)],
        ),
        step(
            "Delete its volumes: what is on them counts no longer, and must not come back"
                .to_owned(),
            Vec::new(),
        ),
    ];
    let steps =
        before.chain([("", step(off, Vec::new()))]).chain(after).chain(last.map(|one| ("", one)));
    let mut shown = format!("{} leaves {}\n\n", args.node, role.cluster.value);
    for (number, (name, Farewell { what, commands })) in steps.enumerate() {
        let whose = if name.is_empty() { String::new() } else { format!("{name}: ") };
        let end = if commands.is_empty() { '.' } else { ':' };
        writeln!(shown, "{:>3}. {whose}{what}{end}", number + 1)?;
        for command in commands {
            writeln!(shown, "       {command}")?;
        }
    }
    talk::data(talk::clean(&shown).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Reads a role and its services; what is wrong with them otherwise is the business of `check`.
pub(super) fn read(
    workspace: &Workspace,
    role: &str,
    values: &Values,
) -> anyhow::Result<Option<(Role, Services)>> {
    let inputs = workspace.inputs(values, 1)?;
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = said(role, &mut sources);
    let mut loader = Loader::new(&workspace.door);
    let resolved = resolve(&role, &mut loader, &GRAMMAR, &inputs, &mut sources, &mut diags);
    let lowered =
        resolved.ok().and_then(|resolved| lower::lower(&role, &resolved, &mut diags).ok());
    if lowered.is_none() {
        talk::findings(&sources, &diags)?;
    }
    Ok(lowered)
}
