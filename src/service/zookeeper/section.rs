//! The section of a ZooKeeper: what a profile says of it, valid by itself.

use super::super::container::Additions;
use super::super::jvm::Jvm;
use super::super::kind::Seen;
use super::super::seat::Seat;
use super::super::written::{Settings, Written, version_of};
use super::contract::VERSIONED;
use crate::diagnostic::Diagnostics;
use crate::model::Image;
use crate::profile::read;
use crate::source::{Span, Spanned};

/// A ZooKeeper server on every node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zookeeper {
    /// Name of the instance, of its container and of its unit.
    pub name: String,
    /// Where the section is in the profile.
    pub path: String,
    /// Where the section is written.
    pub span: Span,
    pub image: Spanned<Image>,
    /// Its version, where the profile says it.
    pub said_version: Option<Spanned<(u32, u32)>>,
    /// Volume of snapshots and myid; the root disk where `None`.
    pub volume: Option<Spanned<String>>,
    /// Volume of the transaction log; beside the snapshots where `None`.
    pub log_volume: Option<Spanned<String>>,
    pub heap_mib: Spanned<u64>,
    pub client_port: Spanned<u16>,
    pub peer_port: Spanned<u16>,
    pub election_port: Spanned<u16>,
    /// Its seat among the servers.
    pub seat: Seat,
    /// Port of the admin server.
    pub admin_port: Spanned<u16>,
    /// Port of the Prometheus provider.
    pub metrics_port: Spanned<u16>,
    /// Hours between purges of old snapshots.
    pub autopurge_hours: Spanned<u32>,
    /// Further lines of `zoo.cfg`.
    pub config: Settings,
    /// What its JVM is told besides.
    pub jvm: Jvm,
    /// What the profile adds to its container.
    pub additions: Additions,
}

impl Zookeeper {
    /// Returns the service that a check looks at, as what it is.
    pub(super) fn of<'a>(seen: &Seen<'a>) -> Option<&'a Self> {
        seen.service.as_any().downcast_ref()
    }

    /// Returns its version, where that is known.
    pub(super) fn version(&self) -> Option<Spanned<(u32, u32)>> {
        version_of(self.said_version.as_ref(), &self.image, VERSIONED)
    }

    /// Returns whether the image is told a tick by a variable of the profile.
    pub(super) fn ticks_by_variable(&self) -> bool {
        self.additions.sets("ZOO_TICK_TIME")
    }
}

pub(super) fn read(written: &Written<'_>, diags: &mut Diagnostics) -> Option<Zookeeper> {
    let section = written.value;
    let volume = written.volume("volume", diags);
    let log_volume = written.volume("log_volume", diags);
    Some(Zookeeper {
        name: written.name.value.clone(),
        path: written.path.to_owned(),
        span: written.span(),
        image: written.image(None, diags)?,
        said_version: written.version(),
        volume,
        log_volume,
        heap_mib: read::mib_at(section, "heap")?,
        client_port: read::number_at(section, "client_port")?,
        peer_port: read::number_at(section, "peer_port")?,
        election_port: read::number_at(section, "election_port")?,
        seat: Seat::read(section)?,
        admin_port: read::number_at(section, "admin_port")?,
        metrics_port: read::number_at(section, "metrics_port")?,
        autopurge_hours: read::number_at(section, "autopurge_hours")?,
        config: written.settings(),
        jvm: Jvm::read(section, written.path, diags),
        additions: Additions::read(section, written.path, diags),
    })
}
