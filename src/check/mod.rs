//! What cannot work, and what will hurt: relations between values that are each valid.
//!
//! One file per check, its header its manual. A check sees a role and its machines, or the units that were written,
//! never another check and never an output.

mod cluster;
mod config;
mod facts;
mod unit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::change;
use crate::diagnostic::{self, Diagnostic, Diagnostics, Severity, nearest};
use crate::platform;
use crate::service::{KINDS, Seen};
use crate::source::{Edit, Span, Spanned};
use crate::unitfile::RawUnits;

pub use config::{Config, Form, Kind, Owned, Written, run_config};
pub use facts::{Check, Facts};
pub use unit::{View, run_units};

/// Returns every check, with its code and its manual: the generic ones, those of written units, those of one platform,
/// those of one kind of service.
pub fn all() -> impl Iterator<Item = diagnostic::Check<()>> {
    let generic = cluster::CHECKS.iter().map(diagnostic::Check::to_known);
    let generic = generic.chain(platform::checks().map(diagnostic::Check::to_known));
    let generic = generic.chain(config::CHECKS.iter().map(diagnostic::Check::to_known));
    let units = unit::CHECKS.iter().map(diagnostic::Check::to_known);
    let own = KINDS.iter().flat_map(|kind| kind.checks).map(diagnostic::Check::to_known);
    generic.chain(units).chain(own)
}

/// Reports what a profile allows and nothing can allow, whatever else is wrong with it: only what a check finds can be
/// left out.
pub fn vain(allowed: &[(Spanned<String>, Spanned<String>)], diags: &mut Diagnostics) {
    let codes = codes();
    for (code, _) in allowed.iter().filter(|(code, _)| !codes.contains(code.value.as_str())) {
        let is_known = diagnostic::manual(&code.value).is_some();
        let near = nearest(&code.value, codes.iter().copied());
        let remove = Edit::remove(code.span);
        let found = match near.filter(|_| !is_known) {
            _ if is_known => {
                unused(code, "cannot work, whatever the reason").help("remove it").edit(remove)
            }
            Some(near) => unused(code, "no such check")
                .help(format!("did you mean `{near}`?"))
                .edit(Edit::rename(code.span, near)),
            None => unused(code, "no such check").help("remove it").edit(remove),
        };
        diags.report(found);
    }
}

/// Warnings that no check finds and that a profile may allow all the same: what a server leaves unread may be read by
/// something that is not known here.
const EARLY: [&str; 3] = ["setting-not-in-version", "setting-unknown", "setting-without-effect"];

/// Returns whether a finding that is no check's may be allowed.
pub fn may_be_allowed(finding: &Diagnostic) -> bool {
    finding.severity == Severity::Warning && EARLY.contains(&finding.code)
}

fn codes() -> BTreeSet<&'static str> {
    all().map(|check| check.code).chain(EARLY).chain(change::CODES).collect()
}

fn unused(code: &Spanned<String>, label: &str) -> Diagnostic {
    let title = format!("`allow.{}` allows nothing", code.value);
    Diagnostic::warning("allow-unused", code.span, title, label)
}

/// Runs all checks; what the profile or the command line allows is left out.
///
/// `early` is what was found before and may be allowed like it.
pub fn run(facts: &Facts<'_>, allowed: &[String], early: Vec<Diagnostic>, diags: &mut Diagnostics) {
    let mut found = Diagnostics::new();
    for finding in early {
        found.report(finding);
    }
    for check in cluster::CHECKS {
        (check.run)(facts, &mut found);
    }
    if let Some(config) = Config::of(facts) {
        for check in config::CHECKS {
            (check.run)(&config, &mut found);
        }
    }
    platform::checks().for_each(|check| (check.run)(facts.role, &mut found));
    let units = RawUnits::read(&facts.role.units, facts.role.nodes.len(), facts.machines);
    let view = View::of(facts, &units);
    for check in unit::CHECKS {
        (check.run)(&view, &mut found);
    }
    for one in &facts.services.all {
        let Facts { sources, role, taken, .. } = *facts;
        let seen = Seen { sources, role, service: &*one.service, met: &one.met, taken };
        one.kind.checks.iter().for_each(|check| (check.run)(&seen, &mut found));
    }
    let reasons: BTreeMap<&str, &(Spanned<String>, Spanned<String>)> =
        facts.role.allow.iter().map(|entry| (entry.0.value.as_str(), entry)).collect();
    let mut used: Vec<&str> = Vec::new();
    let findings = found.into_findings();
    // A line may hold several secrets, and other faults beside them.
    let hidden = findings.iter().flat_map(|finding| finding.hidden.iter().copied());
    let hidden: Arc<Vec<Span>> = Arc::new(hidden.collect());
    for mut finding in findings {
        finding.hidden = Arc::clone(&hidden);
        if reasons.contains_key(finding.code) {
            used.push(finding.code);
        } else if !(finding.severity == Severity::Warning
            && allowed.iter().any(|code| code == finding.code))
        {
            diags.report(finding);
        }
    }
    let codes = codes();
    for (code, reason) in reasons.values() {
        // what is no check has been told
        let code_of = code.value.as_str();
        // what only shows against what runs, nobody sees here
        let is_seen = codes.contains(code_of) && !change::CODES.contains(&code_of);
        if is_seen && !used.contains(&code_of) {
            let help =
                format!("remove it; `cfgbuild explain {}` says what it would allow", code.value);
            let found = unused(code, "no such finding here").help(help);
            diags.report(found.edit(Edit::remove(code.span)));
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
