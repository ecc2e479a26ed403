//! User data as people read it: each unit, file and user with what it holds.

use std::fmt::Write as _;

use super::machine::{Found, whole};
use crate::model::{Owner, UnitSpec};

/// Longest text that is shown whole, in lines.
const MOST: usize = 200;
/// What a script is shown under.
pub(super) const SCRIPT: &str = "runs";

/// Returns what was found in one line each: what it is, and the names of what it holds.
pub fn summary(found: &Found) -> String {
    let mut out = String::new();
    sum(found, &mut out).expect("writing to a text cannot fail");
    out
}

fn sum(found: &Found, out: &mut String) -> std::fmt::Result {
    heading(found, out)?;
    for (heading, lines) in &found.settings {
        let lines =
            if heading == SCRIPT { format!("{} lines", lines.len()) } else { lines.join("; ") };
        writeln!(out, "  {heading}: {lines}")?;
    }
    let names = |names: Vec<&str>| names.join(" ");
    for (what, names) in [
        ("units", names(found.units.iter().map(|unit| unit.name.value.as_str()).collect())),
        ("files", names(found.files.iter().map(|file| file.path.value.as_str()).collect())),
        ("directories", names(found.directories.iter().map(|made| &*made.path.value).collect())),
        ("links", names(found.links.iter().map(|link| link.path.value.as_str()).collect())),
        ("users", names(found.users.iter().map(|user| user.name.value.as_str()).collect())),
    ] {
        if !names.is_empty() {
            writeln!(out, "  {what}: {names}")?;
        }
    }
    found.inner.iter().try_for_each(|inner| sum(inner, out))
}

/// Adds the line that says what it is and how large.
fn heading(found: &Found, out: &mut String) -> std::fmt::Result {
    let Found { title, kind, bytes, sent, limit, .. } = found;
    write!(out, "{title}: {kind}, {bytes} bytes")?;
    match sent {
        Some(sent) if sent == bytes => writeln!(out, " of {limit}"),
        Some(sent) => writeln!(out, ", sent as {sent} of {limit}"),
        None => writeln!(out),
    }
}

/// Returns what was found as text.
pub fn show(found: &Found) -> String {
    let mut out = String::new();
    add(found, &mut out).expect("writing to a text cannot fail");
    out
}

fn add(found: &Found, out: &mut String) -> std::fmt::Result {
    let Found {
        title: _,
        kind: _,
        start: _,
        bytes: _,
        sent: _,
        limit: _,
        os: _,
        fetched: _,
        units,
        files,
        directories,
        links,
        link_owners: _,
        users,
        groups: _,
        storage: _,
        kernel_arguments: _,
        replaced: _,
        replaces: _,
        commands,
        settings,
        inner,
    } = found;
    heading(found, out)?;
    for (heading, lines) in settings {
        writeln!(out, "\n{heading}")?;
        block(&lines.join("\n"), out)?;
    }
    for unit in units {
        let command = commands.get(&unit.name.value);
        self::unit(unit, command.map(String::as_str), out)?;
    }
    for directory in directories {
        let owner = owners(directory.user.as_ref(), directory.group.as_ref());
        writeln!(out, "\ndirectory {} {:04o}{owner}", directory.path.value, directory.mode.value)?;
    }
    for link in links {
        let kind = if link.hard { "hard link" } else { "link" };
        writeln!(out, "\n{kind} {} → {}", link.path.value, link.target)?;
    }
    for file in files {
        let owner = owners(file.user.as_ref(), file.group.as_ref());
        writeln!(out, "\nfile {} {:04o}{owner}", file.path.value, file.mode.value)?;
        for source in found.fetched_for(&file.path.value) {
            writeln!(out, "    fetched at boot from {source}")?;
        }
        let bytes = file.contents.on(0);
        match std::str::from_utf8(bytes) {
            Ok(text) if !text.contains('\0') => block(text, out)?,
            _ => writeln!(out, "    {} bytes that are no text", bytes.len())?,
        }
    }
    for user in users {
        let keys = user.ssh_authorized_keys.len();
        let plural = if keys == 1 { "" } else { "s" };
        write!(out, "\nuser {}, {keys} SSH key{plural}", user.name.value)?;
        if user.password_hash.is_some() {
            out.write_str(", a password")?;
        }
        let groups: Vec<&str> =
            user.primary_group.iter().chain(&user.groups).map(String::as_str).collect();
        if !groups.is_empty() {
            write!(out, ", in {}", groups.join(", "))?;
        }
        match &user.shell {
            Some(shell) => writeln!(out, ", shell {shell}")?,
            None => writeln!(out)?,
        }
    }
    for found in inner {
        writeln!(out)?;
        add(found, out)?;
    }
    Ok(())
}

fn unit(unit: &UnitSpec, command: Option<&str>, out: &mut String) -> std::fmt::Result {
    let mut words = Vec::new();
    if unit.mask {
        words.push("masked");
    }
    match (unit.enabled, command) {
        (Some(true), _) => words.push("enabled"),
        (Some(false), None) => words.push("disabled"),
        (Some(false), Some(_)) | (None, _) => {}
    }
    words.extend(command);
    let words = if words.is_empty() { String::new() } else { format!(": {}", words.join(", ")) };
    writeln!(out, "\nunit {}{words}", unit.name.value)?;
    if let Some(contents) = &unit.contents {
        block(&whole(contents), out)?;
    }
    for dropin in &unit.dropins {
        writeln!(out, "  drop-in {}", dropin.name.value)?;
        block(&whole(&dropin.contents), out)?;
    }
    Ok(())
}

/// Adds a text, indented; of a long one the beginning.
fn block(text: &str, out: &mut String) -> std::fmt::Result {
    let lines = text.trim_end().lines();
    for line in lines.clone().take(MOST) {
        let line: String =
            line.chars().map(|c| if c.is_control() && c != '\t' { '·' } else { c }).collect();
        writeln!(out, "{}", format!("    {line}").trim_end())?;
    }
    let rest = lines.count().saturating_sub(MOST);
    if rest > 0 {
        writeln!(out, "    … and {rest} more lines")?;
    }
    Ok(())
}

fn owners(user: Option<&Owner>, group: Option<&Owner>) -> String {
    let word = |owner: Option<&Owner>| owner.map_or_else(|| "root".to_owned(), Owner::to_string);
    if user.is_none() && group.is_none() {
        return String::new();
    }
    format!(" {}:{}", word(user), word(group))
}
