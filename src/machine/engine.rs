//! The daemons of containers, where disks are mounted in their own directories.

use crate::model::UnitText;
use crate::model::machine::{Command, Unit};
use crate::os::ENGINES;
use crate::platform::{Draft, Host, bare_unit};
use crate::source::{Sources, Spanned};
use crate::unitfile::quote_path;

/// The drop-in that makes a daemon wait.
const DROPIN: &str = "10-cfgbuild-mounts.conf";

/// Has each daemon wait for its disks: what it wrote before would be hidden by them.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft) {
    for engine in &ENGINES {
        let Some(daemon) = engine.daemon else { continue };
        let mounts: Vec<String> =
            host.mounts_of_engine(engine).into_iter().map(quote_path).collect();
        if mounts.is_empty() {
            continue;
        }
        let mut text = UnitText::new();
        text.push_words("Unit", "RequiresMountsFor", mounts.iter().map(String::as_str));
        let name = Spanned::new(daemon.to_owned(), Sources::NOWHERE);
        let mut unit = bare_unit(name);
        unit.dropins.insert(DROPIN.to_owned(), text.to_string());
        let command = host.system.configured_running.then_some(Command::Restart);
        draft.units.push(Unit { command, ..unit });
    }
}
