//! What coreos-cloudinit would not take of a cloud-config: keys and values, section by section.

use super::keys::{self, Row, Takes};
use super::nodes::scalar;
use crate::diagnostic::{Diagnostic, Diagnostics, nearest, suggestion};
use crate::inspect::machine::USUAL_MODES;
use crate::source::{Edit, Kind, Node, Span, Spanned, Style};

/// Reports what is wrong in a config.
pub(super) fn check(tree: &Node, diags: &mut Diagnostics) {
    Checker { diags }.section(tree, "-", "");
}

struct Checker<'d> {
    diags: &'d mut Diagnostics,
}

impl Checker<'_> {
    /// Reports what is wrong in a section; `path` names it as `coreos.units[0]`.
    fn section(&mut self, node: &Node, section: &'static str, path: &str) {
        let Some(entries) = node.entries() else {
            return self.wrong_type(node.span, path, "a map");
        };
        for (name, value) in entries {
            let meant = name.value.replace('-', "_");
            let full =
                if path.is_empty() { name.value.clone() } else { format!("{path}.{}", name.value) };
            match (keys::find(section, &name.value), keys::find(section, &meant)) {
                (Some(row), _) => self.value(row, name, value, &full),
                (None, Some(row)) => {
                    self.hyphen(name, &meant, &full);
                    self.value(row, name, value, &full);
                }
                (None, None) => self.unknown(name, &meant, section, path),
            }
        }
    }

    fn value(&mut self, row: Row, name: &Spanned<String>, value: &Node, path: &str) {
        if let Some(why) = row.deprecated {
            let title = format!("`{path}` is of no use any more");
            self.diags.report(
                Diagnostic::warning("cloud-config-deprecated-key", name.span, title, why)
                    .help("remove it")
                    .edit(Edit::remove(name.span)),
            );
        }
        match (row.takes, &value.kind) {
            (_, Kind::Null) => {}
            (Takes::Section(inner), _) => self.section(value, inner, path),
            (Takes::Sections(inner), Kind::List(items)) => {
                for (position, item) in items.iter().enumerate() {
                    self.section(item, inner, &format!("{path}[{position}]"));
                }
            }
            (Takes::Sections(_), _) => self.wrong_type(value.span, path, "a list of maps"),
            (Takes::Texts, Kind::List(items)) => {
                for item in items.iter().filter(|item| scalar(item).is_none()) {
                    self.wrong_type(item.span, path, "a list of texts");
                }
            }
            (Takes::Texts, _) => self.wrong_type(value.span, path, "a list of texts"),
            (takes, Kind::Scalar(text, style)) => {
                self.single(row, takes, (text, *style), value.span, path);
            }
            (_, Kind::List(_) | Kind::Map(_)) => {
                self.wrong_type(value.span, path, "a single value");
            }
        }
    }

    fn single(
        &mut self,
        row: Row,
        takes: Takes,
        (text, style): (&str, Style),
        span: Span,
        path: &str,
    ) {
        let is_text = matches!(style, Style::Quoted | Style::Block) && !text.contains("${");
        if is_text && takes == Takes::Boolean {
            return self.wrong_type(span, path, "`true` or `false`, without quotes");
        }
        if is_text && matches!(takes, Takes::Integer | Takes::Number) {
            return self.wrong_type(span, path, "a number, without quotes");
        }
        match keys::wrong(takes, text) {
            Some(wrong) if wrong.is_type => self.wrong_type(span, path, &wrong.must_be),
            Some(wrong) => {
                let title = format!("`{path}` is `{text}`, but must be {}", wrong.must_be);
                let mut finding =
                    Diagnostic::error("cloud-config-wrong-value", span, title, "not taken");
                if let Takes::Word(words) = takes
                    && let Some(meant) = nearest(text, words.split('|'))
                {
                    finding =
                        finding.help(format!("write `{meant}`")).edit(Edit::write(span, meant));
                }
                self.diags.report(finding);
            }
            None if takes == Takes::Mode && style == Style::Plain => self.decimal(text, span, path),
            None => {}
        }
        if row.key == "discovery" && !text.contains("${") {
            self.discovery(text, span);
        }
    }

    /// Warns of permissions that were meant as a decimal number, as programs write them.
    fn decimal(&mut self, text: &str, span: Span, path: &str) {
        let number = text.parse().ok().filter(|number| USUAL_MODES.contains(number));
        let Some(number) = number.filter(|_| !text.starts_with('0')) else { return };
        let title = format!("`{path}` is {text}, which is read as the octal digits 0{text}");
        let meant = format!("\"0{number:o}\"");
        self.diags.report(
            Diagnostic::warning("mode-not-octal", span, title, format!("0{number:o} in decimal"))
                .help(format!("write `{meant}`"))
                .edit(Edit::write(span, meant)),
        );
    }

    fn discovery(&mut self, url: &str, span: Span) {
        let is_url = url.starts_with("https://") || url.starts_with("http://");
        let last = url.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let fault = if url.contains(['<', '>']) || ["token", "TOKEN", "xxx"].contains(&last) {
            "a placeholder, not a token"
        } else if !is_url {
            "no URL"
        } else {
            return;
        };
        let title = format!("`{url}` is not an etcd discovery URL");
        self.diags.report(
            Diagnostic::error("etcd-discovery-url-malformed", span, title, fault)
                .help("use the URL that `curl https://discovery.etcd.io/new?size=3` prints"),
        );
    }

    fn hyphen(&mut self, name: &Spanned<String>, meant: &str, path: &str) {
        let title = format!("today's Flatcar drops `{path}` without a word: it has a hyphen");
        self.diags.report(
            Diagnostic::error("cloud-config-hyphen", name.span, title, "is never read")
                .help(format!("write `{meant}`"))
                .edit(Edit::replace(name.span, name.value.as_str(), meant)),
        );
    }

    fn unknown(&mut self, name: &Spanned<String>, meant: &str, section: &str, path: &str) {
        let key = &name.value;
        let place = if path.is_empty() { String::new() } else { format!(" in `{path}`") };
        if let Some(home) = keys::home(section, meant) {
            let here =
                if path.is_empty() { "the top level".to_owned() } else { format!("`{path}`") };
            let title = format!("coreos-cloudinit does not look for `{key}` in {here}");
            let home = if home == "-" { "to the top level" } else { "below `coreos`" };
            self.diags.report(
                Diagnostic::error("cloud-config-misplaced-key", name.span, title, "is never read")
                    .help(format!("move `{meant}` {home}")),
            );
            return;
        }
        let known = keys::of(section);
        let title = format!("coreos-cloudinit has no key `{key}`{place}");
        let mut finding =
            Diagnostic::error("cloud-config-unknown-key", name.span, title, "is never read")
                .help(suggestion(key, known.iter().copied()));
        if let Some(meant) = nearest(key, known) {
            finding = finding.edit(Edit::replace(name.span, key.as_str(), meant));
        }
        self.diags.report(finding);
    }

    fn wrong_type(&mut self, span: Span, path: &str, must_be: &str) {
        let what = if path.is_empty() { "the config".to_owned() } else { format!("`{path}`") };
        let title = format!("{what} must be {must_be}");
        let label = "today's Flatcar refuses the whole config";
        self.diags.report(
            Diagnostic::error("cloud-config-wrong-type", span, title, label)
                .help(format!("write {must_be}")),
        );
    }
}
