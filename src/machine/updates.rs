//! Who reboots when: windows of a week that no two nodes share, a lock, or nobody.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::{Command, Unit};
use crate::model::{Reboots, Window};
use crate::os::{LockFault, Slot};
use crate::platform::{Draft, Host, bare_unit, generated_file};
use crate::source::{Edit, Sources, Spanned};

/// Days, as both agents write them.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Minutes of a day.
const DAY: u64 = 24 * 60;

/// Adds the update agent's configuration, and its restart where the system runs already.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft, diags: &mut Diagnostics) {
    let Some(updates) = &host.cluster.updates else { return };
    let strategy = &updates.strategy;
    let agent = &host.system.updates;
    let text = match &strategy.value {
        Reboots::Off => agent.language.off().to_owned(),
        Reboots::Windows(window) => {
            refuse_crowd(host, strategy, *window, diags);
            agent.language.window(slot(host.position, *window))
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

/// Returns the slot of the node at `position`: a weekday each, then the next hour of every day.
fn slot(position: usize, window: Window) -> Slot {
    let Window { start_minute, length_minutes } = window;
    let (row, column) = (position / DAYS.len(), position % DAYS.len());
    let minute = u64::from(start_minute) + row as u64 * u64::from(length_minutes);
    // A slot past midnight is the next day's, before that day's first one.
    let day = DAYS.iter().cycle().nth(column + usize::try_from(minute / DAY).unwrap_or(0) % 7);
    Slot { day: day.unwrap_or(&"Mon"), minute: minute % DAY, length: u64::from(length_minutes) }
}

/// Refuses more nodes than a week has room for.
fn refuse_crowd(
    host: &Host<'_>,
    strategy: &Spanned<Reboots>,
    window: Window,
    diags: &mut Diagnostics,
) {
    let length = u64::from(window.length_minutes);
    let nodes = host.cluster.nodes.len();
    if nodes.div_ceil(DAYS.len()) as u64 * length <= DAY {
        return;
    }
    let room = DAY / length.max(1) * 7;
    diags.report(
        Diagnostic::error(
            "update-windows-do-not-fit",
            strategy.span,
            format!("{nodes} reboot windows of {length} minutes do not fit into a week"),
            format!("room for {room}"),
        )
        .help(format!("shorten the window to {} minutes", DAY / nodes.div_ceil(7) as u64)),
    );
}

/// Refuses a lock that the system's agent cannot take.
fn refuse_lock(
    host: &Host<'_>,
    strategy: &Spanned<Reboots>,
    url: Option<&str>,
    diags: &mut Diagnostics,
) {
    let os = host.cluster.target.os.value;
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
        .related(host.cluster.target.os.span, "the operating system is set here")
        .help(help)
        .edit(edit),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_slots_meet() {
        let window = Window { start_minute: 22 * 60, length_minutes: 60 };
        for (position, day, minute) in
            [(0, "Mon", 1320), (6, "Sun", 1320), (7, "Mon", 1380), (14, "Tue", 0), (20, "Mon", 0)]
        {
            assert_eq!(slot(position, window), Slot { day, minute, length: 60 });
        }
        let all: std::collections::BTreeSet<_> =
            (0..168).map(|position| slot(position, window)).map(|s| (s.day, s.minute)).collect();
        assert_eq!(all.len(), 168);
    }
}
