//! What user data says of a machine: units, files, users.

use std::collections::BTreeMap;

use crate::model::machine::{self, KernelArguments, Machine};
use crate::model::{
    DirectorySpec, DropinSpec, FileSpec, Group, LinkSpec, Os, Owner, PerNode, Placement, Storage,
    StorageFilesystem, Text, UnitSpec, User, clean_path,
};
use crate::output::Tree;
use crate::source::{Sources, Span, Spanned};

/// Most bytes of user data that EC2 takes, raw.
pub(super) const EC2: usize = 16_384;

/// Modes that people write: a number whose digits are one of these was written in the other base.
pub(super) const USUAL_MODES: [u32; 10] =
    [0o400, 0o440, 0o600, 0o640, 0o644, 0o664, 0o700, 0o750, 0o755, 0o777];

/// User data that was understood.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where it comes from.
    pub(super) title: String,
    /// What it is, as `cloud-config`.
    pub(super) kind: String,
    /// Its first line.
    pub(super) start: Span,
    /// Bytes of the text.
    pub(super) bytes: usize,
    /// Bytes that are sent, where that is known.
    pub(super) sent: Option<usize>,
    /// Most bytes that may be sent.
    pub(super) limit: usize,
    /// The system it is for, as far as it can be known.
    pub(super) os: Os,
    /// Units, drop-ins and masks.
    pub(super) units: Vec<UnitSpec>,
    pub(super) files: Vec<FileSpec>,
    pub(super) directories: Vec<DirectorySpec>,
    pub(super) links: Vec<LinkSpec>,
    /// Whose each link is: user and group.
    pub(super) link_owners: Vec<(Option<Owner>, Option<Owner>)>,
    pub(super) users: Vec<User>,
    pub(super) groups: Vec<Group>,
    /// Disks, arrays and file systems that are made at the first boot.
    pub(super) storage: Storage,
    pub(super) kernel_arguments: KernelArguments,
    /// By the path of a file: where it is fetched from at boot, and by what it is verified.
    pub(super) fetched: BTreeMap<String, Vec<String>>,
    /// By unit: what is done with it at boot besides enabling, as `start`.
    pub(super) commands: BTreeMap<String, String>,
    /// What else is set: a heading, and its lines.
    pub(super) settings: Vec<(String, Vec<String>)>,
    /// Whether another config, here or elsewhere, replaces it: then nothing of it counts.
    pub(super) replaced: bool,
    /// Whether it replaces the config that holds it.
    pub(super) replaces: bool,
    /// Configs that it holds and that replace it or add to it.
    pub(super) inner: Vec<Found>,
}

impl Found {
    /// Returns a machine that nothing is known of yet.
    pub(super) fn new(title: String, kind: &str, os: Os, bytes: usize) -> Self {
        Self {
            title,
            kind: kind.to_owned(),
            bytes,
            start: Sources::NOWHERE,
            sent: None,
            limit: EC2,
            os,
            units: Vec::new(),
            files: Vec::new(),
            directories: Vec::new(),
            links: Vec::new(),
            link_owners: Vec::new(),
            users: Vec::new(),
            groups: Vec::new(),
            storage: Storage::default(),
            kernel_arguments: KernelArguments::default(),
            replaced: false,
            replaces: false,
            fetched: BTreeMap::new(),
            commands: BTreeMap::new(),
            settings: Vec::new(),
            inner: Vec::new(),
        }
    }
}

impl Found {
    /// Returns the machine that it makes: that of the config that replaces it, or its own with what is merged in.
    pub fn machine(&self) -> Machine {
        if let Some(inner) = self.inner.iter().find(|inner| inner.replaces) {
            return inner.machine();
        }
        if self.replaced {
            return Machine::named(&self.title);
        }
        let mut machine = self.alone();
        for inner in &self.inner {
            let more = inner.machine();
            machine.users.extend(more.users);
            machine.groups.extend(more.groups);
            machine.directories.extend(more.directories);
            machine.files.extend(more.files);
            machine.links.extend(more.links);
            machine.disks.extend(more.disks);
            machine.raid.extend(more.raid);
            machine.filesystems.extend(more.filesystems);
            machine.units.extend(more.units);
            let KernelArguments { should_exist, should_not_exist } = more.kernel_arguments;
            machine.kernel_arguments.should_exist.extend(should_exist);
            machine.kernel_arguments.should_not_exist.extend(should_not_exist);
        }
        machine
    }

    /// Returns the machine without what other configs add.
    fn alone(&self) -> Machine {
        let unit = |unit: &UnitSpec| machine::Unit {
            name: unit.name.clone(),
            contents: unit.contents.as_ref().map(whole),
            enabled: unit.enabled,
            mask: unit.mask,
            dropins: unit
                .dropins
                .iter()
                .map(|dropin| (dropin.name.value.clone(), whole(&dropin.contents)))
                .collect(),
            command: None,
            fleet: None,
            secret: false,
        };
        let file = |file: &FileSpec| machine::File {
            path: file.path.clone(),
            mode: file.mode.clone(),
            user: file.user.clone(),
            group: file.group.clone(),
            contents: machine::Contents::open(file.contents.on(0).clone()),
        };
        let directory = |made: &DirectorySpec| machine::Directory {
            path: made.path.clone(),
            mode: made.mode.clone(),
            user: made.user.clone(),
            group: made.group.clone(),
        };
        let link = |link: &LinkSpec| machine::Link {
            path: link.path.clone(),
            target: link.target.clone(),
            hard: link.hard,
        };
        let filesystem = |made: &StorageFilesystem| machine::Filesystem {
            device: made.device.clone(),
            format: made.format.value.clone(),
            label: made.label.as_ref().map(|label| label.value.clone()),
            path: made.path.as_ref().map(|path| path.value.clone()),
            wipe_filesystem: made.wipe_filesystem,
            options: made.options.clone(),
        };
        Machine {
            users: self.users.clone(),
            groups: self.groups.clone(),
            directories: self.directories.iter().map(directory).collect(),
            files: self.files.iter().map(file).collect(),
            links: self.links.iter().map(link).collect(),
            disks: self.storage.disks.clone(),
            raid: self.storage.raid.clone(),
            filesystems: self.storage.filesystems.iter().map(filesystem).collect(),
            units: self.units.iter().map(unit).collect(),
            kernel_arguments: self.kernel_arguments.clone(),
            ..Machine::named(&self.title)
        }
    }

    /// Returns where a file is fetched from.
    pub(super) fn fetched_for(&self, path: &str) -> impl Iterator<Item = &String> + use<'_> {
        self.fetched.get(path).into_iter().flatten()
    }

    /// Returns everything of it that becomes a file, as a tree.
    pub fn extracted(&self) -> Tree {
        let mut tree = Tree::new();
        let machine = self.machine();
        for file in machine.files {
            let is_private = file.mode.value.trailing_zeros() >= 6;
            tree.add_guarded(below(&file.path.value), file.contents.bytes(), is_private);
        }
        for unit in machine.units {
            let path = below(&format!("/etc/systemd/system/{}", unit.name.value));
            for (name, text) in unit.dropins {
                tree.add(below(&format!("/{path}.d/{name}")), text);
            }
            if let Some(contents) = unit.contents {
                tree.add(path, contents);
            }
        }
        tree
    }

    /// Returns the text of a unit with its drop-ins, as `systemctl cat` shows it; `None` where there is no such unit.
    pub fn unit(&self, name: &str) -> Option<String> {
        let unit = self.units.iter().find(|unit| unit.name.value == name);
        let Some(unit) = unit else { return self.inner.iter().find_map(|inner| inner.unit(name)) };
        let file = unit.contents.iter().map(|text| (name.to_owned(), text));
        let dropins = unit.dropins.iter();
        let dropins =
            dropins.map(|dropin| (format!("{name}.d/{}", dropin.name.value), &dropin.contents));
        let texts = file.chain(dropins);
        let texts = texts.map(|(name, text)| format!("# {name}\n{}\n", whole(text).trim_end()));
        Some(texts.collect::<Vec<_>>().join("\n"))
    }

    /// Returns the names of its units, and of those of the configs inside of it.
    pub fn unit_names(&self) -> Vec<&str> {
        let own = self.units.iter().map(|unit| unit.name.value.as_str());
        own.chain(self.inner.iter().flat_map(Self::unit_names)).collect()
    }

    /// Tells whether Ignition reads it.
    pub(super) fn is_ignition(&self) -> bool {
        self.kind.starts_with("Ignition")
    }
}

/// Returns a path of a machine as one below a folder.
fn below(path: &str) -> String {
    clean_path(path).trim_start_matches('/').to_owned()
}

/// Returns a text as it was written.
pub(super) fn whole(text: &Spanned<PerNode<Text>>) -> String {
    text.value.on(0).plain().map(str::to_owned).unwrap_or_default()
}

fn said<T>(value: T) -> Spanned<T> {
    Spanned::new(value, Sources::NOWHERE)
}

/// Returns a unit that is only named.
pub(super) fn unit(name: Spanned<String>) -> UnitSpec {
    UnitSpec {
        name,
        contents: None,
        enabled: None,
        mask: false,
        remove: false,
        dropins: Vec::new(),
        placement: Placement::default(),
        secret: false,
    }
}

/// Returns a text as one of a unit.
pub(super) fn text(text: &str, span: Span) -> Spanned<PerNode<Text>> {
    Spanned::new(PerNode::Same(Text::literal(text)), span)
}

/// Returns a drop-in.
pub(super) fn dropin(name: Spanned<String>, contents: Spanned<PerNode<Text>>) -> DropinSpec {
    DropinSpec { name, contents }
}

pub(super) fn file(path: Spanned<String>, mode: u32, bytes: Vec<u8>) -> FileSpec {
    FileSpec {
        path,
        mode: said(mode),
        user: None,
        group: None,
        contents: PerNode::Same(bytes),
        secret: false,
        remove: false,
    }
}

/// Returns an owner as a name or a number says it.
pub(super) fn owner(text: &str) -> Owner {
    text.parse().map_or_else(|_| Owner::Name(text.to_owned()), Owner::Id)
}

pub(super) fn user(name: Spanned<String>, keys: Vec<String>) -> User {
    User {
        name,
        ssh_authorized_keys: keys,
        password_hash: None,
        uid: None,
        primary_group: None,
        groups: Vec::new(),
        home_dir: None,
        shell: None,
        system: false,
        should_exist: None,
    }
}
