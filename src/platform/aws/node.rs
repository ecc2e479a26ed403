//! What every machine of a stack does for itself, whatever it runs: it keeps its name true, and says when it is
//! healthy.

use super::registry;
use super::unit::{SCRIPTS, asks_aws, script};
use crate::model::machine::{Command, Machine, Unit};
use crate::model::{Aws, Call, Container, Identity, Run, StackFact, UnitText, When};
use crate::platform::draft::{Draft, generated_file, generated_script, generated_unit};
use crate::platform::host::{Host, pulled};
use crate::platform::script::{bash, until_done};
use crate::source::{Sources, Spanned};
use crate::unitfile::{shell_word, whole_line};

/// Adds what every stack's machine does, and the command line that all of it asks AWS with.
pub(super) fn add(host: &Host<'_>, draft: &mut Draft) {
    let Some(aws) = &host.role.aws else { return };
    registry::log_in(host, draft);
    keep_name(host, draft);
    signal(host, draft);
    draft.files.push(generated_script(format!("{SCRIPTS}/lib.sh"), 0o644, include_str!("lib.sh")));
    draft.files.push(generated_file(format!("{SCRIPTS}/aws"), 0o755, command_line(host, aws)));
}

/// Returns the script that is the AWS command line on this system.
fn command_line(host: &Host<'_>, aws: &Aws) -> String {
    let image = pulled(host.role, &aws.cli_image.value).to_string();
    include_str!("aws.sh")
        .replace("@CLIENT@", host.system.runtime.client)
        .replace("@IMAGE@", &shell_word(&image))
}

/// Adds the units that keep the node's name true in the stack's zone, before anything that its peers must find.
fn keep_name(host: &Host<'_>, draft: &mut Draft) {
    let Some(domain) = &host.role.domain else { return };
    let name = format!("{}.{}", host.node.name.value, domain.value);
    let named = host.node.address.as_ref().is_some_and(|address| address.value == name);
    if host.role.identity.value != Identity::Pinned || !named {
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
    draft.stack.insert(StackFact::ZoneId);
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
