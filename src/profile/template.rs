//! Templates inside values: strict handlebars that can change a value but never the structure around it.
//!
//! No HTML escaping, no partials, no helper that writes elsewhere. Nesting and output are bounded. Facts of the host
//! are not known yet: they may be written out, but nothing can be decided by them.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "elements, parameters and reasons are another crate's, and it may add more"
)]

use std::cell::Cell;
use std::collections::BTreeSet;

use handlebars::template::{HelperTemplate, Parameter, TemplateElement};
use handlebars::{
    Context, Handlebars, Output, Path, PathSeg, RenderContext, RenderError, RenderErrorReason,
    Renderable, Template, TemplateErrorReason,
};
use serde_json::Value as Json;

use super::tags;
use crate::diagnostic::{Diagnostic, nearest, suggestion};
use crate::source::{Sources, Span, locate};

/// Deepest nesting of blocks and sub-expressions.
const MAX_NESTING: usize = 32;
/// Longest text a template may make, in bytes.
const MAX_OUTPUT: usize = 4 << 20;
/// Most text that all templates of a role may make, in bytes.
const MAX_TOTAL: usize = 64 << 20;
/// Most parts that all templates of a role may go through, each as often as the loops around it may repeat it.
const MAX_STEPS: u64 = 20_000_000;
/// Most faults told of one template.
const MAX_FAULTS: usize = 50;

/// Renders templates against one context.
pub(super) struct Engine {
    registry: Handlebars<'static>,
    context: Context,
    /// Names of variables that went into any template so far.
    used: BTreeSet<String>,
    /// Parts gone through and bytes made so far.
    steps: Cell<u64>,
    bytes: Cell<usize>,
}

/// A template that has been read and whose names have been checked.
pub(super) struct Compiled {
    template: Template,
    span: Span,
    source: String,
    variables: BTreeSet<String>,
    by_node: bool,
    steps: u64,
}

impl Compiled {
    /// Tells whether the text may differ from node to node.
    pub(super) fn differs_by_node(&self) -> bool {
        self.by_node
    }

    /// Returns the variables that go into it.
    pub(super) fn variables(&self) -> &BTreeSet<String> {
        &self.variables
    }
}

/// Tells whether a text needs the template engine at all.
pub(super) fn is_template(text: &str) -> bool {
    text.contains("{{")
}

impl Engine {
    /// Returns an engine over the top-level names of `context`, a JSON object.
    pub(super) fn new(context: Json) -> Self {
        let mut registry = Handlebars::new();
        registry.register_escape_fn(handlebars::no_escape);
        registry.set_strict_mode(true);
        registry.unregister_helper("log");
        let context = Context::wraps(context).expect("JSON is always a context");
        Self {
            registry,
            context,
            used: BTreeSet::new(),
            steps: Cell::default(),
            bytes: Cell::default(),
        }
    }

    /// Sets one top-level name of the context.
    pub(super) fn set(&mut self, name: &str, value: Json) {
        if let Json::Object(object) = self.context.data_mut() {
            object.insert(name.to_owned(), value);
        }
    }

    /// Returns the variables used so far.
    pub(super) fn used(&self) -> &BTreeSet<String> {
        &self.used
    }

    /// Reads a template and checks every name that can be checked without rendering.
    pub(super) fn compile(
        &mut self,
        text: &str,
        span: Span,
        sources: &Sources,
    ) -> Result<Compiled, Vec<Diagnostic>> {
        let place = |offset: usize, length: usize| locate(sources, span, text, offset, length);
        if let Some(at) = tags::too_deep(text, MAX_NESTING) {
            let title = format!("template nested more than {MAX_NESTING} levels deep");
            return Err(vec![
                Diagnostic::error("template-too-deep", place(at, 2), title, "one level too many")
                    .help("close a block before the next one opens, or write part of the text out"),
            ]);
        }
        if let Some(title) = tags::too_large(text) {
            let found = Diagnostic::error("template-too-large", place(0, 0), title, "too large");
            let help = "loop over `nodes` instead of writing each out, or split it";
            return Err(vec![found.help(help)]);
        }
        let template = Template::compile(text).map_err(|error| {
            let at = error.pos().map_or(0, |(line, column)| tags::offset_of(text, line, column));
            let at = if text.get(at..).is_some_and(|rest| rest.trim().is_empty()) {
                tags::unclosed(text).or(text.rfind("{{")).unwrap_or(0)
            } else if text.get(at..).is_some_and(|rest| rest.starts_with("{{")) {
                at
            } else {
                text.get(..at).and_then(|before| before.rfind("{{")).unwrap_or(at)
            };
            vec![unreadable(text, at, error.reason(), &place)]
        })?;
        let mut names = Names {
            text,
            data: self.context.data(),
            found: Vec::new(),
            variables: BTreeSet::new(),
            by_node: false,
            missing_role: false,
            times: 1,
            steps: 0,
        };
        names.elements(&template.elements, true);
        let Names { found, variables, by_node, missing_role, steps, .. } = names;
        if missing_role || !found.is_empty() {
            return Err(found.into_iter().map(|fault| fault.at(&place)).collect());
        }
        self.used.extend(variables.iter().cloned());
        Ok(Compiled { template, span, source: text.to_owned(), variables, by_node, steps })
    }

    /// Renders a template against the context as it is now.
    pub(super) fn render(
        &self,
        compiled: &Compiled,
        sources: &Sources,
    ) -> Result<String, Box<Diagnostic>> {
        let steps = self.steps.get().saturating_add(compiled.steps);
        if steps > MAX_STEPS {
            let title = format!("templates loop more than {MAX_STEPS} times in all");
            return Err(Box::new(Self::too_large(title, compiled)));
        }
        self.steps.set(steps);
        if self.bytes.get() > MAX_TOTAL {
            let title = format!("templates make more than {} MiB of text in all", MAX_TOTAL >> 20);
            return Err(Box::new(Self::too_large(title, compiled)));
        }
        let mut out = Capped { text: String::new() };
        let mut state = RenderContext::new(None);
        match compiled.template.render(&self.registry, &self.context, &mut state, &mut out) {
            Ok(()) => {
                self.bytes.set(self.bytes.get().saturating_add(out.text.len()));
                Ok(out.text)
            }
            Err(error) => Err(Box::new(self.render_error(&error, compiled, sources))),
        }
    }

    fn too_large(title: String, compiled: &Compiled) -> Diagnostic {
        Diagnostic::error("template-too-large", compiled.span, title, "passes the limit here")
            .help("use `node` or loops over `nodes` in fewer places, or have fewer nodes")
    }

    fn render_error(
        &self,
        error: &RenderError,
        compiled: &Compiled,
        sources: &Sources,
    ) -> Diagnostic {
        let Compiled { span, source, .. } = compiled;
        let at = error
            .line_no
            .zip(error.column_no)
            .map_or(0, |(line, column)| tags::offset_of(source, line, column));
        let at = source.get(at..).and_then(|rest| rest.find("{{")).map_or(at, |skip| at + skip);
        let length = source.get(at..).and_then(|rest| rest.find("}}")).map_or(0, |end| end + 2);
        let place = locate(sources, *span, source, at, length);
        match error.reason() {
            RenderErrorReason::MissingVariable(name) => {
                let name = name.as_deref().unwrap_or("this");
                let found = Diagnostic::error(
                    "template-unknown-name",
                    place,
                    format!("`{name}` is not known here"),
                    "no such name",
                );
                match self.near(name) {
                    Some(near) => found.help(format!("did you mean `{near}`?")),
                    None => found.help(
                        "known are `vars`, `cluster`, `node`, `nodes`, `role.<other>` and `host`",
                    ),
                }
            }
            RenderErrorReason::IOError(_) => Diagnostic::error(
                "template-too-large",
                place,
                format!("template makes more than {} MiB of text", MAX_OUTPUT >> 20),
                "passes the limit",
            ),
            RenderErrorReason::HelperNotFound(name) => helper_unknown(name, place),
            RenderErrorReason::ParamNotFoundForIndex(name, index) => Diagnostic::error(
                "template-failed",
                place,
                format!("helper `{name}` has {index} of the {} arguments it needs", index + 1),
                "one is missing",
            )
            .help(format!("write it as in `({name} cluster.size 2)`")),
            reason => Diagnostic::error(
                "template-failed",
                place,
                format!("template cannot be rendered: {}", reason.to_string().to_lowercase()),
                "fails here",
            ),
        }
    }

    /// Returns the nearest known name to one that failed inside a loop: a field of a node or a full path.
    fn near(&self, name: &str) -> Option<String> {
        let (parent, last) = name.rsplit_once('.').unwrap_or(("", name));
        let mut at = self.context.data();
        for step in parent.split('.').filter(|step| !step.is_empty()) {
            at = at.get(step)?;
        }
        let known: Vec<&str> = at.as_object()?.keys().map(String::as_str).collect();
        let near = nearest(last, known)?;
        Some(if parent.is_empty() { near.to_owned() } else { format!("{parent}.{near}") })
    }
}

/// A fault in a template before its place in the file is known.
struct Fault {
    raw: String,
    offset: usize,
    make: Box<dyn Fn(Span) -> Diagnostic>,
}

impl Fault {
    fn at(self, place: &dyn Fn(usize, usize) -> Span) -> Diagnostic {
        (self.make)(place(self.offset, self.raw.len()))
    }
}

/// Walks a template and checks its names.
struct Names<'a> {
    text: &'a str,
    data: &'a Json,
    found: Vec<Fault>,
    variables: BTreeSet<String>,
    by_node: bool,
    missing_role: bool,
    /// How often the loops around may repeat a part, and the sum of that over all parts.
    times: u64,
    steps: u64,
}

impl Names<'_> {
    fn elements(&mut self, elements: &[TemplateElement], top: bool) {
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
        for template in [&helper.template, &helper.inverse].into_iter().flatten() {
            self.elements(&template.elements, inner);
        }
        self.times = times;
    }

    /// Returns the most rounds that a loop over a parameter can take.
    fn length(&self, param: Option<&Parameter>, top: bool) -> u64 {
        let count = |at: &Json| match at {
            Json::Array(items) => items.len() as u64,
            Json::Object(fields) => fields.len() as u64,
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => 1,
        };
        let path = match param {
            Some(Parameter::Literal(literal)) => return count(literal),
            Some(Parameter::Path(Path::Relative((path, _)))) => path.as_slice(),
            _ => &[],
        };
        let name = |segment: &PathSeg| {
            let PathSeg::Named(name) = segment else { return None };
            Some(name.clone())
        };
        let names: Option<Vec<String>> = path.iter().map(name).collect();
        let known = names
            .filter(|names| top && !names.is_empty())
            .and_then(|names| names.iter().try_fold(self.data, |at, name| at.get(name)).map(count));
        // what is looped over in a loop is not known here: at most the longest list there is
        known.unwrap_or_else(|| {
            let lists = self.data.as_object().into_iter().flatten();
            let peers = self.data.get("role").and_then(Json::as_object).into_iter().flatten();
            let peers = peers.filter_map(|(_, peer)| peer.get("nodes"));
            lists.map(|(_, list)| count(list)).chain(peers.map(count)).max().unwrap_or(1).max(8)
        })
    }

    fn params(&mut self, helper: &HelperTemplate, top: bool) {
        for param in helper.params.iter().chain(helper.hash.values()) {
            match param {
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
        let Some(first) = names.first().copied() else { return };
        // inside a loop a name may be the item's own; what is a name of ours is taken as that
        let ours = self.data.get(first).is_some();
        if first == "node" {
            self.by_node = true;
        }
        if first == "vars" {
            self.variables.extend(names.get(1).map(|name| (*name).to_owned()));
        }
        if first == "host" && !written {
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
            let raw_path = raw.clone();
            self.note(raw, move |place| {
                Diagnostic::error(
                    "template-not-text",
                    place,
                    format!("`{raw_path}` is no single text"),
                    "a list or a map",
                )
                .help(format!(
                    "name one of its parts, or loop: `{{{{#each {raw_path}}}}}…{{{{/each}}}}`"
                ))
            });
        }
    }

    fn unknown(&mut self, raw: &str, names: &[&str], index: usize, at: &Json) {
        // a role that cannot be found has been reported at its name
        if index == 1 && names.first() == Some(&"role") {
            self.missing_role = true;
            return;
        }
        let known: Vec<String> =
            at.as_object().map(|object| object.keys().cloned().collect()).unwrap_or_default();
        let name = names.get(index).copied().unwrap_or("").to_owned();
        let before = names.get(..index).unwrap_or_default().join(".");
        let help = match (before.as_str(), nearest(&name, known.iter().map(String::as_str))) {
            ("vars", None) => format!("declare it under `vars`: `{name}: {{ type: string }}`"),
            ("", Some(near)) => format!("did you mean `{near}`?"),
            (_, Some(near)) => format!("did you mean `{before}.{near}`?"),
            ("node", None) if name == "address" => {
                "set `cluster.domain`, or an `address` for each node in `cluster.nodes`".to_owned()
            }
            ("node", None) if name == "zone" => {
                "set `cluster.zones`, or a `zone` for each node in `cluster.nodes`".to_owned()
            }
            (_, None) => suggestion(&name, known.iter().map(String::as_str)),
        };
        let raw_path = raw.to_owned();
        self.note(raw, move |place| {
            Diagnostic::error(
                "template-unknown-name",
                place,
                format!("`{raw_path}` is not known"),
                "no such name",
            )
            .help(help.clone())
        });
    }

    fn note(&mut self, raw: &str, make: impl Fn(Span) -> Diagnostic + 'static) {
        if self.found.len() >= MAX_FAULTS {
            return;
        }
        let offset = tags::find_name(self.text, raw);
        self.found.push(Fault { raw: raw.to_owned(), offset, make: Box::new(make) });
    }
}

/// Says what is wrong with the tag at `at`.
fn unreadable(
    text: &str,
    at: usize,
    reason: &TemplateErrorReason,
    place: &dyn Fn(usize, usize) -> Span,
) -> Diagnostic {
    const BRACES: &str = "write `{{vars.name}}`; for braces that are meant literally write `\\{{`";
    let rest = text.get(at..).unwrap_or("");
    let end = rest.find("}}").map(|end| end + 2);
    let line = rest.find('\n').unwrap_or(rest.len());
    let tag = rest.get(..end.unwrap_or(line)).unwrap_or("");
    let word = tag.strip_prefix("{{#").map(|inner| {
        let end = inner.find(|c: char| !c.is_alphanumeric()).unwrap_or(inner.len());
        inner.get(..end).unwrap_or("")
    });
    let (title, label, help) = match (reason, word) {
        (TemplateErrorReason::MismatchingClosedHelper(open, close), _) => (
            format!("block `{{{{#{open}}}}}` is closed by `{{{{/{close}}}}}`"),
            "closes another block".to_owned(),
            format!("write `{{{{/{open}}}}}`"),
        ),
        (_, Some(word)) if end.is_some() => (
            format!("block `{tag}` is never closed"),
            "opens here".to_owned(),
            format!("close it with `{{{{/{word}}}}}`"),
        ),
        _ if end.is_none() => {
            (format!("`{tag}` has no `}}}}`"), "opens here".to_owned(), BRACES.to_owned())
        }
        _ => (format!("`{tag}` is no template"), "cannot be read".to_owned(), BRACES.to_owned()),
    };
    Diagnostic::error("template-syntax", place(at, tag.len()), title, label).help(help)
}

fn helper_unknown(name: &str, place: Span) -> Diagnostic {
    let known = [
        "if", "unless", "each", "with", "lookup", "raw", "eq", "ne", "gt", "gte", "lt", "lte",
        "and", "or", "not", "len",
    ];
    Diagnostic::error(
        "template-unknown-helper",
        place,
        format!("there is no helper `{name}`"),
        "no such helper",
    )
    .help(suggestion(name, known))
}

/// Stops a template that writes without end.
struct Capped {
    text: String,
}

impl Output for Capped {
    fn write(&mut self, segment: &str) -> Result<(), std::io::Error> {
        if self.text.len() + segment.len() > MAX_OUTPUT {
            return Err(std::io::Error::other("too long"));
        }
        self.text.push_str(segment);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn engine() -> Engine {
        Engine::new(json!({
            "vars": { "heap": "2GiB", "count": 3 },
            "node": { "name": "kafka-1" },
            "nodes": [{ "name": "kafka-1", "address": "a" }, { "name": "kafka-2", "address": "b" }],
            "host": { "zone": "Z" },
        }))
    }

    fn run(text: &str) -> Result<String, String> {
        let mut sources = Sources::new();
        let file = sources.add("t", text);
        let span = Span::new(file, 0, text.len());
        let mut engine = engine();
        let first = |found: &Diagnostic| {
            format!("{} {} @{}", found.code, found.title, sources.slice(found.primary.span))
        };
        let compiled = engine
            .compile(text, span, &sources)
            .map_err(|found| found.first().map(first).unwrap_or_default())?;
        engine.render(&compiled, &sources).map_err(|found| first(&found))
    }

    #[test]
    fn renders() {
        for (text, expected) in [
            ("-Xmx{{vars.heap}} & <x>", "-Xmx2GiB & <x>"),
            ("{{#each nodes}}{{address}}{{#unless @last}},{{/unless}}{{/each}}", "a,b"),
            (
                "{{#each nodes}}{{#if (eq name ../node.name)}}me{{else}}{{name}}{{/if}} {{/each}}",
                "me kafka-2 ",
            ),
            ("\\{{.State.Running}}", "{{.State.Running}}"),
            ("{{#if (gt vars.count 2)}}many{{/if}}", "many"),
        ] {
            assert_eq!(run(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn faults_have_their_place() {
        for (text, expected) in [
            ("a {{vars.haep}}", "template-unknown-name `vars.haep` is not known @vars.haep"),
            ("{{#if nope}}x{{/if}}", "template-unknown-name `nope` is not known @nope"),
            ("{{nodes}}", "template-not-text `nodes` is no single text @nodes"),
            (
                "{{#each nodes}}{{adress}}{{/each}}",
                "template-unknown-name `adress` is not known here @",
            ),
            (
                "{{#if host.zone}}x{{/if}}",
                "host-fact-in-condition `host.zone` is known only at boot: nothing can be decided by it @host.zone",
            ),
            (
                "{{> other}}",
                "template-syntax partials and decorators are not part of the language @{{",
            ),
            ("x {{vars.heap", "template-syntax `{{vars.heap` has no `}}` @{{vars.heap"),
        ] {
            let found = run(text).expect_err(text);
            assert!(found.starts_with(expected), "{text}: {found}");
        }
    }

    #[test]
    fn deep_templates_are_refused_however_they_hide_it() {
        for (open, close) in [
            ("{{#if vars.heap}}", "{{/if}}"),
            ("{{# if vars.heap}}", "{{/if}}"),
            ("{{~#if vars.heap~}}", "{{/if}}"),
            ("{{\n#if vars.heap}}", "{{/if}}"),
            ("{{^if vars.heap}}", "{{/if}}"),
            ("{{#if vars.heap}}{{!-- {{/if}} --}}", "{{/if}}"),
            ("{{#if vars.heap}}{{!-- }} {{/if}} --}}", "{{/if}}"),
            ("{{#if vars.heap}}\\{{/if}}", "{{/if}}"),
            ("{{#if vars.heap}}\\{{{{/if}}", "{{/if}}"),
            ("{{#if vars.heap}}{{{{raw}}}}{{/if}}{{{{/raw}}}}", "{{/if}}"),
            ("{{#if (eq vars.heap \"}}{{/if}}\")}}", "{{/if}}"),
            ("{{#if (eq '\"' \"}}{{/if}}\")}}", "{{/if}}"),
            ("{{#if vars.[}}{{/if}}]}}", "{{/if}}"),
            ("{{else if vars.heap}}", ""),
            ("{{elseif vars.heap}}", ""),
            ("{{^if vars.heap}}", ""),
        ] {
            let deep = format!("{{{{#if vars.heap}}}}{}{}", open.repeat(2000), close.repeat(2001));
            let deep = if close.is_empty() { deep + "{{/if}}" } else { deep };
            assert!(run(&deep).expect_err("too deep").starts_with("template-too-deep"), "{open}");
        }
        let deep = format!("{{{{#if (eq \"}}}}\" {}1", "(len ".repeat(2000));
        assert!(run(&deep).expect_err("too deep").starts_with("template-too-deep"));
        let flat =
            "{{#if vars.heap}}a{{^}}\\{{.x}}{{!-- c --}}{{/if}}{{#each nodes}}{{else}}{{/each}}";
        assert!(run(&flat.repeat(100)).is_ok());
    }

    #[test]
    fn endless_templates_are_refused() {
        let nest = |open: &str, inner: &str| {
            format!("{}{inner}{}", open.repeat(30), "{{/each}}".repeat(30))
        };
        for text in [
            nest("{{#each nodes}}", ""),
            nest("{{#each @root.nodes}}", "x"),
            "{{vars.heap}}".repeat(5_000),
            "x".repeat(2 << 20) + "{{vars.heap}}",
        ] {
            assert!(run(&text).expect_err("too large").starts_with("template-too-large"));
        }
        let faults = "{{nope}}".repeat(500);
        assert!(run(&faults).expect_err("unknown").starts_with("template-unknown-name"));
    }
}
