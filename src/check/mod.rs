//! What cannot work, and what will hurt: relations between values that are each valid.
//!
//! One file per check, its header its manual. A check sees the cluster and its machines, never another check and never
//! an output.

mod cluster;
mod raw;

use std::collections::BTreeMap;

use crate::diagnostic::{self, Diagnostic, Diagnostics, Severity};
use crate::model::machine::Machine;
use crate::model::{Parts, Role};
use crate::service::{KINDS, Seen, Services};
use crate::source::{Edit, Sources, Span, Spanned};

pub use raw::RawUnits;

/// What a check sees.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// All texts, to find places inside values.
    pub sources: &'a Sources,
    /// The role.
    pub cluster: &'a Role,
    /// Its services.
    pub services: &'a Services,
    /// What the services expanded into, per node.
    pub parts: &'a [Parts],
    /// The machines, per node.
    pub machines: &'a [Machine],
    /// Values of `secret` variables.
    pub secrets: &'a [String],
    /// Units the profile wrote itself, read.
    pub raw: &'a RawUnits<'a>,
}

/// One check.
pub type Check = diagnostic::Check<fn(&Facts<'_>, &mut Diagnostics)>;

/// Returns every check, with its code and its manual: the generic ones, those of written units, those of one kind of service.
pub fn all() -> impl Iterator<Item = diagnostic::Check<()>> {
    let generic = cluster::CHECKS.iter().chain(raw::CHECKS).map(diagnostic::Check::to_known);
    let own = KINDS.iter().flat_map(|kind| kind.checks).map(diagnostic::Check::to_known);
    generic.chain(own)
}

/// Runs the checks of raw units on a machine that no profile describes.
pub fn run_raw(sources: &Sources, cluster: &Role, diags: &mut Diagnostics) {
    let raw = RawUnits::read(cluster, &[]);
    let services = &Services::default();
    let facts =
        Facts { sources, cluster, services, parts: &[], machines: &[], secrets: &[], raw: &raw };
    let mut found = Diagnostics::new();
    for check in raw::CHECKS.iter().filter(|check| !raw::OF_PROFILES.contains(&check.code)) {
        (check.run)(&facts, &mut found);
    }
    for mut finding in found.into_findings() {
        // a template of a profile helps nobody here
        if finding.help.as_ref().is_some_and(|help| help.contains("{{")) {
            finding.help = None;
            finding.edits.clear();
        }
        diags.report(finding);
    }
}

/// Runs all checks; what the profile or the command line allows is left out.
pub fn run(facts: &Facts<'_>, allowed: &[String], diags: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    for check in cluster::CHECKS.iter().chain(raw::CHECKS) {
        (check.run)(facts, &mut found);
    }
    for one in &facts.services.all {
        let Facts { sources, cluster: role, .. } = *facts;
        let seen = Seen { sources, role, service: &*one.service, met: &one.met };
        one.kind.checks.iter().for_each(|check| (check.run)(&seen, &mut found));
    }
    let reasons: BTreeMap<&str, &(Spanned<String>, Spanned<String>)> =
        facts.cluster.allow.iter().map(|entry| (entry.0.value.as_str(), entry)).collect();
    let mut used: Vec<&str> = Vec::new();
    let findings = found.into_findings();
    // A line may hold several secrets, and other faults beside them.
    let hidden: Vec<Span> = findings.iter().flat_map(|finding| finding.hidden.clone()).collect();
    for mut finding in findings {
        finding.hidden.clone_from(&hidden);
        if reasons.contains_key(finding.code) {
            used.push(finding.code);
        } else if !(finding.severity == Severity::Warning
            && allowed.iter().any(|code| code == finding.code))
        {
            diags.report(finding);
        }
    }
    for (code, reason) in reasons.values() {
        if !used.contains(&code.value.as_str()) {
            let known = all().any(|check| check.code == code.value);
            let title = format!("`allow.{}` allows nothing", code.value);
            let label = if known { "no such finding here" } else { "no such check" };
            let help =
                format!("remove it; `cfgbuild explain {}` says what it would allow", code.value);
            diags.report(
                Diagnostic::warning("allow-unused", code.span, title, label)
                    .help(help)
                    .edit(Edit::remove(code.span)),
            );
        }
        if reason.value.trim().is_empty() {
            let title = format!("`allow.{}` gives no reason", code.value);
            diags.report(
                Diagnostic::error("allow-without-reason", reason.span, title, "empty")
                    .help("say why it is right here; whoever reads it next will ask"),
            );
        }
    }
}
