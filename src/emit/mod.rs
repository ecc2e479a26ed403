//! Machines → bytes: Ignition, cloud-config and loose units, each printing one [`Machine`]; Packer's templates.
//!
//! Back ends print, they do not decide, and none knows another. What a format cannot say is reported where it was
//! written.

mod asset;
mod budget;
mod cloud_config;
pub mod cloudformation;
mod data_url;
mod gzip;
mod ignition;
mod late;
mod model;
pub mod packer;
#[cfg(test)]
mod sample;
mod units;

use std::borrow::Cow;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::machine::{File, Machine, StackValue};
use crate::model::{Aws, Format, Target};
use crate::output::Tree;
use crate::source::{Sources, Spanned};

use asset::Asset;

pub use asset::FOLDER as ASSETS;
pub use late::{LONGEST_URL, LateData, LatePiece, StackText};

/// Where a system keeps its host name.
const HOSTNAME: &str = "/etc/hostname";

/// What is printed, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Operating system, platform, version and formats.
    pub target: &'a Target,
    /// The stack it runs in, if any.
    pub aws: Option<&'a Aws>,
    /// The machine of one node.
    pub machine: &'a Machine,
    /// How the values of the stack are written.
    pub stack: StackText,
    /// From how many bytes on it is compressed if it can be, although it would fit.
    pub wrap_above: usize,
    /// Whether `machine.json`, which the reference tests compare with, is printed too.
    pub with_model: bool,
}

/// How many bytes of a template user data may take: it has 51,200, and the rest has to fit too.
const SHARE_OF_TEMPLATE: usize = 25_600;

/// Returns from how many bytes on the user data of one of `groups` is better compressed.
pub fn wrap_above(groups: usize) -> usize {
    SHARE_OF_TEMPLATE / groups.max(1)
}

impl<'a> Request<'a> {
    /// Returns what it takes to print a machine outside of any stack.
    pub fn new(target: &'a Target, machine: &'a Machine) -> Self {
        Self {
            target,
            aws: None,
            machine,
            stack: StackText::Now,
            wrap_above: usize::MAX,
            with_model: false,
        }
    }

    /// Returns the most bytes of user data that whatever starts the machine takes, raw.
    fn limit(&self) -> Option<usize> {
        let launch = self.aws.map(|aws| aws.launch.value.user_data_limit());
        launch.or(self.target.platform.value.user_data_limit())
    }
}

/// How much user data one node takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// By format, in the order of `target.formats`; loose units are no user data.
    pub user_data: Vec<(Format, UserData)>,
}

/// The size of one node's user data in one format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserData {
    /// Bytes of the readable form.
    pub plain: usize,
    /// Bytes that are sent.
    pub sent: usize,
    /// Bytes that are published, where what is sent only points to them.
    pub published: usize,
    /// Most bytes the platform takes.
    pub limit: Option<usize>,
    /// In which form it is sent.
    pub form: Form,
}

/// The forms of user data, the smallest that fits being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it reads.
    Plain,
    /// Compressed.
    Packed,
    /// Only a pointer to what is published.
    Stub,
}

/// What printing one machine tells those who come after.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Printed {
    /// How much user data it takes.
    pub sizes: Sizes,
    /// The user data its stack gives it; `None` where it has no stack, and after errors.
    pub late: Option<LateData>,
}

/// One format's user data.
struct Sent {
    /// The readable form.
    plain: Vec<u8>,
    /// The form that fits, where the readable one does not.
    packed: Option<Vec<u8>>,
    /// What that form points to, where not even the compressed one fits.
    asset: Option<Asset>,
}

/// Prints one machine under `nodes/<name>/` in every format of its target.
pub fn emit(request: &Request<'_>, tree: &mut Tree, diags: &mut Diagnostics) -> Printed {
    let folder = format!("nodes/{}", request.machine.name);
    let secret = request.machine.has_secrets();
    let mut sizes = Sizes::default();
    let mut late = None;
    for format in &request.target.formats.value {
        let sent = sent(request, *format, diags);
        if request.aws.is_some_and(|aws| aws.user_data.value == *format) {
            late = sent.as_ref().and_then(|sent| late_data(request, *format, sent, diags));
        }
        match (format, sent) {
            (Format::Ignition, Some(sent)) => {
                sizes.user_data.push((*format, sent.size(request)));
                let Sent { plain, packed, asset } = sent;
                let inner = packed.as_ref().filter(|_| asset.is_none()).map(|_| plain.clone());
                tree.add_guarded(
                    format!("{folder}/ignition.json"),
                    packed.unwrap_or(plain),
                    secret,
                );
                if let Some(inner) = inner {
                    tree.add_guarded(format!("{folder}/ignition.inner.json"), inner, secret);
                }
                add_asset(asset, secret, tree);
            }
            (Format::CloudConfig, Some(sent)) => {
                sizes.user_data.push((*format, sent.size(request)));
                let Sent { plain, packed, asset } = sent;
                tree.add_guarded(format!("{folder}/cloud-config.yaml"), plain, secret);
                if let Some(packed) = packed {
                    let ending = if asset.is_some() { "sh" } else { "yaml.gz" };
                    tree.add_guarded(format!("{folder}/cloud-config.{ending}"), packed, secret);
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
    Printed { sizes, late }
}

fn add_asset(asset: Option<Asset>, secret: bool, tree: &mut Tree) {
    if let Some(asset) = asset {
        tree.add_guarded(asset.path, asset.bytes, secret);
    }
}

/// Returns the exact user data of one format, for pasting; `None` after errors, and for what is no user data.
pub fn user_data(
    request: &Request<'_>,
    format: Format,
    diags: &mut Diagnostics,
) -> Option<Vec<u8>> {
    let Sent { plain, packed, asset: _ } = sent(request, format, diags)?;
    diags.stop().ok()?;
    Some(packed.unwrap_or(plain))
}

/// Returns one format's user data as a stack gives it to an instance; `None` where it was reported that none can.
fn late_data(
    request: &Request<'_>,
    format: Format,
    now: &Sent,
    diags: &mut Diagnostics,
) -> Option<LateData> {
    let bytes = now.packed.as_ref().unwrap_or(&now.plain);
    let Ok(text) = std::str::from_utf8(bytes) else {
        // gzip, whose first bytes are no text
        if let Some(value) = request.machine.stack.first() {
            diags.report(compressed(request, format, value));
            return None;
        }
        return Some(LateData::Bytes(bytes.clone()));
    };
    if request.machine.stack.is_empty() {
        return Some(LateData::Text(vec![LatePiece::Literal(text.to_owned())]));
    }
    // What is wrong with the text has been said of the one with today's values.
    let request = Request { stack: StackText::Marked, ..*request };
    let Sent { plain, packed, asset: _ } = sent(&request, format, &mut Diagnostics::new())?;
    let marked = String::from_utf8(packed.unwrap_or(plain)).ok()?;
    let pieces = late::cut(request.machine, &marked);
    if pieces.is_none() {
        let span = request.machine.span().unwrap_or(Sources::NOWHERE);
        let name = &request.machine.name;
        let title = format!("`{name}` holds a text that stands for a value of the stack");
        diags.report(
            Diagnostic::error("stack-mark-in-profile", span, title, "one of the node's texts")
                .help("remove `@@CFGBUILD_…@@` from the profile: it is cfgbuild's own"),
        );
    }
    pieces.map(LateData::Text)
}

/// Says that no stack can put a value into compressed user data.
fn compressed(request: &Request<'_>, format: Format, value: &StackValue) -> Diagnostic {
    let (machine, variable) = (&request.machine.name, value.fact.variable());
    let title =
        format!("{format} of `{machine}` must be compressed, but holds the stack's `{variable}`");
    let span = request.aws.map_or(Sources::NOWHERE, |aws| aws.user_data.span);
    let label = "the stack cannot put values into compressed text";
    Diagnostic::error("stack-value-compressed", span, title, label).help(
        "set `aws.user_data: ignition`, which keeps these values apart, or make the role smaller",
    )
}

fn sent(request: &Request<'_>, format: Format, diags: &mut Diagnostics) -> Option<Sent> {
    match format {
        Format::Ignition => Some(ignition::print(request, diags)),
        Format::CloudConfig => Some(cloud_config::print(request, diags)),
        Format::Units | Format::Packer => None,
    }
}

impl Sent {
    fn size(&self, request: &Request<'_>) -> UserData {
        let plain = self.plain.len();
        UserData {
            plain,
            sent: self.packed.as_ref().map_or(plain, Vec::len),
            limit: request.limit(),
            published: self.asset.as_ref().map_or(0, |asset| asset.bytes.len()),
            form: match (&self.packed, &self.asset) {
                (None, _) => Form::Plain,
                (Some(_), None) => Form::Packed,
                (Some(_), Some(_)) => Form::Stub,
            },
        }
    }
}

/// Returns the machine's files with what is said elsewhere: `/etc/hostname`, which is how a host name reaches a system
/// without a word for it, and the values of the stack.
fn all_files(machine: &Machine, stack: Option<File>) -> Vec<Cow<'_, File>> {
    let mut files: Vec<_> = machine.files.iter().map(Cow::Borrowed).collect();
    if let Some(hostname) = &machine.hostname
        && !machine.files.iter().any(|file| file.path.value == HOSTNAME)
    {
        let span = machine.span().unwrap_or(Sources::NOWHERE);
        files.push(Cow::Owned(File {
            path: Spanned::new(HOSTNAME.to_owned(), span),
            mode: Spanned::new(0o644, span),
            user: None,
            group: None,
            contents: format!("{hostname}\n").into_bytes(),
            secret: false,
        }));
    }
    files.extend(stack.map(Cow::Owned));
    files
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{IgnitionVersion, Os, Platform};
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
            let bytes = user_data(&request, format, &mut diags).expect("no errors");
            assert_eq!((size.sent, size.plain, size.form), (bytes.len(), bytes.len(), Form::Plain));
        }
        assert_eq!(user_data(&request, Format::Units, &mut diags), None);
    }

    #[test]
    fn sends_the_compressed_form_only_where_it_is_needed() {
        let mut machine = sample::empty();
        machine.files =
            (0..40).map(|n| sample::file(&format!("/etc/{n}"), &sample::noise(600 + n))).collect();
        machine.files.iter_mut().for_each(|file| file.contents = hex(&file.contents));
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
