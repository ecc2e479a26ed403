//! What an editor shows of a server's setting.

use serde_json::Value as Json;

use super::document::Schema;
use crate::settings::{Setting, Update};

/// Returns the schema of a setting, given as each version has it, whose value may be any that `value` says: a template,
/// a number, a text. What some version takes is taken.
pub(super) fn member(all: &[Setting], value: Schema) -> Schema {
    let Some(setting) = all.last() else { return value };
    // what is no whole number from 0 on is no bound of this schema
    let whole = |bound: Option<f64>| bound.and_then(|it| it.to_string().parse::<u64>().ok());
    let least: Option<Vec<u64>> = all.iter().map(|it| whole(it.bounds().0)).collect();
    let most: Option<Vec<u64>> = all.iter().map(|it| whole(it.bounds().1)).collect();
    let default = Some(setting.default).filter(|it| !it.is_empty() && *it != "required");
    Schema {
        description: Some(about(all, setting).into()),
        default: default.map(Json::from),
        minimum: least.and_then(|all| all.into_iter().min()),
        maximum: most.and_then(|all| all.into_iter().max()),
        examples: setting.words().iter().copied().map(Json::from).collect(),
        ..value
    }
}

fn about(all: &[Setting], setting: &Setting) -> String {
    let mut takes = setting.takes();
    if let Some(first) = takes.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let shown = |(major, minor)| format!("{major}.{minor}");
    let versions = match (all.first().and_then(|it| it.since).map(shown), setting.until.map(shown))
    {
        (None, None) => String::new(),
        (Some(since), None) => format!(" From {since} on."),
        (None, Some(until)) => format!(" Up to {until}."),
        (Some(since), Some(until)) => format!(" From {since} to {until}."),
    };
    let update = match setting.update {
        Update::ReadOnly => "",
        Update::PerBroker => " May change while the server runs, on each by itself.",
        Update::ClusterWide => " May change while the servers run.",
    };
    let mode = setting.mode.map_or(String::new(), |mode| format!(" In {mode} mode alone."));
    format!("{takes}.{versions}{mode}{update}")
}
