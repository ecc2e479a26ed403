//! Compiles cluster role profiles into machines that boot right.
//!
//! The library exists for the program of the same name and promises no stable API. It reads top to bottom as the
//! pipeline: [`compile`] is the list of its stages.

// the way in
pub mod source;

// what is told on the way
pub mod diagnostic;

// the middle, in the order of the stages
pub mod profile;

pub mod cluster;

pub mod service;

pub mod machine;

// the way out
pub mod emit;

pub mod output;

pub mod cli;

use cluster::Cluster;
use diagnostic::{Diagnostic, Diagnostics, Reported};
use emit::{Request, Sizes};
use machine::Machine;
use output::Tree;
use profile::{Inputs, Loader, Resolved};
use source::{Sources, Spanned};

/// What a role compiles to, with the stages it came through.
#[derive(Debug)]
pub struct Build {
    /// The resolved profile.
    pub resolved: Resolved,
    /// The typed cluster.
    pub cluster: Cluster,
    /// One machine per node, in their order.
    pub machines: Vec<Machine>,
    /// User data per node, in their order.
    pub sizes: Vec<Sizes>,
    /// All artefacts but the manifest.
    pub tree: Tree,
}

/// Most text and data that all machines of a role may hold, in bytes; the formats take several times that in memory.
const MAX_BYTES: usize = 256 << 20;

fn too_large(role: &Spanned<String>, node: &str) -> Diagnostic {
    let title = format!(
        "role `{}` compiles to more than {} MiB, the limit being passed at node `{node}`",
        role.value,
        MAX_BYTES >> 20
    );
    Diagnostic::error("role-too-large", role.span, title, "too much for one build")
        .help("let machines fetch large contents at boot, or split the cluster into roles")
}

/// Compiles one role; an `Err` has been reported in `diags`.
pub fn compile(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    inputs: &Inputs,
    with_model: bool,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Build, Reported> {
    let resolved = profile::resolve(role, loader, inputs, sources, diags)?;
    let cluster = cluster::lower(role, &resolved, diags)?;
    service::validate(&cluster, diags);
    diags.stop()?;
    let mut machines: Vec<Machine> = Vec::with_capacity(cluster.nodes.len());
    let mut bytes = 0;
    for position in 0..cluster.nodes.len() {
        let parts = service::expand(&cluster, position);
        let machine = machine::build(&cluster, &parts, position, diags);
        bytes += machine.bytes();
        if bytes > MAX_BYTES {
            return Err(diags.report(too_large(role, &machine.name)));
        }
        machines.push(machine);
    }
    diags.stop()?;
    let mut tree = Tree::new();
    let sizes = machines
        .iter()
        .map(|machine| {
            emit::emit(&Request { target: &cluster.target, machine, with_model }, &mut tree, diags)
        })
        .collect();
    diags.stop()?;
    Ok(Build { resolved, cluster, machines, sizes, tree })
}
