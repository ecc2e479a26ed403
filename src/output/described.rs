//! What a role consists of, as its manifest says it: enough to tell what a change means for what runs.
//!
//! Format 2. Texts and numbers alone, sorted as the profile has them; no secret is among them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Described {
    /// Name of its cluster.
    pub cluster: String,
    /// `pinned` or `shared`.
    pub identity: String,
    /// Its machines.
    pub nodes: Vec<Node>,
    /// What is kept beyond a machine's life.
    pub volumes: Vec<Volume>,
    /// What runs on them, in the order it starts.
    pub services: Vec<Service>,
}

impl Described {
    /// Reads it from a manifest; `None` where that says nothing of it, or not so.
    pub fn read(manifest: &[u8]) -> Option<Self> {
        serde_json::from_slice(manifest).ok()
    }
}

/// A machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    /// Its name.
    pub name: String,
    /// Number of the member in its services.
    pub id: u32,
    /// Where it stands, if the profile fixes that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// Where the others reach it, if that is known beforehand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// Whether it is about to go.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leaving: bool,
}

/// A volume of every node.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// Its name.
    pub name: String,
    /// Where it is mounted.
    pub mount: String,
    /// Label of its file system, by which a machine finds it again.
    pub label: String,
    /// What it is formatted with.
    pub filesystem: String,
    /// `device`, `ebs` or `instance-store`.
    pub source: String,
    /// Size of an EBS volume.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gib: Option<u64>,
}

/// A service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Service {
    /// Name of the instance, of its unit and container.
    pub name: String,
    /// What it is, as a profile says it.
    pub kind: String,
    /// Its image.
    pub image: String,
    /// Version of the server in it, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Feature level of its cluster at birth, where it has one: from it no way leads back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature_level: Option<String>,
    /// The nodes that vote; empty where there is no quorum.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub voters: Vec<String>,
    /// Whether each of them has a list of all, and what is not on it has no vote.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub listed: bool,
    /// The node that founds its cluster.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth: Option<String>,
    /// Where it keeps what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keeps: Vec<Kept>,
    /// What it listens on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listeners: Vec<Listener>,
    /// Its topics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<Topic>,
}

/// A directory that a service keeps something in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// The directory on the machine.
    pub path: String,
    /// The volume it is on; the root disk where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume: Option<String>,
}

/// A port that a service listens on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listener {
    /// What for; the instance's own name for its main port.
    pub name: String,
    /// The number.
    pub port: u16,
    /// Who may reach it, by the words of a profile.
    pub audience: Vec<String>,
    /// The nodes that listen; all where it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nodes: Option<Vec<String>>,
}

/// A topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topic {
    /// Its name.
    pub name: String,
    /// Into how many parts it is split.
    pub partitions: u32,
    /// How many copies there are of each.
    pub replication_factor: u32,
    /// Its own settings; the value of a secret is left out.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub config: BTreeMap<String, String>,
}
