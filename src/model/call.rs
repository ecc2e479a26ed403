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
        region: String,
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
