//! A container is given too little time to stop.
//!
//! # Why
//! `docker stop` sends SIGKILL after 10 seconds unless it is told otherwise; a broker needs longer to hand over its
//! partitions and to flush. And when systemd's own `TimeoutStopSec=` runs out first, it kills docker's client, and the
//! container goes on without its unit.
//!
//! # Fix
//! Give docker enough, and systemd more: `docker stop -t 60 NAME` with `TimeoutStopSec=75`. A drop-in to a unit that
//! cfgbuild writes needs no `TimeoutStopSec=`: it follows from `stop_timeout`.

use super::catalogue::Known;
use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::service::contract::Stop;
use crate::unitfile::{Assignment, Command, RawUnit, Word, directives::seconds};

pub(super) const CHECK: Check = Check {
    code: "container-stop-too-short",
    source: include_str!("container_stop_too_short.rs"),
    run,
};

/// What docker waits when it is told nothing.
const DOCKER: f64 = 10.0;
/// What systemd waits when it is told nothing.
const SYSTEMD: f64 = 90.0;

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    view.units.iter().filter(|unit| !unit.is_whole).for_each(|unit| drop_in(view, unit, diags));
    for unit in view.units.whole() {
        let Some(run) = unit.runs().last() else { continue };
        let stop = unit.commands.iter().find(|command| is_stop(command));
        let words = || run.call.values("stop-timeout").last();
        let told = stop.and_then(time).or_else(|| words()?.text.parse().ok());
        // for ever
        let told = told.map(|time| if time < 0.0 { f64::INFINITY } else { time });
        let is_unknown = |word: Option<&Word>| word.is_some_and(|word| word.text.contains('$'));
        if is_unknown(stop.and_then(time_word)) || stop.is_none() && is_unknown(words()) {
            continue;
        }
        let timeout = timeout(unit);
        let patience = timeout.map_or(Some(SYSTEMD), |(_, option)| seconds(&option.value.text));
        let patience = patience.map(|time| if time == 0.0 { f64::INFINITY } else { time });
        let docker = told.unwrap_or(DOCKER);
        let (file, range) = match stop {
            Some(command) => (
                command.file,
                command.call.as_ref().map_or(command.key_at.clone(), |call| {
                    call.flag_at("time").unwrap_or(call.verb.at.clone())
                }),
            ),
            None => (
                run.command.file,
                run.call.flag_at("stop-timeout").unwrap_or(run.call.verb.at.clone()),
            ),
        };
        let span = unit.span(view.sources, file, &range);
        if patience.is_some_and(|patience| patience.is_finite() && docker >= patience) {
            let wait = if docker.is_finite() {
                format!("docker's {docker} s to stop it are over")
            } else {
                "docker, which waits without end, is done".to_owned()
            };
            let title = format!("systemd ends `{}` before {wait}", unit.name());
            let mut finding = Diagnostic::error(
                CHECK.code,
                span,
                title,
                "the client is killed, the container goes on",
            );
            if let Some((file, option)) = timeout {
                finding = finding
                    .related(unit.value_span(view.sources, file, option), "systemd's patience");
            }
            let enough = if docker.is_finite() {
                (docker + 15.0).to_string()
            } else {
                "infinity".to_owned()
            };
            let edit = match timeout {
                Some((file, option)) if option.key == "TimeoutStopSec" => {
                    unit.set_option(view.sources, file, option, enough.as_str())
                }
                _ => unit.add_options(view.sources, "Service", &format!("TimeoutStopSec={enough}")),
            };
            diags.report_once(finding.help(format!("write `TimeoutStopSec={enough}`")).edit(edit));
            continue;
        }
        let Some(known) = Known::run(&run).filter(|_| !unit.is_oneshot()) else { continue };
        if let Some(Stop { least, why, .. }) =
            known.contract.stop.filter(|stop| docker < f64::from(stop.least))
        {
            let title = format!("{} is killed {docker} s after it is told to stop", known.name());
            let finding =
                Diagnostic::warning(CHECK.code, span, title, why).help(help(unit, stop, least));
            diags.report_once(match stop {
                Some(command) => with_time(view, unit, command, least, finding),
                None => {
                    finding.edit(run.add_flags(view.sources, &format!("--stop-timeout {least}")))
                }
            });
        }
    }
}

/// Reports a drop-in that takes the time to stop from a container whose unit is generated.
fn drop_in(view: &View<'_>, unit: &RawUnit<'_>, diags: &mut Diagnostics) {
    let name = unit.name().strip_suffix(".service");
    let container = view.containers.iter().find(|it| name == Some(it.name.value.as_str()));
    let Some(container) = container else { return };
    let Some((file, option)) = timeout(unit) else { return };
    let needed = container.stop_timeout;
    let cut = seconds(&option.value.text).filter(|it| *it > 0.0 && *it < f64::from(needed));
    let Some(patience) = cut else { return };
    let title = format!(
        "systemd ends `{}` {patience} s after it is told to stop, which may take {needed} s",
        unit.name()
    );
    let span = unit.value_span(view.sources, file, option);
    diags.report_once(
        Diagnostic::error(CHECK.code, span, title, "the client is killed, the container goes on")
            .help("remove the line: the unit has its time from `stop_timeout`")
            .edit(unit.drop_option(view.sources, file, option)),
    );
}

/// Adds the edit that gives `docker stop` its time; one that says a time already is read by a person.
fn with_time(
    view: &View<'_>,
    unit: &RawUnit<'_>,
    command: &Command,
    least: u32,
    finding: Diagnostic,
) -> Diagnostic {
    match &command.call {
        Some(call) if time(command).is_none() => finding.edit(unit.replace(
            view.sources,
            command.file,
            &call.verb.at,
            format!("stop -t {least}"),
        )),
        _ => finding,
    }
}

/// Returns the help that gives a server its time.
fn help(unit: &RawUnit<'_>, stop: Option<&Command>, least: u32) -> String {
    let name = stop
        .and_then(|command| command.call.as_ref()?.operands.first())
        .map(|word| word.text.as_str());
    match name {
        Some(name) => format!("write `stop -t {least} {name}`"),
        None => format!("add `--stop-timeout {least}` to the `run` of `{}`", unit.name()),
    }
}

fn is_stop(command: &Command) -> bool {
    command.key == "ExecStop" && command.call.as_ref().is_some_and(|call| call.verb.text == "stop")
}

/// Returns the seconds a `stop` is told to wait.
fn time(command: &Command) -> Option<f64> {
    time_word(command)?.text.parse().ok()
}

fn time_word(command: &Command) -> Option<&Word> {
    let call = command.call.as_ref()?;
    call.values("time").chain(call.values("timeout")).last()
}

/// Returns what sets systemd's patience: `TimeoutSec=` is two settings at once, and the last word counts.
fn timeout<'u>(unit: &'u RawUnit<'_>) -> Option<(usize, &'u Assignment)> {
    let all = ["TimeoutStopSec", "TimeoutSec"].into_iter();
    let all = all.filter_map(|key| unit.last("Service", key));
    all.max_by_key(|(file, option)| (*file, option.key_at.start))
}
