//! What a machine's own units ask of AWS, so that its role may do that and nothing else.

/// Something that a machine asks of AWS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Call {
    /// Attaches its own volumes, found by their tags.
    AttachVolume,
    /// Points its name at itself in the stack's zone.
    SetName,
    /// Tells its stack that it is healthy.
    Signal,
    /// Reads a parameter of SSM, by name or ARN.
    ReadParameter(String),
    /// Reads a secret of Secrets Manager, by name or ARN.
    ReadSecret(String),
    /// Pulls an image from ECR.
    PullImage {
        /// The account that owns the registry.
        account: String,
        /// The region it is in.
        region: String,
        /// The repository.
        repository: String,
    },
}

impl Call {
    /// Returns the actions of IAM that it takes.
    pub fn actions(&self) -> &'static [&'static str] {
        match self {
            Self::AttachVolume => &["ec2:AttachVolume", "ec2:DescribeVolumes"],
            Self::SetName => &["route53:ChangeResourceRecordSets", "route53:GetChange"],
            Self::Signal => &["cloudformation:SignalResource"],
            Self::ReadParameter(_) => &["ssm:GetParameter"],
            Self::ReadSecret(_) => &["secretsmanager:GetSecretValue"],
            // The first is asked by the script, and of no repository; the others by the container runtime.
            Self::PullImage { .. } => &[
                "ecr:GetAuthorizationToken",
                "ecr:BatchCheckLayerAvailability",
                "ecr:BatchGetImage",
                "ecr:GetDownloadUrlForLayer",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Returns the actions of the commands in a script: `ask ec2 attach-volume` takes `ec2:AttachVolume`.
    fn actions(script: &str) -> BTreeSet<String> {
        let words: Vec<&str> = script.split_whitespace().collect();
        let commands = words.windows(3).filter_map(|window| match window {
            ["ask", "ecr", "get-login-password"] => Some("ecr:GetAuthorizationToken".to_owned()),
            ["ask", service, operation] => {
                let operation = operation.split('-').map(|part| {
                    let (first, rest) = part.split_at(1);
                    first.to_ascii_uppercase() + rest
                });
                Some(format!("{service}:{}", operation.collect::<String>()))
            }
            _ => None,
        });
        commands.collect()
    }

    #[test]
    fn a_role_may_do_what_the_scripts_do() {
        let (parameter, secret) =
            (Call::ReadParameter(String::new()), Call::ReadSecret(String::new()));
        for (calls, script) in [
            (vec![Call::AttachVolume], include_str!("attach-volume.sh")),
            (vec![Call::SetName], include_str!("set-name.sh")),
            (vec![Call::Signal], include_str!("signal-stack.sh")),
            (vec![parameter, secret], include_str!("fetch-secrets.sh")),
        ] {
            let stated: BTreeSet<String> =
                calls.iter().flat_map(Call::actions).map(|action| (*action).to_owned()).collect();
            assert_eq!(actions(script), stated, "{calls:?}");
        }
        let [account, region, repository] = [String::new(), String::new(), String::new()];
        let pull = Call::PullImage { account, region, repository };
        let asked = actions(include_str!("registry-login.sh"));
        assert_eq!(asked.iter().map(String::as_str).collect::<Vec<_>>(), pull.actions()[..1]);
    }
}
