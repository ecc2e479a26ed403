//! What a machine does for itself in its stack: attaches its kept volumes, fetches its secrets, keeps its name true, says
//! when it is healthy.
//!
//! Each is a script beside this file and a unit that runs it. A script waits as long as it takes and says for what: a
//! unit that had failed would take those that need it along, and nothing would start them again.

mod registry;
mod secrets;

use super::container::bash;
use super::draft::{Draft, generated_file, generated_unit};
use super::host::Host;
use super::task::until_done;
use crate::diagnostic::Diagnostics;
use crate::model::UnitText;
use crate::model::machine::{Command, Machine, Unit};
use crate::model::{Aws, Call, Container, Ebs, Identity, Run, StackFact, Variable, Volume, When};
use crate::source::{Sources, Spanned};
use crate::unitfile::{quote_word, shell_word, whole_line};

pub(super) use registry::{logs_in, passwords};
pub(super) use secrets::file as secrets_file;

/// Folder of the scripts.
const SCRIPTS: &str = "/etc/cfgbuild";

/// Adds what every stack's machine does, and the command line that all of it asks AWS with.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft) {
    let Some(aws) = &host.cluster.aws else { return };
    registry::log_in(host, draft);
    keep_name(host, draft);
    signal(host, draft);
    draft.files.push(generated_file(format!("{SCRIPTS}/lib.sh"), 0o644, include_str!("lib.sh")));
    draft.files.push(generated_file(format!("{SCRIPTS}/aws"), 0o755, command_line(host, aws)));
}

/// Returns the script that is the AWS command line on this system.
fn command_line(host: &Host<'_>, aws: &Aws) -> String {
    let image = super::registry::pulled(host.cluster, &aws.cli_image.value).to_string();
    include_str!("aws.sh")
        .replace("@CLIENT@", host.system.runtime.client)
        .replace("@IMAGE@", &shell_word(&image))
}

/// Units that must have run before a container starts.
#[derive(Debug, Default)]
pub(super) struct Helpers {
    /// Fetches its secrets.
    pub(super) secrets: Option<String>,
    /// Logs in to its image's registry; not needed where the image is here.
    pub(super) login: Option<String>,
}

/// Adds what fetches a container's secrets; returns all that must have run before it.
pub(super) fn before(
    host: &Host<'_>,
    container: &Container,
    fetched: &[Variable],
    draft: &mut Draft,
    diags: &mut Diagnostics,
) -> Helpers {
    if host.cluster.aws.is_none() {
        return Helpers::default();
    }
    Helpers {
        secrets: secrets::fetch(host, container, fetched, draft, diags),
        login: logs_in(host, container).then(|| registry::UNIT.to_owned()),
    }
}

/// Tells whether the machine must attach a volume itself: it outlives instances, and there is a stack that made it.
pub(super) fn attaches(host: &Host<'_>, ebs: &Ebs) -> bool {
    host.cluster.aws.is_some() && ebs.keep.value
}

/// Adds the unit that attaches a volume; returns its name, and the path of the link it leaves to the disk.
pub(super) fn attach(
    host: &Host<'_>,
    volume: &Volume,
    ebs: &Ebs,
    draft: &mut Draft,
) -> (String, String) {
    let name = &volume.name.value;
    let unit_name = format!("cfgbuild-attach-{name}.service");
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(&format!("Attach {name}")));
    asks_aws(host, [], &mut text);
    text.push("Service", "Type", "oneshot");
    text.push("Service", "RemainAfterExit", "yes");
    text.push("Service", "TimeoutStartSec", "infinity");
    let words = [
        host.cluster.name.value.as_str(),
        &host.cluster.role,
        &host.node.name.value,
        name,
        &ebs.device.value,
    ];
    let command = script("attach-volume", include_str!("attach-volume.sh"), &words, draft);
    text.push("Service", "ExecStart", command);
    draft.units.push(generated_unit(volume.name.clone().map(|_| unit_name.clone()), &text));
    draft.calls.insert(Call::AttachVolume);
    (unit_name, format!("/run/cfgbuild/volumes/{name}"))
}

/// Adds the units that keep the node's name true in the stack's zone, before anything that its peers must find.
fn keep_name(host: &Host<'_>, draft: &mut Draft) {
    let Some(domain) = &host.cluster.domain else { return };
    let name = format!("{}.{}", host.node.name.value, domain.value);
    let named = host.node.address.as_ref().is_some_and(|address| address.value == name);
    if host.cluster.identity.value != Identity::Pinned || !named {
        return;
    }
    let found: Vec<String> = host.parts.containers.iter().map(unit_of).collect();
    let found = if found.is_empty() { host.containers().map(unit_of).collect() } else { found };
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(&format!("Point {name} here")));
    asks_aws(host, [], &mut text);
    text.push_words("Unit", "Before", found.iter().map(String::as_str));
    // Done is not active: whenever one of the containers starts, and whenever the timer says, it looks again.
    text.push("Service", "Type", "oneshot");
    text.push("Service", "TimeoutStartSec", "infinity");
    text.push("Service", "EnvironmentFile", Machine::STACK_FILE);
    let command = script("set-name", include_str!("set-name.sh"), &[&name], draft);
    text.push("Service", "ExecStart", command);
    text.push_words("Install", "WantedBy", found.iter().map(String::as_str));
    let at = |unit: &str| Spanned::new(unit.to_owned(), domain.span);
    draft.units.push(generated_unit(at("cfgbuild-name.service"), &text));
    let mut timer = UnitText::new();
    timer.push(
        "Unit",
        "Description",
        whole_line(&format!("Look whether {name} still points here")),
    );
    timer.push("Timer", "OnBootSec", "10min");
    timer.push("Timer", "OnUnitInactiveSec", "5min");
    timer.push("Install", "WantedBy", "timers.target");
    let timer = generated_unit(at("cfgbuild-name.timer"), &timer);
    draft.units.push(Unit { command: Some(Command::Start), ..timer });
    draft.stack.extend([StackFact::ZoneId, StackFact::Advertised]);
    draft.calls.insert(Call::SetName);
}

/// Adds the unit that tells the stack that the node is healthy.
fn signal(host: &Host<'_>, draft: &mut Draft) {
    let lasting = host.containers().filter(|container| container.run == Run::Always);
    let watched: Vec<String> = lasting.map(unit_of).collect();
    let names = || watched.iter().map(String::as_str);
    let mut text = UnitText::new();
    let description = format!("Tell the stack that {} is healthy", host.node.name.value);
    text.push("Unit", "Description", whole_line(&description));
    asks_aws(host, names(), &mut text);
    text.push("Service", "Type", "oneshot");
    text.push("Service", "RemainAfterExit", "yes");
    text.push("Service", "TimeoutStartSec", "infinity");
    text.push("Service", "EnvironmentFile", Machine::STACK_FILE);
    if !watched.is_empty() {
        let words: Vec<String> = names().map(shell_word).collect();
        text.push(
            "Service",
            "ExecStart",
            bash(&format!(
                "for unit in {}; do until systemctl is-active --quiet \"$unit\"; do sleep 5; done; done",
                words.join(" ")
            )),
        );
    }
    for task in host.parts.tasks.iter().filter(|task| task.when == When::BeforeUpdates) {
        for step in &task.steps {
            text.push("Service", "ExecStart", bash(&until_done(host, &task.container, step)));
        }
    }
    let command = script("signal-stack", include_str!("signal-stack.sh"), &[], draft);
    text.push("Service", "ExecStart", command);
    // Not by the machine's own target, which would not be reached while the node is not healthy.
    if watched.is_empty() {
        text.push("Install", "WantedBy", "multi-user.target");
    } else {
        text.push_words("Install", "WantedBy", names());
    }
    let name = Spanned::new("cfgbuild-signal.service".to_owned(), Sources::NOWHERE);
    draft.units.push(generated_unit(name, &text));
    draft.stack.extend([StackFact::Name, StackFact::Group, StackFact::Ready]);
    draft.calls.insert(Call::Signal);
}

/// Returns the name of a container's unit.
fn unit_of(container: &Container) -> String {
    format!("{}.service", container.name.value)
}

/// Writes what must be there before AWS can be asked, and what else comes first.
///
/// Not required: with docker it would be stopped, and with it what needs it, down to the mounts.
fn asks_aws<'a>(host: &Host<'_>, after: impl IntoIterator<Item = &'a str>, text: &mut UnitText) {
    let needed = || ["network-online.target"].into_iter().chain(host.system.runtime.daemon);
    text.push_words("Unit", "Wants", needed());
    text.push_words("Unit", "After", needed().chain(after));
}

/// Adds a script where it is not there yet; returns the command that runs it.
fn script(name: &str, contents: &str, words: &[&str], draft: &mut Draft) -> String {
    let words: Vec<String> = words.iter().map(|word| quote_word(word)).collect();
    quoted_script(name, contents, &words, draft)
}

/// Adds a script where it is not there yet; returns the command that runs it with words that are quoted already.
fn quoted_script(name: &str, contents: &str, words: &[String], draft: &mut Draft) -> String {
    let path = format!("{SCRIPTS}/{name}");
    if draft.files.iter().all(|file| file.path.value != path) {
        draft.files.push(generated_file(path.as_str(), 0o755, contents));
    }
    let words: Vec<String> = words.iter().map(|word| format!(" {word}")).collect();
    format!("/usr/bin/bash {path}{}", words.concat())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Call;

    /// Returns the actions of the commands in a script: `ask ec2 attach-volume` takes `ec2:AttachVolume`.
    fn actions(script: &str) -> BTreeSet<String> {
        let words: Vec<&str> = script.split_whitespace().collect();
        let commands = words.windows(3).filter_map(|window| match window {
            ["ask", "ecr", "get-login-password"] => Some("ecr:GetAuthorizationToken".to_owned()),
            ["ask", service, operation] => {
                let operation = operation.split('-').map(|part| {
                    let (first, rest) = part.split_at(1);
                    first.to_ascii_uppercase() + rest
                });
                Some(format!("{service}:{}", operation.collect::<String>()))
            }
            _ => None,
        });
        commands.collect()
    }

    #[test]
    fn a_role_may_do_what_the_scripts_do() {
        let (parameter, secret) =
            (Call::ReadParameter(String::new()), Call::ReadSecret(String::new()));
        for (calls, script) in [
            (vec![Call::AttachVolume], include_str!("attach-volume.sh")),
            (vec![Call::SetName], include_str!("set-name.sh")),
            (vec![Call::Signal], include_str!("signal-stack.sh")),
            (vec![parameter, secret], include_str!("fetch-secrets.sh")),
        ] {
            let stated: BTreeSet<String> =
                calls.iter().flat_map(Call::actions).map(|action| (*action).to_owned()).collect();
            assert_eq!(actions(script), stated, "{calls:?}");
        }
        let [account, region, repository] = [String::new(), String::new(), String::new()];
        let pull = Call::PullImage { account, region, repository };
        let asked = actions(include_str!("registry-login.sh"));
        assert_eq!(asked.iter().map(String::as_str).collect::<Vec<_>>(), pull.actions()[..1]);
    }
}
