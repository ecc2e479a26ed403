//! One format's user data in the smallest form that fits, and how big it is.

use crate::model::Format;

use super::asset::Asset;
use super::filled::Filled;
use super::request::Request;

/// How much user data one node takes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sizes {
    /// By format, in the order of `target.formats`; loose units are no user data.
    pub user_data: Vec<(Format, UserData)>,
}

/// The size of one node's user data in one format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UserData {
    /// Bytes of the readable form.
    pub plain: usize,
    /// Bytes that are sent.
    pub sent: usize,
    /// Bytes that are published, where what is sent only points to them.
    pub published: usize,
    /// Most bytes the platform takes.
    pub limit: Option<usize>,
    /// In which form it is sent.
    pub form: Form,
}

/// The forms of user data, the smallest that fits being sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As it reads.
    Plain,
    /// Compressed.
    Packed,
    /// Only a pointer to what is published.
    Stub,
}

/// One format's user data.
#[derive(Debug)]
pub(super) struct Sent {
    /// The readable form.
    pub(super) plain: Filled,
    /// The form that fits, where the readable one does not.
    pub(super) packed: Option<Packed>,
    /// What that form points to, where not even the compressed one fits.
    pub(super) asset: Option<Asset>,
}

/// User data that is not the readable form.
#[derive(Debug)]
pub(super) enum Packed {
    /// A text around something compressed, or that points to it.
    Text(Filled),
    /// Compressed as a whole: nothing can be put into it.
    Gzip(Vec<u8>),
}

impl Packed {
    pub(super) fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.text().as_bytes(),
            Self::Gzip(bytes) => bytes,
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        match self {
            Self::Text(text) => text.into_bytes(),
            Self::Gzip(bytes) => bytes,
        }
    }
}

impl Sent {
    /// Returns the bytes that are sent.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.packed.map_or_else(|| self.plain.into_bytes(), Packed::into_bytes)
    }

    /// Returns the readable form as what is sent.
    pub(super) fn plain(plain: Filled) -> Self {
        Self { plain, packed: None, asset: None }
    }

    /// Returns how big it is.
    pub(super) fn size(&self, request: &Request<'_>) -> UserData {
        let plain = self.plain.text().len();
        UserData {
            plain,
            sent: self.packed.as_ref().map_or(plain, |packed| packed.bytes().len()),
            limit: request.limit(),
            published: self.asset.as_ref().map_or(0, |asset| asset.bytes.len()),
            form: match (&self.packed, &self.asset) {
                (None, _) => Form::Plain,
                (Some(_), None) => Form::Packed,
                (Some(_), Some(_)) => Form::Stub,
            },
        }
    }
}
