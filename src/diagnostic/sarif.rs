//! Findings as SARIF 2.1.0, which code review shows as annotations.
//!
//! Written as the OASIS standard has it, with what GitHub asks on top: every result has a place, columns count from 1.
//! Only the rules that were broken are described.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::{Correction, Finding, Place, Point, Report};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool<'a>,
    invocations: [Invocation; 1],
    column_kind: &'static str,
    results: Vec<Outcome<'a>>,
}

#[derive(Serialize)]
struct Tool<'a> {
    driver: Driver<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver<'a> {
    name: &'static str,
    version: &'static str,
    semantic_version: &'static str,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Rule<'a> {
    id: &'a str,
    short_description: Text,
    full_description: Text,
    help: Help<'a>,
}

#[derive(Serialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Help<'a> {
    text: &'a str,
    markdown: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    execution_successful: bool,
}

/// SARIF's `result`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Outcome<'a> {
    rule_id: &'a str,
    rule_index: usize,
    level: &'static str,
    message: Text,
    locations: [Location<'a>; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<Fix<'a>>,
}

/// SARIF's `fix`: what it means, and the changes by file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fix<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<Text>,
    artifact_changes: Vec<ArtifactChange<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange<'a> {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement<'a> {
    deleted_region: Region,
    inserted_content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(clippy::struct_field_names, reason = "SARIF's own names")]
struct Location<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    physical_location: Option<PhysicalLocation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    logical_locations: Option<[LogicalLocation<'a>; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: usize,
    start_column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct LogicalLocation<'a> {
    name: &'a str,
}

/// Returns a report as a SARIF log; `manuals` holds the manual of every code.
pub fn sarif(report: &Report, manuals: &BTreeMap<&str, String>) -> String {
    let mut indices: BTreeMap<&str, usize> =
        report.findings().map(|finding| (finding.code, 0)).collect();
    for (index, at) in indices.values_mut().enumerate() {
        *at = index;
    }
    let manual = |code: &str| manuals.get(code).map_or("", String::as_str);
    let driver = Driver {
        name: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        semantic_version: env!("CARGO_PKG_VERSION"),
        rules: indices.keys().map(|code| rule(code, manual(code))).collect(),
    };
    let outcome = |finding| outcome(finding, |code| indices.get(code).copied().unwrap_or_default());
    let run = Run {
        tool: Tool { driver },
        invocations: [Invocation { execution_successful: true }],
        column_kind: "unicodeCodePoints",
        results: report.findings().map(outcome).collect(),
    };
    let log = Log { schema: SCHEMA, version: "2.1.0", runs: [run] };
    let text = serde_json::to_string_pretty(&log).expect("texts and numbers are JSON");
    text + "\n"
}

/// Returns a rule as its manual describes it: its first sentence, its first paragraph, all of it.
fn rule<'a>(code: &'a str, manual: &'a str) -> Rule<'a> {
    // every code has a manual, and a test says so; a viewer must not be shown nothing all the same
    let manual = if manual.trim().is_empty() { code } else { manual.trim() };
    let paragraph = manual.split("\n\n").next().unwrap_or("").replace('\n', " ");
    let sentence = paragraph.split_inclusive(". ").next().unwrap_or("").trim_end();
    Rule {
        id: code,
        short_description: Text { text: sentence.to_owned() },
        full_description: Text { text: paragraph },
        help: Help { text: manual, markdown: manual },
    }
}

fn outcome(finding: &Finding, index: impl Fn(&str) -> usize) -> Outcome<'_> {
    let Finding { code, severity, title, roles: _, primary, related, fallback, help, edits } =
        finding;
    let mut message = title.clone();
    if !primary.label.is_empty() {
        message.extend(["\n", primary.label.as_str()]);
    }
    if let Some(help) = help {
        message.extend(["\nhelp: ", help.as_str()]);
    }
    let related = related.iter().enumerate();
    Outcome {
        rule_id: code,
        rule_index: index(code),
        level: severity.name(),
        message: Text { text: message },
        locations: [primary_location(primary, fallback.as_ref())],
        related_locations: related
            .map(|(number, place)| Location {
                id: Some(number + 1),
                message: Some(Text { text: place.label.clone() }),
                ..location(place)
            })
            .collect(),
        fixes: fix(help.as_deref(), edits).into_iter().collect(),
    }
}

/// Returns the changes that mend a finding, those of one file together.
fn fix<'a>(help: Option<&str>, edits: &'a [Correction]) -> Option<Fix<'a>> {
    let mut changes: BTreeMap<&str, Vec<Replacement<'a>>> = BTreeMap::new();
    for Correction { file, start, end, text } in edits {
        let replacement = Replacement {
            deleted_region: region(*start, *end),
            inserted_content: Content { text },
        };
        changes.entry(file).or_default().push(replacement);
    }
    let change = |(file, replacements)| ArtifactChange {
        artifact_location: ArtifactLocation { uri: uri(file) },
        replacements,
    };
    let description = help.map(|help| Text { text: help.to_owned() });
    let artifact_changes: Vec<_> = changes.into_iter().map(change).collect();
    (!artifact_changes.is_empty()).then_some(Fix { description, artifact_changes })
}

fn region(start: Point, end: Point) -> Region {
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
    }
}

/// Returns the place a result is shown at: a line of a file if there is any, and who really says it.
fn primary_location<'a>(primary: &'a Place, fallback: Option<&'a Place>) -> Location<'a> {
    let physical_location = fallback.and_then(physical);
    match physical_location {
        Some(_) => Location { physical_location, ..location(primary) },
        None => location(primary),
    }
}

fn location(place: &Place) -> Location<'_> {
    let physical_location = physical(place);
    let logical = physical_location.is_none().then_some([LogicalLocation { name: &place.source }]);
    Location { id: None, physical_location, logical_locations: logical, message: None }
}

fn physical(place: &Place) -> Option<PhysicalLocation> {
    Some(PhysicalLocation {
        artifact_location: ArtifactLocation { uri: uri(place.file.as_ref()?) },
        region: region(place.start?, place.end?),
    })
}

/// Returns a path as a URI reference (RFC 3986): relative to where cfgbuild ran unless the path is absolute.
fn uri(path: &str) -> String {
    let mut uri = String::from(if path.starts_with('/') { "file://" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            // writing to a text cannot fail
            _ => {
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_become_uris() {
        for (path, expected) in [
            ("profiles/kafka/profile.yaml", "profiles/kafka/profile.yaml"),
            ("units/a b@%i:ä.service", "units/a%20b%40%25i%3A%C3%A4.service"),
            ("/srv/values.yaml", "file:///srv/values.yaml"),
        ] {
            assert_eq!(uri(path), expected);
        }
    }

    #[test]
    fn a_manual_becomes_a_rule() {
        let rule = rule("x", "One thing\nis wrong. Another too.\n\n### Why\n\nBecause.\n");
        assert_eq!(rule.short_description.text, "One thing is wrong.");
        assert_eq!(rule.full_description.text, "One thing is wrong. Another too.");
        assert_eq!(rule.help.text, "One thing\nis wrong. Another too.\n\n### Why\n\nBecause.");
    }
}
