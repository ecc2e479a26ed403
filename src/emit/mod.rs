//! Machines → bytes: Ignition, cloud-config and loose units, each printing one `Machine`; Packer's templates.
//!
//! Back ends print, they do not decide, and none knows another. What a format cannot say is reported where it was
//! written.

mod asset;
mod budget;
mod cloud_config;
pub mod cloudformation;
mod data_url;
mod files;
mod filled;
mod gzip;
mod ignition;
mod model;
pub mod packer;
mod request;
#[cfg(test)]
mod sample;
mod sent;
mod units;
mod weigh;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::model::Format;
use crate::model::machine::StackValue;
use crate::os;
use crate::output::Tree;
use crate::source::Sources;

use asset::Asset;
use sent::{Packed, Sent};

pub use asset::FOLDER as ASSETS;
pub use filled::{LateBody, LateData, LatePiece};
pub use request::{Request, wrap_above};
pub use sent::{Form, Sizes, UserData};
pub use weigh::{Forms, Part, Weight, forms, weigh};

/// What printing one machine tells those who come after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// How much user data it takes.
    pub sizes: Sizes,
    /// The user data its stack gives it; `None` where it has no stack, and after errors.
    pub late: Option<LateData>,
    /// Why there is no cloud-config although the system reads one: the code of what keeps it from being one.
    pub refused: Option<&'static str>,
}

/// Prints one machine under `nodes/<name>/` in every format of its target.
pub fn emit(request: &Request<'_>, tree: &mut Tree, diags: &mut Diagnostics) -> Printed {
    let folder = format!("nodes/{}", request.machine.name);
    let secret = request.machine.has_secrets();
    let mut sizes = Sizes::default();
    let (mut late, mut refused) = (None, None);
    for format in &request.target.formats.value {
        let mut found = Diagnostics::new();
        let sent = sent(request, *format, &mut found);
        let error = found.sorted().into_iter().find(|found| found.severity == Severity::Error);
        if let (Some(error), true) = (error, is_spare(request, *format)) {
            refused = Some(error.code);
            continue;
        }
        diags.add(found);
        if request.aws.is_some_and(|aws| aws.user_data.value == *format) {
            late = sent.as_ref().and_then(|sent| late_data(request, *format, sent, diags));
        }
        match (format, sent) {
            (Format::Ignition, Some(sent)) => {
                sizes.user_data.push((*format, sent.size(request)));
                let Sent { plain, packed, asset } = sent;
                let (plain, path) = (plain.into_bytes(), format!("{folder}/ignition.json"));
                if let Some(packed) = packed {
                    if asset.is_none() {
                        tree.add_guarded(format!("{folder}/ignition.inner.json"), plain, secret);
                    }
                    tree.add_guarded(path, packed.into_bytes(), secret);
                } else {
                    tree.add_guarded(path, plain, secret);
                }
                add_asset(asset, secret, tree);
            }
            (Format::CloudConfig, Some(sent)) => {
                sizes.user_data.push((*format, sent.size(request)));
                let Sent { plain, packed, asset } = sent;
                tree.add_guarded(format!("{folder}/cloud-config.yaml"), plain.into_bytes(), secret);
                if let Some(packed) = packed {
                    let ending = if asset.is_some() { "sh" } else { "yaml.gz" };
                    tree.add_guarded(
                        format!("{folder}/cloud-config.{ending}"),
                        packed.into_bytes(),
                        secret,
                    );
                }
                add_asset(asset, secret, tree);
            }
            (Format::Units, _) => units::emit(request, &format!("{folder}/units"), tree),
            // A role has one image; what is no user data has no bytes here.
            (Format::Packer | Format::Ignition | Format::CloudConfig, _) => {}
        }
    }
    if request.with_model {
        tree.add_guarded(format!("{folder}/machine.json"), model::print(request.machine), secret);
    }
    Printed { sizes, late, refused }
}

/// Returns whether a role does as well without a format: nobody asked for it, and another says the same.
fn is_spare(request: &Request<'_>, format: Format) -> bool {
    let target = request.target;
    format == Format::CloudConfig
        && !target.asks_for_formats()
        && target.formats.value.contains(&Format::Ignition)
        && request.aws.is_none_or(|aws| aws.user_data.value != format)
}

/// Takes a format's user data away again, from every node that has it: a role has a format as a whole or not at all.
pub fn leave_out(format: Format, tree: &mut Tree, sizes: &mut [Sizes]) {
    for file in user_data_names(format) {
        tree.remove_all(file);
    }
    for sizes in sizes {
        sizes.user_data.retain(|(known, _)| *known != format);
    }
}

fn add_asset(asset: Option<Asset>, secret: bool, tree: &mut Tree) {
    if let Some(asset) = asset {
        tree.add_guarded(asset.path, asset.bytes, secret);
    }
}

/// Returns the user data of one node that [`emit`] has printed, as it is pasted; `None` for what is no user data.
pub fn user_data<'a>(tree: &'a Tree, node: &str, format: Format) -> Option<&'a [u8]> {
    let path = user_data_path(tree, node, format)?;
    tree.get(&path).map(|artefact| artefact.bytes.as_slice())
}

/// Returns where in the folder of its role the user data of one node is; `None` for what is no user data.
pub fn user_data_path(tree: &Tree, node: &str, format: Format) -> Option<String> {
    let mut paths = user_data_names(format).iter().map(|name| format!("nodes/{node}/{name}"));
    paths.find(|path| tree.get(path).is_some())
}

/// Returns the names of the files that a format's user data may be in, what is pasted first.
fn user_data_names(format: Format) -> &'static [&'static str] {
    match format {
        Format::Ignition => &["ignition.json"],
        Format::CloudConfig => &["cloud-config.sh", "cloud-config.yaml.gz", "cloud-config.yaml"],
        Format::Units | Format::Packer => &[],
    }
}

/// Returns one format's user data as a stack gives it to an instance; `None` where it was reported that none can.
fn late_data(
    request: &Request<'_>,
    format: Format,
    sent: &Sent,
    diags: &mut Diagnostics,
) -> Option<LateData> {
    let secret = request.machine.has_secrets();
    let text = match &sent.packed {
        None => &sent.plain,
        Some(Packed::Text(text)) => text,
        Some(Packed::Gzip(bytes)) => {
            let Some(value) = request.machine.stack.first() else {
                return Some(LateData { body: LateBody::Bytes(bytes.clone()), secret });
            };
            diags.report(compressed(request, format, value));
            return None;
        }
    };
    Some(LateData { body: LateBody::Text(text.pieces()), secret })
}

/// Says that no stack can put a value into compressed user data.
fn compressed(request: &Request<'_>, format: Format, value: &StackValue) -> Diagnostic {
    let (machine, variable) = (&request.machine.name, value.fact.variable());
    let title =
        format!("{format} of `{machine}` must be compressed, but holds the stack's `{variable}`");
    let span = request.aws.map_or(Sources::NOWHERE, |aws| aws.user_data.span);
    let label = "the stack cannot put values into compressed text";
    let system = request.target.os.value;
    let help = if os::table(system).formats.contains(&Format::Ignition) {
        "set `aws.user_data: ignition`, which keeps these values apart, or make the role smaller"
            .to_owned()
    } else {
        format!(
            "make the role smaller, until its cloud-config needs no compression, or set `target.os: flatcar`: \
             {system} reads no Ignition that keeps these values apart"
        )
    };
    Diagnostic::error("stack-value-compressed", span, title, label).help(help)
}

fn sent(request: &Request<'_>, format: Format, diags: &mut Diagnostics) -> Option<Sent> {
    match format {
        Format::Ignition => Some(ignition::print(request, diags)),
        Format::CloudConfig => Some(cloud_config::print(request, diags)),
        Format::Units | Format::Packer => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::machine::{Contents, Machine, StackValue};
    use crate::model::{IgnitionVersion, Os, Platform, StackFact};
    use crate::output::Tree;

    fn listing(tree: &Tree) -> Vec<(&str, u32)> {
        tree.iter().map(|(path, artefact)| (path, artefact.mode)).collect()
    }

    #[test]
    fn prints_every_format_and_guards_secrets() {
        let target = sample::target(IgnitionVersion::V3_4, Platform::Aws);
        let mut machine = sample::simple();
        machine.units[0].secret = true;
        let request = Request { with_model: true, ..Request::new(&target, &machine) };
        let (mut tree, mut diags) = (Tree::new(), Diagnostics::new());
        let Printed { sizes, .. } = emit(&request, &mut tree, &mut diags);
        assert_eq!(sample::said(&diags), []);
        let expected = [
            ("nodes/kafka-1/cloud-config.yaml", 0o600),
            ("nodes/kafka-1/ignition.json", 0o600),
            ("nodes/kafka-1/machine.json", 0o600),
            ("nodes/kafka-1/units/kafka.service", 0o600),
            ("nodes/kafka-1/units/kafka.service.d/10-log.conf", 0o600),
        ];
        assert_eq!(listing(&tree), expected);
        for (format, size) in sizes.user_data {
            let bytes = user_data(&tree, "kafka-1", format).expect("it is printed");
            assert_eq!((size.sent, size.plain, size.form), (bytes.len(), bytes.len(), Form::Plain));
        }
        assert_eq!(user_data(&tree, "kafka-1", Format::Units), None);
    }

    #[test]
    fn sends_the_compressed_form_only_where_it_is_needed() {
        let mut machine = sample::empty();
        machine.files =
            (0..40).map(|n| sample::file(&format!("/etc/{n}"), &sample::noise(600 + n))).collect();
        for file in &mut machine.files {
            file.contents = Contents::open(hex(&file.contents.bytes()));
        }
        for (platform, wrapped) in [(Platform::Aws, true), (Platform::Qemu, false)] {
            let target = sample::target(IgnitionVersion::V3_4, platform);
            let request = Request::new(&target, &machine);
            let (mut tree, mut diags) = (Tree::new(), Diagnostics::new());
            let Printed { sizes, .. } = emit(&request, &mut tree, &mut diags);
            let paths: Vec<_> = listing(&tree).into_iter().map(|(path, _)| path).collect();
            let extra = ["nodes/kafka-1/cloud-config.yaml.gz", "nodes/kafka-1/ignition.inner.json"];
            for path in extra {
                assert_eq!(paths.contains(&path), wrapped, "{paths:?}");
            }
            for (_, size) in sizes.user_data {
                assert!(
                    size.plain > 16_384
                        && (size.form == Form::Packed) == wrapped
                        && (size.sent < size.plain) == wrapped
                );
            }
        }
    }

    /// Text that compresses to about half.
    fn hex(bytes: &[u8]) -> Vec<u8> {
        bytes.iter().take(400).flat_map(|byte| format!("{byte:02x}").into_bytes()).collect()
    }

    #[test]
    fn late_values_stand_where_a_stack_puts_them() {
        let target = sample::target(IgnitionVersion::V3_4, Platform::Aws);
        let stack = |late: &str| {
            let facts =
                [(StackFact::Name, late), (StackFact::Region, late), (StackFact::Ready, "Ready")];
            facts.map(|(fact, now)| StackValue { fact, now: now.to_owned() }).into()
        };
        let pieces = |late: &str, format, wrap_above| {
            let mut machine = Machine { stack: stack(late), ..sample::simple() };
            // what stood for a value once is a text as any other
            machine.files.push(sample::file("/etc/mark", b"@@CFGBUILD_STACK@@"));
            let request = Request { wrap_above, ..Request::new(&target, &machine) };
            let mut diags = Diagnostics::new();
            let sent = sent(&request, format, &mut diags).expect("is user data");
            match late_data(&request, format, &sent, &mut diags).expect("takes values").body {
                LateBody::Text(pieces) => pieces,
                LateBody::Bytes(_) => Vec::new(),
            }
        };
        for (format, wrap_above) in [
            (Format::Ignition, usize::MAX),
            (Format::Ignition, 0),
            (Format::CloudConfig, usize::MAX),
        ] {
            let fill = |pieces: Vec<LatePiece>, value: &str| {
                let texts = pieces.into_iter().map(|piece| match piece {
                    LatePiece::Literal(text) => text,
                    LatePiece::Stack(_) => value.to_owned(),
                });
                texts.collect::<String>()
            };
            let (early, late) =
                (pieces("", format, wrap_above), pieces("eu-1", format, wrap_above));
            assert_eq!(early, late);
            assert_eq!(early.len(), 5, "{early:?}");
            let filled = fill(early, "eu-1");
            assert!(filled.contains("CFGBUILD_STACK_REGION=eu-1"), "{filled}");
        }
    }

    #[test]
    fn loose_units_of_container_linux_carry_fleets_section() {
        let mut target = sample::target(IgnitionVersion::V3_4, Platform::Aws);
        let machine = sample::simple();
        for (os, ending) in [
            (Os::Flatcar, "\"%i\"\n"),
            (Os::ContainerLinux, "\n\n[X-Fleet]\nMachineOf=zookeeper.service\n"),
        ] {
            target.os.value = os;
            let request = Request::new(&target, &machine);
            let mut tree = Tree::new();
            emit(&request, &mut tree, &mut Diagnostics::new());
            let unit = tree.get("nodes/kafka-1/units/kafka.service").expect("is printed");
            assert!(unit.bytes.ends_with(ending.as_bytes()));
        }
    }

    #[test]
    fn the_model_names_owners_by_name_or_number() {
        let mut machine = sample::full();
        machine.units.truncate(1);
        let model: serde_json::Value =
            serde_json::from_slice(&model::print(&machine)).expect("is JSON");
        let at =
            |pointer: &str| model.pointer(pointer).map(ToString::to_string).unwrap_or_default();
        let expected = [
            ("/files/0/user", "1000"),
            ("/files/0/mode", "\"0644\""),
            ("/files/2/path", "\"/etc/hostname\""),
            ("/files/2/bytes", "8"),
            ("/directories/0/user", "\"kafka\""),
            ("/directories/0/group", "null"),
            ("/links/0/hard", "true"),
            ("/units/0/dropins/0/name", "\"10-log.conf\""),
            ("/hostname", "\"kafka-1\""),
            ("/users/1", "\"kafka\""),
        ];
        for (pointer, value) in expected {
            assert_eq!(at(pointer), value, "{pointer}");
        }
    }
}
