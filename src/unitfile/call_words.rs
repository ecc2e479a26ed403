//! What the flags of a `run` say: variables, ports, mounts.

use std::ops::Range;

use super::call::Call;

/// A variable given with `-e`.
#[derive(Clone, Debug)]
pub struct Variable<'a> {
    pub name: &'a str,
    pub value: &'a str,
    pub value_at: Range<usize>,
    /// Where all of it is.
    pub at: Range<usize>,
}

/// A published port.
#[derive(Clone, Debug)]
pub struct Published<'a> {
    /// Address on the host, if only that one.
    pub address: Option<&'a str>,
    /// Port on the host, if it is fixed.
    pub host: Option<u16>,
    /// Port in the container.
    pub container: u16,
    pub udp: bool,
    /// Where it is written.
    pub at: Range<usize>,
    /// Where the port in the container is written.
    pub container_at: Range<usize>,
}

/// Something mounted into a container.
#[derive(Clone, Debug)]
pub struct Mounted<'a> {
    /// A path or the name of a volume on the host; `None` for an anonymous volume.
    pub source: Option<&'a str>,
    /// Path in the container.
    pub target: &'a str,
    /// Options of a `-v`.
    pub options: &'a str,
    /// Where it is written.
    pub at: Range<usize>,
}

impl Call {
    /// Returns the variables given with `-e NAME=value`.
    pub fn env(&self) -> impl Iterator<Item = Variable<'_>> {
        self.values("env").filter_map(|word| {
            let (name, value) = word.text.split_once('=')?;
            let value_at = word.part(name.len() + 1..word.text.len());
            Some(Variable { name, value, value_at, at: word.at.clone() })
        })
    }

    /// Returns a variable given with `-e NAME=value`.
    pub fn variable(&self, name: &str) -> Option<Variable<'_>> {
        self.env().filter(|variable| variable.name == name).last()
    }

    /// Returns whether a variable reaches the container in any way.
    pub fn passes(&self, name: &str) -> bool {
        self.values("env-file").next().is_some()
            || self.values("env").any(|word| word.text.split('=').next() == Some(name))
    }

    /// Returns the published ports; of a range only the first.
    pub fn published(&self) -> impl Iterator<Item = Published<'_>> {
        self.values("publish").filter_map(|word| {
            let (ports, protocol) = word.text.split_once('/').unwrap_or((&word.text, "tcp"));
            let (before, container) = ports.rsplit_once(':').unwrap_or(("", ports));
            let (address, host) = match before.rsplit_once(':') {
                Some((address, host)) => (Some(address), host),
                None => (None, before),
            };
            let number = |text: &str| text.split('-').next()?.parse::<u16>().ok();
            let from = ports.len() - container.len();
            Some(Published {
                address,
                host: number(host),
                container: number(container)?,
                udp: protocol == "udp",
                at: word.at.clone(),
                container_at: word.part(from..ports.len()),
            })
        })
    }

    /// Returns what is mounted with `-v` and `--mount`, memory left out.
    pub fn mounted(&self) -> impl Iterator<Item = Mounted<'_>> {
        let volumes = self.values("volume").map(|word| {
            let mut parts = word.text.splitn(3, ':');
            let (first, second) = (parts.next().unwrap_or(""), parts.next());
            let options = parts.next().unwrap_or("");
            let (source, target) = match second {
                Some(target) => (Some(first), target),
                None => (None, first),
            };
            Mounted { source, target, options, at: word.at.clone() }
        });
        let mounts = self.values("mount").filter_map(|word| {
            let field = |names: &[&str]| {
                word.text.split(',').find_map(|field| {
                    let (name, value) = field.split_once('=')?;
                    names.contains(&name).then_some(value)
                })
            };
            if field(&["type"]) == Some("tmpfs") {
                return None;
            }
            let target = field(&["target", "destination", "dst"])?;
            let source = field(&["source", "src"]);
            Some(Mounted { source, target, options: &word.text, at: word.at.clone() })
        });
        volumes.chain(mounts)
    }
}
