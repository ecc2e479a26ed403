//! The sections that are read before all others, because those may name what stands in them.

use super::nodes::{NodeFacts, nodes};
use super::schema::Grammar;
use super::shape;
use super::value::{Value, ValueKind};
use crate::diagnostic::{Diagnostics, Reported};
use crate::source::Spanned;

/// Checks the early sections and reads the nodes from them; `Err` where the nodes cannot be known.
pub(super) fn cluster_of(
    role: &Spanned<String>,
    early: &Value,
    grammar: &Grammar,
    diags: &mut Diagnostics,
) -> Result<Vec<NodeFacts>, Reported> {
    let faulty = shape::check(early, grammar, diags).faulty;
    let nothing = Value { span: role.span, kind: ValueKind::Map(Vec::new()) };
    let nodes = nodes(&role.value, early.get("cluster").unwrap_or(&nothing), diags);
    // what is wrong elsewhere does not keep the rest from being looked at
    if faulty.contains("cluster") || nodes.is_empty() {
        diags.stop()?;
    }
    Ok(nodes)
}
