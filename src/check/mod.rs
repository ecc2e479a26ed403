//! What cannot work, and what will hurt: relations between values that are each valid.
//!
//! One file per check, its header its manual. A check sees the cluster and its machines, never another check and never
//! an output.

mod cluster;
mod raw;

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::machine::Machine;
use crate::model::{Parts, Role};
use crate::source::{Edit, Sources, Span, Spanned};

pub use raw::RawUnits;

/// What a check sees.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    /// All texts, to find places inside values.
    pub sources: &'a Sources,
    /// The cluster.
    pub cluster: &'a Role,
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
#[derive(Clone, Copy, Debug)]
pub struct Check {
    /// Its code, named after the fault.
    pub code: &'static str,
    /// Its file: the `//!` lines at its top are its manual.
    source: &'static str,
    run: fn(&Facts<'_>, &mut Diagnostics),
}

impl Check {
    /// Returns the manual: the header of the file.
    pub fn manual(&self) -> String {
        let lines = self.source.lines().map_while(|line| line.strip_prefix("//!"));
        lines.flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"]).collect()
    }
}

/// Returns all checks, by room.
pub fn all() -> impl Iterator<Item = &'static Check> {
    cluster::CHECKS.iter().chain(raw::CHECKS)
}

/// Runs the checks of raw units on a machine that no profile describes.
pub fn run_raw(sources: &Sources, cluster: &Role, diags: &mut Diagnostics) {
    let raw = RawUnits::read(cluster, &[]);
    let facts = Facts { sources, cluster, parts: &[], machines: &[], secrets: &[], raw: &raw };
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
    for check in all() {
        (check.run)(facts, &mut found);
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
