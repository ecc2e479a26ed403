//! What is done with a running container as a oneshot service that repeats each step until it succeeds.

use super::container::bash;
use super::draft::{Draft, generated_unit};
use super::host::Host;
use crate::model::UnitText;
use crate::model::{Reboots, Step, Task, When};
use crate::unitfile::{shell_word, whole_line};

/// Adds the service of a task; one that holds up updates only where somebody gives up a slot.
pub(super) fn add(host: &Host<'_>, task: &Task, draft: &mut Draft) {
    let Task { name, description, container, steps, when, place } = task;
    let container_unit = format!("{container}.service");
    let agent = host.system.updates.unit;
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(description));
    text.push("Unit", "Requires", container_unit.as_str());
    text.push("Unit", "After", container_unit.as_str());
    let wanted_by = match when {
        When::AfterStart => container_unit.as_str(),
        When::BeforeUpdates => {
            let strategy = host.cluster.updates.as_ref().map(|updates| &updates.strategy.value);
            match strategy {
                Some(Reboots::Windows(_) | Reboots::Lock { .. }) => {}
                Some(Reboots::Off) | None => return,
            }
            // Both agents give up their slot as soon as they start.
            text.push("Unit", "Before", agent);
            agent
        }
    };
    text.push("Service", "Type", "oneshot");
    text.push("Service", "RemainAfterExit", "yes");
    text.push("Service", "TimeoutStartSec", "infinity");
    text.push("Service", "SyslogIdentifier", whole_line(name));
    for step in steps {
        text.push("Service", "ExecStart", bash(&until_done(host, container, step)));
    }
    text.push("Install", "WantedBy", wanted_by);
    let unit_name = place.clone().map(|()| format!("{name}.service"));
    draft.units.push(generated_unit(unit_name, &text));
}

/// Returns the script that repeats a step until it succeeds.
pub(super) fn until_done(host: &Host<'_>, container: &str, step: &Step) -> String {
    let (argv, until_silent) = match step {
        Step::Run { argv, until_silent } => (argv, *until_silent),
        Step::Hear { port, say, line } => {
            let (say, line) = (shell_word(say), shell_word(line));
            return format!(
                "until (exec 3<>/dev/tcp/127.0.0.1/{port} && printf {say} >&3 && timeout 5 grep -q {line} <&3) 2>/dev/null; \
                 do sleep 5; done"
            );
        }
    };
    let words: Vec<String> = argv.iter().map(|word| shell_word(word)).collect();
    let client = host.system.runtime.client;
    let command = format!("{client} exec {} {}", shell_word(container), words.join(" "));
    if until_silent {
        return format!("until out=$({command}) && [ -z \"$out\" ]; do sleep 15; done");
    }
    format!("until {command}; do sleep 5; done")
}
