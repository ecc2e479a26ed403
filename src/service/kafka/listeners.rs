//! The listeners of a broker on one node: the one list that everything asks which speaks of a port, a host or a
//! protocol of Kafka.
//!
//! They are the section's own `listeners`; else those of `config.listeners`; else one, PLAINTEXT on `port`.

use std::collections::BTreeMap;

use super::super::member::{Member, around, host};
use super::broker::{Kafka, Listener, Mode};
use super::settings::{Setting, Settings};
use crate::model::{Audience, Piece, Text};

/// Names that are protocols to Kafka, where nothing else is said of them.
pub(super) const PROTOCOLS: [&str; 4] = ["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"];

/// The listener of KRaft's controllers, which is never a broker's.
pub(super) const CONTROLLER: &str = "CONTROLLER";

/// The property that gives each listener its protocol.
pub(super) const MAP: &str = "listener.security.protocol.map";

/// `NAME://host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// Its name, as Kafka reads it: in capitals.
    pub(super) name: String,
    pub(super) host: Text,
    pub(super) port: u16,
}

impl Entry {
    fn text(&self) -> Text {
        around(&format!("{}://", self.name), &self.host, &format!(":{}", self.port))
    }

    /// Returns the host under which the node itself reaches it; `None` where only the host knows.
    pub(super) fn local(&self) -> Option<&str> {
        match self.host.plain()? {
            "" | "0.0.0.0" | "[::]" | "::" => Some("localhost"),
            host => Some(host),
        }
    }
}

/// Returns the entries of a list; `None` where one is no `NAME://host:port`.
pub(super) fn entries(list: &Text) -> Option<Vec<Entry>> {
    split(list).iter().map(entry).collect()
}

/// Returns a text at its commas.
fn split(text: &Text) -> Vec<Text> {
    let (mut all, mut last) = (Vec::new(), Text::default());
    for piece in text.pieces() {
        let Piece::Literal(words) = piece else {
            last.push_piece(piece);
            continue;
        };
        let mut words = words.split(',');
        last.push_str(words.next().unwrap_or_default());
        for word in words {
            all.push(std::mem::take(&mut last));
            last.push_str(word);
        }
    }
    all.push(last);
    all
}

fn entry(text: &Text) -> Option<Entry> {
    let (Piece::Literal(first), rest) = text.pieces().split_first()? else { return None };
    let (name, after) = first.trim_start().split_once("://")?;
    let mut whole = Text::literal(after);
    for piece in rest {
        whole.push_piece(piece);
    }
    let (Piece::Literal(last), before) = whole.pieces().split_last()? else { return None };
    let (end, port) = last.rsplit_once(':')?;
    let mut host = Text::default();
    for piece in before {
        host.push_piece(piece);
    }
    host.push_str(end);
    let port = port.trim_end().parse().ok()?;
    let fits = !name.is_empty() && is_host(&host);
    fits.then(|| Entry { name: name.to_ascii_uppercase(), host, port })
}

/// Returns whether Kafka reads a text as a host; an empty one is every address.
pub(super) fn is_host(host: &Text) -> bool {
    host.pieces().iter().all(|piece| match piece {
        Piece::Literal(text) => text.chars().all(|c| {
            c.is_ascii_alphanumeric() || matches!(c, '-' | '%' | '.' | '_' | ':' | '[' | ']')
        }),
        Piece::Host(_) | Piece::Stack(_) | Piece::Secret(_) => true,
    })
}

impl Kafka {
    /// Returns what the broker of one node listens on, without KRaft's controllers.
    pub(super) fn bound(&self, member: Member<'_>) -> Vec<Entry> {
        let any = || Text::literal("0.0.0.0");
        if !self.listeners.is_empty() {
            let one = |it: &Listener| Entry {
                name: it.name.value.clone(),
                host: it.bind.as_ref().map_or_else(any, |it| it.value.on(member.position).clone()),
                port: it.port.value,
            };
            return self.listeners.iter().map(one).collect();
        }
        match self.list("listeners", member) {
            Some(all) => all,
            None => {
                vec![Entry { name: "PLAINTEXT".to_owned(), host: any(), port: self.port.value }]
            }
        }
    }

    /// Returns where the broker of one node sends its clients.
    pub(super) fn advertised(&self, member: Member<'_>) -> Vec<Entry> {
        if self.listeners.is_empty()
            && let Some(all) = self.list("advertised.listeners", member)
        {
            return all;
        }
        let said = |name: &str| self.listeners.iter().find(|it| it.name.value == name);
        let host = |name: &str| {
            let said = said(name).and_then(|it| it.advertise.as_ref());
            said.map_or_else(|| member.host(), |host| host.value.on(member.position).clone())
        };
        let bound = self.bound(member).into_iter();
        bound.map(|it| Entry { host: host(&it.name), ..it }).collect()
    }

    /// Returns the list that a property of the profile's holds; what cannot be read has been reported.
    fn list(&self, name: &str, member: Member<'_>) -> Option<Vec<Entry>> {
        let said = self.config.get(name)?.value.on(member.position);
        let all = entries(said).unwrap_or_default();
        Some(all.into_iter().filter(|it| it.name != CONTROLLER).collect())
    }

    /// Returns the protocol of a listener; `None` where nothing says it.
    pub(super) fn protocol(&self, name: &str, member: Member<'_>) -> Option<String> {
        if let Some(own) = self.protocols(member).remove(name) {
            return Some(own);
        }
        let declared = self.listeners.iter().any(|it| it.name.value == name);
        let standard = PROTOCOLS.contains(&name).then_some(name);
        standard.or_else(|| declared.then_some("PLAINTEXT")).map(str::to_owned)
    }

    /// Returns the profile's own map of protocols.
    fn protocols(&self, member: Member<'_>) -> BTreeMap<String, String> {
        let said = self.config.get(MAP).and_then(|it| it.value.on(member.position).plain());
        let pairs = said.unwrap_or_default().split(',').filter_map(|pair| pair.split_once(':'));
        let word = |text: &str| text.trim().to_ascii_uppercase();
        pairs.map(|(name, protocol)| (word(name), word(protocol))).collect()
    }

    /// Returns the listener that brokers reach each other on: the only one for members alone, else the one on `port`.
    fn between(&self, bound: &[Entry]) -> Option<String> {
        let mut inner = self.listeners.iter().filter(|it| {
            let has = |who| it.audience.includes(who);
            has(Audience::Members) && !has(Audience::Clients) && !has(Audience::Monitoring)
        });
        if let (Some(one), None) = (inner.next(), inner.next()) {
            return Some(one.name.value.clone());
        }
        Some(bound.iter().find(|it| it.port == self.port.value)?.name.clone())
    }

    /// Returns the listener that the node itself asks: whether it is ready, for topics, before a reboot.
    ///
    /// Tools know no keys, so that one without them comes first.
    pub(super) fn asked(&self, member: Member<'_>) -> Option<Entry> {
        let known = self.bound(member).into_iter().filter(|it| it.local().is_some());
        known.min_by_key(|it| {
            let plain = self.protocol(&it.name, member).as_deref() == Some("PLAINTEXT");
            (!plain, it.port != self.port.value)
        })
    }

    /// Returns `host:port` of every other broker, on a listener that tools can ask, which know no keys; that of the
    /// brokers among themselves first. Nobody where there is none.
    pub(super) fn others(&self, member: Member<'_>) -> Vec<String> {
        if self.alone().is_some() {
            return Vec::new();
        }
        let nodes = member.role.nodes.iter().enumerate();
        let others = nodes.filter(|(position, _)| *position != member.position);
        let reached = others.filter_map(|(position, node)| {
            let member = Member::of(member.role, position)?;
            let bound = self.bound(member);
            let between = self.between(&bound);
            let is_loopback = |host: &str| {
                host == "localhost" || host.starts_with("127.") || matches!(host, "::1" | "[::1]")
            };
            let open = bound.iter().filter(|it| {
                self.protocol(&it.name, member).as_deref() == Some("PLAINTEXT")
                    && !it.host.plain().is_some_and(is_loopback)
            });
            let asked = open.min_by_key(|it| Some(&it.name) != between.as_ref())?;
            Some(format!("{}:{}", host(node)?, asked.port))
        });
        reached.collect()
    }

    /// Returns the host and the port of the listener that the node itself asks.
    pub(super) fn local(&self, member: Member<'_>) -> (String, u16) {
        if let Some(port) = self.controller_port().filter(|_| self.alone().is_some()) {
            return ("localhost".to_owned(), port);
        }
        let asked = self.asked(member);
        let asked = asked.as_ref().and_then(|it| Some((it.local()?.to_owned(), it.port)));
        asked.unwrap_or_else(|| ("localhost".to_owned(), self.port.value))
    }
}

/// Adds what the listeners are to a broker's properties, over which a profile's own lie already.
pub(super) fn apply(settings: &mut Settings<'_>, kafka: &Kafka, member: Member<'_>) {
    let kraft = matches!(kafka.mode.value, Mode::Kraft { .. });
    let bound = kafka.bound(member);
    let own = kafka.protocols(member);
    let said = settings.get(MAP).and_then(|it| it.value.plain()).map(str::to_owned);
    let foreign = bound.iter().any(|it| !PROTOCOLS.contains(&it.name.as_str()));
    if said.is_some() || !settings.contains_key(MAP) && (kraft || foreign) {
        let missing = bound.iter().filter(|it| !own.contains_key(&it.name));
        let missing = missing
            .filter_map(|it| Some(format!("{}:{}", it.name, kafka.protocol(&it.name, member)?)));
        let map: Vec<String> = said.into_iter().chain(missing).collect();
        let span = settings.get(MAP).map_or(kafka.span, |it| it.span);
        settings.insert(MAP, Setting { value: Text::literal(map.join(",")), span });
    }
    let mut otherwise = |name, value| {
        settings.entry(name).or_insert(Setting { value, span: kafka.span });
    };
    otherwise("listeners", joined(&bound));
    otherwise("advertised.listeners", joined(&kafka.advertised(member)));
    let said = ["inter.broker.listener.name", "security.inter.broker.protocol"];
    if !said.iter().any(|name| kafka.config.contains_key(*name))
        && let Some(name) = kafka.between(&bound)
        && (kraft || name != "PLAINTEXT")
    {
        otherwise("inter.broker.listener.name", Text::literal(name));
    }
}

fn joined(all: &[Entry]) -> Text {
    let mut list = Text::default();
    for (index, entry) in all.iter().enumerate() {
        if index > 0 {
            list.push_str(",");
        }
        list.push(&entry.text());
    }
    list
}

/// Adds the controllers' own entry to a list, unless a profile has written one.
pub(super) fn append(list: &mut Text, key: &str, value: &str) {
    let has = |entry: &Text| match entry.pieces() {
        [Piece::Literal(first), ..] => first.trim_start().starts_with(key),
        _ => false,
    };
    if !split(list).iter().any(has) {
        list.push_str(&format!(",{key}{value}"));
    }
}

/// Returns a list with `host` in place of each host that is known only at boot: what a file may hold.
pub(super) fn without_facts(list: &Text, host: &Text) -> Option<Text> {
    let known =
        |it: Entry| if it.host.plain().is_some() { it } else { Entry { host: host.clone(), ..it } };
    Some(joined(&entries(list)?.into_iter().map(known).collect::<Vec<_>>()))
}
