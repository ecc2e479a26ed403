//! A service's section of a profile as it is read: by key, with the places of values and of what is missing.

use std::collections::BTreeMap;

use super::contract::tag;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::model::{Image, PerNode, Role, Text};
use crate::profile::{Value, read, scalar};
use crate::source::{Edit, Span, Spanned};

/// Free-form settings of a service, by name.
pub(super) type Settings = BTreeMap<String, Spanned<PerNode<Text>>>;

/// A section that is held to its schema already.
#[derive(Clone, Copy, Debug)]
pub struct Written<'a> {
    /// Name of the instance.
    pub name: &'a Spanned<String>,
    /// Where the section is in the profile, as `kafka` or `services.audit`.
    pub path: &'a str,
    pub value: &'a Value,
    /// The role without its services.
    pub role: &'a Role,
}

impl Written<'_> {
    /// Returns where the section is written.
    pub fn span(&self) -> Span {
        self.value.span
    }

    /// Returns the image that `image` names, or `otherwise` where it names none.
    pub fn image(
        &self,
        otherwise: Option<Spanned<Image>>,
        diags: &mut Diagnostics,
    ) -> Option<Spanned<Image>> {
        match (self.value.get("image"), otherwise) {
            (None, Some(image)) => Some(image),
            _ => read::image_at(self.value, self.path, diags),
        }
    }

    /// Returns the version of the server, where it is said.
    pub fn version(&self) -> Option<Spanned<(u32, u32)>> {
        let said = read::text_at(self.value, "version")?;
        Some(Spanned::new(scalar::version(&said.value)?, said.span))
    }

    /// Returns the further settings below `config`.
    pub fn settings(&self) -> Settings {
        let settings = read::settings_at(self.value, "config");
        settings.into_iter().map(|(name, value)| (name.value, value)).collect()
    }

    /// Returns the volume that `key` names; one that is not declared is reported.
    pub fn volume(&self, key: &str, diags: &mut Diagnostics) -> Option<Spanned<String>> {
        let name = read::text_at(self.value, key)?;
        if self.role.volume(&name.value).is_some() {
            return Some(name);
        }
        self.unknown_volume(&name, key, diags);
        None
    }

    fn unknown_volume(&self, name: &Spanned<String>, key: &str, diags: &mut Diagnostics) {
        let Spanned { value: name, span } = name;
        let known = self.role.volumes.iter().map(|volume| volume.name.value.as_str());
        let help = if self.role.volumes.is_empty() {
            format!("declare it: `volumes: {{ {name}: {{ mount: /var/lib/{name}, … }} }}`")
        } else {
            suggestion(name, known.clone())
        };
        let title = format!("`{}.{key}` names volume `{name}`, which is not declared", self.path);
        let mut found =
            Diagnostic::error("volume-unknown", *span, title, "no such volume").help(help);
        found.edits.extend(nearest(name, known).map(|meant| Edit::write(*span, meant)));
        diags.report(found);
    }
}

/// Returns the version of a server: as said, or of the tag of an image whose tags are known to be versions of it.
pub(super) fn version_of(
    said: Option<&Spanned<(u32, u32)>>,
    image: &Spanned<Image>,
    known: &[&str],
) -> Option<Spanned<(u32, u32)>> {
    let tagged = || Some(Spanned::new(tag(&image.value, known)?, image.span));
    said.cloned().or_else(tagged)
}
