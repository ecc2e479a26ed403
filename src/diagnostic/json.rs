//! Findings as JSON, for programs.
//!
//! `docs/findings.schema.json` describes the document. A field is added without a word; one that changes its meaning
//! or goes raises the version.

use serde::Serialize;

use super::{Correction, Finding, Place, Report, Severity};

/// Version of the document.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: Tool,
    roles: &'a [String],
    errors: usize,
    warnings: usize,
    omitted: usize,
    findings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Entry<'a> {
    code: &'a str,
    severity: &'static str,
    title: &'a str,
    roles: &'a [String],
    primary: &'a Place,
    related: &'a [Place],
    help: Option<&'a str>,
    edits: &'a [Correction],
}

/// Returns a report as one JSON document.
pub fn json(report: &Report) -> String {
    let document = Document {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        roles: report.roles(),
        errors: report.count(Severity::Error),
        warnings: report.count(Severity::Warning),
        omitted: report.omitted(),
        findings: report.findings().map(entry).collect(),
    };
    let text = serde_json::to_string_pretty(&document).expect("texts and numbers are JSON");
    text + "\n"
}

fn entry(finding: &Finding) -> Entry<'_> {
    let Finding { code, severity, title, roles, primary, related, fallback: _, help, edits } =
        finding;
    let (severity, help) = (severity.name(), help.as_deref());
    Entry { code, severity, title, roles, primary, related, help, edits }
}
