//! Inheritance: a child's tree laid over its parent's.
//!
//! Maps merge deeply by key; everything else replaces; `null` removes. Merging is associative: a `null` stays in the
//! tree as a tombstone, and a map that follows something which is no map remembers that it replaces what is below.

use crate::source::{Keys, Kind, Node};

/// Lays `over` over `under`; every value keeps the place it was written at.
pub(super) fn merge(under: Node, over: Node) -> Node {
    if over.replaces {
        return over;
    }
    match (under.kind, over.kind) {
        (Kind::Map(mut below), Kind::Map(above)) => {
            let mut keys = Keys::default();
            for (key, node) in above {
                let known = keys.find(&below, &key.value);
                match known.and_then(|at| below.get_mut(at)) {
                    Some((name, old)) => {
                        let empty = Node::new(old.span, Kind::Null);
                        *old = merge(std::mem::replace(old, empty), node);
                        *name = key;
                    }
                    None => below.push((key, node)),
                }
            }
            Node { span: over.span, kind: Kind::Map(below), replaces: under.replaces }
        }
        (_, kind) => {
            let replaces = matches!(kind, Kind::Map(_));
            Node { span: over.span, kind, replaces }
        }
    }
}

/// Lays a whole chain over cfgbuild's own defaults: here `null` takes back what a parent says, never a default.
pub(super) fn over_defaults(defaults: Node, chain: Node) -> Node {
    let Kind::Map(mut below) = defaults.kind else { return chain };
    let Kind::Map(above) = chain.kind else {
        let span = defaults.span;
        let is_default = matches!(chain.kind, Kind::Null);
        return if is_default { Node::new(span, Kind::Map(below)) } else { chain };
    };
    let mut keys = Keys::default();
    for (key, node) in above {
        let known = keys.find(&below, &key.value);
        match known.and_then(|at| below.get_mut(at)) {
            Some((_, _)) if matches!(node.kind, Kind::Null) => {}
            Some((name, old)) => {
                let empty = Node::new(old.span, Kind::Null);
                *old = over_defaults(std::mem::replace(old, empty), node);
                *name = key;
            }
            None => below.push((key, node)),
        }
    }
    Node::new(chain.span, Kind::Map(below))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::source::{Sources, Spanned, Style};

    fn node() -> impl Strategy<Value = Node> {
        let leaf = prop_oneof![
            Just(Node::new(Sources::NOWHERE, Kind::Null)),
            "[a-c]".prop_map(|text| Node::new(Sources::NOWHERE, Kind::Scalar(text, Style::Plain))),
        ];
        leaf.prop_recursive(3, 24, 3, |inner| {
            proptest::collection::btree_map("[a-d]", inner, 0..4).prop_map(|entries| {
                let entries = entries
                    .into_iter()
                    .map(|(key, node)| (Spanned::new(key, Sources::NOWHERE), node))
                    .collect();
                Node::new(Sources::NOWHERE, Kind::Map(entries))
            })
        })
    }

    proptest! {
        #[test]
        fn is_associative(a in node(), b in node(), c in node()) {
            let left = merge(merge(a.clone(), b.clone()), c.clone());
            let right = merge(a, merge(b, c));
            prop_assert_eq!(left, right);
        }

        #[test]
        fn an_empty_map_changes_no_map(a in node().prop_filter("a map", |a| a.entries().is_some())) {
            let empty = Node::new(Sources::NOWHERE, Kind::Map(Vec::new()));
            prop_assert_eq!(merge(a.clone(), empty.clone()), a.clone());
            prop_assert_eq!(merge(empty, a.clone()), a);
        }
    }
}
