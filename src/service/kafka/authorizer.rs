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
    let unsaid = |list: &&str| list.split(';').any(|user| is_bare(user.trim()));
    if let Some(list) = lists.into_iter().find(unsaid) {
        let whole: Vec<String> = list
            .split(';')
            .map(str::trim)
            .map(|user| if is_bare(user) { format!("User:{user}") } else { user.to_owned() })
            .collect();
        let whole = whole.join(";");
        diags.report(
            Diagnostic::error(
                "kafka-authorizer-unfit",
                users.span,
                format!("`{USERS}` names a user without its kind"),
                "the authorizer does not start with it",
            )
            .help(format!("write `{whole}`"))
            .edit(Edit::write(users.span, whole)),
        );
    }
}

/// Returns whether a name lacks what stands before it, as `User:`.
fn is_bare(user: &str) -> bool {
    !user.is_empty() && !user.contains(':')
}
