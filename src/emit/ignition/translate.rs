//! A machine in the words of the schema, for one version of it.
//!
//! Decides nothing: what the version has no word for is reported where it was written.

use std::rc::Rc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::data_url::{self, Encode, Encoded};
use crate::emit::files;
use crate::emit::request::Request;
use crate::model::machine::{self, Machine};
use crate::model::{IgnitionVersion, Target};
use crate::source::{Edit, Sources, Span, Spanned};

use super::document::{
    Config, Directory, Disk, Dropin, File, Filesystem, Group, Ignition, KernelArguments, Link,
    Owner, Partition, Passwd, Raid, Resource, Storage, Systemd, Unit, User,
};
use super::tape::{Tape, Url};

/// A word of the schema that not every version has.
struct Since {
    /// What a profile says to get it.
    what: &'static str,
    /// The first version that has it.
    version: IgnitionVersion,
}

const KERNEL_ARGUMENTS: Since =
    Since { what: "`kernel_arguments`", version: IgnitionVersion::V3_3 };
const SHOULD_EXIST: Since =
    Since { what: "`should_exist` of a user", version: IgnitionVersion::V3_2 };
const RESIZE: Since = Since { what: "`resize` of a partition", version: IgnitionVersion::V3_2 };
const NO_FORMAT: Since = Since { what: "the format `none`", version: IgnitionVersion::V3_3 };
const SPECIAL_BITS: Since =
    Since { what: "a mode with setuid, setgid or sticky bit", version: IgnitionVersion::V3_6 };

/// Translates the whole machine; `encode` makes data URLs of file contents, `stack` holds the stack's values, and
/// `tape` learns where they are written.
pub(super) fn config<'a>(
    request: &Request<'a>,
    encode: Encode,
    stack: Option<machine::File>,
    tape: &Rc<Tape>,
    diags: &mut Diagnostics,
) -> Config<'a> {
    let mut translator = Translator { target: request.target, tape, diags };
    for blank in request.machine.filesystems.iter().filter(|made| made.format == "none") {
        translator.require(&NO_FORMAT, blank.device.span, "a device that gets no file system");
    }
    let Machine {
        name: _,
        hostname: _,
        users,
        groups,
        directories,
        files: _,
        links,
        disks,
        raid,
        filesystems,
        units,
        kernel_arguments,
        stack: _,
        calls: _,
    } = request.machine;
    let passwd = Passwd {
        groups: groups.iter().map(group).collect(),
        users: users.iter().map(|user| translator.user(user)).collect(),
    };
    let files = files::all(request.machine, stack);
    let storage = Storage {
        directories: directories.iter().map(|directory| translator.directory(directory)).collect(),
        disks: disks.iter().map(|disk| translator.disk(disk)).collect(),
        files: files.iter().map(|file| translator.file(file, encode)).collect(),
        filesystems: filesystems.iter().map(filesystem).collect(),
        links: links.iter().map(link).collect(),
        raid: raid.iter().map(array).collect(),
    };
    let Storage { directories, disks, files, filesystems, links, raid } = &storage;
    let no_storage = directories.is_empty()
        && disks.is_empty()
        && files.is_empty()
        && filesystems.is_empty()
        && links.is_empty()
        && raid.is_empty();
    Config {
        ignition: Ignition { config: None, version: request.target.ignition.value.to_string() },
        kernel_arguments: translator.kernel_arguments(kernel_arguments),
        passwd: (!passwd.groups.is_empty() || !passwd.users.is_empty()).then_some(passwd),
        storage: (!no_storage).then_some(storage),
        systemd: (!units.is_empty()).then(|| Systemd { units: units.iter().map(unit).collect() }),
    }
}

/// Returns a config of nothing but one file, whose mode every version knows.
pub(super) fn only_file<'a>(
    request: &Request<'a>,
    file: &machine::File,
    tape: &Rc<Tape>,
) -> Config<'a> {
    let mut diags = Diagnostics::new();
    let mut translator = Translator { target: request.target, tape, diags: &mut diags };
    let files = vec![translator.file(file, data_url::compressible)];
    let version = request.target.ignition.value.to_string();
    Config {
        ignition: Ignition { config: None, version },
        storage: Some(Storage { files, ..Storage::default() }),
        ..Config::default()
    }
}

struct Translator<'a, 'd> {
    target: &'a Target,
    tape: &'d Rc<Tape>,
    diags: &'d mut Diagnostics,
}

impl<'a> Translator<'a, '_> {
    /// Reports a word that the target's version does not have yet.
    fn require(&mut self, since: &Since, span: Span, label: &str) {
        let Since { what, version } = since;
        let target = &self.target.ignition;
        if target.value >= *version {
            return;
        }
        let title = format!("{what} needs Ignition {version}, the target is {}", target.value);
        let mut diagnostic = Diagnostic::error("ignition-version-too-old", span, title, label)
            .help(format!("set `target.ignition` to {version} or newer"))
            .edit(Edit::set(["target", "ignition"], version.to_string()));
        if target.span.file != Sources::BUILTIN {
            diagnostic = diagnostic.related(target.span, "the target is set here");
        }
        self.diags.report(diagnostic);
    }

    fn kernel_arguments(
        &mut self,
        arguments: &'a machine::KernelArguments,
    ) -> Option<KernelArguments<'a>> {
        let machine::KernelArguments { should_exist, should_not_exist } = arguments;
        let first = should_exist.iter().chain(should_not_exist).next()?;
        self.require(&KERNEL_ARGUMENTS, first.span, "not known to this version");
        let texts = |list: &'a [Spanned<String>]| {
            list.iter().map(|argument| argument.value.as_str()).collect()
        };
        Some(KernelArguments {
            should_exist: texts(should_exist),
            should_not_exist: texts(should_not_exist),
        })
    }

    fn user(&mut self, user: &'a machine::User) -> User<'a> {
        let machine::User {
            name,
            ssh_authorized_keys,
            password_hash,
            uid,
            primary_group,
            groups,
            home_dir,
            shell,
            system,
            should_exist,
        } = user;
        if let Some(should_exist) = should_exist {
            self.require(&SHOULD_EXIST, should_exist.span, "not known to this version");
        }
        User {
            groups,
            home_dir: home_dir.as_deref(),
            name: &name.value,
            password_hash: password_hash.as_ref().map(|hash| hash.value.as_str()),
            primary_group: primary_group.as_deref(),
            shell: shell.as_deref(),
            should_exist: should_exist.as_ref().map(|flag| flag.value),
            ssh_authorized_keys,
            system: *system,
            uid: uid.as_ref().map(|uid| uid.value),
        }
    }

    fn mode(&mut self, mode: &Spanned<u32>) -> u32 {
        if mode.value > 0o777 {
            self.require(
                &SPECIAL_BITS,
                mode.span,
                "older versions drop the special bit in silence",
            );
        }
        mode.value
    }

    fn directory(&mut self, directory: &'a machine::Directory) -> Directory<'a> {
        let machine::Directory { path, mode, user, group } = directory;
        Directory {
            group: group.as_ref().map(owner),
            path: &path.value,
            user: user.as_ref().map(owner),
            mode: self.mode(mode),
        }
    }

    fn file(&mut self, file: &machine::File, encode: Encode) -> File {
        let machine::File { path, mode, user, group, contents } = file;
        let Encoded { source, compression } = data_url::of(contents, encode);
        let source = Url::new(source, self.tape);
        File {
            group: group.as_ref().map(owner),
            // The image may already have a file there: what the profile says holds.
            overwrite: true,
            path: path.value.clone(),
            user: user.as_ref().map(owner),
            contents: Resource { compression, source, verification: None },
            mode: self.mode(mode),
        }
    }

    fn disk(&mut self, disk: &'a machine::Disk) -> Disk<'a> {
        let machine::Disk { device, wipe_table, partitions } = disk;
        Disk {
            device: &device.value,
            partitions: partitions.iter().map(|partition| self.partition(partition)).collect(),
            wipe_table: *wipe_table,
        }
    }

    fn partition(&mut self, partition: &'a machine::Partition) -> Partition<'a> {
        let machine::Partition {
            number,
            label,
            size_mib,
            start_mib,
            type_guid,
            wipe_partition_entry,
            resize,
        } = partition;
        if let Some(resize) = resize {
            self.require(&RESIZE, resize.span, "not known to this version");
        }
        Partition {
            label: label.as_ref().map(|label| label.value.as_str()),
            number: *number,
            resize: resize.as_ref().map(|flag| flag.value),
            size_mib: *size_mib,
            start_mib: *start_mib,
            type_guid: type_guid.as_ref().map(|guid| guid.value.as_str()),
            wipe_partition_entry: *wipe_partition_entry,
        }
    }
}

fn owner(owner: &machine::Owner) -> Owner {
    match owner {
        machine::Owner::Name(name) => Owner::Name(name.clone()),
        machine::Owner::Id(id) => Owner::Id(*id),
    }
}

fn group(group: &machine::Group) -> Group<'_> {
    let machine::Group { name, gid, system } = group;
    Group { gid: *gid, name: &name.value, system: *system }
}

fn filesystem(filesystem: &machine::Filesystem) -> Filesystem<'_> {
    let machine::Filesystem { device, format, label, path, wipe_filesystem, options } = filesystem;
    Filesystem {
        device: &device.value,
        format,
        label: label.as_deref(),
        options,
        path: path.as_deref(),
        wipe: *wipe_filesystem,
    }
}

fn link(link: &machine::Link) -> Link<'_> {
    let machine::Link { path, target, hard } = link;
    Link { path: &path.value, hard: *hard, target }
}

fn array(raid: &machine::Raid) -> Raid<'_> {
    let machine::Raid { name, level, devices, spares } = raid;
    Raid { devices, level, name: &name.value, spares: *spares }
}

fn unit(unit: &machine::Unit) -> Unit<'_> {
    let machine::Unit { name, contents, enabled, mask, dropins, command: _, fleet: _, secret: _ } =
        unit;
    Unit {
        contents: contents.as_deref(),
        dropins: dropins.iter().map(|(name, text)| Dropin { contents: text, name }).collect(),
        enabled: *enabled,
        mask: *mask,
        name: &name.value,
    }
}
