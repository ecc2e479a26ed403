//! The services of a role, and what generic code does with all of them.

use super::declared::{Declared, Endpoint, Listener, Met, Reserved, Setting, VolumeUse};
use super::kind::{Kind, Service};
use super::member::Member;
use crate::model::{Parts, Role};
use crate::source::{Span, Spanned};

/// A service of a role.
#[derive(Debug)]
pub struct Instance {
    /// Its name, and that of its unit without `.service`.
    pub name: Spanned<String>,
    pub kind: &'static Kind,
    /// Where its section is in the profile.
    pub path: String,
    /// Where its section is written.
    pub span: Span,
    /// Every text of the user's in its section.
    pub settings: Vec<Setting>,
    /// What became of its needs.
    pub met: Met,
    pub declared: Declared,
    pub service: Box<dyn Service>,
}

impl Instance {
    /// Returns everything it listens on: a port that a free-form setting names once more counts as its own key says.
    pub fn listeners(&self) -> impl Iterator<Item = &Listener> {
        let all = &self.declared.listeners;
        let is_known = |port: u16| all.iter().any(|it| !it.configured && it.port.value == port);
        all.iter().filter(move |it| !it.configured || !is_known(it.port.value))
    }

    /// Returns the keys that lead to its section, for edits.
    pub fn keys(&self) -> Vec<&str> {
        match self.path.split_once('.') {
            Some((section, name)) => vec![section, name],
            None => vec![&self.path],
        }
    }
}

/// The services of a role, in the order they start.
#[derive(Debug, Default)]
pub struct Services {
    /// All of them.
    pub all: Vec<Instance>,
}

impl Services {
    /// Returns what the services of the node at `position` (from 0) consist of, in the order they start.
    ///
    /// Holds for roles in which [`super::validate`] found no error; a position without a node has no parts.
    #[must_use]
    pub fn expand(&self, role: &Role, position: usize) -> Parts {
        let mut parts = Parts::default();
        let Some(member) = Member::of(role, position) else { return parts };
        for one in &self.all {
            let Parts { containers, tasks, files, seats, sysctl, late } =
                one.service.expand(member, &one.met);
            parts.containers.extend(containers);
            parts.tasks.extend(tasks);
            parts.files.extend(files);
            parts.seats.extend(seats);
            parts.sysctl.extend(sysctl);
            parts.late.extend(late);
        }
        parts
    }

    /// Returns everything the services listen on, with the service.
    pub fn listeners(&self) -> impl Iterator<Item = (&Instance, &Listener)> {
        self.all.iter().flat_map(|one| one.listeners().map(move |it| (one, it)))
    }

    /// Returns every directory the services keep something in, with the service.
    pub fn volumes(&self) -> impl Iterator<Item = (&Instance, &VolumeUse)> {
        self.all.iter().flat_map(|one| one.declared.volumes.iter().map(move |it| (one, it)))
    }

    /// Returns all memory that the services take on each of their nodes.
    pub fn reserved(&self) -> impl Iterator<Item = &Reserved> {
        self.all.iter().flat_map(|one| &one.declared.reserved)
    }

    /// Returns every text of the user's in a service's section.
    pub fn settings(&self) -> impl Iterator<Item = &Setting> {
        self.all.iter().flat_map(|one| &one.settings)
    }

    /// Returns what clients connect to, the last service first: whoever stands on another knows more of it.
    pub fn endpoints(&self) -> Vec<Endpoint> {
        let mut found: Vec<Endpoint> = Vec::new();
        for endpoint in self.all.iter().rev().flat_map(|one| &one.declared.endpoints) {
            if found.iter().all(|known| known.name != endpoint.name) {
                found.push(endpoint.clone());
            }
        }
        found
    }

    /// Returns the roles whose services these need, each once, where they are named.
    pub fn other_roles(&self) -> Vec<Spanned<String>> {
        let mut found: Vec<Spanned<String>> = Vec::new();
        for need in self.all.iter().flat_map(|one| one.service.needs()) {
            if let super::declared::Origin::Role(role) = need.from
                && found.iter().all(|known| known.value != role.value)
            {
                found.push(role);
            }
        }
        found
    }
}
