//! Checks of raw unit files: what systemd and the container runtime would make of them.

use super::Check;

/// The checks of this room, in the order of their names.
pub(super) const CHECKS: &[Check] = &[];
