//! A profile's settings of brokers and topics, held to the tables.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::super::judged::{Elsewhere, Given, Server, given};
use super::super::member::Member;
use super::broker::{Kafka, Mode};
use super::listeners::CONTROLLER;
use super::tables::{BROKER, QUOTA, READ_BY_OTHERS, TOPIC};
use super::{configuration, settings, topics, variable, versions};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Role;
use crate::settings::Version;
use crate::source::{Edit, Spanned};

/// Returns what the settings of brokers are held to.
pub(super) fn brokers(kafka: &Kafka) -> Server<'_> {
    let mode = match kafka.mode.value {
        Mode::Zookeeper { .. } => "zookeeper",
        Mode::Kraft { .. } => "kraft",
    };
    Server {
        name: "Kafka",
        noun: "setting",
        path: format!("{}.config", kafka.path),
        table: &BROKER,
        version: kafka.kafka_version(),
        mode: Some((mode, kafka.mode.span)),
        refusal: "the broker does not start with it",
        refuses_names: false,
        renamed: |_| None,
    }
}

/// Reports settings of brokers and topics that Kafka does not know, or not so.
pub(super) fn validate(kafka: &Kafka, role: &Role, diags: &mut Diagnostics) {
    let brokers = brokers(kafka);
    let by_environment = matches!(kafka.mode.value, Mode::Zookeeper { .. });
    // A plug-in gets all settings of the broker, and has names of its own.
    let all: Vec<Given<'_>> = given(&kafka.config).collect();
    let plugged = all.iter().any(|given| {
        // its own classes read its own settings
        let foreign = |it: &&str| !it.starts_with("org.apache.kafka.") && !it.starts_with("kafka.");
        let names =
            [".class", ".reporters", "security.providers"].iter().any(|it| given.name.contains(it));
        names && given.values.iter().any(foreign)
    });
    let version = brokers.version.as_ref().map(|version| version.value);
    for mut given in all {
        // a config provider puts something else there as the broker starts
        given.values.retain(|value| !value.contains("${"));
        // who owns it, or cannot say it, reports that
        let unsaid = by_environment && variable::of(given.name).is_none();
        // every version resolves what providers are named for, whichever lists the name
        let resolves =
            given.name == "config.providers" && BROKER.of(given.name, version).next().is_none();
        if unsaid || resolves || configuration::owner(given.name, kafka).is_some() {
            continue;
        }
        if let Some(plain) = of_listener(given.name) {
            let prefix = given.name.strip_suffix(plain).unwrap_or_default();
            let small = prefix.to_ascii_lowercase();
            if prefix != small {
                let title = format!("Kafka reads the settings of a listener below `{small}`");
                diags.report(
                    Diagnostic::warning("setting-unknown", given.span, title, "nothing reads it")
                        .help(format!("write `{small}{plain}`"))
                        .edit(Edit::rename(given.span, format!("{small}{plain}"))),
                );
                continue;
            }
            if let Some(unbound) = unbound(kafka, role, prefix) {
                diags.report(
                    Diagnostic::warning(
                        "setting-without-effect",
                        given.span,
                        format!("no broker has a listener `{unbound}`, whose setting this is"),
                        "not read",
                    )
                    .help(format!("remove `{}`, or write the name of a listener", given.name)),
                );
                continue;
            }
            let inner = Given { name: plain, prefix, ..given.clone() };
            if !BROKER.all(plain).is_empty() {
                brokers.judge(&inner, diags);
            } else if brokers.is_near(plain) {
                brokers.unknown(&inner, None, diags);
            }
            continue;
        }
        if let Some((fine, place)) = settings::finer(kafka, given.name) {
            let title = format!("`{}` is not read beside `{fine}`", given.name);
            diags.report(
                Diagnostic::warning("setting-without-effect", given.span, title, "not read")
                    .related(*place, "this is")
                    .help(format!("remove `{}`", given.name))
                    .edit(Edit::remove(given.span)),
            );
        }
        if brokers.judge(&given, diags)
            || READ_BY_OTHERS.iter().any(|it| given.name.starts_with(it))
        {
            continue;
        }
        let elsewhere = elsewhere(given.name);
        if !plugged || elsewhere.is_some() || brokers.is_near(given.name) {
            brokers.unknown(&given, elsewhere, diags);
        }
    }
    for topic in &kafka.topics {
        let its = Server {
            path: format!("{}.topics.{}.config", kafka.path, topic.name.value),
            noun: "setting of topics",
            table: &TOPIC,
            mode: None,
            refusal: "the topic is never made with it",
            refuses_names: true,
            ..brokers.clone()
        };
        let beside: Rc<BTreeSet<&str>> = Rc::new(topic.config.keys().map(String::as_str).collect());
        for (name, value) in
            topic.config.iter().filter(|(_, it)| topics::unsaid(&it.value).is_none())
        {
            let beside = Rc::clone(&beside);
            let values = vec![value.value.as_str()];
            let given =
                Given { name, prefix: "", variable: None, span: value.span, values, beside };
            if !its.judge(&given, diags) {
                let here = BROKER.all(name).first().map(|_| Elsewhere {
                    what: "a setting of brokers",
                    here: TOPIC.names(None).find(|topic| twin(topic) == Some(name)),
                });
                its.unknown(&given, here, diags);
            }
        }
    }
}

/// Returns the setting of brokers that one of a topic stands in for.
fn twin(topic: &str) -> Option<&'static str> {
    TOPIC.all(topic).last()?.twin
}

fn elsewhere(name: &str) -> Option<Elsewhere> {
    if !TOPIC.all(name).is_empty() {
        return Some(Elsewhere { what: "a setting of topics", here: twin(name) });
    }
    let quota = !QUOTA.all(name).is_empty();
    quota.then_some(Elsewhere {
        what: "a quota, which no file sets: `kafka-configs` does, while brokers run",
        here: None,
    })
}

/// Returns the listener that a prefix names, where no node has it.
fn unbound(kafka: &Kafka, role: &Role, prefix: &str) -> Option<String> {
    let (name, _) = prefix.strip_prefix("listener.name.")?.split_once('.')?;
    let all = (0..role.nodes.len()).filter_map(|position| Member::of(role, position));
    let mut bound = all.flat_map(|member| kafka.bound(member));
    let has = name.eq_ignore_ascii_case(CONTROLLER)
        || bound.any(|entry| entry.name.eq_ignore_ascii_case(name));
    (!has).then(|| name.to_owned())
}

/// Returns the setting that a listener has of its own: behind its name, and behind a SASL mechanism.
fn of_listener(name: &str) -> Option<&str> {
    let (_, rest) = name.strip_prefix("listener.name.")?.split_once('.')?;
    let mechanisms = ["gssapi.", "oauthbearer.", "plain.", "scram-sha-256.", "scram-sha-512."];
    Some(mechanisms.iter().find_map(|it| rest.strip_prefix(it)).unwrap_or(rest))
}

impl Kafka {
    /// Returns the version of Kafka it runs, where that is known.
    pub(super) fn kafka_version(&self) -> Option<Spanned<Version>> {
        let image = &self.image;
        let tag = || Some(Spanned::new(versions::version(&image.value)?, image.span));
        self.version().or_else(tag)
    }
}
