//! Ignition JSON, spec 3.0.0 to 3.6.0 (<https://coreos.github.io/ignition/specs>).
//!
//! EC2 takes 16 KiB and Ignition unpacks no user data, so a config that is too big is wrapped in one that replaces
//! itself by a compressed data URL; where not even that fits, by what is published in S3.

mod document;
mod tape;
mod translate;

use std::rc::Rc;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::IgnitionVersion;
use crate::model::machine::{Machine, Unit};
use crate::source::{Edit, Sources};

use super::asset::Asset;
use super::budget::{self, grouped};
use super::data_url::{self, Encoded};
use super::filled::Filled;
use super::gzip::gzip;
use super::request::Request;
use super::sent::{Packed, Sent};
use document::{Config, ConfigSource, Ignition, Resource, Verification};
use tape::{Tape, Url, json};

/// Since when a config can be replaced by a compressed one.
const WRAPPING: IgnitionVersion = IgnitionVersion::V3_1;

/// Prints the config, wrapped if that is what it takes to fit, and reports what its version cannot say.
pub(super) fn print(request: &Request<'_>, diags: &mut Diagnostics) -> Sent {
    let tape = Rc::new(Tape::default());
    let can_wrap = request.target.ignition.value >= WRAPPING;
    let is_too_long =
        |bytes| budget::exceeds(request, bytes) || can_wrap && bytes > request.wrap_above;
    let assets = request.assets();
    let gets_another_form = can_wrap || assets.is_some();
    // the readable form has every file compressed by itself, all for nothing where it is not what is sent
    if !(gets_another_form && is_too_long(least(request.machine))) {
        let stack = request.machine.stack_file();
        let plain = translate::config(request, data_url::shortest, stack, &tape, diags);
        let plain = json(&plain, &tape);
        let bytes = plain.text().len();
        if !is_too_long(bytes) {
            return Sent::plain(plain);
        }
        if !gets_another_form {
            cannot_wrap(request, bytes, diags);
            return Sent::plain(plain);
        }
    }
    // What compressed each file by itself only gets in the way of compressing all of them together.
    let inner = translate::config(request, data_url::compressible, None, &tape, diags);
    let inner = json(&inner, &tape);
    if can_wrap {
        let wrapped = fitted(request, &inner, &tape);
        let bytes = wrapped.text().len();
        if assets.is_none() && budget::exceeds(request, bytes) {
            budget::too_large(request, bytes, "wrapped", diags);
        }
        if assets.is_none() || !budget::exceeds(request, bytes) {
            return Sent { plain: inner, packed: Some(Packed::Text(wrapped)), asset: None };
        }
    }
    let bytes = inner.text().as_bytes().to_vec();
    let asset = assets.map(|assets| Asset::new(assets, "ignition.json", bytes));
    let stub = |asset: &Asset| json(&around(request, published(asset, &tape), &tape), &tape);
    let packed = asset.as_ref().map(|asset| Packed::Text(stub(asset)));
    Sent { plain: inner, packed, asset }
}

/// Returns how many bytes the readable config has at least: texts of units, and shortest forms of files.
fn least(machine: &Machine) -> usize {
    let units: usize = machine.units.iter().map(unit_text).sum();
    let files: usize = machine.files.iter().map(|file| data_url::least(&file.contents)).sum();
    units + files
}

/// Returns the bytes of a unit's text and its drop-ins, which JSON never shortens.
fn unit_text(unit: &Unit) -> usize {
    unit.contents.iter().chain(unit.dropins.values()).map(String::len).sum()
}

/// Returns the bytes of the config as it reads, and wrapped if its version can.
///
/// Parts are weighed by the usual compression, `fits` or not.
pub(super) fn forms(
    request: &Request<'_>,
    fits: bool,
    diags: &mut Diagnostics,
) -> (usize, Option<usize>) {
    let tape = Rc::new(Tape::default());
    let stack = request.machine.stack_file();
    let plain = json(&translate::config(request, data_url::shortest, stack, &tape, diags), &tape);
    let packed = (request.target.ignition.value >= WRAPPING).then(|| {
        let inner = translate::config(request, data_url::compressible, None, &tape, diags);
        let inner = json(&inner, &tape);
        let made = if fits {
            fitted(request, &inner, &tape)
        } else {
            wrapped(request, &gzip(inner.text().as_bytes()), &tape)
        };
        made.text().len()
    });
    (plain.text().len(), packed)
}

/// Returns a config that stands for another, which it holds as small as it takes to fit.
fn fitted(request: &Request<'_>, inner: &Filled, tape: &Rc<Tape>) -> Filled {
    let form = |packed: Vec<u8>| wrapped(request, &packed, tape);
    budget::fitted(request, inner.text().as_bytes(), form, |made| made.text().len())
}

/// Returns a config that stands for another, which it holds compressed.
fn wrapped(request: &Request<'_>, packed: &[u8], tape: &Rc<Tape>) -> Filled {
    let Encoded { source, compression } = data_url::packed(packed);
    let inner = Resource { compression, source: Url::new(source, tape), verification: None };
    json(&around(request, inner, tape), tape)
}

/// Returns a published config; Ignition fetches it with the role of the instance, and unpacks nothing from S3.
fn published(asset: &Asset, tape: &Rc<Tape>) -> Resource {
    let verification = Some(Verification { hash: format!("sha512-{}", asset.sha512) });
    let source = Url::new(Filled::from(asset.source.clone()), tape);
    Resource { compression: None, source, verification }
}

/// Returns a config that stands for another.
///
/// It is replaced by that one, unless the stack must put values into it: then these stay, and that one is merged in.
fn around<'a>(request: &Request<'a>, inner: Resource, tape: &Rc<Tape>) -> Config<'a> {
    let version = request.target.ignition.value.to_string();
    let Some(stack) = request.machine.stack_file() else {
        let ignition = Ignition { config: Some(ConfigSource::Replace(inner)), version };
        return Config { ignition, ..Config::default() };
    };
    let mut outer = translate::only_file(request, &stack, tape);
    outer.ignition.config = Some(ConfigSource::Merge([inner]));
    outer
}

fn cannot_wrap(request: &Request<'_>, bytes: usize, diags: &mut Diagnostics) {
    let version = &request.target.ignition;
    let limit = request.limit().unwrap_or(0);
    let span = match request.machine.span() {
        Some(span) if version.span.file == Sources::BUILTIN => span,
        _ => version.span,
    };
    let title = format!(
        "user data of {} bytes must be compressed to fit into {}, which needs Ignition {WRAPPING}, the target is {}",
        grouped(bytes),
        grouped(limit),
        version.value
    );
    let diagnostic = Diagnostic::error(
        "ignition-version-too-old",
        span,
        title,
        format!("a config can be replaced by a compressed one from {WRAPPING} on"),
    );
    diags.report(
        diagnostic
            .help(format!("set `target.ignition` to {WRAPPING} or newer"))
            .edit(Edit::set(["target", "ignition"], WRAPPING.to_string())),
    );
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use base64::prelude::{BASE64_STANDARD, Engine as _};
    use flate2::read::GzDecoder;

    use super::*;
    use crate::emit::sample::{self, at, said};
    use crate::model::Platform;
    use crate::model::machine::{File, KernelArguments, User};

    fn printed(
        version: IgnitionVersion,
        platform: Platform,
        machine: &Machine,
    ) -> (Sent, Diagnostics) {
        let target = sample::target(version, platform);
        let mut diags = Diagnostics::new();
        let sent = print(&Request::new(&target, machine), &mut diags);
        (sent, diags)
    }

    /// What an independent reader finds strange: keys it does not know.
    fn read(config: &[u8]) -> ignition_config::Config {
        let (config, warnings) = ignition_config::Config::parse_slice(config).expect("is Ignition");
        assert!(warnings.is_empty(), "{warnings:?}");
        config
    }

    #[test]
    fn prints_nothing_that_is_not_said() {
        let (sent, _) = printed(IgnitionVersion::V3_4, Platform::Qemu, &sample::empty());
        assert_eq!(sent.plain.text(), "{\"ignition\":{\"version\":\"3.4.0\"}}\n");
    }

    #[test]
    fn prints_one_of_everything() {
        let (sent, diags) = printed(IgnitionVersion::V3_0, Platform::Qemu, &sample::full());
        assert_eq!(said(&diags), []);
        let expected = concat!(
            r#"{"ignition":{"version":"3.0.0"},"passwd":{"groups":[{"gid":2000,"name":"hadoop","system":true}],"#,
            r#""users":[{"name":"core","sshAuthorizedKeys":["ssh-ed25519 AAAA a@b"]},"#,
            r#"{"groups":["docker"],"name":"kafka","shell":"/bin/bash"}]},"#,
            r#""storage":{"directories":[{"path":"/var/lib/x","user":{"name":"kafka"},"mode":488}],"#,
            r#""disks":[{"device":"/dev/nvme1n1","partitions":[{"label":"data","number":1,"sizeMiB":0,"startMiB":1,"#,
            r#""wipePartitionEntry":true}],"wipeTable":true}],"#,
            r#""files":[{"group":{"id":1001},"overwrite":true,"path":"/etc/kafka/a","user":{"id":1000},"#,
            r#""contents":{"source":"data:,x=1%0Ay=2%0A"},"mode":420},"#,
            r#"{"overwrite":true,"path":"/etc/kafka/b","contents":{"source":"data:,%FF%00"},"mode":420},"#,
            r#"{"overwrite":true,"path":"/etc/hostname","contents":{"source":"data:,kafka-1%0A"},"mode":420}],"#,
            r#""filesystems":[{"device":"/dev/md/md","format":"xfs","label":"data","options":["-f"],"#,
            r#""path":"/var/lib/x","wipeFilesystem":true}],"#,
            r#""links":[{"path":"/etc/l","hard":true,"target":"/etc/kafka/a"}],"#,
            r#""raid":[{"devices":["/dev/a","/dev/b"],"level":"raid0","name":"md","spares":1}]},"#,
            r#""systemd":{"units":[{"contents":"[Service]\nExecStart=/opt/bin/kafka \"%i\"\n","#,
            r#""dropins":[{"contents":"[Service]\nLogLevelMax=info\n","name":"10-log.conf"}],"#,
            r#""enabled":true,"name":"kafka.service"},{"name":"locksmithd.service"},"#,
            r#"{"mask":true,"name":"update-engine.service"}]}}"#,
            "\n"
        );
        assert_eq!(sent.plain.text(), expected);
    }

    #[test]
    fn each_version_says_what_it_knows_and_reports_the_rest() {
        let mut machine = sample::full();
        machine.kernel_arguments = KernelArguments {
            should_exist: vec![at(40, "quiet")],
            should_not_exist: vec![at(41, "debug")],
        };
        machine.users.push(User { should_exist: Some(at(42, false)), ..sample::user("gone") });
        machine.disks[0].partitions[0].resize = Some(at(43, true));
        machine.files.push(File { mode: at(44, 0o4755_u32), ..sample::file("/opt/bin/x", b"") });
        let newer = [
            (40, IgnitionVersion::V3_3, "`kernel_arguments`"),
            (42, IgnitionVersion::V3_2, "`should_exist` of a user"),
            (43, IgnitionVersion::V3_2, "`resize` of a partition"),
            (44, IgnitionVersion::V3_6, "a mode with setuid, setgid or sticky bit"),
        ];
        for (word, version) in IgnitionVersion::ALL {
            let (sent, diags) = printed(version, Platform::Qemu, &machine);
            let expected: Vec<_> = newer
                .iter()
                .filter(|(_, since, _)| version < *since)
                .map(|(place, since, what)| {
                    let title = format!("{what} needs Ignition {since}, the target is {word}");
                    ("ignition-version-too-old", *place, title)
                })
                .collect();
            assert_eq!(said(&diags), expected);
            if expected.is_empty() {
                read(sent.plain.text().as_bytes());
            }
            let (sent, diags) = printed(version, Platform::Qemu, &sample::full());
            assert_eq!(said(&diags), []);
            read(sent.plain.text().as_bytes());
        }
    }

    #[test]
    fn wraps_what_is_too_big_for_ec2() {
        let mut machine = sample::simple();
        let lines: Vec<String> = (0..900).map(|n| format!("key.{n}=\"<{n}>\"")).collect();
        machine.files.push(sample::file("/etc/long", lines.join("\n").as_bytes()));
        machine.units.push(sample::unit("a.service", Some(&lines.concat())));
        for (_, version) in IgnitionVersion::ALL {
            let (sent, diags) = printed(version, Platform::Aws, &machine);
            if version < WRAPPING {
                assert!(
                    said(&diags)
                        .iter()
                        .all(|(code, at, _)| (*code, *at) == ("ignition-version-too-old", 2))
                );
                assert!(diags.has_errors() && sent.packed.is_none());
                continue;
            }
            let packed = sent.packed.expect("is wrapped").into_bytes();
            assert!(packed.len() <= 16_384 && !diags.has_errors(), "{:?}", said(&diags));
            read(&packed);
            read(sent.plain.text().as_bytes());
            let outer: serde_json::Value = serde_json::from_slice(&packed).expect("is JSON");
            let replace = outer.pointer("/ignition/config/replace").expect("replaces itself");
            assert_eq!(replace.get("compression").and_then(|v| v.as_str()), Some("gzip"));
            let source = replace.get("source").and_then(|v| v.as_str()).expect("has a source");
            let gzip =
                BASE64_STANDARD.decode(source.trim_start_matches("data:;base64,")).expect("base64");
            let mut inner = Vec::new();
            GzDecoder::new(gzip.as_slice()).read_to_end(&mut inner).expect("gzip");
            assert_eq!(inner, sent.plain.text().as_bytes());
            assert!(!String::from_utf8_lossy(&inner).contains("compression"));
        }
    }

    #[test]
    fn what_does_not_fit_names_its_biggest_parts() {
        let mut machine = sample::simple();
        for (path, length) in [("/opt/big", 12_000), ("/opt/bigger", 15_000)] {
            machine.files.push(File {
                path: at(length, path),
                ..sample::file(path, &sample::noise(length))
            });
        }
        let (sent, diags) = printed(IgnitionVersion::V3_4, Platform::Aws, &machine);
        let size = grouped(sent.packed.expect("is wrapped").bytes().len());
        let title = format!("user data of `kafka-1` is {size} bytes wrapped, EC2 takes 16,384");
        assert_eq!(said(&diags), [("user-data-too-large", 15_000, title)]);
        let found = diags.sorted();
        let found = found.first().expect("one");
        assert_eq!(found.primary.text, "`/opt/bigger`: about 15,023 bytes compressed");
        assert_eq!(found.related.first().map(|label| label.span.start), Some(12_000));
        assert_eq!(found.related.len(), 4);
    }
}
