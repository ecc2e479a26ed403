//! Where a machine has something mounted that outlives its root disk.

use crate::check::Facts;
use crate::source::Span;

/// Returns the mount points of the profile, each with the place that says so.
pub(super) fn mount_points(facts: &Facts<'_>) -> Vec<(String, Span)> {
    let mut points: Vec<(String, Span)> = facts
        .cluster
        .volumes
        .iter()
        .map(|volume| (volume.mount.value.clone(), volume.mount.span))
        .collect();
    let made =
        facts.cluster.storage.filesystems.iter().filter_map(|filesystem| filesystem.path.as_ref());
    points.extend(made.map(|path| (path.value.clone(), path.span)));
    for unit in facts.raw.whole().filter(|unit| unit.suffix() == "mount") {
        if let Some((file, option)) = unit.last("Mount", "Where") {
            points.push((option.value.text.clone(), unit.value_span(facts, file, option)));
        }
    }
    points
}

/// Tells whether `path` is `directory` or something in it.
pub(super) fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
