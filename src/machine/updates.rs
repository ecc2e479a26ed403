//! Who reboots when: windows of a week that no two nodes share, a lock, or nobody.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::{Command, Unit};
use crate::model::{Reboots, Window};
use crate::os::{LockFault, Slot};
use crate::platform::{Draft, Host, bare_unit, generated_file};
use crate::source::{Edit, Sources, Spanned};

/// Adds the update agent's configuration, and its restart where the system runs already.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft, diags: &mut Diagnostics) {
    let Some(updates) = &host.role.updates else { return };
    let strategy = &updates.strategy;
    let agent = &host.system.updates;
    let text = match &strategy.value {
        Reboots::Off => agent.language.off().to_owned(),
        Reboots::Windows(window) => {
            refuse_crowd(host, strategy, *window, diags);
            agent.language.window(Slot::of(host.position, *window))
        }
        Reboots::Lock { url, group } => {
            refuse_lock(host, strategy, url.as_deref(), diags);
            agent.language.lock(url.as_deref().unwrap_or_default(), group)
        }
    };
    draft.files.push(generated_file(agent.config, 0o644, text));
    if host.system.configured_running {
        let name = Spanned::new(agent.unit.to_owned(), Sources::NOWHERE);
        draft.units.push(Unit { command: Some(Command::Restart), ..bare_unit(name) });
    }
}

/// Refuses more nodes than a week has room for.
fn refuse_crowd(
    host: &Host<'_>,
    strategy: &Spanned<Reboots>,
    window: Window,
    diags: &mut Diagnostics,
) {
    let length = u64::from(window.length_minutes);
    let nodes = host.role.nodes.len() as u64;
    let room = Slot::room(length);
    if nodes <= room {
        return;
    }
    diags.report(
        Diagnostic::error(
            "update-windows-do-not-fit",
            strategy.span,
            format!("{nodes} reboot windows of {length} minutes do not fit into a week"),
            format!("room for {room}"),
        )
        .help(format!("shorten the window to {} minutes", 24 * 60 / nodes.div_ceil(7))),
    );
}

/// Refuses a lock that the system's agent cannot take.
fn refuse_lock(
    host: &Host<'_>,
    strategy: &Spanned<Reboots>,
    url: Option<&str>,
    diags: &mut Diagnostics,
) {
    let os = host.role.target.os.value;
    let Some(fault) = host.system.updates.language.lock_fault(url) else { return };
    let (help, edit) = match fault {
        LockFault::NoStore => {
            ("set `updates.strategy: windows`", Edit::set(["updates", "strategy"], "windows"))
        }
        LockFault::UrlUseless => {
            ("remove `updates.url`", Edit::remove_beside(strategy.span, "url"))
        }
        LockFault::UrlMissing => (
            "set `updates.url`, or `updates.strategy: windows`",
            Edit::set(["updates", "strategy"], "windows"),
        ),
    };
    diags.report(
        Diagnostic::error(
            "update-lock-unsupported",
            strategy.span,
            format!("a reboot lock like this does not work on {os}"),
            fault.why(),
        )
        .related(host.role.target.os.span, "the operating system is set here")
        .help(help)
        .edit(edit),
    );
}
