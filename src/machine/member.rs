//! What a member of a cluster decides at its start: a script, the answer to the other members, and what it knows.
//!
//! One script for all services; what differs between them is the kind's own part of it.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostics;
use crate::model::machine::{Command, Unit};
use crate::model::{Container, Deciding, Membership, UnitText};
use crate::platform::{
    Draft, Host, MEMBER, Used, generated_file, generated_script, generated_unit,
};
use crate::unitfile::{quote_parts, quote_word, shell_word, whole_line};

/// Returns the file that a start finds its decision in, as `MEMBER_FLAGS`.
pub(super) fn decided(instance: &str) -> String {
    format!("/run/cfgbuild/{instance}.member")
}

/// Returns the unit that other members' questions come in by, where a container's seat has others.
pub(super) fn socket(host: &Host<'_>, container: &Container) -> Option<String> {
    let instance = &container.deciding.as_ref()?.instance;
    let mut seats = host.parts.seats.iter().filter(|seat| seat.is_found);
    let [socket, _] =
        Membership::units(&seats.find(|seat| seat.instance.value == *instance)?.instance.value);
    Some(socket)
}

/// Adds the script, and for each seat what it knows and the unit that answers.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft) {
    let mut kinds: BTreeMap<&str, &str> = BTreeMap::new();
    for seat in &host.parts.seats {
        kinds.insert(seat.kind.0, seat.kind.1);
        let path = format!("/etc/cfgbuild/{}.member", seat.instance.value);
        draft.files.push(generated_file(path, 0o644, known(host, seat)));
        if seat.is_found {
            answer(seat, draft);
        }
    }
    if kinds.is_empty() {
        return;
    }
    draft.files.push(generated_script(MEMBER, 0o644, include_str!("member.sh")));
    for (kind, script) in kinds {
        draft.files.push(generated_script(format!("{MEMBER}-{kind}"), 0o644, script));
    }
}

/// Returns what a member knows, as assignments of bash.
fn known(host: &Host<'_>, seat: &Membership) -> String {
    let list = |words: &[String]| {
        let words: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
        format!("({})", words.join(" "))
    };
    let peers: Vec<String> = seat.peers.iter().map(|(id, host)| format!("{id}={host}")).collect();
    let marks: Vec<String> = seat.data.iter().map(|data| Membership::mark(data)).collect();
    let mut mounts: Vec<String> =
        marks.iter().filter_map(|mark| host.waited_for(mark)).map(str::to_owned).collect();
    mounts.dedup();
    let birth = seat.birth.map(|id| id.to_string()).unwrap_or_default();
    let lines = [
        ("kind", shell_word(seat.kind.0)),
        ("cluster", shell_word(&seat.cluster)),
        ("id", seat.id.to_string()),
        ("birth", birth),
        ("port", seat.port.to_string()),
        ("peers", list(&peers)),
        ("data", list(&seat.data)),
        ("marks", list(&marks)),
        ("mounts", list(&mounts)),
        ("apart", shell_word(seat.apart.as_deref().unwrap_or_default())),
    ];
    let own = seat.values.iter().map(|(name, words)| {
        // the user's own words, quoted whatever they are
        let words: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        (*name, format!("({})", words.join(" ")))
    });
    let all = lines.into_iter().chain(own).map(|(name, value)| format!("{name}={value}"));
    all.chain([String::new()]).collect::<Vec<_>>().join("\n")
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Adds the units that tell the other members of one's own disk.
fn answer(seat: &Membership, draft: &mut Draft) {
    let instance = &seat.instance.value;
    let mut socket_text = UnitText::new();
    let about = format!("Member {instance} asked by others");
    socket_text.push("Unit", "Description", whole_line(&about));
    socket_text.push("Socket", "ListenStream", seat.port.to_string());
    socket_text.push("Socket", "Accept", "yes");
    // Many questions at once are no reason to answer none any more.
    socket_text.push("Socket", "TriggerLimitIntervalSec", "0");
    socket_text.push("Install", "WantedBy", "sockets.target");
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(&format!("Member {instance} asked by another")));
    text.push(
        "Service",
        "ExecStart",
        format!("/usr/bin/bash {MEMBER} answer {}", quote_word(instance)),
    );
    text.push("Service", "StandardInput", "socket");
    text.push("Service", "StandardOutput", "socket");
    text.push("Service", "StandardError", "journal");
    text.push("Service", "RuntimeMaxSec", "15");
    let named = |name: String| seat.instance.clone().map(|_| name);
    let [socket, service] = Membership::units(instance);
    draft.units.push(generated_unit(named(service), &text));
    draft.units.push(Unit {
        command: Some(Command::Start),
        ..generated_unit(named(socket), &socket_text)
    });
}

/// Returns the command with which a container's unit decides before its start, and the one once it is ready.
pub(super) fn commands(
    host: &Host<'_>,
    container: &Container,
    used: &mut Used,
    diags: &mut Diagnostics,
) -> Option<(String, Option<String>)> {
    let Deciding { instance, forms, words, takes_flags: _ } = container.deciding.as_ref()?;
    let mut told = String::new();
    for word in words {
        let parts = host.parts_of(word.on(host.position), container.name.span, used, diags);
        told.push(' ');
        told.push_str(&if parts.is_empty() { quote_word("") } else { quote_parts(&parts) });
    }
    let command =
        |verb: &str| format!("/usr/bin/bash {MEMBER} {verb} {}{told}", quote_word(instance));
    if *forms {
        // who forms may ask a cluster with the program that is in the image
        let client = quote_word(host.system.runtime.client);
        return Some((format!("{} {client}", command("form")), None));
    }
    Some((command("start"), Some(command("joined"))))
}
