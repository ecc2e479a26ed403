//! What is printed, and for what.

use crate::model::machine::Machine;
use crate::model::{Assets, Aws, Target};
use crate::platform;

/// What is printed, and for what.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Operating system, platform, version and formats.
    pub target: &'a Target,
    /// The stack it runs in, if any.
    pub aws: Option<&'a Aws>,
    /// The machine of one node.
    pub machine: &'a Machine,
    /// From how many bytes on it is compressed if it can be, although it would fit.
    pub wrap_above: usize,
    /// Whether `machine.json`, which the reference tests compare with, is printed too.
    pub with_model: bool,
}

/// How many bytes of a template user data may take: it has 51,200, and the rest has to fit too.
const SHARE_OF_TEMPLATE: usize = 25_600;

/// Returns from how many bytes on the user data of one of `groups` is better compressed.
pub fn wrap_above(groups: usize) -> usize {
    SHARE_OF_TEMPLATE / groups.max(1)
}

impl<'a> Request<'a> {
    /// Returns what it takes to print a machine outside of any stack.
    pub fn new(target: &'a Target, machine: &'a Machine) -> Self {
        Self { target, aws: None, machine, wrap_above: usize::MAX, with_model: false }
    }

    /// Returns the most bytes of user data that whatever starts the machine takes, raw.
    pub fn limit(&self) -> Option<usize> {
        (platform::of(self.target.platform.value).user_data_limit)(self.aws)
    }

    /// Returns where the profile publishes to, if it does.
    pub(super) fn assets(&self) -> Option<&'a Assets> {
        Some(&self.aws?.assets.as_ref()?.value)
    }
}
