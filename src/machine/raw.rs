//! A profile's own units, drop-ins and masks, laid over the generated ones by name.
//!
//! The texts stay as they were written; only facts become variables.

use std::collections::{BTreeMap, BTreeSet};

use super::fleet;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::UnitText;
use crate::model::machine::{Command, Machine, Unit};
use crate::model::{DropinSpec, Piece, StackFact, Text, UnitSpec};
use crate::platform::{Host, Used, bare_unit};
use crate::source::Span;

/// The drop-in that makes facts known to a unit the profile wrote.
const FACTS_DROPIN: &str = "10-cfgbuild-host.conf";

/// Lays the profile's units over the generated ones; those of other names come first or last, as they must start.
pub(super) fn overlay(
    host: &Host<'_>,
    units: &mut Vec<Unit>,
    stack: &mut BTreeSet<StackFact>,
    diags: &mut Diagnostics,
) {
    let mut settings = Vec::new();
    let mut removed = BTreeSet::new();
    let mut generated = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        generated.entry(unit.name.value.clone()).or_insert(index);
    }
    for spec in &host.role.units {
        let known = generated.get(&spec.name.value).copied();
        if spec.remove {
            removed.extend(known);
            continue;
        }
        if let Some(unit) = known.and_then(|index| units.get_mut(index)) {
            stack.extend(lay_over(host, spec, unit, true, diags));
            continue;
        }
        let mut unit = bare_unit(spec.name.clone());
        stack.extend(lay_over(host, spec, &mut unit, false, diags));
        // What changes a unit of the system's own must be in force before anything of ours starts.
        if unit.contents.is_none() { settings.push(unit) } else { units.push(unit) }
    }
    let kept = std::mem::take(units).into_iter().enumerate();
    let kept = kept.filter(|(index, _)| !removed.contains(index)).map(|(_, unit)| unit);
    units.extend(settings.into_iter().chain(kept));
}

/// Lays one unit of the profile over what is there; returns the values of the stack it uses.
fn lay_over(
    host: &Host<'_>,
    spec: &UnitSpec,
    unit: &mut Unit,
    is_generated: bool,
    diags: &mut Diagnostics,
) -> BTreeSet<StackFact> {
    let UnitSpec { name, contents, enabled, mask, remove: _, dropins, placement, secret } = spec;
    let mut used = Used::default();
    if let Some(written) = contents {
        let text = written.value.on(host.position);
        unit.contents = Some(render(host, text, &name.value, written.span, &mut used, diags));
        unit.secret = false;
        unit.enabled = unit.enabled.filter(|_| is_generated);
    }
    for DropinSpec { name: file, contents } in dropins {
        let text = contents.value.on(host.position);
        let rendered = render(host, text, &name.value, contents.span, &mut used, diags);
        unit.dropins.insert(file.value.clone(), rendered);
    }
    if let Some(text) = facts_dropin(host, &used) {
        unit.dropins.entry(FACTS_DROPIN.to_owned()).or_insert_with(|| text.to_string());
    }
    unit.name = name.clone();
    unit.mask = *mask;
    unit.secret |= *secret;
    unit.enabled = enabled.or(unit.enabled);
    unit.fleet = fleet::section(host, placement).or_else(|| unit.fleet.take());
    unit.command = command(unit, is_generated);
    if unit.mask {
        // The link to /dev/null stands where the text would.
        unit.contents = None;
        unit.enabled = None;
    }
    used.stack
}

/// Returns what a running system must do with a unit.
fn command(unit: &Unit, is_generated: bool) -> Option<Command> {
    let name = &unit.name.value;
    if unit.mask || unit.enabled == Some(false) || name.contains("@.") {
        return None;
    }
    if is_generated {
        return unit.command;
    }
    // The system's own unit may run already, without the drop-in. What a socket starts stands on the socket, and is
    // stopped before it.
    let runs = [".service", ".socket", ".timer", ".path"].iter().any(|end| name.ends_with(end));
    if unit.contents.is_none() && !unit.dropins.is_empty() && runs {
        return Some(Command::Restart);
    }
    unit.enabled.filter(|enabled| *enabled).map(|_| Command::Start)
}

/// Returns the drop-in that makes facts known, if any is used.
fn facts_dropin(host: &Host<'_>, used: &Used) -> Option<UnitText> {
    let source = host.fact_source(used);
    let mut text = UnitText::new();
    if let Some(agent) = source.and_then(|source| source.agent) {
        text.push("Unit", "Wants", agent);
        text.push("Unit", "After", agent);
    }
    let files = source.map(|source| source.file).into_iter();
    let files: Vec<&str> =
        files.chain((!used.stack.is_empty()).then_some(Machine::STACK_FILE)).collect();
    for file in &files {
        text.push("Service", "EnvironmentFile", *file);
    }
    (!files.is_empty()).then_some(text)
}

/// Returns a text with its facts as variables, and refuses a fact where systemd would not put its value.
fn render(
    host: &Host<'_>,
    text: &Text,
    unit: &str,
    span: Span,
    used: &mut Used,
    diags: &mut Diagnostics,
) -> String {
    let mut rendered = String::new();
    for piece in text.pieces() {
        match piece {
            Piece::Literal(literal) => rendered.push_str(literal),
            Piece::Host(fact) => {
                let Some(variable) = host.variable(*fact, span, diags) else { continue };
                refuse_place(&rendered, &format!("host.{fact}"), unit, span, diags);
                used.host.insert(*fact);
                push_variable(&mut rendered, variable);
            }
            // The schema lets none in here.
            Piece::Secret(_) => {}
            Piece::Stack(fact) => {
                let Some(variable) = host.stack_variable(*fact, span, diags) else { continue };
                refuse_place(&rendered, &format!("stack.{fact}"), unit, span, diags);
                used.stack.insert(*fact);
                push_variable(&mut rendered, variable);
            }
        }
    }
    rendered
}

fn push_variable(text: &mut String, name: &str) {
    text.push_str("${");
    text.push_str(name);
    text.push('}');
}

/// Refuses a fact outside of a service's commands, judging by what is written before it.
fn refuse_place(before: &str, fact: &str, unit: &str, span: Span, diags: &mut Diagnostics) {
    let option = option_of(before);
    let (why, help) = if !unit.ends_with(".service") {
        ("only a service knows variables", "put the fact into a service")
    } else if option.starts_with("Exec") || option.starts_with(['#', ';']) {
        return;
    } else {
        ("systemd puts variables into `Exec…=` lines only", "use the fact in an `Exec…=` line")
    };
    let name = option.split('=').next().unwrap_or_default().trim();
    let place = if name.is_empty() { String::new() } else { format!(" in `{name}=`") };
    let line = before.matches('\n').count() + 1;
    diags.report(
        Diagnostic::error(
            "host-fact-misplaced",
            span,
            format!("`{fact}` would stay unknown{place} of `{unit}`"),
            format!("in line {line} of this text: {why}"),
        )
        .help(help),
    );
}

/// Returns the beginning of the option that a text breaks off in, going back over continued lines.
fn option_of(text: &str) -> &str {
    let mut lines = text.rsplit('\n');
    let mut start = text.len() - lines.next().map_or(0, str::len);
    for line in lines {
        if !line.ends_with('\\') {
            break;
        }
        start -= line.len() + 1;
    }
    text.get(start..).unwrap_or_default().trim_start()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_option_a_text_breaks_off_in() {
        for (text, option) in [
            ("[Service]\nExecStart=/a ", "ExecStart=/a "),
            ("Environment=A", "Environment=A"),
            ("X=1\n  ExecStart=/a \\\n  --b \\\n  --c=", "ExecStart=/a \\\n  --b \\\n  --c="),
            ("", ""),
        ] {
            assert_eq!(option_of(text), option);
        }
    }
}
