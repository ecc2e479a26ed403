//! YAML text → a tree that keeps its places, within bounds.
//!
//! The only file that names the YAML crate. It knows no key; it closes the traps that are the same for every
//! profile: duplicate keys, alias bombs, deep nesting, directives, second documents, tags, control characters.
//! Aliases are expanded at once, which is safe because the expanded size is bounded.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's events and styles are not ours, and it may add more"
)]

use std::collections::BTreeMap;

use granit_parser::{Event, Options, Parser, ScalarStyle};

use super::edit::Edit;
use super::fault::Fault;
use super::gate::odd_character;
use super::indentation::{Misplaced, item_in_text, misplaced};
use super::keys::Keys;
use super::node::{Kind, Node, Style};
use super::plainly::plainly;
use super::text::{FileId, Span, Spanned};

/// Deepest nesting of maps and lists.
const MAX_DEPTH: usize = 64;
/// Most nodes of one file once aliases are expanded.
const MAX_NODES: usize = 400_000;
/// Most bytes of text of one file once aliases are expanded.
const MAX_TEXT: usize = 16 << 20;

/// Reads one document; an empty text is an empty map.
///
/// Every fault that can be told apart is returned, with what could be read of the rest.
pub fn parse(file: FileId, text: &str) -> Result<Node, Vec<Fault>> {
    read(file, text, false)
}

/// Reads one document that is no profile: `!Name value` becomes a map with the one key `!Name`, and a value may hold
/// control characters.
pub fn parse_tagged(file: FileId, text: &str) -> Result<Node, Vec<Fault>> {
    read(file, text, true)
}

fn read(file: FileId, text: &str, tagged: bool) -> Result<Node, Vec<Fault>> {
    let mut builder = Builder {
        file,
        text,
        tagged,
        faults: Vec::new(),
        anchors: BTreeMap::new(),
        nodes: 0,
        bytes: 0,
    };
    let root = builder.document();
    match root {
        Some(root) if builder.faults.is_empty() => Ok(root),
        _ => Err(builder.faults),
    }
}

/// A map or list that is still open.
struct Open {
    span: Span,
    anchor: usize,
    tag: Option<Spanned<String>>,
    items: Items,
    nodes: usize,
    bytes: usize,
}

enum Items {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<(Spanned<String>, Node)>,
    keys: Keys,
    merged: Vec<(Spanned<String>, Node)>,
    merged_keys: Keys,
    key: Option<Key>,
}

/// A key whose value is still to come.
struct Key {
    name: Spanned<String>,
    /// Whether it is the `<<` that takes in other maps: one in quotes is a name like any other.
    merges: bool,
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    /// Whether tags are kept as keys.
    tagged: bool,
    faults: Vec<Fault>,
    anchors: BTreeMap<usize, (Node, usize, usize)>,
    /// Nodes and bytes of text made so far, copies kept for aliases included.
    nodes: usize,
    bytes: usize,
}

impl Builder<'_> {
    fn document(&mut self) -> Option<Node> {
        let mut options = Options::default();
        options.disallow_directives = true;
        options.emit_comments = false;
        options.flow_nesting_limit = MAX_DEPTH;
        options.block_nesting_limit = MAX_DEPTH;
        let text = self.text;
        let mut parser = Parser::new_from_str_with_options(text, options);
        let mut stack: Vec<Open> = Vec::new();
        let mut root: Option<Node> = None;
        while let Some(event) = parser.next_event() {
            let (event, at) = match event {
                Ok(event) => event,
                Err(error) => {
                    self.syntax_error(&error);
                    return None;
                }
            };
            let span = self.span(&at);
            match event {
                Event::DocumentStart(..) if root.is_some() => {
                    self.fault(
                        "yaml-second-document",
                        span,
                        "a second YAML document in one file",
                        "starts here",
                    )
                    .help = Some(
                        "keep one document per file: remove this `---` or move the rest".to_owned(),
                    );
                    return None;
                }
                Event::Scalar(value, style, anchor, tag) => {
                    let name = self.tag(tag.as_deref(), span);
                    let node = under(name, self.scalar(&value, style, span));
                    self.complete(node, anchor, 1, value.len(), &mut stack, &mut root)?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    let name = self.tag(tag.as_deref(), span);
                    self.open(span, anchor, name, Items::List(Vec::new()), &mut stack)?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    let name = self.tag(tag.as_deref(), span);
                    let items = Items::Map(OpenMap::default());
                    self.open(span, anchor, name, items, &mut stack)?;
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    let open = stack.pop()?;
                    let end = if span.end > open.span.end { span.end } else { open.span.end };
                    let whole = self.trim(Span { end, ..open.span });
                    let (anchor, nodes, bytes) = (open.anchor, open.nodes + 1, open.bytes);
                    let kind = Self::close(open.items);
                    self.complete(
                        under(open.tag, Node::new(whole, kind)),
                        anchor,
                        nodes,
                        bytes,
                        &mut stack,
                        &mut root,
                    )?;
                }
                Event::Alias(anchor) => {
                    if let Some((node, nodes, bytes)) = self.anchors.get(&anchor) {
                        let (node, nodes, bytes) = (node.clone(), *nodes, *bytes);
                        self.complete(node, 0, nodes, bytes, &mut stack, &mut root)?;
                    } else {
                        let name = self
                            .text
                            .get(span.start as usize..span.end as usize)
                            .unwrap_or("*")
                            .to_owned();
                        self.fault(
                            "yaml-alias-loop",
                            span,
                            format!("alias `{name}` is inside its own anchor"),
                            "would contain itself",
                        )
                        .help = Some(
                            "write the value out, \
                             or move the anchor to a value that does not hold it"
                                .to_owned(),
                        );
                        return None;
                    }
                }
                _ => {}
            }
        }
        Some(root.unwrap_or_else(|| Node::new(Span::new(self.file, 0, 0), Kind::Map(Vec::new()))))
    }

    fn open(
        &mut self,
        span: Span,
        anchor: usize,
        tag: Option<Spanned<String>>,
        items: Items,
        stack: &mut Vec<Open>,
    ) -> Option<()> {
        if stack.len() >= MAX_DEPTH {
            self.fault(
                "yaml-too-deep",
                span,
                format!("nested more than {MAX_DEPTH} levels deep"),
                "one level too many",
            )
            .help = Some("take the value apart: no key of a profile is that deep".to_owned());
            return None;
        }
        stack.push(Open { span, anchor, tag, items, nodes: 0, bytes: 0 });
        Some(())
    }

    fn close(items: Items) -> Kind {
        match items {
            Items::List(list) => Kind::List(list),
            Items::Map(OpenMap { mut entries, mut keys, merged, .. }) => {
                for (key, node) in merged {
                    if keys.find(&entries, &key.value).is_none() {
                        entries.push((key, node));
                    }
                }
                Kind::Map(entries)
            }
        }
    }

    /// Hands a finished node to the map or list that is open, or makes it the root.
    fn complete(
        &mut self,
        node: Node,
        anchor: usize,
        nodes: usize,
        bytes: usize,
        stack: &mut [Open],
        root: &mut Option<Node>,
    ) -> Option<()> {
        self.nodes = self.nodes.saturating_add(1);
        if anchor != 0 {
            self.nodes = self.nodes.saturating_add(nodes);
            self.bytes = self.bytes.saturating_add(bytes);
            self.anchors.insert(anchor, (node.clone(), nodes, bytes));
        }
        let Some(parent) = stack.last_mut() else {
            *root = Some(node);
            return Some(());
        };
        parent.nodes = parent.nodes.saturating_add(nodes);
        parent.bytes = parent.bytes.saturating_add(bytes);
        if parent.nodes.max(self.nodes) > MAX_NODES || parent.bytes.max(self.bytes) > MAX_TEXT {
            self.fault(
                "yaml-too-large",
                node.span,
                format!(
                    "more than {MAX_NODES} values or {} MiB once aliases are expanded",
                    MAX_TEXT >> 20
                ),
                "the limit is passed here",
            )
            .help = Some("write fewer aliases of what holds aliases itself".to_owned());
            return None;
        }
        match &mut parent.items {
            Items::List(list) => list.push(node),
            Items::Map(OpenMap { entries, keys, merged, merged_keys, key }) => match key.take() {
                None => *key = Some(self.key(node)?),
                Some(key) if key.merges => self.merge_key(node, merged, merged_keys),
                Some(Key { name, .. }) => {
                    let known = keys.find(entries, &name.value);
                    if let Some((first, _)) = known.and_then(|at| entries.get(at)) {
                        let first = first.span;
                        let fault = self.fault(
                            "yaml-duplicate-key",
                            name.span,
                            format!("key `{}` is set twice", name.value),
                            "set again here",
                        );
                        fault.related = Some((first, "first set here".to_owned()));
                        fault.help = Some(format!("keep one of the two `{}`", name.value));
                    } else {
                        entries.push((name, node));
                    }
                }
            },
        }
        Some(())
    }

    fn key(&mut self, node: Node) -> Option<Key> {
        let key = |text: String, merges| Key { name: Spanned::new(text, node.span), merges };
        match node.kind {
            Kind::Scalar(text, style) => {
                let merges = text == "<<" && style == Style::Plain;
                Some(key(text, merges))
            }
            Kind::Null => Some(key("null".to_owned(), false)),
            Kind::List(_) | Kind::Map(_) => {
                let fault = self.fault(
                    "yaml-complex-key",
                    node.span,
                    "a key must be a word",
                    "this is a map or a list",
                );
                fault.help = Some("if this is a template, quote it: \"{{…}}\"".to_owned());
                None
            }
        }
    }

    fn merge_key(
        &mut self,
        node: Node,
        merged: &mut Vec<(Spanned<String>, Node)>,
        keys: &mut Keys,
    ) {
        let span = node.span;
        let mut neither = |span| {
            let fault = self.fault(
                "yaml-merge-key",
                span,
                "`<<` takes a map or a list of maps",
                "this is neither",
            );
            fault.help = Some("name an anchor of a map: `<<: *name`".to_owned());
        };
        let maps = match node.kind {
            Kind::List(list) => list,
            Kind::Map(_) => vec![node],
            Kind::Null | Kind::Scalar(..) => Vec::new(),
        };
        if maps.is_empty() {
            neither(span);
        }
        for map in maps {
            match map.kind {
                Kind::Map(entries) => {
                    for entry in entries {
                        if keys.find(merged, &entry.0.value).is_none() {
                            merged.push(entry);
                        }
                    }
                }
                Kind::Null | Kind::Scalar(..) | Kind::List(_) => neither(map.span),
            }
        }
    }

    fn scalar(&mut self, value: &str, style: ScalarStyle, span: Span) -> Node {
        // what others wrote for their own reader may hold what that one takes
        if let Some((_, odd)) = odd_character(value).filter(|_| !self.tagged) {
            self.fault(
                "yaml-control-character",
                span,
                format!("character U+{:04X} in a value", odd as u32),
                "no configuration file can hold it",
            )
            .help =
                Some("remove it; a file may hold any bytes with `base64` or `local`".to_owned());
        }
        let style = match style {
            ScalarStyle::Plain => Style::Plain,
            ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
            _ => Style::Quoted,
        };
        if style == Style::Plain && !self.tagged {
            let range = span.start as usize..span.end as usize;
            if let Some(found) = item_in_text(self.text, range) {
                self.misplaced("", found);
            }
        }
        let null = style == Style::Plain && matches!(value, "" | "~" | "null" | "Null" | "NULL");
        Node::new(span, if null { Kind::Null } else { Kind::Scalar(value.to_owned(), style) })
    }

    /// Returns a tag where they are kept, and refuses it where they are not.
    fn tag(&mut self, tag: Option<&granit_parser::Tag>, span: Span) -> Option<Spanned<String>> {
        if let Some(tag) = tag {
            let shown = tag.original();
            if self.tagged {
                return Some(Spanned::new(shown.clone(), span));
            }
            let before = self.text.get(..span.start as usize).unwrap_or("").trim_end();
            let value = span.start as usize;
            let span = if before.ends_with(shown.as_str()) {
                Span::new(self.file, before.len() - shown.len(), before.len())
            } else {
                span
            };
            // the blank behind it goes too
            let whole = Span::new(span.file, span.start as usize, value);
            let written = self.text.get(whole.start as usize..value).unwrap_or("").to_owned();
            let fault = self.fault(
                "yaml-tag",
                span,
                format!("YAML tag `{shown}` means nothing here"),
                "every key has a type of its own",
            );
            if shown.starts_with("!!") {
                fault.help = Some(format!("remove `{shown}`"));
                fault.edit = Some(Edit::replace(whole, written, ""));
            } else {
                fault.help = Some(format!("remove `{shown}`, and write out what it stands for"));
            }
        }
        None
    }

    fn syntax_error(&mut self, error: &granit_parser::ScanError) {
        let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
        let message = error.info();
        let span = Span::new(self.file, at, at);
        let deep = message.contains("nesting") || message.contains("recursion");
        if deep {
            self.fault(
                "yaml-too-deep",
                span,
                format!("nested more than {MAX_DEPTH} levels deep"),
                "one level too many",
            )
            .help = Some("take the value apart: no key of a profile is that deep".to_owned());
            return;
        }
        if let Some(found) = misplaced(self.text, at, &message) {
            return self.misplaced("not YAML: ", found);
        }
        let (what, help) = plainly(&message);
        let fault = self.fault("yaml-syntax", span, format!("not YAML: {what}"), "not here");
        fault.help = help.map(str::to_owned);
    }

    fn misplaced(&mut self, before: &str, found: Misplaced) {
        let place = |range: std::ops::Range<usize>| Span::new(self.file, range.start, range.end);
        let related = found.related.map(|(range, label)| (place(range), label));
        let (span, title) = (place(found.at), format!("{before}{}", found.what));
        let fault = self.fault("yaml-syntax", span, title, found.label);
        fault.related = related;
        fault.help = Some(found.help);
    }

    fn fault(
        &mut self,
        code: &'static str,
        span: Span,
        title: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Fault {
        let fault = Fault {
            code,
            span,
            title: title.into(),
            label: label.into(),
            related: None,
            help: None,
            edit: None,
        };
        // a file of nothing but faults needs no more than a screenful of them
        if self.faults.len() >= 50 {
            self.faults.pop();
        }
        self.faults.push(fault);
        let last = self.faults.len() - 1;
        self.faults.get_mut(last).expect("was just pushed")
    }

    fn span(&self, at: &granit_parser::Span) -> Span {
        let start = at.start.byte_offset().unwrap_or(0);
        let end = at.end.byte_offset().unwrap_or(start);
        self.trim(Span::new(self.file, start, end))
    }

    /// Cuts the blank end off a span: block nodes end where the next token starts.
    fn trim(&self, span: Span) -> Span {
        let covered = self.text.get(span.start as usize..span.end as usize).unwrap_or("");
        Span::new(self.file, span.start as usize, span.start as usize + covered.trim_end().len())
    }
}

/// Returns a node as the value of its tag, if it has one.
fn under(tag: Option<Spanned<String>>, node: Node) -> Node {
    match tag {
        Some(tag) => Node::new(node.span, Kind::Map(vec![(tag, node)])),
        None => node,
    }
}
