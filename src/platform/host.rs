//! One node on its system and platform: what every part of a machine is made from.
//!
//! Decides nothing; answers where facts come from and what is mounted where.

use std::collections::BTreeSet;

use super::advice::Advice;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Container, HostFact, Image, Node, Parts, Piece, Role, StackFact, Text, is_below,
};
use crate::os::{ENGINES, EngineDirectory, FactSource, System};
use crate::source::Span;
use crate::unitfile::{Part, mounted};

/// The facts that a unit uses.
#[derive(Debug, Default)]
pub struct Used {
    /// Known once the host has booted.
    pub host: BTreeSet<HostFact>,
    /// Known to the stack the machine runs in.
    pub stack: BTreeSet<StackFact>,
}

/// One node on its system and platform.
#[derive(Debug)]
pub struct Host<'a> {
    pub role: &'a Role,
    /// What the role's services are on it.
    pub parts: &'a Parts,
    /// Its operating system.
    pub system: &'static System,
    /// Who says what is known only at boot, where anybody does.
    pub facts: Option<&'static FactSource>,
    /// Index from 0 into the role's nodes.
    pub position: usize,
    /// What the role says of it.
    pub node: &'a Node,
    /// Platforms on which somebody says what is known only at boot.
    knowing: Vec<&'static str>,
    /// What to say of a value that only a stack gives; `None` where one does.
    no_stack: Option<Advice>,
    /// Mount points of volumes and of file systems declared with a path.
    mounts: Vec<&'a str>,
    /// Mount points of the profile's own mount units.
    written: Vec<String>,
}

impl<'a> Host<'a> {
    /// Returns the node at `position`, which must be one of the role's.
    pub(super) fn new(
        role: &'a Role,
        parts: &'a Parts,
        position: usize,
        system: &'static System,
        facts: Option<&'static FactSource>,
        knowing: Vec<&'static str>,
        no_stack: Option<Advice>,
    ) -> Self {
        let volumes = role.volumes.iter().map(|volume| volume.mount.value.as_str());
        let declared = role.storage.filesystems.iter().filter_map(|fs| fs.path.as_ref());
        let declared = declared.filter(|path| path.value != "/");
        Self {
            role,
            parts,
            system,
            facts,
            position,
            node: role.nodes.get(position).expect("a position is an index into the nodes"),
            knowing,
            no_stack,
            mounts: volumes.chain(declared.map(|path| path.value.as_str())).collect(),
            written: mounted(&role.units),
        }
    }

    /// Returns the containers of the node, generated ones first.
    pub fn containers(&self) -> impl Iterator<Item = &'a Container> + use<'a> {
        self.parts.containers.iter().chain(&self.role.containers)
    }

    /// Returns the mount point a path lies under, the longest where mounts nest.
    pub fn mount_of(&self, path: &str) -> Option<&'a str> {
        let under = self.mounts.iter().copied().filter(|mount| is_below(path, mount));
        under.max_by_key(|mount| mount.len())
    }

    /// Returns the mount point that whoever uses a path waits for: also one that a unit of the profile's own mounts.
    pub fn waited_for(&self, path: &str) -> Option<&str> {
        let under = self.all_mounts().filter(|mount| is_below(path, mount));
        under.max_by_key(|mount| mount.len())
    }

    /// Returns the mount points that an engine of containers finds in its directory, or its directory in.
    pub fn mounts_of_engine(&self, engine: &EngineDirectory) -> Vec<&str> {
        let inside = self.all_mounts().filter(|mount| is_below(mount, engine.path));
        let around = self.waited_for(engine.path).filter(|mount| *mount != engine.path);
        around.into_iter().chain(inside).collect()
    }

    /// Returns the mount points that a client needs which has no daemon to wait for them.
    pub fn mounts_of_client(&self) -> Vec<&str> {
        let client = self.system.runtime.name();
        let own = ENGINES.iter().filter(|one| one.daemon.is_none() && one.client == client);
        own.flat_map(|engine| self.mounts_of_engine(engine)).collect()
    }

    fn all_mounts(&self) -> impl Iterator<Item = &str> {
        self.mounts.iter().copied().chain(self.written.iter().map(String::as_str))
    }

    /// Returns the variable that holds a fact, or says at `span` that nothing here knows it.
    pub fn variable(
        &self,
        fact: HostFact,
        span: Span,
        diags: &mut Diagnostics,
    ) -> Option<&'static str> {
        if let Some(source) = self.facts {
            return Some(source.variable(fact));
        }
        let platform = self.role.target.platform.value;
        let knowing: Vec<String> = self.knowing.iter().map(|word| format!("`{word}`")).collect();
        diags.report(
            Diagnostic::error(
                "host-fact-unknown",
                span,
                format!("nothing on platform `{platform}` knows `host.{fact}`"),
                format!("uses `host.{fact}`"),
            )
            .related(self.role.target.platform.span, "the platform is set here")
            .help(format!(
                "set `target.platform` to one that knows it ({}), or write the value itself",
                knowing.join(", ")
            )),
        );
        None
    }

    /// Returns the variable that holds a value of the stack, or says at `span` that there is no stack.
    pub fn stack_variable(
        &self,
        fact: StackFact,
        span: Span,
        diags: &mut Diagnostics,
    ) -> Option<&'static str> {
        let Some(advice) = self.no_stack else { return Some(fact.variable()) };
        let title = format!("there is no stack that knows `stack.{fact}`");
        let found =
            Diagnostic::error("stack-value-unknown", span, title, format!("uses `stack.{fact}`"));
        diags.report(advice.give(found, self.role.target.platform.span));
        None
    }

    /// Returns a text as parts of a word, noting the facts it uses.
    pub fn parts_of<'t>(
        &self,
        text: &'t Text,
        span: Span,
        used: &mut Used,
        diags: &mut Diagnostics,
    ) -> Vec<Part<'t>> {
        text.pieces().iter().filter_map(|piece| self.part_of(piece, span, used, diags)).collect()
    }

    /// Returns a piece of a text as part of a word, noting the fact it is; a secret is never part of one.
    pub fn part_of<'t>(
        &self,
        piece: &'t Piece,
        span: Span,
        used: &mut Used,
        diags: &mut Diagnostics,
    ) -> Option<Part<'t>> {
        match piece {
            Piece::Literal(text) => Some(Part::Literal(text)),
            Piece::Host(fact) => {
                used.host.insert(*fact);
                self.variable(*fact, span, diags).map(Part::Variable)
            }
            Piece::Stack(fact) => {
                used.stack.insert(*fact);
                self.stack_variable(*fact, span, diags).map(Part::Variable)
            }
            Piece::Secret(_) => None,
        }
    }

    /// Returns the unit that must have run before facts can be read, if any of them is used.
    pub fn fact_agent(&self, used: &Used) -> Option<&'static str> {
        self.fact_source(used).and_then(|source| source.agent)
    }

    /// Returns where facts are read from, if any of them is used.
    pub fn fact_source(&self, used: &Used) -> Option<&'static FactSource> {
        self.facts.filter(|_| !used.host.is_empty())
    }
}

/// Returns the reference that a machine of a role pulls an image by.
pub fn pulled(role: &Role, image: &Image) -> Image {
    match &role.registry {
        Some(registry) => registry.pulled(image),
        None => image.whole(),
    }
}
