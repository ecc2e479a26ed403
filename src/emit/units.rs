//! Loose unit files, as read by `systemd.unit(5)`: a folder to copy into `/etc/systemd/system`.
//!
//! A mask is a link to `/dev/null`, which is no file of text: a masked unit gets none.

use crate::model::machine::Unit;
use crate::os;
use crate::output::Tree;

use super::request::Request;

/// Adds every unit and drop-in below `folder`.
pub(super) fn emit(request: &Request<'_>, folder: &str, tree: &mut Tree) {
    let Request { target, aws: _, machine, wrap_above: _, with_model: _ } = request;
    for unit in &machine.units {
        let Unit { name, contents, enabled: _, mask, dropins, command: _, fleet, secret } = unit;
        if let Some(contents) = contents
            && !mask
        {
            let mut text = contents.clone();
            if let Some(fleet) = fleet
                && os::table(target.os.value).has_fleet
            {
                text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
                text.push_str(&fleet.to_string());
            }
            tree.add_guarded(format!("{folder}/{}", name.value), text, *secret);
        }
        for (dropin, text) in dropins {
            tree.add_guarded(format!("{folder}/{}.d/{dropin}", name.value), text.as_str(), *secret);
        }
    }
}
