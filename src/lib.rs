//! Compiles cluster role profiles into machines that boot right.
//!
//! The library exists for the program of the same name and promises no stable API. It reads top to bottom as the
//! pipeline: [`compile`] is the list of its stages.

// beside all of it
pub mod parallel;

// the way in
pub mod source;

// what is told on the way
pub mod diagnostic;

// what is known of other people's programs
pub mod settings;

// the middle, in the order of the stages
pub mod profile;

pub mod model;

pub mod lower;

pub mod unitfile;

pub mod os;

pub mod platform;

pub mod service;

pub mod grammar;

pub mod machine;

pub mod plan;

pub mod change;
pub mod check;

pub mod inspect;

// the way out
pub mod emit;

pub mod output;

#[cfg(feature = "net")]
pub mod net;

pub mod cli;

use std::sync::Arc;

use check::Facts;
use diagnostic::{Diagnostic, Diagnostics, Reported};
use emit::{LateData, Printed, Request, Sizes, cloudformation, packer};
use model::machine::Machine;
use model::{Format, Identity, Parts, Role};
use output::{Known, Tree};
use profile::{Inputs, Loader, Resolved};
use service::{Claims, Services};
use source::{Sources, Spanned};

/// What a role compiles to, with the stages it came through.
#[derive(Debug)]
pub struct Build {
    /// The resolved profile.
    pub resolved: Resolved,
    pub role: Role,
    pub services: Services,
    /// One machine per node, in their order.
    pub machines: Vec<Machine>,
    /// User data per node, in their order.
    pub sizes: Vec<Sizes>,
    /// All artefacts but the manifest.
    pub tree: Tree,
    /// Why there is no cloud-config although the system reads one, and nobody asked for it: the code of what a
    /// cloud-config cannot hold.
    pub refused: Option<&'static str>,
    /// The secrets, which no artefact may show.
    pub known: Known,
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
    /// What the roles of the workspace claim, this one among them.
    pub claims: Arc<Claims>,
    /// On how many threads nodes are built and printed; the bytes are the same for any number.
    pub threads: usize,
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

fn secret_in_path(role: &Spanned<String>, path: &str) -> Diagnostic {
    let title = format!("a secret becomes part of the file name `{path}`");
    Diagnostic::error("secret-exposed", role.span, title, "every folder shows its names")
        .help("name the unit, file or node without it")
}

/// Returns what a role claims; nothing where it cannot be read, which its own compilation reports.
pub fn claims(
    name: &Spanned<String>,
    loader: &mut Loader<'_>,
    inputs: &Inputs,
    sources: &mut Sources,
) -> Claims {
    let (mut claims, mut unheard) = (Claims::default(), Diagnostics::new());
    let resolved = profile::resolve(name, loader, &grammar::GRAMMAR, inputs, sources, &mut unheard);
    let Ok(resolved) = resolved else { return claims };
    if let Ok((role, services)) = lower::lower(name, &resolved, &mut unheard) {
        claims.add(&role, &resolved.parents(), &services, sources);
    }
    claims
}

/// Compiles one role; an `Err` has been reported in `diags`.
pub fn compile(
    name: &Spanned<String>,
    loader: &mut Loader<'_>,
    options: &Options,
    sources: &mut Sources,
    diags: &mut Diagnostics,
) -> Result<Build, Reported> {
    let resolved =
        profile::resolve(name, loader, &grammar::GRAMMAR, &options.inputs, sources, diags);
    let resolved = resolved.map_err(|refused| {
        // what else is wrong is told in the same run
        let _is_refused = refused.rest.map(|rest| lower::lower(name, &rest, diags));
        refused.reported
    })?;
    let (mut role, services) = lower::lower(name, &resolved, diags)?;
    let early = validated(&services, &role, diags);
    check::vain(&role.allow, diags);
    cloudformation::report_nodes(&role, diags);
    diags.stop()?;
    let taken = options.claims.taken(&role, &services, sources);
    let known = Known::new(diags.secrets());
    let (parts, machines) = machines(name, &role, &services, &known, options.threads, diags)?;
    let secrets = diags.secrets().to_vec();
    check::run(
        &Facts {
            sources,
            role: &role,
            services: &services,
            parts: &parts,
            machines: &machines,
            secrets: &secrets,
            secret_defaults: &resolved.secret_defaults(),
            taken: &taken,
        },
        &options.allow,
        early,
        diags,
    );
    diags.stop()?;
    let mut tree = Tree::new();
    let wrap_above = match (&role.aws, role.identity.value) {
        (Some(_), Identity::Pinned) => emit::wrap_above(machines.len()),
        (Some(_), Identity::Shared) | (None, _) => usize::MAX,
    };
    let printed = print(&role, &machines, wrap_above, options, &mut tree, diags)?;
    packer::emit(&role, &machine::bake(&role, &parts, &machines), &mut tree, diags);
    diags.stop()?;
    let refused = printed.iter().find_map(|printed| printed.refused);
    let (mut sizes, data): (Vec<Sizes>, Vec<Option<LateData>>) =
        printed.into_iter().map(|Printed { sizes, late, refused: _ }| (sizes, late)).unzip();
    if refused.is_some() {
        emit::leave_out(Format::CloudConfig, &mut tree, &mut sizes);
        role.target.formats.value.retain(|format| *format != Format::CloudConfig);
    }
    if let Some(plan) = plan::build(&role, &services, &machines) {
        let data: Vec<LateData> = data.into_iter().flatten().collect();
        cloudformation::emit(&plan, &data, &mut tree, diags);
        diags.stop()?;
    }
    if let Some(path) = tree.guard(&known) {
        return Err(diags.report(secret_in_path(name, path)));
    }
    Ok(Build { resolved, role, services, machines, sizes, tree, refused, known })
}

/// Reports what makes a role's services impossible; returns the warnings that a profile may allow, as those of checks.
fn validated(services: &Services, role: &Role, diags: &mut Diagnostics) -> Vec<Diagnostic> {
    let mut found = Diagnostics::new();
    service::validate(services, role, &mut found);
    found.secrets().iter().for_each(|secret| diags.hide(secret));
    let is_wrong = found.has_errors() || diags.has_errors();
    let (early, rest): (Vec<_>, Vec<_>) =
        found.into_findings().into_iter().partition(|it| !is_wrong && check::may_be_allowed(it));
    for finding in rest {
        diags.report(finding);
    }
    early
}

/// Builds the machine of every node, with the parts it is made of.
fn machines(
    name: &Spanned<String>,
    role: &Role,
    services: &Services,
    known: &Known,
    threads: usize,
    diags: &mut Diagnostics,
) -> Result<(Vec<Parts>, Vec<Machine>), Reported> {
    let mut parts: Vec<Parts> = Vec::with_capacity(role.nodes.len());
    let mut machines: Vec<Machine> = Vec::with_capacity(role.nodes.len());
    let mut bytes = 0;
    let work = |position, _: &_| {
        let mut found = Diagnostics::new();
        let parts = services.expand(role, position);
        let mut machine = machine::build(role, &parts, position, &mut found);
        machine.guard(&|bytes| known.is_in(bytes));
        (parts, machine, found)
    };
    parallel::in_order(&role.nodes, threads, work, |(expanded, machine, found)| {
        diags.add(found);
        bytes += machine.bytes();
        if bytes > MAX_BYTES {
            return Err(diags.report(too_large(name, &machine.name)));
        }
        parts.push(expanded);
        machines.push(machine);
        Ok(())
    })?;
    Ok((parts, machines))
}

/// Prints every machine into the tree, in every format of the target.
fn print(
    role: &Role,
    machines: &[Machine],
    wrap_above: usize,
    options: &Options,
    tree: &mut Tree,
    diags: &mut Diagnostics,
) -> Result<Vec<Printed>, Reported> {
    let mut all: Vec<Printed> = Vec::with_capacity(machines.len());
    let work = |_, machine: &_| {
        let (target, aws) = (&role.target, role.aws.as_ref());
        let with_model = options.with_model;
        let request = Request { target, aws, machine, wrap_above, with_model };
        let (mut tree, mut found) = (Tree::new(), Diagnostics::new());
        let printed = emit::emit(&request, &mut tree, &mut found);
        (printed, tree, found)
    };
    parallel::in_order(machines, options.threads, work, |(printed, artefacts, found)| {
        diags.add(found);
        tree.extend(artefacts);
        all.push(printed);
        Ok(())
    })?;
    Ok(all)
}
