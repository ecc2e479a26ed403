//! What update agents read: locksmithd's variables, Zincati's TOML.

use crate::model::Window;

/// When one node may reboot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// As both agents write it: `Mon`.
    pub day: &'static str,
    /// Minutes after midnight, UTC.
    pub minute: u64,
    /// Minutes.
    pub length: u64,
}

/// Days, as both agents write them.
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Minutes of a day.
const DAY: u64 = 24 * 60;

impl Slot {
    /// Returns the slot of the node at `position`: a weekday each, then the next hour of every day.
    pub fn of(position: usize, window: Window) -> Self {
        let Window { start_minute, length_minutes } = window;
        let (row, column) = (position / DAYS.len(), position % DAYS.len());
        let minute = u64::from(start_minute) + row as u64 * u64::from(length_minutes);
        // A slot past midnight is the next day's, before that day's first one.
        let day = DAYS.iter().cycle().nth(column + usize::try_from(minute / DAY).unwrap_or(0) % 7);
        Self { day: day.unwrap_or(&"Mon"), minute: minute % DAY, length: u64::from(length_minutes) }
    }

    /// Returns how many nodes have a slot of this length each in a week.
    pub fn room(length: u64) -> u64 {
        DAY / length.max(1) * DAYS.len() as u64
    }

    /// Returns the minutes of the week in it.
    pub fn minutes(self) -> impl Iterator<Item = u64> {
        let day = DAYS.iter().position(|day| *day == self.day).unwrap_or(0) as u64;
        let begin = day * DAY + self.minute;
        (begin..begin + self.length).map(|minute| minute % (DAY * DAYS.len() as u64))
    }
}

/// What an update agent understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateLanguage {
    /// locksmithd's variables.
    Locksmith {
        /// Whether there is an etcd that speaks the v2 API its lock needs.
        can_lock: bool,
    },
    /// Zincati's TOML.
    Zincati,
}

/// Why an agent cannot take a lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockFault {
    /// What it would lock is nowhere any more.
    NoStore,
    /// It keeps the lock elsewhere than at a URL.
    UrlUseless,
    /// It needs the URL of who keeps the lock.
    UrlMissing,
}

impl LockFault {
    /// Returns the reason, to people.
    pub fn why(self) -> &'static str {
        match self {
            Self::NoStore => {
                "its locksmithd speaks the etcd v2 API only, which no supported etcd serves"
            }
            Self::UrlUseless => "its locksmithd keeps the lock in etcd, not at a URL",
            Self::UrlMissing => "Zincati needs the URL of a FleetLock server",
        }
    }
}

impl UpdateLanguage {
    /// Returns what to tell the agent so that it never reboots.
    pub fn off(self) -> &'static str {
        match self {
            Self::Locksmith { can_lock: _ } => "REBOOT_STRATEGY=off\n",
            Self::Zincati => "[updates]\nenabled = false\n",
        }
    }

    /// Returns what to tell the agent for reboots in a slot.
    pub fn window(self, slot: Slot) -> String {
        let Slot { day, minute, length } = slot;
        let start = format!("{:02}:{:02}", minute / 60, minute % 60);
        match self {
            Self::Locksmith { can_lock: _ } => {
                let length = if length % 60 == 0 {
                    format!("{}h", length / 60)
                } else {
                    format!("{length}m")
                };
                format!(
                    "REBOOT_STRATEGY=reboot\nLOCKSMITHD_REBOOT_WINDOW_START=\"{day} {start}\"\n\
                     LOCKSMITHD_REBOOT_WINDOW_LENGTH={length}\n"
                )
            }
            Self::Zincati => format!(
                "[updates]\nstrategy = \"periodic\"\n\n[[updates.periodic.window]]\n\
                 days = [\"{day}\"]\nstart_time = \"{start}\"\nlength_minutes = {length}\n"
            ),
        }
    }

    /// Returns what to tell the agent for reboots under a lock.
    pub fn lock(self, url: &str, group: &str) -> String {
        match self {
            Self::Locksmith { can_lock: _ } => {
                format!("REBOOT_STRATEGY=etcd-lock\nLOCKSMITHD_GROUP=\"{}\"\n", escaped(group))
            }
            Self::Zincati => format!(
                "[identity]\ngroup = \"{}\"\n\n[updates]\nstrategy = \"fleet_lock\"\n\n\
                 [updates.fleet_lock]\nbase_url = \"{}\"\n",
                escaped(group),
                escaped(url)
            ),
        }
    }

    /// Returns why the agent cannot take a lock that is kept at `url`, if it cannot.
    pub fn lock_fault(self, url: Option<&str>) -> Option<LockFault> {
        match (self, url) {
            (Self::Locksmith { can_lock: false }, _) => Some(LockFault::NoStore),
            (Self::Locksmith { can_lock: true }, Some(_)) => Some(LockFault::UrlUseless),
            (Self::Zincati, None) => Some(LockFault::UrlMissing),
            (Self::Locksmith { can_lock: true }, None) | (Self::Zincati, Some(_)) => None,
        }
    }
}

/// Escapes what stands between double quotes, in TOML as in an environment file; control characters are left out.
fn escaped(text: &str) -> String {
    let printable: String = text.chars().filter(|c| !c.is_control()).collect();
    printable.replace('\\', "\\\\").replace('"', "\\\"")
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
            assert_eq!(Slot::of(position, window), Slot { day, minute, length: 60 });
        }
        assert_eq!(Slot::room(60), 168);
        let minutes: std::collections::BTreeSet<u64> =
            (0..168).flat_map(|position| Slot::of(position, window).minutes()).collect();
        assert_eq!(minutes.len(), 168 * 60);
    }

    #[test]
    fn what_agents_read() {
        let slot = Slot { day: "Tue", minute: 245, length: 90 };
        let locksmith = UpdateLanguage::Locksmith { can_lock: false }.window(slot);
        assert!(
            locksmith.contains("WINDOW_START=\"Tue 04:05\"\nLOCKSMITHD_REBOOT_WINDOW_LENGTH=90m\n")
        );
        let zincati = UpdateLanguage::Zincati.window(slot);
        assert!(
            zincati.contains("days = [\"Tue\"]\nstart_time = \"04:05\"\nlength_minutes = 90\n")
        );
    }
}
