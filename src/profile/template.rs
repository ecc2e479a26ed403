//! Templates inside values: strict handlebars that can change a value but never the structure around it.
//!
//! No HTML escaping, no partials, no helper that writes elsewhere. Nesting and output are bounded. Facts of the host
//! are not known yet: they may be written out, but nothing can be decided by them.

use std::cell::Cell;
use std::collections::BTreeSet;

use handlebars::{Context, Handlebars, Output, RenderContext, Renderable, Template};
use serde_json::Value as Json;

use super::facts::Facts;
use super::faults::{unreadable, unrenderable};
use super::helpers::{self, Made};
use super::names::Names;
use super::tags;
use crate::diagnostic::Diagnostic;
use crate::model::Text;
use crate::source::{Sources, Span, locate};

/// Deepest nesting of blocks and sub-expressions.
const MAX_NESTING: usize = 32;
/// Longest text a template may make, in bytes.
const MAX_OUTPUT: usize = 4 << 20;
/// Most text that all templates of a role may make, in bytes.
const MAX_TOTAL: usize = 64 << 20;
/// Most parts that all templates of a role may go through, each as often as the loops around it may repeat it.
const MAX_STEPS: u64 = 20_000_000;

/// Renders templates against one context.
pub(super) struct Engine {
    registry: Handlebars<'static>,
    context: Context,
    /// What stands behind the keys of facts in the context.
    facts: Facts,
    /// What helpers have made.
    made: Made,
    /// Names of variables that went into any template so far.
    used: BTreeSet<String>,
    unread: &'static [&'static str],
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
    /// Returns whether the text may differ from node to node.
    pub(super) fn differs_by_node(&self) -> bool {
        self.by_node
    }

    /// Returns the variables that go into it.
    pub(super) fn variables(&self) -> &BTreeSet<String> {
        &self.variables
    }
}

/// Returns whether a text needs the template engine at all.
pub(super) fn is_template(text: &str) -> bool {
    text.contains("{{")
}

impl Engine {
    /// Returns an engine over the top-level names of `context`, a JSON object with keys of `facts`.
    pub(super) fn new(context: Json, facts: Facts) -> Self {
        let mut registry = Handlebars::new();
        registry.register_escape_fn(handlebars::no_escape);
        registry.set_strict_mode(true);
        registry.unregister_helper("log");
        let made = Made::default();
        helpers::register(&mut registry, &made);
        let context = Context::wraps(context).expect("JSON is always a context");
        Self {
            registry,
            context,
            facts,
            made,
            used: BTreeSet::new(),
            unread: &[],
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

    /// Says which top-level names stand for what could not be read: no template with one of them is rendered.
    pub(super) fn set_unread(&mut self, names: &'static [&'static str]) {
        self.unread = names;
        for name in names {
            self.set(name, Json::Null);
        }
    }

    /// Returns the facts that the context may name.
    pub(super) fn facts(&mut self) -> &mut Facts {
        &mut self.facts
    }

    /// Returns what helpers have made since the last call, each text with those it was made of.
    pub(super) fn made(&self) -> Vec<(Vec<String>, String)> {
        self.made.take()
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
        let mut names = Names::new(text, self.context.data(), self.unread);
        names.elements(&template.elements, true);
        let Names { found, variables, by_node, is_unclear, steps, .. } = names;
        if is_unclear || !found.is_empty() {
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
    ) -> Result<Text, Box<Diagnostic>> {
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
        let mut out = Capped { text: Text::default(), bytes: 0, facts: &self.facts };
        let mut state = RenderContext::new(None);
        match compiled.template.render(&self.registry, &self.context, &mut state, &mut out) {
            Ok(()) => {
                self.bytes.set(self.bytes.get().saturating_add(out.bytes));
                Ok(out.text)
            }
            Err(error) => {
                let Compiled { span, source, .. } = compiled;
                let data = self.context.data();
                Err(Box::new(unrenderable(&error, source, *span, data, MAX_OUTPUT, sources)))
            }
        }
    }

    fn too_large(title: String, compiled: &Compiled) -> Diagnostic {
        Diagnostic::error("template-too-large", compiled.span, title, "passes the limit here")
            .help("use `node` or loops over `nodes` in fewer places, or have fewer nodes")
    }
}

/// Takes what a template writes, and stops one that writes without end.
struct Capped<'a> {
    text: Text,
    bytes: usize,
    facts: &'a Facts,
}

impl Output for Capped<'_> {
    /// The engine hands over every value in one segment of its own, so a key comes alone.
    fn write(&mut self, segment: &str) -> Result<(), std::io::Error> {
        if let Some(fact) = self.facts.find(segment) {
            self.text.push(fact);
            return Ok(());
        }
        self.bytes += segment.len();
        if self.bytes > MAX_OUTPUT {
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
    use crate::model::{HostFact, Piece, SecretSource};

    fn engine() -> Engine {
        let mut facts = Facts::default();
        let zone = facts.host(HostFact::Zone);
        let password = facts.secret(SecretSource::Parameter("/p".to_owned()));
        let context = json!({
            "vars": { "heap": "2GiB", "count": 3, "password": password },
            "node": { "name": "kafka-1" },
            "nodes": [{ "name": "kafka-1", "address": "a" }, { "name": "kafka-2", "address": "b" }],
            "host": { "zone": zone },
            "cluster": { "text": "a\nb\n\nc" },
        });
        Engine::new(context, facts)
    }

    /// Renders a text, facts as `<name>`.
    fn run(text: &str) -> Result<String, String> {
        let shown = |piece: &Piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Host(fact) => format!("<{fact}>"),
            Piece::Stack(fact) => format!("<{fact}>"),
            Piece::Secret(source) => format!("<{source}>"),
        };
        Ok(render(text)?.pieces().iter().map(shown).collect())
    }

    fn render(text: &str) -> Result<Text, String> {
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
    fn facts_are_written_however_they_are_named() {
        for (text, expected) in [
            ("a{{host.zone}}b{{host.zone}}", "a<zone>b<zone>"),
            ("{{{host.zone}}}{{&host.zone}}{{host.[zone]}}", "<zone><zone><zone>"),
            ("{{#each nodes}}{{@root.host.zone}} {{/each}}", "<zone> <zone> "),
            ("{{#if vars.count}}{{host.zone}}{{/if}}", "<zone>"),
            ("{{#with vars}}{{password}}{{/with}}", "<ssm:/p>"),
            ("{{lookup vars \"password\"}}", "<ssm:/p>"),
            ("{{#each vars}}{{@key}}={{this}} {{/each}}", "heap=2GiB count=3 password=<ssm:/p> "),
            ("{{#with @root}}{{#with host}}{{zone}}{{/with}}{{/with}}", ""),
            ("{{lookup (lookup this \"host\") \"zone\"}}", "<zone>"),
            ("\u{F8E0}host.zone\u{F8E1}{{host.zone}}", "\u{F8E0}host.zone\u{F8E1}<zone>"),
        ] {
            if expected.is_empty() {
                assert!(run(text).expect_err(text).starts_with("host-fact-in-condition"));
            } else {
                assert_eq!(run(text).as_deref(), Ok(expected), "{text}");
            }
        }
        for text in
            ["{{lookup host \"zone\"}}", "{{#each host}}{{this}}{{/each}}", "{{len vars.password}}"]
        {
            assert!(run(text).expect_err(text).starts_with("host-fact-in-condition"), "{text}");
        }
    }

    #[test]
    fn helpers_make_one_text() {
        for (text, expected) in [
            ("{{join nodes \",\" \"address\"}}", "a,b"),
            (
                "{{join nodes \",\" \"address\" before=\"http://\" after=\":80\"}}",
                "http://a:80,http://b:80",
            ),
            ("{{upper vars.heap}} {{lower \"\u{c4}X\"}}", "2GIB \u{e4}x"),
            ("{{base64 vars.heap}} {{base64 (upper \"a\")}}", "MkdpQg== QQ=="),
            ("{{indent 2 cluster.text}}", "a\n  b\n\n  c"),
            ("{{add vars.count 1 1}} {{sub vars.count 5}} {{mul vars.count \"-2\"}}", "5 -2 -6"),
            ("{{#if (gt (add vars.count 1) 3)}}x{{/if}}", "x"),
            ("{{lookup (lookup nodes 0) \"name\"}}", "kafka-1"),
        ] {
            assert_eq!(run(text).as_deref(), Ok(expected), "{text}");
        }
        for (text, expected) in [
            (
                "{{add vars.heap 1}}",
                "template-failed `add` takes whole numbers, and argument 1 is `2GiB`",
            ),
            (
                "{{add 9223372036854775807 1}}",
                "template-failed `add` comes to a number of more than 64 bits",
            ),
            ("{{join vars \",\"}}", "template-failed `join` takes a list first"),
            ("{{join nodes \",\"}}", "template-failed the items of the list are maps: name one of"),
            (
                "{{join nodes \",\" \"nope\"}}",
                "template-failed item 1 of the list has no text `nope`",
            ),
            ("{{upper vars.heap vars.heap}}", "template-failed `upper` cannot take 2 arguments"),
            ("{{upper vars.heap x=1}}", "template-failed `upper` knows no `x=`"),
            ("{{indent 999 vars.heap}}", "template-failed `indent` takes 0 to 64 blanks"),
            ("{{lookup nodes 0}}", "template-not-text `lookup` finds no single text"),
            ("{{lookup nodes 9}}", "template-failed `nodes` holds no `9`"),
            ("{{upper host.zone}}", "host-fact-in-condition"),
            ("{{upper vars.password}}", "host-fact-in-condition"),
            ("{{base64 (lookup vars \"password\")}}", "host-fact-in-condition"),
            ("{{#each vars}}{{upper this}}{{/each}}", "host-fact-in-condition"),
            (
                "{{#each nodes}}{{this}}{{/each}}",
                "template-not-text `this` is no single text @this",
            ),
            ("{{upper vars.nope}}", "template-unknown-name"),
        ] {
            let found = run(text).expect_err(text);
            assert!(found.starts_with(expected), "{text}: {found}");
        }
        let doubled = format!(
            "{}{}{}",
            "{{base64 ".to_owned() + &"(base64 ".repeat(31),
            "vars.heap",
            ")".repeat(31)
        );
        assert!(run(&(doubled + "}}")).is_ok());
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
