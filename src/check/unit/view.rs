//! What a check of written units sees: the units, and what of their machine they can meet.

use crate::check::facts::Facts;
use crate::diagnostic::{self, Diagnostics};
use crate::model::machine::Machine;
use crate::model::{Container, FileSpec, Node, Os};
use crate::source::{Sources, Span, Spanned};
use crate::unitfile::RawUnits;

/// A check of written units.
pub(super) type Check = diagnostic::Check<fn(&View<'_>, &mut Diagnostics)>;

/// What a check of written units sees, of a role or of one machine that no profile describes.
#[derive(Debug)]
pub struct View<'a> {
    /// All texts, to find places inside values.
    pub sources: &'a Sources,
    /// The system the units are for.
    pub os: Os,
    /// The nodes that get them; none where no profile names any.
    pub nodes: &'a [Node],
    pub units: &'a RawUnits<'a>,
    /// Files that are written beside them.
    pub files: &'a [FileSpec],
    /// Where something is mounted that is no mount unit among the units.
    pub mounts: Vec<&'a Spanned<String>>,
    /// Containers that run beside the units.
    pub containers: Vec<&'a Container>,
    /// Those of them that a profile writes itself.
    pub written: &'a [Container],
    /// What the nodes get as a whole.
    pub machines: &'a [Machine],
}

impl<'a> View<'a> {
    /// Returns what a role shows of itself.
    pub fn of(facts: &Facts<'a>, units: &'a RawUnits<'a>) -> Self {
        let Facts {
            sources,
            role,
            parts,
            machines,
            services: _,
            secrets: _,
            secret_defaults: _,
            taken: _,
        } = *facts;
        let volumes = role.volumes.iter().map(|volume| &volume.mount);
        let made = role.storage.filesystems.iter().filter_map(|made| made.path.as_ref());
        let generated = parts.first().map(|parts| parts.containers.as_slice()).unwrap_or_default();
        Self {
            sources,
            os: role.target.os.value,
            nodes: &role.nodes,
            units,
            files: &role.files,
            mounts: volumes.chain(made).collect(),
            containers: generated.iter().chain(&role.containers).collect(),
            written: &role.containers,
            machines,
        }
    }

    /// Returns where something is mounted that outlives the root disk, each with the place that says so.
    pub(super) fn mount_points(&self) -> Vec<(String, Span)> {
        let mut points: Vec<(String, Span)> =
            self.mounts.iter().map(|mount| (mount.value.clone(), mount.span)).collect();
        for unit in self.units.whole().filter(|unit| unit.suffix() == "mount") {
            if let Some((file, option)) = unit.last("Mount", "Where") {
                let span = unit.value_span(self.sources, file, option);
                points.push((option.value.text.clone(), span));
            }
        }
        points
    }
}
