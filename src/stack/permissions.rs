//! What the units of a machine ask of AWS, and so what its role may do.

use std::collections::BTreeSet;

use crate::cluster::{Assets, Aws, Cluster, Image, Parts, Volume};

/// Something a machine may do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Find its kept volumes and attach them.
    AttachVolumes,
    /// Keep its own name in the private zone true.
    OwnRecord {
        /// The name, in full.
        name: String,
    },
    /// Tell the stack that it is healthy.
    Signal,
    /// Read what is published for it.
    ReadAssets(Assets),
    /// Pull images from private repositories.
    Pull(Vec<Repository>),
}

/// A private repository of Amazon's registry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Repository {
    /// Whose.
    pub account: String,
    /// Where.
    pub region: String,
    /// Its name.
    pub name: String,
}

/// Returns what the machines of one group may do; `record` is the name they keep.
pub(super) fn permissions(
    cluster: &Cluster,
    parts: &[Parts],
    aws: &Aws,
    kept: &[&Volume],
    record: Option<&str>,
) -> Vec<Permission> {
    let mut found = Vec::new();
    if !kept.is_empty() {
        found.push(Permission::AttachVolumes);
    }
    found.extend(record.map(|name| Permission::OwnRecord { name: name.to_owned() }));
    found.push(Permission::Signal);
    found.extend(aws.assets.as_ref().map(|assets| Permission::ReadAssets(assets.value.clone())));
    let pulled = private(cluster, parts, aws);
    if !pulled.is_empty() {
        found.push(Permission::Pull(pulled));
    }
    found
}

/// Returns the private repositories that images come from.
fn private(cluster: &Cluster, parts: &[Parts], aws: &Aws) -> Vec<Repository> {
    let services = parts.iter().flat_map(|parts| &parts.containers);
    let images = services.chain(&cluster.containers).map(|container| &container.image.value);
    let images = images.chain([&aws.cli_image.value]);
    let pulled = images.map(|image| match &cluster.registry {
        Some(registry) => registry.pulled(image),
        None => image.clone(),
    });
    let found: BTreeSet<Repository> = pulled.filter_map(|image| repository(&image)).collect();
    found.into_iter().collect()
}

/// Reads `ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME`; `None` where an image comes from elsewhere.
fn repository(image: &Image) -> Option<Repository> {
    let (host, name) = image.repository.split_once('/')?;
    let (account, rest) = host.split_once(".dkr.ecr.")?;
    let region = rest.strip_suffix(".amazonaws.com").or(rest.strip_suffix(".amazonaws.com.cn"))?;
    let digits = account.len() == 12 && account.chars().all(|c| c.is_ascii_digit());
    let named = |text: &str| text.to_owned();
    digits.then(|| Repository { account: named(account), region: named(region), name: named(name) })
}
