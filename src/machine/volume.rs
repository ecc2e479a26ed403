//! Volumes: disk → format if blank → mount → grow, as units; several disks of the instance as an array before that.
//!
//! The same rule at every boot: what comes back is kept, what is blank is made, anything else stops the chain. Disks of
//! an instance are blank again after each stop, which Ignition does not see: it is at work at first boot only.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::UnitText;
use crate::model::machine::{Command, Unit};
use crate::model::{
    Disks, Ebs, FilesystemType, InstanceStore, Role, Volume, VolumeSource, is_below,
};
use crate::os::{ENGINES, EbsLinks};
use crate::platform::{
    self, Attached, Draft, Host, bare_unit, generated_file, generated_script, generated_unit,
};
use crate::source::{Edit, Span, Spanned};
use crate::unitfile::escape_path;
use crate::unitfile::{quote_word, whole_line};

/// Where the script lies that formats blank disks.
const FORMAT_SCRIPT: &str = "/etc/cfgbuild/format-volume";

/// Where the script lies that finds disks of the instance, and puts several together.
const STORE_SCRIPT: &str = "/etc/cfgbuild/instance-store";

/// Adds the units of all volumes, and the files they need.
pub(super) fn add_all(host: &Host<'_>, draft: &mut Draft, diags: &mut Diagnostics) {
    let platform = platform::of(host.role.target.platform.value);
    let mut found_by_name = false;
    // a disk that is named by its label has what waits for it already
    let mut waited: BTreeSet<String> = devices(host.role).collect();
    for volume in &host.role.volumes {
        refuse_mount(host, &volume.mount, diags);
        let disk = match &volume.source {
            VolumeSource::InstanceStore(store) => match store.named() {
                [device] => Disk::at(device),
                _ => Disk::attached(find(volume, store, draft)),
            },
            VolumeSource::Device(device) => Disk::at(device),
            VolumeSource::Ebs(ebs) => {
                let attached = (platform.attach)(host, volume, ebs, draft);
                if attached.is_some() {
                    refuse_engine(host, volume, ebs, diags);
                }
                found_by_name |= attached.is_none();
                attached.map_or_else(|| Disk::at(&ebs.device), Disk::attached)
            }
        };
        add_disk(volume, &disk, &mut waited, draft);
    }
    if !host.role.volumes.is_empty() {
        let script = include_str!("format-volume.sh");
        draft.files.push(generated_script(FORMAT_SCRIPT, 0o755, script));
    }
    if let EbsLinks::Files(files) = &host.system.ebs_links
        && found_by_name
    {
        let made = files.iter().map(|(path, mode, text)| generated_file(*path, *mode, *text));
        draft.files.extend(made);
    }
}

/// Refuses a disk for an engine's own directory that a container of this engine attaches.
fn refuse_engine(host: &Host<'_>, volume: &Volume, ebs: &Ebs, diags: &mut Diagnostics) {
    let client = host.system.runtime.name();
    let mut own = ENGINES.iter().filter(|engine| engine.client == client);
    let Some(engine) = own.find(|engine| is_below(&volume.mount.value, engine.path)) else {
        return;
    };
    let name = &volume.name.value;
    let title = format!("volume `{name}` waits for {client}, and {client} for the volume");
    let label = format!("{client} keeps its images and containers in {}", engine.path);
    diags.report_once(
        Diagnostic::error("volume-attached-by-its-engine", volume.mount.span, title, label)
            .related(ebs.keep.span, "a disk that is kept is attached by a container")
            .help(format!(
                "set `volumes.{name}.ebs.keep: false`: what an engine keeps there can be pulled again"
            ))
            .edit(Edit::write(ebs.keep.span, "false")),
    );
}

/// Returns the disks of volumes that are one disk each.
fn devices(role: &Role) -> impl Iterator<Item = String> {
    role.volumes.iter().filter_map(|volume| match &volume.source {
        VolumeSource::Device(device) => Some(device.value.clone()),
        VolumeSource::Ebs(ebs) => Some(ebs.device.value.clone()),
        VolumeSource::InstanceStore(store) => match store.named() {
            [one] => Some(one.value.clone()),
            _ => None,
        },
    })
}

/// How long systemd waits for a disk instead of its 90 seconds: attaching one may take minutes.
const PATIENCE: &str = "15min";

/// The disk of a volume.
struct Disk<'a> {
    path: String,
    /// The unit that is there when the disk is.
    unit: String,
    /// Where the disk is named in the profile, if that is a device systemd waits for.
    device: Option<&'a Spanned<String>>,
}

impl<'a> Disk<'a> {
    /// Returns a disk that is there, or comes, by itself.
    fn at(device: &'a Spanned<String>) -> Self {
        Self { path: device.value.clone(), unit: device_unit(&device.value), device: Some(device) }
    }

    /// Returns a disk that a unit of the machine attaches.
    fn attached(by: Attached) -> Self {
        let Attached { unit, path } = by;
        Self { path, unit, device: None }
    }
}

/// Adds the units of a volume that is one disk.
fn add_disk(volume: &Volume, disk: &Disk<'_>, waited: &mut BTreeSet<String>, draft: &mut Draft) {
    let Disk { path, unit, device } = disk;
    if let Some(device) = device {
        draft.units.push(patient_device(&device.value, device.span, PATIENCE));
    }
    let unit_name = format!("cfgbuild-format-{}.service", volume.name.value);
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(&format!("Format {} if blank", volume.name.value)));
    text.push("Unit", "DefaultDependencies", "no");
    text.push("Unit", if device.is_some() { "BindsTo" } else { "Requires" }, unit.as_str());
    text.push("Unit", "After", unit.as_str());
    text.push("Unit", "Before", format!("{} shutdown.target", mount_unit(&volume.mount.value)));
    text.push("Unit", "Conflicts", "shutdown.target");
    text.push("Service", "Type", "oneshot");
    text.push("Service", "RemainAfterExit", "yes");
    text.push("Service", "TimeoutStartSec", "infinity");
    let words = [path.as_str(), volume.filesystem.value.word(), &volume.label.value];
    let words: Vec<String> = words.into_iter().map(quote_word).collect();
    let command = format!("/usr/bin/bash {FORMAT_SCRIPT} {}", words.join(" "));
    text.push("Service", "ExecStart", command);
    draft.units.push(generated_unit(volume.name.clone().map(|_| unit_name.clone()), &text));
    // What attaches a volume waits as long as it takes, so the mount behind it must, too.
    let patience = if device.is_some() { PATIENCE } else { "infinity" };
    mount(volume, &unit_name, patience, waited, draft);
}

/// Adds the unit that finds the disks of a volume at every boot, and puts several together.
fn find(volume: &Volume, store: &InstanceStore, draft: &mut Draft) -> Attached {
    let name = &volume.name.value;
    let unit_name = format!("cfgbuild-find-{name}.service");
    let devices: Vec<String> =
        store.named().iter().map(|device| device_unit(&device.value)).collect();
    for device in store.named() {
        draft.units.push(patient_device(&device.value, device.span, PATIENCE));
    }
    let devices = || devices.iter().map(String::as_str);
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(&format!("Find the disks of {name}")));
    text.push("Unit", "DefaultDependencies", "no");
    text.push_words("Unit", "BindsTo", devices());
    text.push_words("Unit", "After", ["systemd-udevd.service"].into_iter().chain(devices()));
    text.push("Unit", "Before", "shutdown.target");
    text.push("Unit", "Conflicts", "shutdown.target");
    text.push("Service", "Type", "oneshot");
    text.push("Service", "RemainAfterExit", "yes");
    text.push("Service", "TimeoutStartSec", "infinity");
    let disks: Vec<&str> = match &store.disks {
        Disks::All(model) => vec!["--model", model],
        Disks::Named(devices) => devices.iter().map(|device| device.value.as_str()).collect(),
    };
    let words = [name, &volume.label.value].into_iter().map(String::as_str).chain(disks);
    let words: Vec<String> = words.map(quote_word).collect();
    let command = format!("/usr/bin/bash {STORE_SCRIPT} {}", words.join(" "));
    text.push("Service", "ExecStart", command);
    draft.units.push(generated_unit(volume.name.clone().map(|_| unit_name.clone()), &text));
    if draft.files.iter().all(|file| file.path.value != STORE_SCRIPT) {
        let script = include_str!("instance-store.sh");
        draft.files.push(generated_script(STORE_SCRIPT, 0o755, script));
    }
    Attached { unit: unit_name, path: format!("/run/cfgbuild/volumes/{name}") }
}

/// Adds the mount of a volume, what waits for its label, and what grows its file system.
///
/// It is not ordered before `local-fs.target`: a disk that is attached late, or never, must not keep the machine from
/// booting far enough to be looked at. What needs the volume waits for it by itself.
fn mount(
    volume: &Volume,
    format_unit: &str,
    patience: &str,
    waited: &mut BTreeSet<String>,
    draft: &mut Draft,
) {
    let what = format!("/dev/disk/by-label/{}", volume.label.value);
    if waited.insert(what.clone()) {
        draft.units.push(patient_device(&what, volume.label.span, patience));
    }
    let ext4 = volume.filesystem.value == FilesystemType::Ext4;
    let check = ext4.then(|| format!("systemd-fsck@{}.service", escape_path(&what)));
    let requires = || [format_unit].into_iter().chain(check.as_deref());
    let mut text = UnitText::new();
    text.push("Unit", "Description", whole_line(&format!("Volume {}", volume.name.value)));
    text.push("Unit", "DefaultDependencies", "no");
    text.push_words("Unit", "Requires", requires());
    text.push_words("Unit", "After", ["local-fs-pre.target"].into_iter().chain(requires()));
    text.push("Unit", "Before", "umount.target");
    text.push("Unit", "Conflicts", "umount.target");
    let (mount, format) = (&volume.mount.value, volume.filesystem.value.word());
    let options: Vec<&str> = volume.options.iter().map(|option| option.value.as_str()).collect();
    mount_section(&mut text, &what, mount, format, &options.join(","));
    text.push("Install", "WantedBy", "multi-user.target");
    let name = volume.mount.clone().map(|mount| mount_unit(&mount));
    let unit = generated_unit(name, &text);
    draft.units.push(Unit { command: Some(Command::Start), ..unit });
    draft.units.push(grow(volume));
}

/// Returns the unit that grows a file system after its disk has grown; does nothing else.
fn grow(volume: &Volume) -> Unit {
    let mount = mount_unit(&volume.mount.value);
    // systemd-growfs knows XFS only from systemd 246; xfs_growfs is on every system.
    let program = match volume.filesystem.value {
        FilesystemType::Xfs => "/usr/sbin/xfs_growfs",
        FilesystemType::Ext4 => "/usr/lib/systemd/systemd-growfs",
    };
    let mut text = UnitText::new();
    text.push(
        "Unit",
        "Description",
        whole_line(&format!("Grow {} to its disk", volume.name.value)),
    );
    text.push("Unit", "BindsTo", mount.as_str());
    text.push("Unit", "After", mount.as_str());
    text.push("Service", "Type", "oneshot");
    text.push("Service", "RemainAfterExit", "yes");
    text.push("Service", "ExecStart", format!("{program} {}", quote_word(&volume.mount.value)));
    text.push("Install", "WantedBy", mount);
    generated_unit(volume.name.clone().map(|name| format!("cfgbuild-grow-{name}.service")), &text)
}

/// Writes the `[Mount]` section.
pub(super) fn mount_section(
    text: &mut UnitText,
    what: &str,
    path: &str,
    format: &str,
    options: &str,
) {
    text.push("Mount", "What", whole_line(what));
    text.push("Mount", "Where", whole_line(path));
    text.push("Mount", "Type", whole_line(format));
    if !options.is_empty() {
        text.push("Mount", "Options", whole_line(options));
    }
}

/// Returns the name of the unit that mounts at a path.
pub(super) fn mount_unit(path: &str) -> String {
    format!("{}.mount", escape_path(path))
}

/// Returns the name of the unit that stands for a device.
fn device_unit(path: &str) -> String {
    format!("{}.device", escape_path(path))
}

/// Returns what makes systemd wait for a device as long as `patience` says.
fn patient_device(path: &str, span: Span, patience: &str) -> Unit {
    let mut text = UnitText::new();
    text.push("Unit", "JobRunningTimeoutSec", patience);
    let mut unit = bare_unit(Spanned::new(device_unit(path), span));
    unit.dropins.insert("10-cfgbuild.conf".to_owned(), text.to_string());
    unit
}

/// Refuses a mount point the system cannot have.
pub(super) fn refuse_mount(host: &Host<'_>, mount: &Spanned<String>, diags: &mut Diagnostics) {
    let os = host.role.target.os.value;
    if let Some(real) = host.system.behind_link(&mount.value) {
        diags.report(
            Diagnostic::error(
                "mount-behind-link",
                mount.span,
                format!("mount point `{}` leads through a link on {os}", mount.value),
                "systemd mounts at real paths only",
            )
            .help(format!("write `{real}`"))
            .edit(Edit::write(mount.span, real.clone())),
        );
    } else if let Some(why) = host.system.read_only(&mount.value) {
        diags.report(
            Diagnostic::error(
                "path-not-writable",
                mount.span,
                format!("mount point `{}` cannot be made: the place {why} on {os}", mount.value),
                why,
            )
            .help("choose a path below `/var`"),
        );
    } else if hides_system(&mount.value) {
        let title = format!("mount point `{}` would hide what the system has there", mount.value);
        diags.report(
            Diagnostic::error("mount-over-system", mount.span, title, "the system's own")
                .help("choose a path of its own, such as `/var/lib/data`"),
        );
    }
}

/// Returns whether a path is one that a running system needs as it is.
fn hides_system(path: &str) -> bool {
    let whole = [
        "/", "/home", "/lib", "/lib64", "/oem", "/tmp", "/var", "/var/lib", "/var/run", "/var/tmp",
    ];
    let with_all_below = [
        "/bin",
        "/boot",
        "/dev",
        "/etc",
        "/proc",
        "/root",
        "/run",
        "/sbin",
        "/sys",
        "/usr",
        "/var/lib/systemd",
    ];
    whole.contains(&path)
        || with_all_below.iter().any(|top| {
            path.strip_prefix(top).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}
