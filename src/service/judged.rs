//! Settings that a profile gives a server, held against what the server knows of them.
//!
//! What a server does not start with is an error; what it leaves unread is a warning.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::written::Settings;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity, nearest};
use crate::model::{PerNode, Text, Variable};
use crate::settings::{Setting, Table, Version};
use crate::source::{Edit, Span, Spanned};

/// A server, or what else has settings of its own.
#[derive(Clone, Debug)]
pub(super) struct Server<'a> {
    /// What it is called: `Kafka`.
    pub(super) name: &'static str,
    /// What a setting is called: `setting`, `flag`.
    pub(super) noun: &'static str,
    /// Where the settings are written: `kafka.config`.
    pub(super) path: String,
    /// What is known.
    pub(super) table: &'static Table,
    /// Its version, and what says so; every version where that is not known.
    pub(super) version: Option<Spanned<Version>>,
    /// The mode it runs in, and what says so.
    pub(super) mode: Option<(&'a str, Span)>,
    /// What becomes of a value that it does not take: "the broker does not start with it".
    pub(super) refusal: &'static str,
    /// Whether it refuses a name as it refuses a value; else it leaves the line unread.
    pub(super) refuses_names: bool,
    /// Returns what another version may call a setting.
    pub(super) renamed: fn(&str) -> Option<String>,
}

/// A setting as it is written.
#[derive(Clone, Debug)]
pub(super) struct Given<'a> {
    pub(super) name: &'a str,
    /// What stands before the name, as the listener that the setting is for; empty for most.
    pub(super) prefix: &'a str,
    /// The variable that means it, where it is given as one.
    pub(super) variable: Option<&'a str>,
    pub(super) span: Span,
    /// Each value that some node has of it, where it is known beforehand.
    pub(super) values: Vec<&'a str>,
    /// All names that are written there.
    pub(super) beside: Rc<BTreeSet<&'a str>>,
}

/// A setting that another part of the product reads: what it is, and the name of its like here.
#[derive(Clone, Debug)]
pub(super) struct Elsewhere {
    /// "a setting of topics".
    pub(super) what: &'static str,
    /// The name to write here instead.
    pub(super) here: Option<&'static str>,
}

/// Returns free-form settings as they are judged; a secret is not.
pub(super) fn given(settings: &Settings) -> impl Iterator<Item = Given<'_>> {
    let beside: Rc<BTreeSet<&str>> = Rc::new(settings.keys().map(String::as_str).collect());
    settings.iter().map(move |(name, value)| Given {
        name,
        prefix: "",
        variable: None,
        span: value.span,
        values: plain(&value.value),
        beside: Rc::clone(&beside),
    })
}

/// Returns what is known beforehand of a value, and nobody's secret.
fn plain(value: &PerNode<Text>) -> Vec<&str> {
    value.all().iter().filter(|text| !text.is_secret()).filter_map(|text| text.plain()).collect()
}

impl Given<'_> {
    /// Returns a finding that is mended by another name, or by removal where that name is set as well.
    fn renamed(&self, found: Diagnostic, to: &str, help: &str) -> Diagnostic {
        let whole = format!("{}{to}", self.prefix);
        if self.beside.contains(whole.as_str()) {
            let help = format!("`{whole}` is set as well: remove `{}`", self.whole());
            found.help(help).edit(Edit::remove(self.span))
        } else {
            found.help(help).edit(Edit::rename(self.span, whole))
        }
    }

    /// Returns a finding with the name that is likely meant. A slip of letters is mended; where a unit, a bound or a
    /// sense would be another, its author has to look.
    fn guessed(&self, found: Diagnostic, near: &str) -> Diagnostic {
        let help = format!("did you mean `{}{near}`?", self.prefix);
        if is_slip(self.name, near) {
            self.renamed(found, near, &help)
        } else {
            found.help(format!("{help} Its value may count or mean something else"))
        }
    }

    fn whole(&self) -> String {
        self.variable.map_or_else(|| format!("{}{}", self.prefix, self.name), str::to_owned)
    }
}

/// Returns whether one name is the other with some letters wrong: as many words, and none of them another word.
pub fn is_slip(name: &str, meant: &str) -> bool {
    /// What a setting counts, or which end or sense of it is meant.
    const TELLING: [&str; 17] = [
        "ms", "sec", "secs", "seconds", "minutes", "hours", "days", "bytes", "kb", "mb", "gb",
        "min", "max", "enable", "disable", "enabled", "disabled",
    ];
    let words = |name: &str| -> Vec<String> {
        name.split(['.', '-', '_']).map(str::to_ascii_lowercase).collect()
    };
    let (old, new) = (words(name), words(meant));
    // `hour` for `hours`, `msec` for `ms`
    let is_near =
        |a: &String, b: &String| a.len() > 1 && (a.starts_with(&**b) || b.starts_with(&**a));
    let fits = |(a, b): (&String, &String)| {
        let tells = TELLING.contains(&&**a) || TELLING.contains(&&**b);
        // a word of three letters with another letter is another word
        let is_short = !tells && a.len().min(b.len()) <= 3;
        a == b || !a.is_empty() && !is_short && (!tells || is_near(a, b))
    };
    old.len() == new.len() && old.iter().zip(&new).all(fits)
}

impl Server<'_> {
    /// Returns what a number is on the node at `position`: as it is set where the server takes it so, else its default.
    pub(super) fn number(&self, settings: &Settings, name: &str, position: usize) -> Option<f64> {
        let version = self.version.as_ref().map(|version| version.value);
        let known = self.table.of(name, version).last()?;
        match settings.get(name) {
            None => known.number(known.default),
            Some(value) => {
                let text = value.value.on(position).plain()?;
                known.number(text).filter(|_| known.refuses(text).is_none())
            }
        }
    }

    /// Reports what is wrong with the variables beside its own that mean settings to its image.
    pub(super) fn judge_variables(
        &self,
        variables: &[Variable],
        setting: impl Fn(&str) -> Option<String>,
        diags: &mut Diagnostics,
    ) {
        for Variable { name: Spanned { value: name, span }, value, .. } in variables {
            let Some(setting) = setting(name) else { continue };
            let given = Given {
                name: &setting,
                prefix: "",
                variable: Some(name),
                span: *span,
                values: plain(value),
                beside: Rc::default(),
            };
            self.judge(&given, diags);
        }
    }

    /// Reports what is wrong with a setting whose name the table has in some version; tells whether it has.
    pub(super) fn judge(&self, given: &Given<'_>, diags: &mut Diagnostics) -> bool {
        let version = self.version.as_ref().map(|version| version.value);
        let known: Vec<&Setting> = self.table.of(given.name, version).collect();
        if known.is_empty() {
            let others = self.table.all(given.name);
            if let Some((one, version)) = others.first().zip(self.version.as_ref()) {
                self.not_in_version(given, one, others, version, diags);
            }
            return !others.is_empty();
        }
        if let Some((mode, place)) = self.mode
            && let Some(other) = known.iter().find_map(|it| it.mode)
            && known.iter().all(|it| it.mode.is_some_and(|only| only != mode))
        {
            self.without_effect(given, (mode, place), other, diags);
        }
        let refused = given.values.iter().find_map(|value| {
            let all: Option<Vec<_>> = known.iter().map(|it| it.refuses(value)).collect();
            all?.pop().map(|refusal| (*value, refusal))
        });
        if let Some((value, refusal)) = refused {
            let shown = if known.iter().any(|it| it.is_secret()) || value.len() > 60 {
                "this value".to_owned()
            } else {
                format!("`{value}`")
            };
            let title = format!("`{}` of `{}` must be {}", given.whole(), self.path, refusal.must);
            let mut found =
                Diagnostic::error("setting-refused", given.span, title, self.refusal.to_owned());
            let elsewhere =
                || self.table.all(given.name).iter().any(|it| it.refuses(value).is_none());
            if let Some(version) = self.version.as_ref().filter(|_| elsewhere()) {
                let shown = shown_version(version.value);
                found =
                    found.related(version.span, format!("{} {shown}; others take it", self.name));
            }
            found = match &refusal.meant {
                Some(meant) => found
                    .help(format!("write `{meant}` for {shown}"))
                    .edit(Edit::write(given.span, meant.as_str())),
                None => found.help(self.advice(&known, &shown)),
            };
            diags.report(found);
        }
        true
    }

    fn advice(&self, known: &[&Setting], shown: &str) -> String {
        match known.last().map(|it| it.default).filter(|it| !it.is_empty() && *it != "required") {
            Some(default) => {
                format!("{shown} is not allowed; the default of {} is `{default}`", self.name)
            }
            None => format!("{shown} is not allowed"),
        }
    }

    fn not_in_version(
        &self,
        given: &Given<'_>,
        first: &Setting,
        all: &[Setting],
        version: &Spanned<Version>,
        diags: &mut Diagnostics,
    ) {
        let title = format!(
            "`{}` of `{}` is no {} of {} {}",
            given.whole(),
            self.path,
            self.noun,
            self.name,
            shown_version(version.value)
        );
        let gone = all.last().and_then(|it| it.until).filter(|until| *until < version.value);
        let label = match (gone, first.since) {
            (Some(until), _) => format!("{} {} was the last", self.name, shown_version(until)),
            (None, Some(since)) => format!("comes with {} {}", self.name, shown_version(since)),
            (None, None) => "not in this version".to_owned(),
        };
        let found = Diagnostic::error("setting-not-in-version", given.span, title, label)
            .related(version.span, format!("{} {}", self.name, shown_version(version.value)));
        let consequence = self.consequence();
        let heir = (self.renamed)(given.name)
            .filter(|heir| self.table.of(heir, Some(version.value)).next().is_some());
        if let Some(heir) = heir {
            let shown = shown_version(version.value);
            let help = format!("{} {shown} calls it `{heir}`", self.name);
            diags.report(self.name(given.renamed(found, &heir, &help)));
            return;
        }
        diags.report(self.name(match gone {
            Some(_) => {
                found.help(format!("remove it: {consequence}")).edit(Edit::remove(given.span))
            }
            None => found.help(format!("remove it, or use an image that has it: {consequence}")),
        }));
    }

    fn without_effect(
        &self,
        given: &Given<'_>,
        (mode, place): (&str, Span),
        other: &str,
        diags: &mut Diagnostics,
    ) {
        let title = format!("`{}` of `{}` is read in {other} mode alone", given.whole(), self.path);
        let label = format!("not read in {mode} mode");
        diags.report(
            Diagnostic::warning("setting-without-effect", given.span, title, label)
                .related(place, "this mode")
                .help(format!("remove `{}`", given.name))
                .edit(Edit::remove(given.span)),
        );
    }

    /// Reports a name that the table has in no version.
    pub(super) fn unknown(
        &self,
        given: &Given<'_>,
        elsewhere: Option<Elsewhere>,
        diags: &mut Diagnostics,
    ) {
        let version = self.version.as_ref().map(|version| version.value);
        let of = version.map_or(String::new(), |version| format!(" {}", shown_version(version)));
        let title = format!("{}{of} has no {} `{}`", self.name, self.noun, given.whole());
        let mut found =
            Diagnostic::error("setting-unknown", given.span, title, self.consequence().to_owned());
        let near = nearest(given.name, self.table.names(version));
        let is_secret = |name: &str| self.table.all(name).iter().any(Setting::is_secret);
        // what is meant is a secret, and its value is one under this name, too
        if near.is_some_and(is_secret) {
            given.values.iter().for_each(|value| diags.hide(value));
            found.hidden = Arc::new(vec![given.span]);
        }
        diags.report(self.name(match (elsewhere, near) {
            (Some(Elsewhere { what, here: Some(here) }), _) => {
                let help = format!("`{}` is {what}: write `{here}` here", given.name);
                given.renamed(found, here, &help)
            }
            (Some(Elsewhere { what, here: None }), _) => {
                found.help(format!("`{}` is {what}", given.name))
            }
            // under its right name it would be one in a profile
            (None, Some(near)) if is_secret(near) => {
                found.help(format!("did you mean `{}{near}`?", given.prefix))
            }
            (None, Some(near)) => given.guessed(found, near),
            (None, None) => found.help(format!(
                "remove it, or look for the name that is meant in the manual of {}",
                self.name
            )),
        }));
    }

    /// Returns whether a name is so near to a known one that it is a slip.
    pub(super) fn is_near(&self, name: &str) -> bool {
        nearest(name, self.table.names(None)).is_some()
    }

    /// A name that the server leaves unread is no error.
    fn name(&self, found: Diagnostic) -> Diagnostic {
        let severity = if self.refuses_names { Severity::Error } else { Severity::Warning };
        Diagnostic { severity, ..found }
    }

    fn consequence(&self) -> &'static str {
        if self.refuses_names { self.refusal } else { "nothing reads it" }
    }
}

fn shown_version((major, minor): Version) -> String {
    format!("{major}.{minor}")
}
