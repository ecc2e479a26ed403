//! A written unit or container gives a server a setting that it does not take.
//!
//! # Why
//! Kafka, ZooKeeper and etcd read each value once, at their start, and end at the first that is no number, no word they
//! know, or out of range. The unit starts them again and again, and the reason stands in their own log.
//!
//! # Fix
//! Write a value that the version takes. The `kafka:`, `zookeeper:` and `etcd:` sections of a profile are held to the
//! same tables.

use super::told;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};

pub(super) const CHECK: Check = Check {
    code: "container-setting-refused",
    source: include_str!("container_setting_refused.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    told::each(view, |told| {
        let (known, Some(value)) = (told.settings(), told.value) else { return };
        let refusals: Option<Vec<_>> = known.iter().map(|it| it.refuses(value)).collect();
        let Some(refusal) = refusals.and_then(|mut all| all.pop()) else { return };
        let is_secret = known.iter().any(|it| it.is_secret()) || value.len() > 60;
        let shown = match value {
            "" => "an empty value".to_owned(),
            _ if is_secret => "this value".to_owned(),
            _ => format!("`{value}`"),
        };
        let title = format!("{} must be {}", told.shown(), refusal.must);
        let label = format!("{} does not start with {shown}", told.server.name);
        let mut found = Diagnostic::error(CHECK.code, told.span, title, label);
        if let Some((major, minor)) = told.server.version {
            let image = format!("{} {major}.{minor}", told.server.name);
            found = found.related(told.server.image_at, image);
        }
        if let Some(meant) = &refusal.meant {
            found = found.help(format!("write `{meant}`"));
            found.edits.extend(told.write(view.sources, meant));
        } else if let Some(default) = known.last().map(|it| it.default).filter(|it| !it.is_empty())
        {
            found = found.help(format!("the default of {} is `{default}`", told.server.name));
        }
        diags.report(found);
    });
}
