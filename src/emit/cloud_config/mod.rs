//! CoreOS cloud-config, as read by coreos-cloudinit 1.14 and Flatcar's.
//!
//! The dialect is smaller than Ignition's: what it has no word for is reported, never left out in silence. It is
//! applied at every boot, and before it is read as YAML the addresses of the host are put into its text.

mod first_stage;
mod limits;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::diagnostic::Diagnostics;
use crate::model::machine::{Body, Command, File, LatePart, Machine, Owner, Unit, User};
use crate::source::{YamlPiece, print_yaml_with_places};

use super::asset::Asset;
use super::budget;
use super::files::HOSTNAME;
use super::filled::Filled;
use super::gzip::gzip;
use super::request::Request;
use super::sent::{Packed, Sent};
use limits::{is_root, substituted};

/// What the first line must be, to the letter.
const HEADER: &str = "#cloud-config\n";
/// The user whose keys have a place of their own.
const CORE: &str = "core";

/// A document whose keys are the dialect's.
type Yaml = crate::source::Yaml<'static>;

/// A map while it is filled.
type Entries = Vec<(&'static str, Yaml)>;

/// Prints the document, compressed or published if that is what it takes to fit, and reports what the dialect cannot
/// say.
pub(super) fn print(request: &Request<'_>, diags: &mut Diagnostics) -> Sent {
    limits::report(request, diags);
    let stack = request.machine.stack_file();
    let plain = text_of(&document(request, stack.as_ref()), stack.as_ref());
    if !budget::exceeds(request, plain.text().len()) {
        return Sent::plain(plain);
    }
    let packed = fitted(request, plain.text().as_bytes());
    if !budget::exceeds(request, packed.len()) {
        return Sent { plain, packed: Some(Packed::Gzip(packed)), asset: None };
    }
    if let (Some(assets), Some(aws)) = (request.assets(), request.aws) {
        let part = text_of(&document(request, None), None);
        let asset = Asset::new(assets, "cloud-config.yaml", part.into_bytes());
        let script = first_stage::print(&asset, &aws.cli_image.value, stack.as_ref());
        return Sent { plain, packed: Some(Packed::Text(script)), asset: Some(asset) };
    }
    budget::too_large(request, packed.len(), "compressed", diags);
    Sent { plain, packed: Some(Packed::Gzip(packed)), asset: None }
}

/// Returns a document as small as it takes to fit.
fn fitted(request: &Request<'_>, plain: &[u8]) -> Vec<u8> {
    budget::fitted(request, plain, |packed| packed, Vec::len)
}

/// Returns the bytes of the document as it reads, and compressed.
///
/// Parts are weighed by the usual compression, `fits` or not.
pub(super) fn forms(request: &Request<'_>, fits: bool) -> (usize, Option<usize>) {
    let plain = text_of(&document(request, request.machine.stack_file().as_ref()), None);
    let bytes = plain.text().as_bytes();
    let packed = if fits { fitted(request, bytes) } else { gzip(bytes) };
    (bytes.len(), Some(packed.len()))
}

/// Returns the text of a document, in which `stack` is the one file with late values.
fn text_of(document: &Yaml, stack: Option<&File>) -> Filled {
    let (text, places) = print_yaml_with_places(document);
    let mut body = Filled::from(text);
    let values = stack.into_iter().flat_map(|file| match &file.contents.body {
        Body::Late(parts) => parts.as_slice(),
        Body::Bytes(_) => &[],
    });
    let facts = values.filter_map(|part| match part {
        LatePart::Value(value) => Some(value.fact),
        LatePart::Literal(_) => None,
    });
    for (place, fact) in places.into_iter().zip(facts) {
        body.add_place(place, fact);
    }
    let mut whole = Filled::from(HEADER.to_owned());
    whole.push(&body);
    whole
}

fn document(request: &Request<'_>, stack: Option<&File>) -> Yaml {
    let Machine {
        name: _,
        hostname,
        users,
        groups: _,
        directories: _,
        files,
        links: _,
        disks: _,
        raid: _,
        filesystems: _,
        units,
        kernel_arguments: _,
        stack: _,
        calls: _,
    } = request.machine;
    let mut entries = Entries::new();
    push_text(&mut entries, "hostname", hostname.as_deref());
    let core_keys = users.iter().filter(|user| user.name.value == CORE);
    let core_keys = core_keys.flat_map(|user| texts(&user.ssh_authorized_keys)).collect();
    push_list(&mut entries, "ssh_authorized_keys", core_keys);
    push_list(&mut entries, "users", users.iter().filter_map(user).collect());
    let files = files.iter().filter(|file| !says_hostname(file, hostname.as_deref()));
    let files = files.chain(stack).map(file).collect();
    push_list(&mut entries, "write_files", files);
    let units: Vec<Yaml> = units.iter().map(unit).collect();
    if !units.is_empty() {
        entries.push(("coreos", Yaml::Map(vec![("units", Yaml::List(units))])));
    }
    Yaml::Map(entries)
}

/// Returns what is to be said of a user; `None` where the keys of `core` were all.
fn user(user: &User) -> Option<Yaml> {
    let User {
        name,
        ssh_authorized_keys,
        password_hash,
        uid: _,
        primary_group,
        groups,
        home_dir,
        shell,
        system,
        should_exist: _,
    } = user;
    let mut entry = vec![("name", text(&name.value))];
    push_text(&mut entry, "passwd", password_hash.as_ref().map(|hash| hash.value.as_str()));
    push_text(&mut entry, "primary_group", primary_group.as_deref());
    push_list(&mut entry, "groups", texts(groups));
    push_text(&mut entry, "homedir", home_dir.as_deref());
    push_text(&mut entry, "shell", shell.as_deref());
    if *system {
        entry.push(("system", yes()));
    }
    if name.value == CORE {
        return (entry.len() > 1).then_some(Yaml::Map(entry));
    }
    push_list(&mut entry, "ssh_authorized_keys", texts(ssh_authorized_keys));
    Some(Yaml::Map(entry))
}

fn file(file: &File) -> Yaml {
    let File { path, mode, user, group, contents } = file;
    let mut entry = vec![("path", text(&path.value))];
    if !is_root(user.as_ref()) || !is_root(group.as_ref()) {
        let user = owner(user.as_ref());
        entry.push((
            "owner",
            Yaml::Text(match group {
                Some(group) => format!("{user}:{}", owner(Some(group))),
                None => user,
            }),
        ));
    }
    entry.push(("permissions", Yaml::Text(format!("{:04o}", mode.value))));
    let bytes = match &contents.body {
        Body::Late(parts) => {
            entry.push(("content", Yaml::Pieces(parts.iter().map(piece).collect())));
            return Yaml::Map(entry);
        }
        Body::Bytes(bytes) => bytes,
    };
    if let Some(contents) = readable(bytes) {
        entry.push(("content", text(contents)));
        return Yaml::Map(entry);
    }
    let (encoding, bytes) = match gzip(bytes) {
        packed if packed.len() < bytes.len() => ("gzip+base64", packed),
        _ => ("base64", bytes.clone()),
    };
    entry.push(("encoding", text(encoding)));
    entry.push(("content", Yaml::Text(BASE64_STANDARD.encode(bytes))));
    Yaml::Map(entry)
}

fn piece(part: &LatePart) -> YamlPiece {
    let is_late = matches!(part, LatePart::Value(_));
    YamlPiece { text: part.now().to_owned(), is_late }
}

/// A unit is listed even where there is nothing to say of it: the list is the machine's.
fn unit(unit: &Unit) -> Yaml {
    let Unit { name, contents, enabled, mask, dropins, command, fleet: _, secret: _ } = unit;
    let mut entry = vec![("name", text(&name.value))];
    if *mask {
        // A mask deletes the text and starts nothing, so there is no more to say.
        entry.push(("mask", yes()));
    } else {
        if *enabled == Some(true) {
            // `enable: false` is the same as nothing, so it is never written.
            entry.push(("enable", yes()));
        }
        let verb = command.map(|command| match command {
            Command::Start => "start",
            Command::Restart => "restart",
            Command::Reload => "reload-or-try-restart",
        });
        push_text(&mut entry, "command", verb);
        push_text(&mut entry, "content", contents.as_deref());
    }
    let dropins = dropins
        .iter()
        .map(|(name, content)| Yaml::Map(vec![("name", text(name)), ("content", text(content))]));
    push_list(&mut entry, "drop_ins", dropins.collect());
    Yaml::Map(entry)
}

/// Returns contents that can be written as text: UTF-8 that YAML holds and coreos-cloudinit leaves alone.
fn readable(contents: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(contents).ok()?;
    let odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r');
    (!text.contains(odd) && substituted(text).is_none()).then_some(text)
}

/// Returns whether a file only repeats what `hostname` says.
fn says_hostname(file: &File, hostname: Option<&str>) -> bool {
    file.path.value == HOSTNAME
        && hostname
            .is_some_and(|hostname| file.contents.bytes().trim_ascii_end() == hostname.as_bytes())
}

/// Returns an owner as `chown(1)` takes it.
fn owner(owner: Option<&Owner>) -> String {
    owner.map_or_else(|| "root".to_owned(), Owner::to_string)
}

/// `false` is said by leaving the key out.
fn yes() -> Yaml {
    Yaml::Literal("true".to_owned())
}

fn text(text: &str) -> Yaml {
    Yaml::Text(text.to_owned())
}

fn texts(texts: &[String]) -> Vec<Yaml> {
    texts.iter().cloned().map(Yaml::Text).collect()
}

fn push_text(entries: &mut Entries, key: &'static str, value: Option<&str>) {
    entries.extend(value.map(|value| (key, text(value))));
}

fn push_list(entries: &mut Entries, key: &'static str, items: Vec<Yaml>) {
    if !items.is_empty() {
        entries.push((key, Yaml::List(items)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::sample::{self, at, said};
    use crate::model::machine::{Directory, KernelArguments};
    use crate::model::{IgnitionVersion, Platform};

    fn printed(machine: &Machine) -> (String, Diagnostics) {
        let target = sample::target(IgnitionVersion::V3_4, Platform::Qemu);
        let mut diags = Diagnostics::new();
        let sent = print(&Request::new(&target, machine), &mut diags);
        (sent.plain.text().to_owned(), diags)
    }

    #[test]
    fn prints_what_the_dialect_knows() {
        let mut machine = sample::simple();
        machine.users[0].password_hash = Some(at(0, "$y$j9T$x"));
        machine.files.push(File {
            group: Some(Owner::Name("kafka".to_owned())),
            ..sample::file("/etc/c", b"$public_ipv4")
        });
        machine.files.push(File {
            user: Some(Owner::Id(5)),
            ..sample::file("/etc/d", &b"\0long ".repeat(20))
        });
        machine.files.push(sample::file("/etc/hostname", b"kafka-1\n"));
        let expected = r#"#cloud-config
hostname: kafka-1
ssh_authorized_keys:
  - "ssh-ed25519 AAAA a@b"
users:
  - name: core
    passwd: "$y$j9T$x"
  - name: kafka
    groups:
      - docker
    shell: /bin/bash
write_files:
  - path: /etc/kafka/a
    owner: "1000:1001"
    permissions: "0644"
    content: |
      x=1
      y=2
  - path: /etc/kafka/b
    permissions: "0644"
    encoding: base64
    content: "/wA="
  - path: /etc/c
    owner: "root:kafka"
    permissions: "0644"
    encoding: base64
    content: JHB1YmxpY19pcHY0
  - path: /etc/d
    owner: "5"
    permissions: "0644"
    encoding: "gzip+base64"
    content: GZIPPED
coreos:
  units:
    - name: kafka.service
      enable: true
      command: start
      content: |
        [Service]
        ExecStart=/opt/bin/kafka "%i"
      drop_ins:
        - name: "10-log.conf"
          content: |
            [Service]
            LogLevelMax=info
    - name: locksmithd.service
    - name: update-engine.service
      mask: true
"#;
        let (text, diags) = printed(&machine);
        assert_eq!(said(&diags), []);
        let start = text.find("H4sI").expect("is compressed");
        let end = start + text.get(start..).and_then(|rest| rest.find('\n')).expect("ends");
        let gzipped = text.get(start..end).expect("one line").trim_matches('"').to_owned();
        let text = text.replace(&format!("\"{gzipped}\""), "GZIPPED").replace(&gzipped, "GZIPPED");
        assert_eq!(text, expected);
    }

    #[test]
    fn reports_what_the_dialect_cannot_say() {
        let mut machine = sample::full();
        machine.users[0].groups.push("docker".to_owned());
        machine.users.push(User {
            uid: Some(at(50, 7_u32)),
            should_exist: Some(at(51, false)),
            ..sample::user("x")
        });
        machine.kernel_arguments =
            KernelArguments { should_exist: vec![], should_not_exist: vec![at(52, "quiet")] };
        machine.files.push(File {
            path: at(53, "/usr/x"),
            mode: at(54, 0o4755_u32),
            ..sample::file("", b"")
        });
        machine.units.push(Unit {
            name: at(55, "a.service"),
            ..sample::unit("", Some("A=$private_ipv4x\n"))
        });
        machine.units.push(Unit {
            name: at(56, "b.service"),
            enabled: Some(false),
            ..sample::unit("", None)
        });
        let (_, diags) = printed(&machine);
        let cannot = |at, what: &str| {
            ("cloud-config-cannot-express", at, format!("cloud-config cannot {what}"))
        };
        let expected = [
            cannot(10, "change more than password and keys of a user that exists: `core`"),
            cannot(11, "make a group: `hadoop`"),
            cannot(12, "make a directory: `/var/lib/x`"),
            cannot(14, "make a link: `/etc/l`"),
            cannot(15, "partition a disk: `/dev/nvme1n1`"),
            cannot(17, "make a RAID array: `md`"),
            cannot(18, "make a file system: `/dev/md/md`"),
            cannot(50, "choose a user's number: `7`"),
            cannot(51, "remove a user: `x`"),
            cannot(52, "change kernel arguments: `quiet`"),
            cannot(53, "write below `/usr`: `/usr/x`"),
            cannot(54, "set the setuid, setgid or sticky bit of a file: `4755`"),
            (
                "cloud-config-substitution",
                55,
                "coreos-cloudinit replaces `$private_ipv4` in a unit".to_owned(),
            ),
            cannot(56, "disable a unit of the system: `b.service`"),
        ];
        assert_eq!(said(&diags), expected);
    }

    #[test]
    fn a_directory_that_files_bring_along_need_not_be_said() {
        let directory = |path: &str, mode: u32| Directory {
            path: at(9, path),
            mode: at(9, mode),
            user: None,
            group: None,
        };
        for (path, mode, fine) in [
            ("/etc/kafka", 0o755, true),
            ("/etc", 0o755, true),
            ("/etc/kafka", 0o750, false),
            ("/etc/kaf", 0o755, false),
            ("/etc/kafka/a", 0o755, false),
        ] {
            let mut machine = sample::simple();
            machine.directories = vec![directory(path, mode)];
            assert_eq!(printed(&machine).1.has_errors(), !fine, "{path} {mode:o}");
        }
    }
}
