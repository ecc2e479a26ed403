//! A profile's lines of `zoo.cfg`, held to the table, and what ZooKeeper asks of two of them together.
//!
//! What the parser of the file does not read becomes a property of the JVM, with `zookeeper.` before it; what no class
//! asks for is read by nobody.

use super::super::judged::{Elsewhere, Server, given};
use super::section::Zookeeper;
use super::tables::{FAMILIES, SETTINGS};
use super::{validate, variables};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::source::{Edit, Span};

/// How it says that it does not take a line.
const REFUSAL: &str = "the server does not start with it";

const LEAST: &str = "minSessionTimeout";
const MOST: &str = "maxSessionTimeout";
const TICK: &str = "tickTime";

/// Ticks of the shortest and of the longest session, where nobody sets them.
const TICKS: (f64, f64) = (2.0, 20.0);

/// Beginnings of properties that have no `zookeeper.` before them, so that no line of the file sets them.
const OF_THE_JVM: [&str; 4] = ["java.", "jute.", "readonlymode.enabled", "znode.container."];

/// Reports lines that ZooKeeper does not know, or not so.
pub(super) fn validate(zookeeper: &Zookeeper, role: &Role, diags: &mut Diagnostics) {
    let server = Server {
        name: "ZooKeeper",
        noun: "setting",
        path: format!("{}.config", zookeeper.path),
        table: &SETTINGS,
        version: zookeeper.version().filter(|version| version.value >= SETTINGS.oldest),
        mode: None,
        refusal: REFUSAL,
        refuses_names: false,
        renamed: |_| None,
    };
    // A plug-in may read any property.
    let plugged = zookeeper.config.keys().any(|name| {
        let last = name.rsplit('.').next();
        name.starts_with("authProvider.") || matches!(last, Some("class" | "className"))
    });
    for given in given(&zookeeper.config) {
        // who owns it, or cannot write it, reports that
        if validate::owner(given.name).is_some()
            || given.name.contains([' ', '\t', '\n'])
            || server.judge(&given, diags)
            || FAMILIES.iter().any(|it| given.name.starts_with(it))
        {
            continue;
        }
        let plain = given.name.strip_prefix("zookeeper.");
        let elsewhere = if OF_THE_JVM.iter().any(|it| given.name.starts_with(it)) {
            let what = "a property of the JVM: write it in `jvm.options`, with `-D` before it";
            Some(Elsewhere { what, here: None })
        } else {
            plain.and_then(|plain| SETTINGS.all(plain).first()).map(|it| Elsewhere {
                what: "its name as a property of the JVM",
                here: Some(it.name),
            })
        };
        if !plugged || elsewhere.is_some() || server.is_near(given.name) {
            server.unknown(&given, elsewhere, diags);
        }
    }
    let of_env = Server { path: format!("{}.env", zookeeper.path), ..server.clone() };
    let setting = |name: &str| variables::setting(name).map(str::to_owned);
    of_env.judge_variables(zookeeper.additions.env(), setting, diags);
    sessions(zookeeper, &server, role, diags);
}

/// -1 stands for the default.
fn is_unset(number: f64) -> bool {
    (number + 1.0).abs() < 0.5
}

/// ZooKeeper ends where its shortest session would be longer than its longest.
fn sessions(zookeeper: &Zookeeper, server: &Server<'_>, role: &Role, diags: &mut Diagnostics) {
    let config = &zookeeper.config;
    let place = |name: &str| config.get(name).map(|value| value.span);
    let ends = |position| {
        let of = |name| server.number(config, name, position);
        // a tick of the image's own variable counts where no line says one
        let tick = || of(TICK).filter(|_| place(TICK).is_some() || !zookeeper.ticks_by_variable());
        let end = |name, ticks| match place(name) {
            Some(_) => of(name)
                .and_then(|end| if is_unset(end) { Some(tick()? * ticks) } else { Some(end) }),
            None => Some(tick()? * ticks),
        };
        Some((end(LEAST, TICKS.0)?, end(MOST, TICKS.1)?))
    };
    let crossed = (0..role.nodes.len()).filter_map(ends).find(|(least, most)| least > most);
    let Some((least, most)) = crossed else { return };
    let title = format!("`{LEAST}` of {least} ms is more than `{MOST}` of {most} ms");
    let found =
        |span: Span| Diagnostic::error("zookeeper-sessions-crossed", span, title.clone(), REFUSAL);
    diags.report(match (place(LEAST), place(MOST)) {
        (Some(shortest), Some(longest)) => found(shortest)
            .related(longest, "the longest session")
            .help(format!("write `{MOST}: {least}` or more, or a smaller `{LEAST}`"))
            .edit(Edit::write(longest, least.to_string())),
        (Some(shortest), None) => found(shortest)
            .help(format!("add `{MOST}: {least}` or more: twenty ticks are {most} ms"))
            .edit(Edit::set_beside(shortest, MOST, least.to_string())),
        (None, Some(longest)) => found(longest)
            .help(format!("add `{LEAST}: {most}` or less: two ticks are {least} ms"))
            .edit(Edit::set_beside(longest, LEAST, most.to_string())),
        (None, None) => return,
    });
}
