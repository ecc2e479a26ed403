//! What is compiled for: operating system, platform, Ignition version, formats.

use std::fmt;

use crate::source::Spanned;

/// The target of a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Operating system.
    pub os: Spanned<Os>,
    /// Where it runs.
    pub platform: Spanned<Platform>,
    /// Ignition spec to write.
    pub ignition: Spanned<IgnitionVersion>,
    /// Formats to write, in order.
    pub formats: Spanned<Vec<Format>>,
}

impl Target {
    /// Returns whether somebody asked for the formats; else they are what the system reads, and its name their place.
    pub fn asks_for_formats(&self) -> bool {
        self.formats.span != self.os.span
    }
}

/// An operating system of the CoreOS family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Os {
    /// Flatcar Container Linux.
    Flatcar,
    FedoraCoreos,
    /// CoreOS Container Linux, gone since 2020.
    ContainerLinux,
}

impl Os {
    /// All of them, with the word a profile uses.
    pub const ALL: [(&'static str, Self); 3] = [
        ("flatcar", Self::Flatcar),
        ("fedora-coreos", Self::FedoraCoreos),
        ("container-linux", Self::ContainerLinux),
    ];
    /// The words alone.
    pub const WORDS: [&'static str; 3] = words(&Self::ALL);
}

/// Where the machine runs, and so who knows its addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Platform {
    /// Amazon EC2.
    Aws,
    /// A virtual machine with its config in `fw_cfg`.
    Qemu,
    /// Facts come from `/etc/cfgbuild/host.env`, which whoever provisions the machine writes.
    Custom,
}

impl Platform {
    /// All of them, with the word a profile uses.
    pub const ALL: [(&'static str, Self); 3] =
        [("aws", Self::Aws), ("qemu", Self::Qemu), ("custom", Self::Custom)];
    /// The words alone.
    pub const WORDS: [&'static str; 3] = words(&Self::ALL);
}

/// A stable version of the Ignition spec.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum IgnitionVersion {
    /// 3.0.0
    V3_0,
    /// 3.1.0: merge and replace take compression
    V3_1,
    /// 3.2.0: `shouldExist` of users, `resize` of partitions
    V3_2,
    /// 3.3.0: kernel arguments
    V3_3,
    /// 3.4.0
    V3_4,
    /// 3.5.0
    V3_5,
    /// 3.6.0: special mode bits
    V3_6,
}

impl IgnitionVersion {
    /// All of them, oldest first, with the word a profile uses.
    pub const ALL: [(&'static str, Self); 7] = [
        ("3.0.0", Self::V3_0),
        ("3.1.0", Self::V3_1),
        ("3.2.0", Self::V3_2),
        ("3.3.0", Self::V3_3),
        ("3.4.0", Self::V3_4),
        ("3.5.0", Self::V3_5),
        ("3.6.0", Self::V3_6),
    ];
    /// The words alone.
    pub const WORDS: [&'static str; 7] = words(&Self::ALL);
}

/// A back end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Format {
    /// Ignition JSON.
    Ignition,
    /// CoreOS cloud-config.
    CloudConfig,
    /// Loose unit files.
    Units,
    /// What Packer makes an image of the role from.
    Packer,
}

impl Format {
    /// All of them, with the word a profile uses.
    pub const ALL: [(&'static str, Self); 4] = [
        ("ignition", Self::Ignition),
        ("cloud-config", Self::CloudConfig),
        ("units", Self::Units),
        ("packer", Self::Packer),
    ];
    /// The words alone.
    pub const WORDS: [&'static str; 4] = words(&Self::ALL);
}

/// Returns the words of a table alone.
#[expect(
    clippy::indexing_slicing,
    reason = "counts up to the length of both arrays, when it is compiled"
)]
const fn words<T, const N: usize>(table: &[(&'static str, T); N]) -> [&'static str; N] {
    let mut words = [""; N];
    let mut at = 0;
    while at < N {
        words[at] = table[at].0;
        at += 1;
    }
    words
}

/// Returns the word that stands for a value in one of the tables above.
fn word<T: PartialEq + Copy>(table: &[(&'static str, T)], value: T) -> &'static str {
    table.iter().find(|(_, known)| *known == value).map_or("", |(word, _)| *word)
}

impl fmt::Display for Os {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word(&Self::ALL, *self))
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word(&Self::ALL, *self))
    }
}

impl fmt::Display for IgnitionVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word(&Self::ALL, *self))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word(&Self::ALL, *self))
    }
}
