//! A unit of podman's names an image without its registry.
//!
//! # Why
//! podman takes a short name for whatever some registry of its list has under it, and asks which one is meant. Fedora
//! CoreOS has it always ask; in a unit there is nobody who could answer, and so the image is never pulled:
//! `short-name resolution enforced but cannot prompt without a TTY`. It knows a few names by itself, as `alpine`.
//!
//! # Fix
//! Write the name with its registry: `docker.io/library/postgres:17.2`, `docker.io/apache/kafka:4.3.1`.

use super::view::{Check, View};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{FileSpec, Image, is_below};
use crate::source::Span;
use crate::unitfile::{Command, RawUnit, UnitFile};

pub(super) const CHECK: Check =
    Check { code: "unit-image-short", source: include_str!("unit_image_short.rs"), run };

/// Short names that podman knows by itself, as its packages list them.
const ALIASES: &str = "\
    almalinux almalinux-minimal alpine buildah busybox centos debian docker fedora fedora-minimal hello-world leap \
    leap-dnf leap-microdnf node opensuse/busybox opensuse/leap opensuse/tumbleweed opensuse/tumbleweed-dnf \
    opensuse/tumbleweed-microdnf oraclelinux php podman python registry rhel rhel6 rhel7 skopeo sle15 sles12sp3 \
    sles12sp4 sles12sp5 suse/sle15 suse/sles12sp3 suse/sles12sp4 suse/sles12sp5 swarm tumbleweed tumbleweed-dnf \
    tumbleweed-microdnf tw-busybox ubi7 ubi7-init ubi7-minimal ubi8 ubi8-init ubi8-micro ubi8-minimal ubi8/ubi \
    ubi8/ubi-init ubi8/ubi-micro ubi8/ubi-minimal ubuntu";

/// Where podman's generator finds what it makes units of.
const QUADLETS: [&str; 2] = ["/etc/containers/systemd", "/usr/share/containers/systemd"];

fn run(view: &View<'_>, diags: &mut Diagnostics) {
    if configures_names(view) {
        return;
    }
    for unit in view.units.iter() {
        for command in &unit.commands {
            commanded(view, unit, command, diags);
        }
    }
    view.files.iter().for_each(|file| quadlet(file, diags));
}

/// Returns whether images may be there under a short name: made on the machine, or led elsewhere by its settings.
fn configures_names(view: &View<'_>) -> bool {
    let calls = view.units.iter().flat_map(|unit| &unit.commands).filter_map(|it| it.call.as_ref());
    let makes = |verb: &str| matches!(verb, "build" | "commit" | "import" | "load" | "tag");
    let settings = |file: &FileSpec| file.path.value.starts_with("/etc/containers/registries.conf");
    calls.into_iter().any(|call| makes(&call.verb.text)) || view.files.iter().any(settings)
}

fn commanded(view: &View<'_>, unit: &RawUnit<'_>, command: &Command, diags: &mut Diagnostics) {
    let Some(call) = command.call.as_ref().filter(|call| call.client == "podman") else { return };
    let is_asked = call.values("pull").all(|when| when.text != "never");
    let words = match call.verb.text.as_str() {
        "run" | "create" if is_asked => call.operands.get(..1),
        "pull" => call.operands.get(..),
        _ => None,
    };
    for word in words.unwrap_or_default() {
        let name = word.text.trim_start_matches('$').trim_matches(['{', '}']);
        let variable = unit.variable(name).filter(|_| word.text.starts_with('$'));
        let Some((image, whole)) = short(variable.unwrap_or(&word.text)) else { continue };
        let span = unit.span(view.sources, command.file, &word.at);
        let found = reported(&image, span, &whole);
        diags.report_once(if variable.is_none() {
            found.edit(unit.replace(view.sources, command.file, &word.at, whole.to_string()))
        } else {
            found
        });
    }
}

fn quadlet(file: &FileSpec, diags: &mut Diagnostics) {
    let path = &file.path.value;
    let is_read = QUADLETS.iter().any(|folder| is_below(path, folder));
    if !is_read || file.remove || !matches!(suffix(path), "container" | "image") {
        return;
    }
    for bytes in file.contents.all() {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let images = UnitFile::read(text).options;
        for option in images.iter().filter(|option| option.key == "Image") {
            let named = &option.value.text;
            // what another quadlet makes
            if matches!(suffix(named), "image" | "build") {
                continue;
            }
            let Some((image, whole)) = short(named) else { continue };
            diags.report_once(reported(&image, file.path.span, &whole));
        }
    }
}

/// Returns what stands behind the last dot.
fn suffix(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |(_, suffix)| suffix)
}

/// Returns an image that is named without its registry, and its whole name.
fn short(text: &str) -> Option<(Image, Image)> {
    let image = Image::parse(text)?;
    let is_known = ALIASES.split(' ').any(|known| known == image.repository);
    let whole = image.whole();
    (!image.has_registry() && !is_known).then_some((image, whole))
}

fn reported(image: &Image, span: Span, whole: &Image) -> Diagnostic {
    let title = format!("podman cannot pull `{image}`: the name says no registry");
    Diagnostic::error(CHECK.code, span, title, "nobody is there to say which one is meant")
        .help(format!("write `{whole}`"))
}
