//! Where the mount units of a profile mount: what their names say, which systemd holds them to.

use super::escape::unescape_path;
use crate::model::UnitSpec;

/// Returns the mount points of units that are written whole.
pub fn mounted(units: &[UnitSpec]) -> Vec<String> {
    let whole = units.iter().filter(|unit| unit.contents.is_some() && !unit.mask && !unit.remove);
    let named = whole.filter_map(|unit| unit.name.value.strip_suffix(".mount"));
    named.filter_map(unescape_path).filter(|path| path != "/").collect()
}
