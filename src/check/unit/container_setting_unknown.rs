//! A written unit or container gives a server a setting that it does not have.
//!
//! # Why
//! Kafka and ZooKeeper leave what they do not know unread: the default rules, and nobody says so. etcd ends at a flag
//! that it does not know, and warns of a variable. A name that only looks like one of theirs, or that the version has
//! lost or not got yet, is such a name.
//!
//! # Fix
//! Write the name that the version has. A name that start scripts or plug-ins read is not reported, unless it is a slip
//! of the letters of another.

use std::sync::Arc;

use super::told::{self, Told};
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics, nearest};
use crate::service::catalogue::is_slip;
use crate::settings::Setting;

pub(super) const CHECK: Check = Check {
    code: "container-setting-unknown",
    source: include_str!("container_setting_unknown.rs"),
    run,
};

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    told::each(view, |told| {
        let server = told.server;
        let is_others = server.reads.others.iter().any(|it| told.name.starts_with(it));
        if !told.settings().is_empty() || is_others {
            return;
        }
        let version =
            server.version.map_or(String::new(), |(major, minor)| format!(" {major}.{minor}"));
        let is_gone = !server.table().all(&told.name).is_empty();
        let near = nearest(&told.name, server.table().names(server.version))
            .filter(|near| is_slip(&told.name, near));
        // what scripts and plug-ins read is theirs
        if !is_gone && !told.is_flag && near.is_none() {
            return;
        }
        let title = format!("{}{version} has no setting {}", server.name, told.shown());
        let found = if told.is_flag {
            let label = format!("{} does not start with it", server.name);
            Diagnostic::error(CHECK.code, told.span, title, label)
        } else {
            Diagnostic::warning(CHECK.code, told.span, title, "nothing reads it")
        };
        let mut found = mended(view, &told, near, is_gone, found);
        // what is meant is a secret, and its value is one under this name, too
        let meant = near.into_iter().flat_map(|near| server.table().all(near));
        if meant.into_iter().any(Setting::is_secret) {
            told.value.into_iter().for_each(|value| diags.hide(value));
            // under its right name it would be one in a unit
            found.edits.clear();
            found.hidden = Arc::new(vec![told.span]);
        }
        diags.report(found);
    });
}

/// Adds what is to be written instead.
fn mended(
    view: &View<'_>,
    told: &Told<'_>,
    near: Option<&str>,
    is_gone: bool,
    found: Diagnostic,
) -> Diagnostic {
    if let Some(near) = near.filter(|near| !is_gone && told.beside.contains(*near)) {
        let shown = told.spelled(near).unwrap_or_else(|| near.to_owned());
        return found.help(format!("`{shown}` is told as well: remove `{}`", told.written));
    }
    let spelled = near.filter(|_| !is_gone).and_then(|near| told.spelled(near));
    if let Some(spelled) = spelled {
        let mut found = found.help(format!("did you mean `{spelled}`?"));
        found.edits.extend(told.rename(view.sources, &spelled));
        return found;
    }
    let found = found.help(format!("remove it: {} does without", told.server.name));
    if is_gone { found.related(told.server.image_at, "other versions have it") } else { found }
}
