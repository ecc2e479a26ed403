//! Values of a template: what is known now, and what CloudFormation works out (its intrinsic functions).

use serde::ser::{Serialize, SerializeMap as _, Serializer};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Text(String),
    /// A parameter's value or a resource's id.
    Ref(String),
    /// An attribute of a resource.
    GetAtt(String, &'static str),
    /// A text with `${…}` in it.
    Sub(String),
    /// One of two by a condition.
    If(&'static str, Box<Value>, Box<Value>),
    /// The entry of a mapping for this region.
    ByRegion(&'static str, &'static str),
    /// A text in base64.
    Base64(Box<Value>),
    /// No value: the property is left out.
    Nothing,
}

impl Value {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn reference(id: impl Into<String>) -> Self {
        Self::Ref(id.into())
    }

    pub(super) fn attribute(id: impl Into<String>, name: &'static str) -> Self {
        Self::GetAtt(id.into(), name)
    }
}

/// Returns a text as `Fn::Sub` leaves it: `${` is its own, `${!` stands for it.
pub(super) fn literal(text: &str) -> String {
    text.replace("${", "${!")
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Ref(id) => one(serializer, "Ref", id),
            Self::GetAtt(id, name) => one(serializer, "Fn::GetAtt", &(id, name)),
            Self::Sub(text) => one(serializer, "Fn::Sub", text),
            Self::If(condition, yes, no) => one(serializer, "Fn::If", &(condition, yes, no)),
            Self::ByRegion(map, key) => {
                let region = Self::Ref("AWS::Region".to_owned());
                one(serializer, "Fn::FindInMap", &(map, region, key))
            }
            Self::Base64(value) => one(serializer, "Fn::Base64", value),
            Self::Nothing => one(serializer, "Ref", "AWS::NoValue"),
        }
    }
}

fn one<S: Serializer, T: Serialize + ?Sized>(
    serializer: S,
    name: &str,
    argument: &T,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(name, argument)?;
    map.end()
}
