//! The commands of one unit name its container in different ways.
//!
//! # Why
//! What `run` calls one name and `rm` another is never removed: the second start fails because the name is taken, and
//! `stop` stops nothing, so that the container goes on without its unit.
//!
//! # Fix
//! Write the same name in all of them, best the unit's own.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::unitfile::{Command, RawUnit, Word};

pub(super) const CHECK: Check = Check {
    code: "container-name-mismatch",
    source: include_str!("container_name_mismatch.rs"),
    run,
};

/// Verbs that must name what the unit runs, if they name anything.
const VERBS: [&str; 5] = ["kill", "rm", "stop", "exec", "logs"];

/// A name, and what names it.
type Named<'a> = (&'a str, &'a Word, &'a Command);

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    for unit in view.units.whole() {
        let run: Vec<Named<'_>> = names(unit, "run");
        let others: Vec<Named<'_>> = VERBS.iter().flat_map(|verb| names(unit, verb)).collect();
        let wrong: Vec<&Named<'_>> = others
            .iter()
            .filter(|(verb, _, _)| {
                let mut same = others.iter().filter(|(other, _, _)| other == verb);
                !same.any(|(_, word, _)| run.iter().any(|(_, name, _)| name.text == word.text))
            })
            .collect();
        let Some((_, other, _)) = wrong.first() else { continue };
        match run.as_slice() {
            [one] => report(view, unit, one, &wrong, diags),
            [] => nameless(view, unit, &other.text, diags),
            _ => {}
        }
    }
}

/// Reports the name that stands alone against the others.
fn report(
    view: &View<'_>,
    unit: &RawUnit<'_>,
    run: &Named<'_>,
    wrong: &[&Named<'_>],
    diags: &mut Diagnostics,
) {
    let Some((verb, other, _)) = wrong.first() else { return };
    let stem = unit.name().split(['.', '@']).next().unwrap_or("");
    let is_run_right =
        run.1.text == stem || wrong.iter().any(|(_, word, _)| word.text != other.text);
    let (odd, against) =
        if is_run_right { (wrong.to_vec(), vec![run]) } else { (vec![run], wrong.to_vec()) };
    let (Some((odd_verb, word, command)), Some((_, right, _))) = (odd.first(), against.first())
    else {
        return;
    };
    let title = format!(
        "`{}` runs the container `{}`, but `{verb}` takes `{}`",
        unit.name(),
        run.1.text,
        other.text
    );
    let label = if is_run_right {
        "there is no such container"
    } else {
        "the other commands never find it"
    };
    let span = unit.span(view.sources, command.file, &word.at);
    let mut finding = Diagnostic::error(CHECK.code, span, title, label);
    for (verb, word, command) in odd.iter().skip(1).chain(&against) {
        let span = unit.span(view.sources, command.file, &word.at);
        finding = finding.related(span, format!("`{verb}` takes `{}`", word.text));
    }
    let edit = if *odd_verb == "run" { "--name" } else { odd_verb };
    let mut finding = finding.help(format!("write `{edit} {}`", right.text));
    for (_, word, command) in &odd {
        finding =
            finding.edit(unit.replace(view.sources, command.file, &word.at, right.text.as_str()));
    }
    diags.report_once(finding);
}

/// Reports a container without a name that other commands name.
fn nameless(view: &View<'_>, unit: &RawUnit<'_>, other: &str, diags: &mut Diagnostics) {
    let mut runs = unit.runs();
    let Some(run) = runs.next() else { return };
    if runs.next().is_some() {
        return;
    }
    let title =
        format!("`{}` gives its container no name, but means `{other}` elsewhere", unit.name());
    let finding =
        Diagnostic::error(CHECK.code, run.verb_span(view.sources), title, "gets a random name");
    let flag = format!("--name {other}");
    let edit = run.add_flags(view.sources, &flag);
    diags.report_once(finding.help(format!("add `{flag}`")).edit(edit));
}

/// Returns the containers that the commands of a verb name; what is put in on the machine is left out.
fn names<'a>(unit: &'a RawUnit<'_>, verb: &'a str) -> Vec<Named<'a>> {
    let commands =
        unit.commands.iter().filter_map(|command| Some((command, command.call.as_ref()?)));
    commands
        .filter(|(_, call)| call.verb.text == verb)
        .flat_map(|(command, call)| call.names().into_iter().map(move |word| (verb, word, command)))
        .filter(|(_, word, _)| !word.text.contains(['$', '%', '{']))
        .collect()
}
