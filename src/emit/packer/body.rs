//! A document of Packer's language before it is spelled: attributes, blocks and expressions.
//!
//! Holds what both spellings, HCL and JSON, can say; knows neither.

/// Attributes, then blocks, each in the order they were added.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// Names with their values.
    pub(super) attributes: Vec<(String, Expr)>,
    /// Nested blocks.
    pub(super) blocks: Vec<Block>,
}

/// A block: its type, its labels and what stands between the braces.
#[derive(Debug)]
pub(super) struct Block {
    /// As `source`.
    pub(super) kind: &'static str,
    /// As `amazon-ebs` and `kafka`.
    pub(super) labels: Vec<String>,
    /// A sentence before it; JSON has no place for one.
    pub(super) comment: Option<&'static str>,
    /// What it holds.
    pub(super) body: Body,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    /// A text that arrives as it is.
    Text(String),
    /// A text with values of the language in it.
    Template(Vec<Piece>),
    /// An expression of the language, written by us: `var.region`.
    Code(&'static str),
    /// A type: `list(string)`.
    Type(&'static str),
    /// A function with its arguments.
    Call(&'static str, Vec<Expr>),
    Number(serde_json::Number),
    /// `true` or `false`.
    Bool(bool),
    List(Vec<Expr>),
    /// A map from texts.
    Map(Vec<(String, Expr)>),
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// Arrives as it is.
    Literal(String),
    /// A value put in.
    Code(&'static str),
}

impl Body {
    /// Adds an attribute.
    pub(super) fn set(&mut self, name: &str, value: impl Into<Expr>) {
        self.attributes.push((name.to_owned(), value.into()));
    }

    /// Adds a block without labels or comment.
    pub(super) fn nest(&mut self, kind: &'static str, body: Body) {
        self.blocks.push(Block { kind, labels: Vec::new(), comment: None, body });
    }
}

impl Expr {
    /// Returns a path relative to the folder of the document, after a text that does not end in `$`.
    pub(super) fn beside(before: &str, file: &str) -> Self {
        let literals = [before.to_owned(), format!("/{file}")];
        let [before, after] = literals.map(Piece::Literal);
        Self::Template(vec![before, Piece::Code("path.root"), after])
    }
}

impl From<&str> for Expr {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Expr {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<u64> for Expr {
    fn from(number: u64) -> Self {
        Self::Number(number.into())
    }
}

impl From<bool> for Expr {
    fn from(truth: bool) -> Self {
        Self::Bool(truth)
    }
}

/// Returns a literal with everything doubled that a template of the language would read.
pub(super) fn escape_template(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// Returns a text that Packer's own template language, which reads some settings once more, leaves as it is.
pub(super) fn escape_go(text: &str) -> String {
    text.replace("{{", "{{`{{`}}")
}
