//! Amazon Web Services: how the stack of a role is built.

use std::collections::BTreeMap;
use std::fmt;

use super::container::Image;
use super::target::Format;
use crate::source::{Span, Spanned};

/// What a profile says of the CloudFormation stack its nodes run in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aws {
    /// Where the section is written.
    pub span: Span,
    /// What Auto Scaling groups start instances from.
    pub launch: Spanned<Launch>,
    /// Type of the instances, as `m6i.large`.
    pub instance_type: Spanned<String>,
    /// Image of the root disk.
    pub ami: Spanned<Ami>,
    /// Size of the root disk in GiB.
    pub root_gib: Spanned<u64>,
    /// Name of an EC2 key pair.
    pub key_pair: Option<Spanned<String>>,
    /// Whether instances get a public address, unless the stack's parameter says otherwise.
    pub public_ip: Spanned<bool>,
    /// Network that may reach SSH; nobody where `None`.
    pub ssh_from: Option<Spanned<String>>,
    /// Networks that may reach what clients use, besides members of the stack's client security group.
    pub clients_from: Vec<Spanned<String>>,
    /// The private DNS zone of `cluster.domain`.
    pub hosted_zone: Spanned<HostedZone>,
    /// What becomes of a kept volume when its stack is deleted.
    pub on_delete: Spanned<OnDelete>,
    /// Key that encrypts volumes; the account's default where `None`.
    pub kms_key: Option<Spanned<String>>,
    /// Where `cfgbuild publish` puts what is too big for user data.
    pub assets: Option<Spanned<Assets>>,
    /// Image of the AWS command line that the machines' own units use.
    pub cli_image: Spanned<Image>,
    /// ARNs of further policies of the machines' roles.
    pub policies: Vec<Spanned<String>>,
    /// Seconds the stack waits for a node to be healthy.
    pub patience: Spanned<u64>,
    /// What instances get as user data.
    pub user_data: Spanned<Format>,
}

/// What Auto Scaling groups start instances from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Launch {
    /// `AWS::EC2::LaunchTemplate`.
    Template,
    /// `AWS::AutoScaling::LaunchConfiguration`, which accounts opened since 2024-10-01 cannot make.
    Configuration,
}

impl Launch {
    /// All of them, with the word a profile uses.
    pub const ALL: [(&'static str, Self); 2] =
        [("template", Self::Template), ("configuration", Self::Configuration)];
}

/// Where the image of the root disk comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ami {
    /// Name of an SSM parameter that holds its id.
    Parameter(String),
    /// An id; one region only.
    Id(String),
    /// Ids by region.
    Regions(BTreeMap<String, Spanned<String>>),
}

/// The private DNS zone that keeps the nodes' names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostedZone {
    /// Made by the stack.
    Create,
    /// A parameter of the stack.
    Parameter,
    Id(String),
}

/// What becomes of a kept volume when its stack is deleted or it is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnDelete {
    /// It stays.
    Retain,
    /// It goes, a snapshot stays.
    Snapshot,
}

impl OnDelete {
    /// All of them, with the word a profile uses.
    pub const ALL: [(&'static str, Self); 2] =
        [("retain", Self::Retain), ("snapshot", Self::Snapshot)];
}

/// A place in S3.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    pub bucket: String,
    /// What every key begins with, without slashes at the ends; may be empty.
    pub prefix: String,
}

impl Assets {
    /// Reads `s3://bucket/prefix`; `None` where it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("s3://")?;
        let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
        let prefix = prefix.trim_end_matches('/');
        let name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
        let ends = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '/');
        let fits = (3..=63).contains(&bucket.len())
            && bucket.chars().all(name)
            && bucket.starts_with(ends)
            && bucket.ends_with(ends)
            && !bucket.contains("..")
            && prefix.len() <= 512
            && prefix.chars().all(safe)
            && (prefix.is_empty()
                || prefix.split('/').all(|part| !matches!(part, "" | "." | "..")));
        fits.then(|| Self { bucket: bucket.to_owned(), prefix: prefix.to_owned() })
    }
}

impl fmt::Display for Assets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { bucket, prefix } = self;
        let slash = if prefix.is_empty() { "" } else { "/" };
        write!(f, "s3://{bucket}{slash}{prefix}")
    }
}

/// Returns a name as the logical id of a resource, which is letters and digits: `kafka-1` becomes `Kafka1`.
pub fn logical_id(name: &str) -> String {
    let parts = name.split(|c: char| !c.is_ascii_alphanumeric());
    parts
        .map(|part| {
            let mut letters = part.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters).collect::<String>()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_s3() {
        for (text, read) in [
            ("s3://cfg-assets/prod/kafka", Some("s3://cfg-assets/prod/kafka")),
            ("s3://cfg-assets/", Some("s3://cfg-assets")),
            ("s3://cfg-assets", Some("s3://cfg-assets")),
            ("s3://cfg-assets//a", None),
            ("s3://cfg-assets/../a", None),
            ("s3://Cfg/a", None),
            ("s3://ab", None),
            ("s3://a..b/c", None),
            ("s3://-ab/c", None),
            ("https://bucket/a", None),
            ("s3://bucket/a b", None),
            ("s3://bucket/${x}", None),
        ] {
            assert_eq!(Assets::parse(text).map(|assets| assets.to_string()).as_deref(), read);
        }
    }
}
