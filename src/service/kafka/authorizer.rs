//! Who may do what, as far as a broker ends at how it is told: the class of its authorizer, and its super users.

use super::broker::{Kafka, Mode};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::Edit;

const CLASS: &str = "authorizer.class.name";
const USERS: &str = "super.users";

/// Keeps the rules in KRaft's metadata.
const KRAFT: &str = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";
/// Keeps them in ZooKeeper; went with it in 4.0.
const ZOOKEEPER: &str = "kafka.security.authorizer.AclAuthorizer";
/// What Kafka called that before 2.4, until 3.0.
const OLDER: &str = "kafka.security.auth.SimpleAclAuthorizer";

/// Reports what the authorizer does not start with.
pub(super) fn validate(kafka: &Kafka, diags: &mut Diagnostics) {
    let Some(said) = kafka.config.get(CLASS) else { return };
    let own = match &kafka.mode.value {
        Mode::Zookeeper { .. } => ZOOKEEPER,
        Mode::Kraft { .. } => KRAFT,
    };
    let values = || said.value.all().iter().filter_map(|text| text.plain()).map(str::trim);
    let other = values().find(|it| [KRAFT, ZOOKEEPER, OLDER].contains(it) && *it != own);
    if let Some(class) = other {
        let name = class.rsplit('.').next().unwrap_or(class);
        let title = match class {
            KRAFT => format!("`{name}` keeps its rules in KRaft's metadata, which is not there"),
            OLDER => format!("Kafka has no `{name}` since 3.0"),
            _ => format!("`{name}` keeps its rules in ZooKeeper, which is not there"),
        };
        diags.report(
            Diagnostic::error(
                "kafka-authorizer-unfit",
                said.span,
                title,
                "the broker does not start with it",
            )
            .related(kafka.mode.span, "this mode")
            .help(format!("write `{own}`"))
            .edit(Edit::write(said.span, own)),
        );
    }
    let Some(users) =
        kafka.config.get(USERS).filter(|_| other.is_some() || values().any(|it| it == own))
    else {
        return;
    };
    let lists = users.value.all().iter().filter_map(|text| text.plain());
    let unsaid = |list: &&str| list.split(';').any(|user| wrong(user.trim()).is_some());
    if let Some(list) = lists.into_iter().find(unsaid) {
        let each = || list.split(';').map(str::trim);
        let whole: Vec<String> = each().map(meant).collect();
        let whole = whole.join(";");
        let (title, label) = each().find_map(wrong).unwrap_or_default();
        diags.report(
            Diagnostic::error(
                "kafka-authorizer-unfit",
                users.span,
                format!("`{USERS}` {title}"),
                label,
            )
            .help(format!("write `{whole}`"))
            .edit(Edit::write(users.span, whole)),
        );
    }
}

/// Returns what is wrong with one user: what the list does, and what comes of it.
fn wrong(user: &str) -> Option<(&'static str, &'static str)> {
    let kind = user.split(':').next().unwrap_or_default();
    if user.is_empty() {
        None
    } else if !user.contains(':') {
        Some(("names a user without its kind", "the authorizer does not start with it"))
    } else if user.contains(",User:") {
        Some(("has a comma between users", "taken for one user of this name: there is no such"))
    } else {
        let is_other = kind != KIND && kind.eq_ignore_ascii_case(KIND);
        is_other.then_some(("has the kind in other letters", "no user is of this kind"))
    }
}

/// What a user's own kind is called.
const KIND: &str = "User";

/// Returns a user as it is most likely meant.
fn meant(user: &str) -> String {
    let whole = match user.split_once(':') {
        None if !user.is_empty() => format!("{KIND}:{user}"),
        Some((kind, name)) if kind.eq_ignore_ascii_case(KIND) => format!("{KIND}:{name}"),
        _ => user.to_owned(),
    };
    whole.replace(",User:", ";User:")
}
