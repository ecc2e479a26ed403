//! What `cfgbuild profile` says of a role that is built: a line for each node, how near it is to the limits, and what
//! to do next; the same as a document for programs.

use std::path::Path;

use anstyle::Style;
use serde::Serialize;

use super::style::{DIM, NAME, NEAR, OVER, styled};
use super::talk;
use crate::Build;
use crate::emit::{Form, UserData, cloudformation, user_data_path};
use crate::model::{Format, VolumeSource};
use crate::platform::{self, Delivery};

/// Most nodes listed after a build, unless more is asked for.
const MOST_ROWS: usize = 12;
/// Cells of a bar.
const CELLS: usize = 8;
/// Share of a limit, in percent, from which on it is near.
const NEARLY: usize = 85;

/// A cell of a table: its text and how it looks.
struct Cell(String, Style);

impl Cell {
    fn plain(text: impl Into<String>) -> Self {
        Self(text.into(), Style::new())
    }
}

/// Returns what each node got and how much of the limits it takes.
pub(super) fn summary(folder: &Path, build: &Build) -> String {
    let target = &build.role.target;
    let mut told = format!(
        "{} → {} ({} on {}, Ignition {})\n",
        styled(NAME, &build.role.name),
        folder.display(),
        target.os.value,
        target.platform.value,
        target.ignition.value,
    );
    let formats = build.sizes.first().map(|sizes| sizes.user_data.as_slice()).unwrap_or_default();
    let mut header: Vec<Cell> =
        ["node", "units", "files"].map(|word| Cell(word.to_owned(), DIM)).into();
    header.extend(formats.iter().map(|(format, size)| {
        let of = size.limit.map_or(" bytes".to_owned(), |limit| format!(" of {limit} bytes"));
        Cell(format!("{format}{of}"), DIM)
    }));
    let mut rows = vec![header];
    let most = if talk::is_verbose() { usize::MAX } else { MOST_ROWS };
    for (machine, sizes) in build.machines.iter().zip(&build.sizes).take(most) {
        let mut row = vec![
            Cell(machine.name.clone(), NAME),
            Cell::plain(machine.units.len().to_string()),
            Cell::plain(machine.files.len().to_string()),
        ];
        row.extend(sizes.user_data.iter().map(|(_, size)| user_data(size)));
        rows.push(row);
    }
    told.extend(columns(&rows));
    if build.machines.len() > most {
        let more = format!("  … and {} nodes more\n", build.machines.len() - most);
        told.push_str(&more);
    }
    if let Some(code) = build.refused {
        let note = format!(
            "  note: no cloud-config, which cannot hold all of this: `--target formats=cloud-config` says what \
             (`cfgbuild explain {code}`)\n"
        );
        told.push_str(&note);
    }
    told + &lent_disks(build) + &template(build)
}

fn user_data(size: &UserData) -> Cell {
    let UserData { plain, sent, published, limit, form } = size;
    let (bar, style) = limit.map_or((String::new(), Style::new()), |limit| bar(*sent, limit));
    let packed = match form {
        Form::Packed if talk::is_verbose() => format!(", {plain} unpacked"),
        Form::Plain | Form::Packed => String::new(),
        Form::Stub => format!(", stub of {published} published"),
    };
    Cell(format!("{sent}{bar}{packed}"), style)
}

/// Returns a share of a limit as a bar, and how it looks.
fn bar(bytes: usize, limit: usize) -> (String, Style) {
    let percent = bytes * 100 / limit;
    let full = (bytes * CELLS).div_ceil(limit).min(CELLS);
    let bar = format!(" {}{} {percent} %", "▰".repeat(full), "▱".repeat(CELLS - full));
    let style = match percent {
        0..NEARLY => Style::new(),
        NEARLY..=100 => NEAR,
        _ => OVER,
    };
    (bar, style)
}

/// Names the volumes whose disks the platform does not make although the profile reads so.
fn lent_disks(build: &Build) -> String {
    let platform = build.role.target.platform.value;
    if platform::of(platform).makes_ebs {
        return String::new();
    }
    let volumes = build.role.volumes.iter().filter_map(|volume| {
        let VolumeSource::Ebs(ebs) = &volume.source else { return None };
        let (name, device) = (&volume.name.value, &ebs.device.value);
        Some(format!(
            "  note: volume `{name}` is a disk that you attach as {device}: nothing on {platform} makes an `ebs`\n"
        ))
    });
    volumes.collect()
}

/// Says how much of a template's limit the stack takes.
fn template(build: &Build) -> String {
    let Some(template) = build.tree.get(cloudformation::JSON) else { return String::new() };
    let (bytes, limit) = (template.bytes.len(), cloudformation::INLINE);
    let upload = if bytes > limit { ", goes through S3: `cfgbuild publish`" } else { "" };
    let (bar, _) = bar(bytes, limit);
    format!("  {}: {bytes}{bar} of {limit} bytes{upload}\n", cloudformation::JSON)
}

/// Says what one does with what was built, and which document tells the rest.
pub(super) fn next(folder: &Path, build: &Build) -> String {
    let role = &build.role.name;
    let formats = &build.role.target.formats.value;
    let table = platform::of(build.role.target.platform.value);
    let mut pasted = [Format::Ignition, Format::CloudConfig].into_iter();
    let format = pasted.find(|format| formats.contains(format));
    let node = build.machines.first().map(|machine| machine.name.as_str());
    let given = format.zip(node).and_then(|(format, node)| {
        let path = folder.join(user_data_path(&build.tree, node, format)?);
        let (what, document) = match table.delivery {
            Delivery::Paste(document) => (
                format!("paste `cfgbuild profile {role} --print {format} --node {node}`"),
                document,
            ),
            Delivery::File(document) => {
                (format!("give `{}` to {}", path.display(), table.taker), document)
            }
        };
        Some(format!("{what}: `cfgbuild explain {document}`"))
    });
    let stack = build.tree.get(cloudformation::JSON).map(|_| {
        let path = folder.join(cloudformation::JSON);
        format!("deploy `{}` as a stack: `cfgbuild explain docs/aws.md`", path.display())
    });
    let ways: Vec<String> = stack.into_iter().chain(given).collect();
    if ways.is_empty() {
        return String::new();
    }
    format!("  next: {}\n", ways.join("\n    or: "))
}

/// Returns rows as lines with aligned columns.
fn columns(rows: &[Vec<Cell>]) -> Vec<String> {
    let mut widths: Vec<usize> = Vec::new();
    for row in rows {
        for (index, Cell(text, _)) in row.iter().enumerate() {
            let width = text.chars().count();
            match widths.get_mut(index) {
                Some(known) => *known = (*known).max(width),
                None => widths.push(width),
            }
        }
    }
    let line = |row: &Vec<Cell>| {
        let mut line = String::new();
        for (index, (Cell(text, style), width)) in row.iter().zip(&widths).enumerate() {
            let is_last = index + 1 == row.len();
            let gap = if is_last { 0 } else { width - text.chars().count() };
            line.extend(["  ", &styled(*style, text), &" ".repeat(gap)]);
        }
        line + "\n"
    };
    rows.iter().map(line).collect()
}

/// A run as one JSON document.
#[derive(Debug, Serialize)]
pub(super) struct Document {
    version: u32,
    roles: Vec<Built>,
}

impl Document {
    /// Returns the document of these roles.
    pub(super) fn new(roles: Vec<Built>) -> Self {
        Self { version: 1, roles }
    }
}

/// A role of a run.
#[derive(Debug, Serialize)]
pub(super) struct Built {
    pub(super) role: String,
    /// `created`, `replaced`, `unchanged`; with `--check` `fresh` or `stale`, and with `--all` `gone` where no profile
    /// makes it any more; `refused` where findings keep it from being built.
    pub(super) outcome: &'static str,
    /// Where it is written.
    pub(super) folder: String,
    /// The code of what a cloud-config that nobody asked for cannot hold.
    cloud_config_refused: Option<&'static str>,
    nodes: Vec<Node>,
}

#[derive(Debug, Serialize)]
struct Node {
    name: String,
    units: usize,
    files: usize,
    user_data: Vec<Sent>,
}

/// User data of a node.
#[derive(Debug, Serialize)]
struct Sent {
    format: String,
    /// Bytes that are sent.
    bytes: usize,
    /// Bytes of the readable form.
    unpacked: usize,
    /// Most bytes the platform takes.
    limit: Option<usize>,
}

impl Built {
    /// Returns a role of which nothing was built.
    pub(super) fn refused(role: &str, folder: &Path) -> Self {
        Self {
            role: role.to_owned(),
            outcome: "refused",
            folder: folder.display().to_string(),
            cloud_config_refused: None,
            nodes: Vec::new(),
        }
    }

    /// Returns a role that was built once and has no profile any more.
    pub(super) fn gone(role: &str, folder: &Path) -> Self {
        Self { outcome: "gone", ..Self::refused(role, folder) }
    }

    /// Returns a role that was built.
    pub(super) fn of(folder: &Path, build: &Build, outcome: &'static str) -> Self {
        let sent = |(format, size): &(Format, UserData)| Sent {
            format: format.to_string(),
            bytes: size.sent,
            unpacked: size.plain,
            limit: size.limit,
        };
        let nodes = build.machines.iter().zip(&build.sizes).map(|(machine, sizes)| Node {
            name: machine.name.clone(),
            units: machine.units.len(),
            files: machine.files.len(),
            user_data: sizes.user_data.iter().map(sent).collect(),
        });
        Self {
            outcome,
            cloud_config_refused: build.refused,
            nodes: nodes.collect(),
            ..Self::refused(&build.role.name, folder)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_full_at_the_limit_and_empty_at_nothing() {
        for (bytes, shown) in [
            (0, " ▱▱▱▱▱▱▱▱ 0 %"),
            (1, " ▰▱▱▱▱▱▱▱ 0 %"),
            (8192, " ▰▰▰▰▱▱▱▱ 50 %"),
            (16384, " ▰▰▰▰▰▰▰▰ 100 %"),
            (99999, " ▰▰▰▰▰▰▰▰ 610 %"),
        ] {
            assert_eq!(bar(bytes, 16384).0, shown);
        }
    }
}
