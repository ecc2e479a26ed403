//! Who reboots when: windows of a week that no two nodes share, a lock, or nobody.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::{Command, Unit};
use crate::model::{Reboots, Window};
use crate::os::UpdateLanguage;
use crate::platform::{Draft, Host, bare_unit, generated_file};
use crate::source::{Edit, Sources, Spanned};

/// Days, as both agents write them.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Minutes of a day.
const DAY: u64 = 24 * 60;

/// When one node may reboot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Slot {
    day: &'static str,
    minute: u64,
    length: u64,
}

/// Adds the update agent's configuration, and its restart where the system runs already.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft, diags: &mut Diagnostics) {
    let Some(updates) = &host.cluster.updates else { return };
    let strategy = &updates.strategy;
    let agent = &host.system.updates;
    let text = match (&strategy.value, agent.language) {
        (Reboots::Off, UpdateLanguage::Locksmith { .. }) => "REBOOT_STRATEGY=off\n".to_owned(),
        (Reboots::Off, UpdateLanguage::Zincati) => "[updates]\nenabled = false\n".to_owned(),
        (Reboots::Windows(window), language) => {
            refuse_crowd(host, strategy, *window, diags);
            window_text(language, slot(host.position, *window))
        }
        (Reboots::Lock { url, group }, language) => {
            refuse_lock(host, strategy, url.as_deref(), diags);
            lock_text(language, url.as_deref().unwrap_or_default(), group)
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

/// Returns the agent's words for a slot.
fn window_text(language: UpdateLanguage, slot: Slot) -> String {
    let Slot { day, minute, length } = slot;
    let start = format!("{:02}:{:02}", minute / 60, minute % 60);
    match language {
        UpdateLanguage::Locksmith { can_lock: _ } => {
            let length =
                if length % 60 == 0 { format!("{}h", length / 60) } else { format!("{length}m") };
            format!(
                "REBOOT_STRATEGY=reboot\nLOCKSMITHD_REBOOT_WINDOW_START=\"{day} {start}\"\n\
                 LOCKSMITHD_REBOOT_WINDOW_LENGTH={length}\n"
            )
        }
        UpdateLanguage::Zincati => format!(
            "[updates]\nstrategy = \"periodic\"\n\n[[updates.periodic.window]]\n\
             days = [\"{day}\"]\nstart_time = \"{start}\"\nlength_minutes = {length}\n"
        ),
    }
}

/// Returns the agent's words for a lock.
fn lock_text(language: UpdateLanguage, url: &str, group: &str) -> String {
    match language {
        UpdateLanguage::Locksmith { can_lock: _ } => {
            format!("REBOOT_STRATEGY=etcd-lock\nLOCKSMITHD_GROUP=\"{}\"\n", escaped(group))
        }
        UpdateLanguage::Zincati => format!(
            "[identity]\ngroup = \"{}\"\n\n[updates]\nstrategy = \"fleet_lock\"\n\n\
             [updates.fleet_lock]\nbase_url = \"{}\"\n",
            escaped(group),
            escaped(url)
        ),
    }
}

/// Escapes what stands between double quotes, in TOML as in an environment file; control characters are left out.
fn escaped(text: &str) -> String {
    let printable: String = text.chars().filter(|c| !c.is_control()).collect();
    printable.replace('\\', "\\\\").replace('"', "\\\"")
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
    let (why, help, edit) = match (host.system.updates.language, url) {
        (UpdateLanguage::Locksmith { can_lock: false }, _) => (
            "its locksmithd speaks the etcd v2 API only, which no supported etcd serves",
            "set `updates.strategy: windows`",
            Edit::set(["updates", "strategy"], "windows"),
        ),
        (UpdateLanguage::Locksmith { can_lock: true }, Some(_)) => (
            "its locksmithd keeps the lock in etcd, not at a URL",
            "remove `updates.url`",
            Edit::remove_beside(strategy.span, "url"),
        ),
        (UpdateLanguage::Zincati, None) => (
            "Zincati needs the URL of a FleetLock server",
            "set `updates.url`, or `updates.strategy: windows`",
            Edit::set(["updates", "strategy"], "windows"),
        ),
        (UpdateLanguage::Locksmith { can_lock: true }, None)
        | (UpdateLanguage::Zincati, Some(_)) => {
            return;
        }
    };
    diags.report(
        Diagnostic::error(
            "update-lock-unsupported",
            strategy.span,
            format!("a reboot lock like this does not work on {os}"),
            why,
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

    #[test]
    fn what_agents_read() {
        let slot = Slot { day: "Tue", minute: 245, length: 90 };
        let locksmith = window_text(UpdateLanguage::Locksmith { can_lock: false }, slot);
        assert!(
            locksmith.contains("WINDOW_START=\"Tue 04:05\"\nLOCKSMITHD_REBOOT_WINDOW_LENGTH=90m\n")
        );
        let zincati = window_text(UpdateLanguage::Zincati, slot);
        assert!(
            zincati.contains("days = [\"Tue\"]\nstart_time = \"04:05\"\nlength_minutes = 90\n")
        );
    }
}
