//! What each part of a machine adds to its user data: measured by printing the machine without it.
//!
//! What two parts have in common costs once, so what the parts add is less than the whole.

use std::cmp::Reverse;

use crate::diagnostic::Diagnostics;
use crate::model::Format;
use crate::model::machine::{File, KernelArguments, Machine, Unit, User};

use super::request::Request;
use super::{cloud_config, ignition};

/// What a machine's user data is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weight {
    /// Its formats, in their order.
    pub formats: Vec<(Format, Forms)>,
    /// By how many bytes it may grow once a stack has filled in its values.
    pub growth: usize,
    /// Most bytes the platform takes.
    pub limit: Option<usize>,
    /// Its parts, those that add most first.
    pub parts: Vec<Part>,
}

/// The size of one format's user data, whatever is sent of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forms {
    /// Bytes as it reads.
    pub plain: usize,
    /// Bytes compressed; `None` where the format's version cannot be.
    pub packed: Option<usize>,
}

/// A part of a machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is, as `unit kafka.service`.
    pub name: String,
    /// Bytes of its own text.
    pub text: usize,
    /// Bytes by which each format's smallest form is bigger with it than without, in the order of the formats.
    pub adds: Vec<usize>,
}

impl Forms {
    /// Returns the bytes of the smallest form.
    pub fn smallest(&self) -> usize {
        self.packed.map_or(self.plain, |packed| packed.min(self.plain))
    }
}

/// Measures a machine; one that cannot be printed is measured as far as it can.
pub fn weigh(request: &Request<'_>) -> Weight {
    let usual = measured(request, false);
    let parts = without(request.machine).into_iter().map(|(name, text, machine)| {
        let rest = measured(&Request { machine: &machine, ..*request }, false);
        let adds = usual.iter().zip(rest);
        // Compression may take a byte more for less.
        let adds = adds.map(|((_, with), (_, rest))| packed(with).saturating_sub(packed(&rest)));
        Part { name, text, adds: adds.collect() }
    });
    let mut parts: Vec<Part> = parts.collect();
    parts.sort_by(|a, b| (Reverse(&a.adds), &a.name).cmp(&(Reverse(&b.adds), &b.name)));
    Weight {
        formats: forms(request),
        growth: request.machine.growth(),
        limit: request.limit(),
        parts,
    }
}

/// Returns the compressed form, which all parts of a machine share, however small what is left of it may be.
fn packed(forms: &Forms) -> usize {
    forms.packed.unwrap_or(forms.plain)
}

/// Returns the sizes of a machine's user data in every format of its target.
pub fn forms(request: &Request<'_>) -> Vec<(Format, Forms)> {
    measured(request, true)
}

/// Returns the same, or with the usual compression alone: what fits only by more of it has no parts to compare.
fn measured(request: &Request<'_>, fits: bool) -> Vec<(Format, Forms)> {
    let mut made = Vec::new();
    for format in &request.target.formats.value {
        // What is wrong with the text is said where it is printed.
        let mut diags = Diagnostics::new();
        let forms = match format {
            Format::Ignition => ignition::forms(request, fits, &mut diags),
            Format::CloudConfig => cloud_config::forms(request, fits),
            Format::Units | Format::Packer => continue,
        };
        let (plain, packed) = forms;
        made.push((*format, Forms { plain, packed }));
    }
    made
}

/// Returns each part with its name, the bytes of its text, and the machine without it.
fn without(machine: &Machine) -> Vec<(String, usize, Machine)> {
    let Machine {
        name: _,
        hostname,
        users,
        groups,
        directories,
        files,
        links,
        disks,
        raid,
        filesystems,
        units,
        kernel_arguments,
        stack,
        calls: _,
    } = machine;
    let mut made = Vec::new();
    let mut part = |kind: &str, name: &str, text: usize, take: &dyn Fn(&mut Machine)| {
        let mut rest = machine.clone();
        take(&mut rest);
        made.push((format!("{kind} {name}").trim_end().to_owned(), text, rest));
    };
    if let Some(hostname) = hostname {
        part("host name", "", hostname.len(), &|rest| rest.hostname = None);
    }
    for (at, user) in users.iter().enumerate() {
        part("user", &user.name.value, user_text(user), &|rest| drop(rest.users.remove(at)));
    }
    for (at, group) in groups.iter().enumerate() {
        let name = &group.name.value;
        part("group", name, 0, &|rest| drop(rest.groups.remove(at)));
    }
    for (at, directory) in directories.iter().enumerate() {
        let path = &directory.path.value;
        part("directory", path, 0, &|rest| drop(rest.directories.remove(at)));
    }
    for (at, file) in files.iter().enumerate() {
        let File { path, mode: _, user: _, group: _, contents } = file;
        let text = contents.bytes().len();
        part("file", &path.value, text, &|rest| drop(rest.files.remove(at)));
    }
    for (at, link) in links.iter().enumerate() {
        part("link", &link.path.value, 0, &|rest| drop(rest.links.remove(at)));
    }
    for (at, disk) in disks.iter().enumerate() {
        part("disk", &disk.device.value, 0, &|rest| drop(rest.disks.remove(at)));
    }
    for (at, array) in raid.iter().enumerate() {
        part("array", &array.name.value, 0, &|rest| drop(rest.raid.remove(at)));
    }
    for (at, made) in filesystems.iter().enumerate() {
        let device = &made.device.value;
        part("file system", device, 0, &|rest| drop(rest.filesystems.remove(at)));
    }
    for (at, unit) in units.iter().enumerate() {
        let name = &unit.name.value;
        part("unit", name, unit_text(unit), &|rest| drop(rest.units.remove(at)));
    }
    let arguments = kernel_arguments.should_exist.iter().chain(&kernel_arguments.should_not_exist);
    let arguments: usize = arguments.map(|argument| argument.value.len()).sum();
    if arguments > 0 {
        part("kernel arguments", "", arguments, &|rest| {
            rest.kernel_arguments = KernelArguments::default();
        });
    }
    if !stack.is_empty() {
        let text = machine.stack_file().map_or(0, |file| file.contents.bytes().len());
        part("file", Machine::STACK_FILE, text, &|rest| rest.stack.clear());
    }
    made
}

fn user_text(user: &User) -> usize {
    let keys: usize = user.ssh_authorized_keys.iter().map(String::len).sum();
    keys + user.password_hash.as_ref().map_or(0, |hash| hash.value.len())
}

fn unit_text(unit: &Unit) -> usize {
    let texts = unit.contents.iter().chain(unit.dropins.values());
    texts.map(String::len).sum()
}
