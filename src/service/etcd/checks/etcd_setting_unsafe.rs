//! A flag of etcd is known, and takes away what the cluster is kept by.
//!
//! # Why
//! etcd keeps every revision until it is told to forget, and takes no write once its quota is full: without compaction
//! that day comes. A duration counts in `revision` mode as a number of nanoseconds, which no cluster ever has as many
//! revisions of. Without `strict-reconfig-check` a member may be added while the majority would not survive it.
//!
//! # Fix
//! In `periodic` mode a retention of hours, as cfgbuild sets it; in `revision` mode the number of revisions to keep.

use super::super::section::Etcd;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::kind::{Check, Seen};
use crate::service::unsafe_settings::LABEL;
use crate::source::{Edit, Spanned};

pub(super) const CHECK: Check =
    Check { code: "etcd-setting-unsafe", source: include_str!("etcd_setting_unsafe.rs"), run };

const MODE: &str = "auto-compaction-mode";
const RETENTION: &str = "auto-compaction-retention";
const STRICT: &str = "strict-reconfig-check";

fn run(seen: &Seen<'_>, diags: &mut Diagnostics) {
    let Some(etcd) = Etcd::of(seen) else { return };
    let said = |flag: &str| {
        let value = etcd.config.get(flag)?;
        Some(Spanned::new(value.value.on(0).plain()?, value.span))
    };
    let warn = |span, title: String| Diagnostic::warning(CHECK.code, span, title, LABEL);
    let (mode, retention) = (said(MODE), said(RETENTION));
    if let Some(retention) = &retention
        && retention.value.trim_start_matches('0').trim_matches(char::is_alphabetic).is_empty()
    {
        let title = format!(
            "`{RETENTION}: {}` keeps every revision until the quota is full",
            retention.value
        );
        diags.report(
            warn(retention.span, title)
                .help("remove it: 8 hours are kept then")
                .edit(Edit::remove(retention.span)),
        );
    } else if let Some(mode) = mode.filter(|mode| mode.value == "revision") {
        let revisions = retention.as_ref().is_some_and(|it| it.value.parse::<u64>().is_ok());
        if !revisions {
            let shown = retention.as_ref().map_or("8h", |retention| retention.value);
            let title = format!(
                "`{MODE}: revision` takes `{shown}` for as many revisions as it has nanoseconds: \
                 nothing is ever compacted"
            );
            let mut found = warn(mode.span, title);
            if let Some(retention) = &retention {
                found = found.related(retention.span, "a duration");
            }
            diags.report(
                found.help(format!(
                    "set `{RETENTION}` to the number of revisions to keep, as 10000"
                )),
            );
        }
    }
    if let Some(strict) =
        said(STRICT).filter(|it| matches!(it.value, "false" | "0" | "f" | "F" | "FALSE" | "False"))
    {
        let title = format!("without `{STRICT}` a change of members may cost the majority");
        diags.report(warn(strict.span, title).help("remove it").edit(Edit::remove(strict.span)));
    }
}
