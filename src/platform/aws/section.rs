//! The section `aws` → the stack, valid by itself.

use std::collections::BTreeMap;

use super::instance_types::processor;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Ami, Assets, Aws, Format, HostedZone, Identity, Image, Launch, OnDelete, Os, Target,
    VolumeSource,
};
use crate::platform::table::Written;
use crate::profile::read;
use crate::profile::{Value, ValueKind};
use crate::source::Spanned;

/// Most GiB a root disk may have: EBS ends there.
const MOST_ROOT_GIB: u64 = 65_536;
/// Longest a stack waits for a signal, in seconds: Auto Scaling's own limit.
const MOST_PATIENCE: u64 = 3_600;

/// Reads the stack of a role; on another platform the section has no meaning and is left alone.
pub(super) fn lower(written: &Written<'_>, diags: &mut Diagnostics) -> Option<Aws> {
    let Written { tree, target, identity, volumes } = *written;
    let section = tree.get("aws")?;
    let instance_type = read::text_at(section, "instance_type");
    if instance_type.is_none() {
        read::missing(section.span, "aws", "instance_type", "m6i.large", diags);
    }
    let typed = instance_type.as_ref().map_or("", |one| one.value.as_str());
    let ami = ami(section, target.os.value, typed, diags);
    let assets = assets(section, diags);
    let root_gib = root(section, diags);
    let kms_key = kms_key(section, diags);
    let patience = patience(section, diags);
    let cli_image = cli_image(section, diags);
    let user_data = user_data(section, target, diags);
    let kept = volumes.iter().find_map(|volume| match &volume.source {
        VolumeSource::Ebs(ebs) if ebs.keep.value => Some((volume, &ebs.keep)),
        VolumeSource::Ebs(_) | VolumeSource::Device(_) | VolumeSource::InstanceStore(_) => None,
    });
    if let (Identity::Shared, Some((volume, keep))) = (identity.value, kept) {
        let title =
            format!("nodes that share one config cannot keep volume `{}`", volume.name.value);
        diags.report(
            Diagnostic::error("kept-volume-shared", keep.span, title, "outlives its instance")
                .related(identity.span, "one config for all nodes: nothing says whose volume it is")
                .help("set `cluster.identity: pinned`, or `keep: false`"),
        );
    }
    Some(Aws {
        span: section.span,
        launch: read::word_at(section, "launch", &Launch::ALL)?,
        instance_type: instance_type?,
        ami: ami?,
        root_gib: root_gib?,
        key_pair: read::text_at(section, "key_pair"),
        public_ip: read::bool_at(section, "public_ip")?,
        ssh_from: read::text_at(section, "ssh_from"),
        clients_from: read::texts_at(section, "clients_from"),
        hosted_zone: read::text_at(section, "hosted_zone")?.map(|word| match word.as_str() {
            "create" => HostedZone::Create,
            "parameter" => HostedZone::Parameter,
            _ => HostedZone::Id(word),
        }),
        on_delete: read::word_at(section, "on_delete", &OnDelete::ALL)?,
        kms_key,
        assets,
        cli_image: cli_image?,
        policies: read::texts_at(section, "policies"),
        patience: patience?,
        user_data: user_data?,
    })
}

/// Reads where the image of the root disk comes from; an SSM parameter of the account's own where nothing is said.
fn ami(
    section: &Value,
    os: Os,
    instance_type: &str,
    diags: &mut Diagnostics,
) -> Option<Spanned<Ami>> {
    let Some(said) = section.get("ami") else {
        // An image is for one processor: an account may have roles of both.
        let name = match processor(instance_type) {
            "aarch64" => format!("/cfgbuild/{os}/ami-arm64"),
            _ => format!("/cfgbuild/{os}/ami"),
        };
        return Some(Spanned::new(Ami::Parameter(name), section.span));
    };
    if let ValueKind::Map(_) = said.kind {
        let mut regions = BTreeMap::new();
        for (region, id) in read::entries_at(section, "ami") {
            let id = read::text(id)?;
            if !is_region(&region.value) {
                let title = format!("`{}` is no name of an AWS region", region.value);
                let found = Diagnostic::error("aws-ami", region.span, title, "not a region");
                diags.report(found.help("write it as in `eu-central-1: ami-…`"));
            }
            if !is_ami(&id.value) {
                not_an_ami(&id, diags);
            }
            regions.insert(region.value.clone(), id);
        }
        if regions.is_empty() {
            let found =
                Diagnostic::error("aws-ami", said.span, "`aws.ami` names no region", "empty");
            diags.report(found.help("add a region: `eu-central-1: ami-…`, or remove `ami`"));
        }
        return Some(Spanned::new(Ami::Regions(regions), said.span));
    }
    let said = read::text(said)?;
    let parameter = |name: &str| {
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
        name.starts_with('/') && name.len() <= 1_011 && name.chars().all(part)
    };
    if parameter(&said.value) {
        return Some(said.map(Ami::Parameter));
    }
    if !is_ami(&said.value) {
        not_an_ami(&said, diags);
        return None;
    }
    Some(said.map(Ami::Id))
}

fn not_an_ami(said: &Spanned<String>, diags: &mut Diagnostics) {
    let title = format!("`{}` is neither an AMI's id nor an SSM parameter's name", said.value);
    diags.report(Diagnostic::error("aws-ami", said.span, title, "no image").help(
        "write an id as in `ami-0123456789abcdef0`, or a parameter as in `/cfgbuild/flatcar/ami`",
    ));
}

/// Returns whether a text is the id of an image: `ami-` and 8 or 17 hex digits.
fn is_ami(text: &str) -> bool {
    text.strip_prefix("ami-").is_some_and(|hex| {
        matches!(hex.len(), 8 | 17)
            && hex.chars().all(|c| c.is_ascii_digit() || matches!(c, 'a'..='f'))
    })
}

/// Returns whether a text is shaped as a region: `us-gov-west-1`.
fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let word = |part: &&str| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase());
    let number = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    match parts.as_slice() {
        [words @ .., last] => {
            (2..=3).contains(&words.len()) && words.iter().all(word) && number(last)
        }
        [] => false,
    }
}

fn assets(section: &Value, diags: &mut Diagnostics) -> Option<Spanned<Assets>> {
    let said = read::text_at(section, "assets").filter(|said| !said.value.is_empty())?;
    let read = Assets::parse(&said.value);
    if read.is_none() {
        let title = format!("`aws.assets` is `{}`, but must be s3://BUCKET/PREFIX", said.value);
        diags.report(
            Diagnostic::error("wrong-type", said.span, title, "no place in S3")
                .help("write it as in `s3://my-bucket/cfgbuild`: lower case bucket, plain prefix"),
        );
    }
    Some(Spanned::new(read?, said.span))
}

fn root(section: &Value, diags: &mut Diagnostics) -> Option<Spanned<u64>> {
    let size = read::mib_at(section.get("root")?, "size")?;
    let gib = size.value >> 10;
    if size.value % 1_024 != 0 || gib > MOST_ROOT_GIB {
        let title = format!(
            "`aws.root.size` is {} MiB, but EBS sizes are whole GiB up to 64 TiB",
            size.value
        );
        let help = format!("write {}GiB", (gib + 1).min(MOST_ROOT_GIB));
        diags.report(
            Diagnostic::error("ebs-size", size.span, title, "not a size of EBS").help(help),
        );
        return None;
    }
    Some(size.map(|_| gib))
}

fn patience(section: &Value, diags: &mut Diagnostics) -> Option<Spanned<u64>> {
    let patience = read::seconds_at(section, "patience")?;
    if !(60..=MOST_PATIENCE).contains(&patience.value) {
        let title = format!("`aws.patience` is {} s, but must be from 1min to 1h", patience.value);
        diags.report(
            Diagnostic::error("wrong-type", patience.span, title, "out of bounds")
                .help("write it as in `30min`: Auto Scaling waits an hour at most"),
        );
        return None;
    }
    Some(patience)
}

fn kms_key(section: &Value, diags: &mut Diagnostics) -> Option<Spanned<String>> {
    let said = read::text_at(section, "kms_key").filter(|said| !said.value.is_empty())?;
    let parts: Vec<&str> = said.value.split(':').collect();
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/' | '_' | ':');
    let fits = matches!(parts.as_slice(), ["arn", _, "kms", _, _, key] if key.starts_with("key/"));
    if fits && said.value.chars().all(plain) {
        return Some(said);
    }
    let title = format!("`aws.kms_key` is `{}`, but must be the ARN of a key", said.value);
    diags.report(
        Diagnostic::error("wrong-type", said.span, title, "no ARN of a KMS key")
            .help("write it as in `arn:aws:kms:eu-central-1:123456789012:key/…`"),
    );
    None
}

fn cli_image(section: &Value, diags: &mut Diagnostics) -> Option<Spanned<Image>> {
    let said = read::text_at(section, "cli_image")?;
    read::parse_image(&said, "public.ecr.aws/aws-cli/aws-cli:2.36.44", diags)
}

/// Reads what instances get as user data: the first format that is one, unless the profile says which.
fn user_data(section: &Value, target: &Target, diags: &mut Diagnostics) -> Option<Spanned<Format>> {
    let formats = &target.formats;
    let said = read::word_at(
        section,
        "user_data",
        &[("ignition", Format::Ignition), ("cloud-config", Format::CloudConfig)],
    );
    let Some(said) = said else {
        let first = formats.value.iter().find(|format| **format != Format::Units);
        if first.is_none() {
            diags.report(
                Diagnostic::error(
                    "aws-user-data",
                    formats.span,
                    "a stack needs user data, but loose units are all that is written",
                    "neither `ignition` nor `cloud-config`",
                )
                .related(section.span, "the stack is asked for here")
                .help("add `ignition` to `target.formats`, or remove `aws`"),
            );
        }
        return first.map(|format| Spanned::new(*format, section.span));
    };
    if formats.value.contains(&said.value) {
        return Some(said);
    }
    let title = format!(
        "`aws.user_data` is `{}`, which is not among the formats of the target",
        said.value
    );
    diags.report(
        Diagnostic::error("aws-user-data", said.span, title, "is not written")
            .related(formats.span, "the formats are set here")
            .help(format!("add `{}` to `target.formats`, or remove `user_data`", said.value)),
    );
    None
}
