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

pub mod check;

// the way out
pub mod emit;

pub mod output;

pub mod cli;

use check::{Facts, RawUnits};
use cluster::{Cluster, Parts};
use diagnostic::{Diagnostics, Reported};
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

/// What changes a build besides the profiles.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Values of variables and overrides of the target.
    pub inputs: Inputs,
    /// Warnings of these checks are left out.
    pub allow: Vec<String>,
    /// Whether `machine.json`, which the reference tests compare with, is printed too.
    pub with_model: bool,
}

/// Compiles one role; an `Err` has been reported in `diags`.
pub fn compile(
    role: &Spanned<String>,
    loader: &mut Loader<'_>,
    options: &Options,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Build, Reported> {
    let resolved = profile::resolve(role, loader, &options.inputs, sources, diags)?;
    let cluster = cluster::lower(role, &resolved, diags)?;
    service::validate(&cluster, diags);
    diags.stop()?;
    let parts: Vec<Parts> =
        (0..cluster.nodes.len()).map(|position| service::expand(&cluster, position)).collect();
    let machines: Vec<Machine> = parts
        .iter()
        .enumerate()
        .map(|(position, parts)| machine::build(&cluster, parts, position, diags))
        .collect();
    let raw = RawUnits::read(&cluster);
    check::run(
        &Facts { sources, cluster: &cluster, parts: &parts, machines: &machines, raw: &raw },
        &options.allow,
        diags,
    );
    diags.stop()?;
    let mut tree = Tree::new();
    let with_model = options.with_model;
    let sizes = machines
        .iter()
        .map(|machine| {
            emit::emit(&Request { target: &cluster.target, machine, with_model }, &mut tree, diags)
        })
        .collect();
    diags.stop()?;
    Ok(Build { resolved, cluster, machines, sizes, tree })
}
