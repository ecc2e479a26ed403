//! What a build is given besides the profiles.

/// What a build is given besides the profiles.
#[derive(Clone, Debug, Default)]
pub struct Inputs {
    /// Values of variables, the weakest source first.
    pub sources: Vec<Source>,
    /// `--target key=value`.
    pub target: Vec<(String, String)>,
    /// Whether several roles are built: then a value may be meant for another one.
    pub several_roles: bool,
}

/// Something that sets variables.
#[derive(Clone, Debug)]
pub enum Source {
    /// A YAML map of values.
    File {
        /// Its name as shown.
        name: String,
        text: String,
        /// Whether it speaks to all roles of the workspace.
        shared: bool,
    },
    /// `CFGBUILD_VAR_<NAME>`.
    Environment(String, String),
    /// `--set name=value`.
    Set(String, String),
}

impl Source {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::File { name, .. } => name,
            Self::Environment(..) => "the environment",
            Self::Set(..) => "--set",
        }
    }

    pub(super) fn may_name_others(&self) -> bool {
        matches!(self, Self::File { shared: true, .. } | Self::Environment(..))
    }
}
