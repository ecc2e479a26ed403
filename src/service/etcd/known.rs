//! A profile's flags of etcd, held to the table, and what etcd asks of two of them together.

use super::super::judged::{Server, given};
use super::owned;
use super::section::Etcd;
use super::tables::FLAGS;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::source::{Edit, Span};

/// How it says that it does not take a flag.
const REFUSAL: &str = "etcd does not start with it";

const ELECTION: &str = "election-timeout";
const HEARTBEAT: &str = "heartbeat-interval";

/// Heartbeats that etcd wants in an election timeout at least, and those its manual advises.
const HEARTBEATS: (f64, f64) = (5.0, 10.0);

/// The longest election timeout that etcd takes.
const LONGEST: f64 = 50_000.0;

/// Reports flags that etcd does not know, or not so.
pub(super) fn validate(etcd: &Etcd, role: &Role, diags: &mut Diagnostics) {
    let server = Server {
        name: "etcd",
        noun: "flag",
        path: format!("{}.config", etcd.path),
        table: &FLAGS,
        version: etcd.version(),
        mode: None,
        refusal: REFUSAL,
        refuses_names: true,
        renamed: |name| {
            let plain = name.strip_prefix("experimental-").map(str::to_owned);
            Some(plain.unwrap_or_else(|| format!("experimental-{name}")))
        },
    };
    for given in given(&etcd.config) {
        // who owns it, or cannot say it, reports that
        if is_flag(given.name) && !owned::is_owned(given.name) && !server.judge(&given, diags) {
            server.unknown(&given, None, diags);
        }
    }
    elections(etcd, &server, role, diags);
}

/// Returns whether a name is lower case with dashes.
pub(super) fn is_flag(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits)
}

/// etcd ends where a leader would be given up after fewer than five heartbeats.
fn elections(etcd: &Etcd, server: &Server<'_>, role: &Role, diags: &mut Diagnostics) {
    let of = |flag, position| server.number(&etcd.config, flag, position);
    let short = (0..role.nodes.len()).find_map(|position| {
        let (election, heartbeat) = (of(ELECTION, position)?, of(HEARTBEAT, position)?);
        (election < heartbeat * HEARTBEATS.0).then_some((election, heartbeat))
    });
    let Some((election, heartbeat)) = short else { return };
    let place = |flag: &str| etcd.config.get(flag).map(|value| value.span);
    let least = heartbeat * HEARTBEATS.0;
    let title = format!("`{ELECTION}` of {election} ms is less than five heartbeats");
    let found = |span: Span, label: &str| {
        Diagnostic::error("etcd-election-too-short", span, title.clone(), label.to_owned())
    };
    let advised = (heartbeat * HEARTBEATS.1).min(LONGEST);
    let help = format!(
        "write `{ELECTION}: {advised}`: ten heartbeats are advised, {least} ms are the least"
    );
    diags.report(match (place(ELECTION), place(HEARTBEAT)) {
        (Some(span), heart) => {
            let found =
                found(span, REFUSAL).help(help).edit(Edit::write(span, advised.to_string()));
            match heart {
                Some(heart) => found.related(heart, format!("a heartbeat each {heartbeat} ms")),
                None => found,
            }
        }
        (None, Some(heart)) => found(heart, REFUSAL).help(help).edit(Edit::set_beside(
            heart,
            ELECTION,
            advised.to_string(),
        )),
        (None, None) => return,
    });
}
