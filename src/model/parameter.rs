//! A parameter of a stack that a service asks for: declared where it is used, printed by whoever writes the stack.

/// What a service asks of the stack its machines run in.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Parameter {
    /// Its name in the stack, letters only.
    pub name: &'static str,
    /// Its name in messages.
    pub word: &'static str,
    /// The variable that holds the value on a machine.
    pub variable: &'static str,
    /// What it is, for whoever fills it in.
    pub description: &'static str,
    /// What a value must match, as a regular expression.
    pub pattern: &'static str,
    /// The same in words, as `must be …`.
    pub constraint: &'static str,
    /// Most bytes of a value: user data may grow by so many.
    pub longest: usize,
}
