//! What a profile may say of any container: the keys, their reading, and what a service makes of them.

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Bind, Container, Ownership, SecretFile, Variable, numeric_user};
use crate::profile::schema::{Field, Key, Type, field};
use crate::profile::{Scalar, Value, read};
use crate::source::{Edit, Spanned};

/// Variables.
pub const ENV: Field = field("env", Type::Map(Key::Variable, &Type::SecretText), "Environment.");
/// Secrets as files.
pub const SECRETS: Field = field(
    "secrets",
    Type::Map(Key::Name, &Type::Either(&[Type::SecretText, Type::Record(SECRET)])),
    "Secrets that it reads as files, by name: the text, or a map that says more.",
);
/// Paths of the host.
pub const BINDS: Field =
    field("binds", Type::List(&Type::Record(BIND)), "Host paths inside the container.");
/// Limits of processes.
pub const ULIMITS: Field =
    field("ulimits", Type::Map(Key::Name, &Type::Text), "Limits, as `nofile: 65536:65536`.");
/// Limit of memory.
pub const MEMORY: Field = field("memory", Type::Bytes, "Most memory it may use.");

const BIND: &[Field] = &[
    field("from", Type::Path, "Path on the host."),
    field("to", Type::Path, "Path in the container."),
    field(
        "options",
        Type::List(&Type::Word(&["ro", "rslave"])),
        "`ro`: read only; `rslave`: mounts below travel in.",
    ),
    field("create", Type::Record(CREATE), "Makes the directory before the start."),
];

const SECRET: &[Field] = &[
    field(
        "from",
        Type::SecretText,
        "All that it holds, as `{{vars.NAME}}`; or where machines fetch it: `ssm:/NAME`, `secretsmanager:NAME#KEY`.",
    ),
    field("path", Type::Path, "Path in the container; `/run/secrets/NAME` where left out."),
    field("mode", Type::Mode, "Permissions; 0400 where left out."),
    field("user", Type::Text, "UID[:GID] that owns it; the container's own where left out."),
];

const CREATE: &[Field] = &[
    field("uid", Type::Integer(0, 4_294_967_294), "Numeric user."),
    field("gid", Type::Integer(0, 4_294_967_294), "Numeric group."),
    field("mode", Type::Mode, "Permissions; 0750 where left out."),
];

/// What a profile adds to the container of a service.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Additions {
    /// Further variables.
    env: Vec<Variable>,
    /// Secrets as files.
    secrets: Vec<SecretFile>,
    /// Further paths of the host.
    binds: Vec<Bind>,
    /// Limits by name, as `nofile=65536:65536`; they replace those of the service.
    ulimits: Vec<String>,
    /// Most memory, in MiB.
    memory_mib: Option<Spanned<u64>>,
}

impl Additions {
    /// Reads the keys of a section.
    pub(super) fn read(section: &Value, path: &str, diags: &mut Diagnostics) -> Self {
        Self {
            env: variables(section),
            secrets: secrets(section, path, None, diags),
            binds: binds(section, path, diags),
            ulimits: ulimits(section),
            memory_mib: read::mib_at(section, MEMORY.name),
        }
    }

    /// Returns the further variables.
    pub(super) fn env(&self) -> &[Variable] {
        &self.env
    }

    /// Returns whether the profile sets a variable.
    pub(super) fn sets(&self, name: &str) -> bool {
        self.env.iter().any(|variable| variable.name.value == name)
    }

    /// Reports variables that are not the profile's: `owner` returns what decides one.
    pub(super) fn validate(
        &self,
        path: &str,
        owner: impl Fn(&str) -> Option<String>,
        diags: &mut Diagnostics,
    ) {
        for Variable { name: Spanned { value: name, span }, .. } in &self.env {
            let Some(owner) = owner(name) else { continue };
            let title = format!("`{name}` is not for `{path}.env`");
            diags.report(
                Diagnostic::error("env-owned", *span, title, "decided elsewhere")
                    .help(format!("remove `{name}`: {owner}"))
                    .edit(Edit::remove(*span)),
            );
        }
    }

    /// Reports a limit of memory that a heap does not fit into.
    pub(super) fn holds(&self, path: &str, heap_mib: &Spanned<u64>, diags: &mut Diagnostics) {
        let Some(memory) = self.memory_mib.as_ref().filter(|memory| memory.value <= heap_mib.value)
        else {
            return;
        };
        let (most, heap) = (memory.value, heap_mib.value);
        // classes, threads and buffers are beside the heap
        let wanted = format!("{}MiB", heap.saturating_add((heap / 4).max(256)));
        let title = format!("`{path}.memory` of {most} MiB has no room for a heap of {heap} MiB");
        diags.report(
            Diagnostic::error(
                "memory-below-heap",
                memory.span,
                title,
                "killed when the heap fills",
            )
            .related(heap_mib.span, "the heap")
            .help(format!("set `{path}.memory` to {wanted} or more, or make `{path}.heap` smaller"))
            .edit(Edit::write(memory.span, wanted)),
        );
    }

    /// Returns a service's container with them.
    pub(super) fn onto(&self, mut container: Container) -> Container {
        container.env.extend(self.env.iter().cloned());
        container.env.sort_by(|a, b| a.name.value.cmp(&b.name.value));
        container.secrets.extend(self.secrets.iter().cloned());
        container.binds.extend(self.binds.iter().cloned());
        let name = |limit: &str| limit.split_once('=').map(|(name, _)| name.to_owned());
        container.ulimits.retain(|limit| !self.ulimits.iter().any(|own| name(own) == name(limit)));
        container.ulimits.extend(self.ulimits.iter().cloned());
        container.memory_mib = self.memory_mib.as_ref().map(|memory| memory.value);
        container
    }
}

/// Reads `env`.
pub fn variables(section: &Value) -> Vec<Variable> {
    let variable = |(name, value): (&Spanned<String>, &Value)| {
        let secret = value.scalar().is_some_and(Scalar::is_secret);
        Some(Variable { name: name.clone(), value: read::host_text(value)?, secret })
    };
    read::entries_at(section, ENV.name).filter_map(variable).collect()
}

/// Reads `secrets`; `user` is what the container says that it runs as.
pub fn secrets(
    section: &Value,
    path: &str,
    user: Option<&Spanned<String>>,
    diags: &mut Diagnostics,
) -> Vec<SecretFile> {
    let secret = |(name, said): (&Spanned<String>, &Value)| {
        secret(name, said, &format!("{path}.{}.{}", SECRETS.name, name.value), user, diags)
    };
    let mut found: Vec<SecretFile> =
        read::entries_at(section, SECRETS.name).filter_map(secret).collect();
    found.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    found
}

fn secret(
    name: &Spanned<String>,
    said: &Value,
    path: &str,
    runs_as: Option<&Spanned<String>>,
    diags: &mut Diagnostics,
) -> Option<SecretFile> {
    let from = if said.scalar().is_some() { Some(said) } else { said.get("from") };
    let Some(from) = from else {
        let example = format!("\"{{{{vars.{}}}}}\"", name.value);
        read::missing(name.span, path, "from", &example, diags);
        return None;
    };
    let mode = read::mode_at(said, "mode").map_or(0o400, |mode| mode.value);
    let written = read::text_at(said, "user");
    let user = written.as_ref().and_then(|user| numeric_user(&user.value));
    if let Some(written) = written.filter(|_| user.is_none()) {
        let title = format!("`{path}.user` is `{}`, but must be numbers: UID[:GID]", written.value);
        diags.report(
            Diagnostic::error("wrong-type", written.span, title, "known only inside the image")
                .help("write the numbers that `id` prints in the container, as in `\"1000:1000\"`"),
        );
        return None;
    }
    let is_name = |user: &&Spanned<String>| numeric_user(&user.value).is_none();
    // only who owns the file can read it, and the image alone knows who that is
    if let Some(runs_as) = runs_as.filter(is_name).filter(|_| user.is_none() && mode & 0o004 == 0) {
        let title = format!("`{path}` has no `user`, and `{}` is no number", runs_as.value);
        diags.report(
            Diagnostic::error("missing-key", name.span, title, "only root could read it")
                .related(runs_as.span, "the container runs as this user")
                .help("add `user: UID:GID`, the numbers that `id` prints in the container"),
        );
        return None;
    }
    let target = || name.clone().map(|name| format!("/run/secrets/{name}"));
    Some(SecretFile {
        name: name.clone(),
        value: read::secret_text(from)?,
        at: from.span,
        path: read::text_at(said, "path").unwrap_or_else(target),
        mode,
        user,
    })
}

/// Reads `ulimits`, each as `NAME=SOFT:HARD`.
pub fn ulimits(section: &Value) -> Vec<String> {
    let limit = |(name, value): (&Spanned<String>, &Value)| {
        Some(format!("{}={}", name.value, value.text()?))
    };
    read::entries_at(section, ULIMITS.name).filter_map(limit).collect()
}

/// Reads `binds`.
pub fn binds(section: &Value, path: &str, diags: &mut Diagnostics) -> Vec<Bind> {
    let mut found = Vec::new();
    for (index, said) in
        section.get(BINDS.name).map(Value::items).unwrap_or_default().iter().enumerate()
    {
        let (Some(from), Some(to)) = (read::text_at(said, "from"), read::text_at(said, "to"))
        else {
            let key = if said.get("from").is_none() { "from" } else { "to" };
            read::missing(
                said.span,
                &format!("{path}.binds[{index}]"),
                key,
                "/absolute/path",
                diags,
            );
            continue;
        };
        let options = read::words_at(said, "options");
        let create = said.get("create").map(|create| Ownership {
            uid: read::number_at(create, "uid").map_or(0, |id| id.value),
            gid: read::number_at(create, "gid").map_or(0, |id| id.value),
            mode: read::mode_at(create, "mode").map_or(0o750, |mode| mode.value),
        });
        found.push(Bind {
            from,
            to: to.value,
            read_only: options.iter().any(|option| option == "ro"),
            slave: options.iter().any(|option| option == "rslave"),
            create,
        });
    }
    found
}
