//! What a grant is about, and how AWS spells it: an ARN, of which only the stack knows region and account.

use crate::model::Assets;

/// What may be asked for, or done something to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resource {
    /// No narrower word exists for it.
    Anything,
    /// Volumes of this account and region.
    Volumes,
    /// Instances of this account and region.
    Instances,
    /// The private DNS zone of the nodes.
    Zone,
    /// Changes of DNS zones, to ask whether they are done.
    Changes,
    /// The stack itself.
    Stack,
    /// A parameter of SSM, by name or ARN.
    Parameter(String),
    /// A secret of Secrets Manager, by name or ARN.
    Secret(String),
    /// A repository of images.
    Repository {
        /// The account that owns it.
        account: String,
        region: String,
        name: String,
    },
    /// Everything below a place in S3.
    Objects(Assets),
    /// A key of KMS, by its ARN.
    Key(String),
}

/// How a resource is spelt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arn {
    /// `*`.
    Any,
    /// The id of the stack, which is one.
    Stack,
    /// In full, as the profile says it.
    Whole(String),
    /// Of this partition, region and account.
    Here {
        /// The service, as `ec2`.
        service: &'static str,
        /// What stands after the account.
        path: String,
    },
    /// Of this partition, in no region and no account.
    Global {
        /// The service, as `s3`.
        service: &'static str,
        /// What stands after the account.
        path: String,
    },
    /// Of this partition, in a region and an account of its own.
    Elsewhere {
        /// The service, as `ecr`.
        service: &'static str,
        region: String,
        account: String,
        /// What stands after the account.
        path: String,
    },
    /// Global, of the service `route53`: `hostedzone/` and the id of the nodes' zone.
    Zone,
}

impl Resource {
    /// Returns how AWS spells it.
    pub fn arn(&self) -> Arn {
        let path = str::to_owned;
        match self {
            Self::Anything => Arn::Any,
            Self::Volumes => Arn::Here { service: "ec2", path: path("volume/*") },
            Self::Instances => Arn::Here { service: "ec2", path: path("instance/*") },
            Self::Zone => Arn::Zone,
            Self::Changes => Arn::Global { service: "route53", path: path("change/*") },
            Self::Stack => Arn::Stack,
            Self::Parameter(name) => named(name, "ssm", "parameter/", ""),
            // Secrets Manager adds six characters of its own to a name
            Self::Secret(name) => named(name, "secretsmanager", "secret:", "-??????"),
            Self::Repository { account, region, name } => Arn::Elsewhere {
                service: "ecr",
                region: region.clone(),
                account: account.clone(),
                path: format!("repository/{name}"),
            },
            Self::Objects(Assets { bucket, prefix }) => {
                let slash = if prefix.is_empty() { "" } else { "/" };
                Arn::Global { service: "s3", path: format!("{bucket}/{prefix}{slash}*") }
            }
            Self::Key(arn) => Arn::Whole(arn.clone()),
        }
    }
}

/// Returns the ARN of something that is known by its ARN already or by its name in this account and region.
fn named(name: &str, service: &'static str, kind: &str, end: &str) -> Arn {
    if name.starts_with("arn:") {
        return Arn::Whole(name.to_owned());
    }
    Arn::Here { service, path: format!("{kind}{}{end}", name.trim_start_matches('/')) }
}
