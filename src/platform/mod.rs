//! What differs between platforms: the one place that knows.
//!
//! A folder per platform, whole: its table, what it reads of a profile, its own checks, and all that machines do there
//! for themselves. Nothing outside of this room may match on a platform: whoever needs to know something of it asks its
//! table, which [`of`] returns. Knows no service and no output format.

mod advice;
pub mod aws;
mod custom;
mod draft;
mod host;
mod qemu;
mod script;
mod table;

use crate::model::{Parts, Platform as Word, Role};
use crate::os;
use crate::profile::schema::Section;

pub use advice::Advice;
pub use draft::{Draft, bare_unit, generated_file, generated_script, generated_unit};
pub use host::{Host, Used, pulled};
pub use script::{MEMBER, bash, until_done};
pub use table::{
    Attached, Before, Check, Delivery, Fetched, Helper, LastingDisk, Memory, Platform, Written,
};

/// The platform of a target that names none.
pub const DEFAULT: Word = Word::Aws;

/// Returns the table of a platform.
pub fn of(platform: Word) -> &'static Platform {
    match platform {
        Word::Aws => &aws::PLATFORM,
        Word::Qemu => &qemu::PLATFORM,
        Word::Custom => &custom::PLATFORM,
    }
}

/// Returns the sections of a profile that platforms read.
pub fn sections() -> impl Iterator<Item = &'static Section> {
    Word::ALL.iter().filter_map(|(_, word)| of(*word).section)
}

/// Returns the checks of all platforms. All hold for every role: what a profile says for one platform is wrong however
/// else it is built.
pub fn checks() -> impl Iterator<Item = &'static Check> {
    Word::ALL.iter().flat_map(|(_, word)| of(*word).checks)
}

/// Returns the node at `position`, which must be one of the role's, on its system and platform.
pub fn host<'a>(role: &'a Role, parts: &'a Parts, position: usize) -> Host<'a> {
    let system = os::table(role.target.os.value);
    let platform = of(role.target.platform.value);
    let knowing = Word::ALL.iter().filter(|(_, word)| (of(*word).facts)(system).is_some());
    let knowing = knowing.map(|(word, _)| *word).collect();
    let facts = (platform.facts)(system);
    let no_stack = (platform.no_stack)(role);
    Host::new(role, parts, position, system, facts, knowing, no_stack)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_machines_are_sure_to_know_somebody_tells_them() {
        for (word, platform) in Word::ALL {
            let table = of(platform);
            for system in os::all() {
                let Some(source) = (table.facts)(system) else {
                    assert!(table.sure.is_empty(), "{word}");
                    continue;
                };
                for fact in table.sure {
                    assert!(source.variable(*fact).starts_with(source.prefix), "{word} {fact}");
                }
            }
        }
    }
}
