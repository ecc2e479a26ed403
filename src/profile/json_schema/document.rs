//! The document, as JSON Schema 2020-12 has it: the words of it that a profile's schema needs.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::Value as Json;

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Schema {
    /// The dialect, of the whole document.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub(super) dialect: Option<&'static str>,
    /// Name of the whole document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) title: Option<&'static str>,
    /// What an editor shows of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<Cow<'static, str>>,
    /// Another schema that it is.
    #[serde(rename = "$ref", skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<String>,
    /// What it may be; empty: anything.
    #[serde(
        rename = "type",
        serialize_with = "one_or_list",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub(super) types: Vec<Shape>,
    /// The only values it may have; empty: any.
    #[serde(rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub(super) words: Vec<Json>,
    /// Schemas of which one must fit; empty: none need.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) any_of: Vec<Schema>,
    /// The value where nothing says another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) default: Option<Json>,
    /// Values it may have, for who completes it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) examples: Vec<Json>,
    /// What a text must match somewhere (ECMA-262).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) pattern: Option<String>,
    /// Most characters of a text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) max_length: Option<u64>,
    /// Least number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) minimum: Option<u64>,
    /// Greatest number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) maximum: Option<u64>,
    /// What each entry of a list is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) items: Option<Box<Schema>>,
    /// What each key of a map is.
    #[serde(rename = "propertyNames", skip_serializing_if = "Option::is_none")]
    pub(super) names: Option<Box<Schema>>,
    /// The known keys.
    #[serde(skip_serializing_if = "Members::is_empty")]
    pub(super) properties: Members,
    /// Keys known by a pattern.
    #[serde(skip_serializing_if = "Members::is_empty")]
    pub(super) pattern_properties: Members,
    /// What all other keys hold.
    #[serde(rename = "additionalProperties", skip_serializing_if = "Option::is_none")]
    pub(super) additional: Option<Rest>,
    /// Schemas to refer to.
    #[serde(rename = "$defs", skip_serializing_if = "Members::is_empty")]
    pub(super) definitions: Members,
}

impl Schema {
    /// Returns a schema that anything fits.
    pub(super) fn about(description: &'static str) -> Self {
        Self { description: Some(description.into()), ..Self::default() }
    }
}

/// Whether a section is rendered: what is about the profile itself is not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Templates {
    Rendered,
    Literal,
}

/// A kind of value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Shape {
    Object,
    Array,
    String,
    Integer,
    Number,
    Boolean,
    Null,
}

/// What keys hold that are not known by name.
#[derive(Debug)]
pub(super) enum Rest {
    /// There may be none.
    Never,
    Each(Box<Schema>),
}

impl Serialize for Rest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Never => serializer.serialize_bool(false),
            Self::Each(schema) => schema.serialize(serializer),
        }
    }
}

/// Schemas by name, in the order of the profile's schema: editors offer them so.
#[derive(Debug, Default)]
pub(super) struct Members(Vec<(String, Schema)>);

impl Members {
    /// Returns members in this order.
    pub(super) fn of(members: impl IntoIterator<Item = (String, Schema)>) -> Self {
        Self(members.into_iter().collect())
    }

    /// Replaces the schema of a member.
    pub(super) fn set(&mut self, name: &str, change: impl FnOnce(Schema) -> Schema) {
        if let Some((_, schema)) = self.0.iter_mut().find(|(known, _)| known == name) {
            *schema = change(std::mem::take(schema));
        }
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, schema)| (name, schema)))
    }
}

/// One type stands alone; several are a list.
fn one_or_list<S: Serializer>(types: &Vec<Shape>, serializer: S) -> Result<S::Ok, S::Error> {
    match types.as_slice() {
        [one] => one.serialize(serializer),
        all => all.serialize(serializer),
    }
}
