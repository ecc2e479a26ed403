//! What a kind of service is to the rest of the program: its words, and the one trait of its instances.

use std::any::Any;
use std::fmt::Debug;

use super::claim::Taken;
use super::contract::Contract;
use super::declared::{Declared, Met, Need};
use super::goodbye::Goodbye;
use super::member::Member;
use super::moves::{Asked, Moves};
use super::written::Written;
use crate::diagnostic::{self, Diagnostics};
use crate::model::{Parts, Role};
use crate::profile::schema::Section;
use crate::source::Sources;

/// A kind of service.
#[derive(Debug)]
pub struct Kind {
    /// The section of a profile that asks for one, and the `kind` of an instance of another name.
    pub word: &'static str,
    /// Its keys and defaults.
    pub section: &'static Section,
    /// What it is called to people.
    pub name: &'static str,
    /// The key of the port its clients connect to: what other services and roles refer to.
    pub clients: &'static str,
    /// Reads a section; `None` where that was reported.
    pub lower: fn(&Written<'_>, &mut Diagnostics) -> Option<Box<dyn Service>>,
    /// Checks that only make sense for this kind.
    pub checks: &'static [Check],
    /// What a written unit that runs its images must get right.
    pub contract: Contract,
}

/// A service of a role: what it declares, what it needs, and what it is on each node. All methods are pure.
pub trait Service: Debug + Sync {
    /// Returns what generic code may ask.
    fn declared(&self, role: &Role, met: &Met) -> Declared;

    /// Returns the services it needs, here or in another role.
    fn needs(&self) -> Vec<Need> {
        Vec::new()
    }

    /// Reports every relation between the role's values that makes it impossible or wrong.
    fn validate(&self, role: &Role, met: &Met, diags: &mut Diagnostics);

    /// Returns what it is on one node. Holds for roles in which [`Service::validate`] found no error.
    fn expand(&self, member: Member<'_>, met: &Met) -> Parts;

    /// Returns how a node leaves its cluster for good.
    ///
    /// # Errors
    ///
    /// Says why nobody can tell.
    fn goodbye(&self, member: Member<'_>) -> Result<Goodbye, String>;

    /// Returns which copies should move, for members that are new and those that leave. `None` where it keeps no copies
    /// that can be moved.
    ///
    /// # Errors
    ///
    /// Says why what it was given is not understood, or what cannot move.
    fn moves(&self, _role: &Role, _asked: &Asked<'_>) -> Option<Result<Moves, String>> {
        None
    }

    /// Returns itself, so that its own kind gets its type back.
    fn as_any(&self) -> &dyn Any;
}

/// A check that only makes sense for one kind.
pub type Check = diagnostic::Check<fn(&Seen<'_>, &mut Diagnostics)>;

/// What a kind's own check sees.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// All texts, to find places inside values.
    pub sources: &'a Sources,
    pub role: &'a Role,
    pub service: &'a dyn Service,
    /// What became of its needs.
    pub met: &'a Met,
    /// What others of the workspace claim too.
    pub taken: &'a [Taken],
}

impl<'a> Seen<'a> {
    /// Returns who else has what the service at `path` claims under a code.
    pub(super) fn taken(&self, code: &'a str, path: &'a str) -> impl Iterator<Item = &'a Taken> {
        self.taken.iter().filter(move |taken| taken.code == code && taken.path == path)
    }
}
