//! Volumes that outlive instances: a machine attaches its own, by their tags.

use super::unit::{asks_aws, script};
use crate::model::{Call, Ebs, UnitText, Volume};
use crate::platform::draft::{Draft, generated_unit};
use crate::platform::host::Host;
use crate::platform::table::Attached;
use crate::unitfile::whole_line;

/// Adds the unit that attaches a volume the stack has made; the others are attached by what starts the instance.
pub(super) fn attach(
    host: &Host<'_>,
    volume: &Volume,
    ebs: &Ebs,
    draft: &mut Draft,
) -> Option<Attached> {
    if host.role.aws.is_none() || !ebs.keep.value {
        return None;
    }
    let name = &volume.name.value;
    let unit_name = format!("cfgbuild-attach-{name}.service");
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(&format!("Attach {name}")));
    asks_aws(host, [], &mut text);
    text.push("Service", "Type", "oneshot");
    text.push("Service", "RemainAfterExit", "yes");
    text.push("Service", "TimeoutStartSec", "infinity");
    let words = [
        host.role.cluster.value.as_str(),
        &host.role.name,
        &host.node.name.value,
        name,
        &ebs.device.value,
    ];
    let command = script("attach-volume", include_str!("attach-volume.sh"), &words, draft);
    text.push("Service", "ExecStart", command);
    draft.units.push(generated_unit(volume.name.clone().map(|_| unit_name.clone()), &text));
    draft.calls.insert(Call::AttachVolume);
    Some(Attached { unit: unit_name, path: format!("/run/cfgbuild/volumes/{name}") })
}
