//! What must have run before a container starts: its secrets fetched, its image's registry logged in to.

use super::{registry, secrets};
use crate::diagnostic::Diagnostics;
use crate::model::Container;
use crate::platform::draft::Draft;
use crate::platform::host::Host;
use crate::platform::table::{Before, Fetched, Helper};

/// Adds what fetches a container's secrets; returns all that must have run before it.
pub(super) fn before(
    host: &Host<'_>,
    container: &Container,
    fetched: Fetched<'_>,
    draft: &mut Draft,
    diags: &mut Diagnostics,
) -> Before {
    if host.role.aws.is_none() {
        return Before::default();
    }
    let secrets = secrets::fetch(host, container, fetched, draft, diags);
    let login = registry::logs_in(host, container);
    let login =
        login.then(|| Helper { unit: registry::UNIT.to_owned(), read: registry::passwords(host) });
    Before { secrets, login }
}
