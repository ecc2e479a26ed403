//! What a file of a machine holds: bytes, or a text of which some values are known late; and whether it is a secret.
//!
//! A secret is a property of the value: whoever moves contents moves it along.

use std::borrow::Cow;

use super::text::StackFact;

/// The contents of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contents {
    pub body: Body,
    /// Whether they hold a secret: artefacts that carry them are written 0600.
    pub secret: bool,
}

/// Contents, as far as they are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Known to the last byte.
    Bytes(Vec<u8>),
    /// A text with values in it that only a stack knows.
    Late(Vec<LatePart>),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LatePart {
    /// Known now.
    Literal(String),
    /// Known late.
    Value(StackValue),
}

/// A value of the stack that the machine runs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StackValue {
    pub fact: StackFact,
    /// What it is until a stack says otherwise; safe in a URL and in an environment file as it is.
    pub now: String,
}

impl Contents {
    /// Returns contents that anybody may read.
    pub fn open(bytes: impl Into<Vec<u8>>) -> Self {
        Self { body: Body::Bytes(bytes.into()), secret: false }
    }

    /// Returns a text that anybody may read, of which some values are known late.
    pub fn late(parts: Vec<LatePart>) -> Self {
        Self { body: Body::Late(parts), secret: false }
    }

    /// Returns the contents as ones that others must not read, if `secret`.
    #[must_use]
    pub fn guarded(self, secret: bool) -> Self {
        Self { body: self.body, secret: self.secret || secret }
    }

    /// Returns the bytes, with late values as they are known now.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match &self.body {
            Body::Bytes(bytes) => Cow::Borrowed(bytes),
            Body::Late(parts) => {
                let texts = parts.iter().map(LatePart::now);
                Cow::Owned(texts.collect::<String>().into_bytes())
            }
        }
    }
}

impl LatePart {
    /// Returns the part as it is known now.
    pub fn now(&self) -> &str {
        match self {
            Self::Literal(text) => text,
            Self::Value(value) => &value.now,
        }
    }
}
