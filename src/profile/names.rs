//! The names in a template, checked before it is rendered: what is not known, what cannot be written out, and how often
//! its loops may repeat.
//!
//! Renders nothing.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "elements and parameters are another crate's, and it may add more"
)]

use std::collections::BTreeSet;

use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use handlebars::{Path, PathSeg};
use serde_json::Value as Json;

use super::facts::is_fact;
use super::tags;
use super::unknown::UnknownName;
use crate::diagnostic::Diagnostic;
use crate::source::{Span, odd_character};

/// Most faults told of one template.
const MAX_FAULTS: usize = 50;

/// A fault in a template before its place in the file is known.
pub(super) struct Fault {
    raw: String,
    offset: usize,
    make: Box<dyn Fn(Span) -> Diagnostic>,
}

impl Fault {
    /// Returns it at its place in the file.
    pub(super) fn at(self, place: &dyn Fn(usize, usize) -> Span) -> Diagnostic {
        (self.make)(place(self.offset, self.raw.len()))
    }
}

/// Walks a template and checks its names.
pub(super) struct Names<'a> {
    text: &'a str,
    data: &'a Json,
    /// What is wrong.
    pub(super) found: Vec<Fault>,
    /// Variables that go into it.
    pub(super) variables: BTreeSet<String>,
    /// Whether it may differ from node to node.
    pub(super) by_node: bool,
    /// Whether it names what could not be read, which has been reported: nothing can be said of it.
    pub(super) is_unclear: bool,
    /// Top-level names that could not be read.
    unread: &'a [&'static str],
    /// How many parts it goes through, each as often as the loops around it may repeat it.
    pub(super) steps: u64,
    /// How often the loops around the part that is looked at may repeat it.
    times: u64,
    /// Whether the items of the loop around are maps, as far as that is known.
    items_are_maps: bool,
}

impl<'a> Names<'a> {
    /// Returns a walk over a template of this text, against the names in `data`; those in `unread` are known, but not
    /// what they stand for.
    pub(super) fn new(text: &'a str, data: &'a Json, unread: &'a [&'static str]) -> Self {
        Self {
            text,
            data,
            found: Vec::new(),
            variables: BTreeSet::new(),
            by_node: false,
            is_unclear: false,
            unread,
            steps: 0,
            times: 1,
            items_are_maps: false,
        }
    }

    /// Checks a template, and notes what goes into it; `top` tells that it is in no loop.
    pub(super) fn elements(&mut self, elements: &[TemplateElement], top: bool) {
        for element in elements {
            self.steps = self.steps.saturating_add(self.times);
            match element {
                TemplateElement::Expression(helper) | TemplateElement::HtmlExpression(helper) => {
                    self.expression(helper, top);
                }
                TemplateElement::HelperBlock(helper) => self.block(helper, top),
                TemplateElement::PartialExpression(_)
                | TemplateElement::PartialBlock(_)
                | TemplateElement::DecoratorExpression(_)
                | TemplateElement::DecoratorBlock(_) => {
                    self.note("{{", |place| {
                        Diagnostic::error(
                            "template-syntax",
                            place,
                            "partials and decorators are not part of the language",
                            "one of these",
                        )
                        .help("write the text out, or put it into a variable")
                    });
                }
                _ => {}
            }
        }
    }

    fn expression(&mut self, helper: &HelperTemplate, top: bool) {
        if helper.params.is_empty() && helper.hash.is_empty() {
            match &helper.name {
                Parameter::Name(name) => {
                    if let Ok(path) = Path::parse(name) {
                        self.path(&path, top, true);
                    }
                }
                Parameter::Literal(literal) => self.literal(literal),
                Parameter::Path(path) => self.path(path, top, true),
                Parameter::Subexpression(sub) => {
                    self.elements(std::slice::from_ref(&sub.element), top);
                }
                _ => {}
            }
            return;
        }
        self.params(helper, top);
    }

    fn block(&mut self, helper: &HelperTemplate, top: bool) {
        self.params(helper, top);
        let inner = top
            && matches!(&helper.name, Parameter::Name(name) if name == "if" || name == "unless");
        let times = self.times;
        if !inner {
            self.times = times.saturating_mul(self.length(helper.params.first(), top));
            // a loop costs time for each round, even where there is nothing in it
            self.steps = self.steps.saturating_add(self.times);
        }
        let maps = self.items_are_maps;
        if matches!(&helper.name, Parameter::Name(name) if name == "each") {
            self.items_are_maps = self.listed(helper.params.first(), top).is_some_and(|list| {
                list.as_array().and_then(|items| items.first()).is_some_and(Json::is_object)
            });
        }
        for template in [&helper.template, &helper.inverse].into_iter().flatten() {
            self.elements(&template.elements, inner);
        }
        (self.times, self.items_are_maps) = (times, maps);
    }

    /// Returns the most rounds that a loop over a parameter can take.
    fn length(&self, param: Option<&Parameter>, top: bool) -> u64 {
        let count = |at: &Json| match at {
            Json::Array(items) => items.len() as u64,
            Json::Object(fields) => fields.len() as u64,
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 1,
        };
        if let Some(Parameter::Literal(literal)) = param {
            return count(literal);
        }
        let known = self.listed(param, top).map(count);
        // what is looped over in a loop is not known here: at most the longest list there is
        known.unwrap_or_else(|| {
            let lists = self.data.as_object().into_iter().flatten();
            let peers = self.data.get("role").and_then(Json::as_object).into_iter().flatten();
            let peers = peers.filter_map(|(_, peer)| peer.get("nodes"));
            lists.map(|(_, list)| count(list)).chain(peers.map(count)).max().unwrap_or(1).max(8)
        })
    }

    /// Returns what a parameter names, where that is known before it is rendered.
    fn listed(&self, param: Option<&Parameter>, top: bool) -> Option<&'a Json> {
        let Some(Parameter::Path(Path::Relative((path, _)))) = param else { return None };
        let name = |segment: &PathSeg| {
            let PathSeg::Named(name) = segment else { return None };
            Some(name.clone())
        };
        let names: Vec<String> = path.iter().map(name).collect::<Option<_>>()?;
        let is_known = top && !names.is_empty();
        names.iter().try_fold(self.data, |at, name| at.get(name)).filter(|_| is_known)
    }

    /// Refuses a literal that would stand for a fact, or make what no text may hold.
    fn literal(&mut self, literal: &Json) {
        let Json::String(text) = literal else { return };
        let Some((_, odd)) = odd_character(text) else { return };
        self.note("{{", move |place| {
            let title = format!("a template names the character U+{:04X}", u32::from(odd));
            let label = "no configuration file can hold it";
            Diagnostic::error("control-character", place, title, label)
                .help("write the text without it, or put the bytes into a file with `local`")
        });
    }

    fn params(&mut self, helper: &HelperTemplate, top: bool) {
        for param in helper.params.iter().chain(helper.hash.values()) {
            match param {
                Parameter::Literal(literal) => self.literal(literal),
                Parameter::Path(path) => self.path(path, top, false),
                Parameter::Name(name) => {
                    if let Ok(path) = Path::parse(name) {
                        self.path(&path, top, false);
                    }
                }
                Parameter::Subexpression(sub) => {
                    self.elements(std::slice::from_ref(&sub.element), top);
                }
                _ => {}
            }
        }
    }

    /// Checks one path; `top` tells that names are looked up from the root here, `written` that it is written out.
    fn path(&mut self, path: &Path, top: bool, written: bool) {
        let Path::Relative((segments, raw)) = path else { return };
        let mut names: Vec<&str> = Vec::new();
        let mut climbs = false;
        for segment in segments {
            match segment {
                PathSeg::Named(name) => names.push(name),
                _ => climbs = true,
            }
        }
        let rooted = raw.starts_with("@root");
        let Some(first) = names.first().copied() else {
            if written && self.items_are_maps && raw == "this" {
                self.not_text(raw, "name a part of it, as `{{name}}`".to_owned());
            }
            // the whole context, with every variable in it
            if top || climbs && raw.contains("..") || rooted {
                self.all_variables();
            }
            return;
        };
        if self.unread.contains(&first) {
            self.is_unclear = true;
            return;
        }
        // inside a loop a name may be the item's own; what is a name of ours is taken as that
        let ours = self.data.get(first).is_some();
        if first == "node" {
            self.by_node = true;
        }
        if first == "vars" {
            match names.get(1) {
                Some(name) => {
                    self.variables.insert((*name).to_owned());
                }
                None => self.all_variables(),
            }
        }
        let fetched = || {
            let variable = self.data.get(first).filter(|_| first == "vars");
            let value = variable.and_then(|variables| variables.get(*names.get(1)?));
            value.and_then(Json::as_str).is_some_and(is_fact)
        };
        if !written && (matches!(first, "host" | "stack") || fetched()) {
            let raw_path = raw.clone();
            self.note(raw, move |place| {
                let title =
                    format!("`{raw_path}` is known only at boot: nothing can be decided by it");
                Diagnostic::error(
                    "host-fact-in-condition",
                    place,
                    title,
                    "used as a condition or argument",
                )
                .help(
                    "write the fact out where it is needed, or decide by `node.zone` or a variable",
                )
            });
            return;
        }
        if (!top || climbs) && !rooted && !ours {
            return;
        }
        let mut at = self.data;
        for (index, name) in names.iter().enumerate() {
            let next = match at {
                Json::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
                _ => at.get(*name),
            };
            match next {
                Some(next) => at = next,
                None => return self.unknown(raw, &names, index, at),
            }
        }
        if written && (at.is_array() || at.is_object()) {
            let help =
                format!("name one of its parts, or loop: `{{{{#each {raw}}}}}…{{{{/each}}}}`");
            self.not_text(raw, help);
        }
    }

    fn not_text(&mut self, raw: &str, help: String) {
        let title = format!("`{raw}` is no single text");
        self.note(raw, move |place| {
            Diagnostic::error("template-not-text", place, title.as_str(), "a list or a map")
                .help(help.as_str())
        });
    }

    /// Takes all variables for ones that go into the template: which of them is not known before it is rendered.
    fn all_variables(&mut self) {
        let all = self.data.get("vars").and_then(Json::as_object).into_iter().flatten();
        self.variables.extend(all.map(|(name, _)| name.clone()));
    }

    fn unknown(&mut self, raw: &str, names: &[&str], index: usize, at: &Json) {
        // a role that cannot be found has been reported at its name
        if index == 1 && names.first() == Some(&"role") {
            self.is_unclear = true;
            return;
        }
        let found = UnknownName::new(raw, names, index, at, self.data);
        self.note(raw, move |place| found.at(place));
    }

    fn note(&mut self, raw: &str, make: impl Fn(Span) -> Diagnostic + 'static) {
        if self.found.len() >= MAX_FAULTS {
            return;
        }
        let offset = tags::find_name(self.text, raw);
        self.found.push(Fault { raw: raw.to_owned(), offset, make: Box::new(make) });
    }
}
