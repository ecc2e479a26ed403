//! What the listeners of a cluster must agree in: with the port, with their protocols, with what is advertised, and
//! from node to node.

use std::collections::{BTreeMap, BTreeSet};
use std::net::Ipv6Addr;

use super::super::member::Member;
use super::broker::{Kafka, Listener};
use super::listeners::{CONTROLLER, Entry, MAP, entries, is_host};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{HostFact, Identity, PerNode, Piece, Role, Text};
use crate::profile::scalar;
use crate::source::{Edit, Span, Spanned};

/// Reports all of it; what each list says by itself comes first, since the rest builds on it.
pub(super) fn validate(kafka: &Kafka, role: &Role, diags: &mut Diagnostics) {
    let sound = if kafka.listeners.is_empty() {
        let both = ["listeners", "advertised.listeners"].map(|name| {
            let value = kafka.config.get(name);
            value.is_none_or(|value| list(name, value, kafka, role, diags))
        });
        both == [true, true]
    } else {
        declared(kafka, role, diags)
    };
    if !sound {
        return;
    }
    let mut told = BTreeSet::new();
    for member in (0..role.nodes.len()).filter_map(|position| Member::of(role, position)) {
        let (bound, sent) = (kafka.bound(member), kafka.advertised(member));
        for entry in bound.iter().filter(|it| kafka.protocol(&it.name, member).is_none()) {
            if told.insert(("protocol", entry.name.clone())) {
                without_protocol(kafka, &entry.name, diags);
            }
        }
        for entry in sent.iter().filter(|it| bound.iter().all(|other| other.name != it.name)) {
            if told.insert(("advertised", entry.name.clone())) {
                not_bound(kafka, entry, &bound, diags);
            }
        }
        if told.insert(("between", names(&sent))) {
            between(kafka, &sent, diags);
        }
        if kafka.asked(member).is_none()
            && let Some(entry) = bound.first()
            && told.insert(("asked", String::new()))
        {
            not_asked(kafka, entry, diags);
        }
    }
    same(kafka, role, diags);
}

fn names(all: &[Entry]) -> String {
    all.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join("`, `")
}

/// Returns where the profile says what is advertised, or else what is listened on; `None` where it says neither.
fn said(kafka: &Kafka, names: &[&str]) -> Option<Span> {
    let said = names.iter().find_map(|name| kafka.config.get(*name)).map(|value| value.span);
    said.or_else(|| kafka.listeners.first().map(|it| it.name.span))
}

fn place(kafka: &Kafka, names: &[&str]) -> Span {
    said(kafka, names).unwrap_or(kafka.span)
}

/// What leads every client to itself.
fn nowhere(host: &Text) -> bool {
    host.plain().is_some_and(|host| {
        matches!(host, "" | "0.0.0.0" | "localhost" | "::" | "::1" | "[::]" | "[::1]")
            || host.starts_with("127.")
    })
}

/// What names the node itself in a template.
fn own_address(role: &Role) -> &'static str {
    match role.identity.value {
        Identity::Pinned => "{{node.address}}",
        Identity::Shared => "{{host.private_ipv4}}",
    }
}

fn port_mismatch(kafka: &Kafka, at: Span, title: String, diags: &mut Diagnostics) {
    let port = kafka.port.value;
    diags.report(
        Diagnostic::error(
            "kafka-listener-port-mismatch",
            at,
            title,
            format!("needs a listener on port {port}"),
        )
        .related(kafka.port.span, "the port of the broker")
        .help(format!("put a listener on {port}, or change `{}.port`", kafka.path)),
    );
}

/// Reports what is wrong with the section's own list.
fn declared(kafka: &Kafka, role: &Role, diags: &mut Diagnostics) -> bool {
    let mut sound = true;
    if let Some(first) = kafka.listeners.first()
        && kafka.listeners.iter().all(|it| it.port.value != kafka.port.value)
    {
        let title = format!("no listener of `{}` has port {}", kafka.path, kafka.port.value);
        port_mismatch(kafka, first.port.span, title, diags);
        sound = false;
    }
    for Listener { name, bind, advertise, .. } in &kafka.listeners {
        for (key, said) in [("bind", bind), ("advertise", advertise)] {
            let Some(said) = said else { continue };
            let path = format!("{}.listeners.{}.{key}", kafka.path, name.value);
            let wrong = said.value.all().iter().find(|host| !is_bare_host(host));
            if wrong.is_some() {
                diags.report(
                    Diagnostic::error(
                        "kafka-listener-malformed",
                        said.span,
                        format!("`{path}` is no host"),
                        "a name or an address, without a port",
                    )
                    .help("write it as `broker.example.net`, `10.0.0.1` or `[2001:db8::1]`"),
                );
                sound = false;
            } else if key == "advertise"
                && let Some(host) = said.value.all().iter().find(|host| nowhere(host))
            {
                let address = own_address(role);
                diags.report(
                    not_routable(host.plain().unwrap_or_default(), said.span)
                        .help(format!("advertise `{address}`, or remove `advertise`"))
                        .edit(Edit::write(said.span, format!("\"{address}\""))),
                );
            }
        }
    }
    sound
}

/// Returns whether a text is a host without a port; an IPv6 address has brackets.
fn is_bare_host(host: &Text) -> bool {
    if let Some(plain) = host.plain() {
        let inside = plain.strip_prefix('[').and_then(|plain| plain.strip_suffix(']'));
        return inside
            .map_or_else(|| scalar::is_host(plain), |inside| inside.parse::<Ipv6Addr>().is_ok());
    }
    let colon = host.pieces().iter().any(|it| matches!(it, Piece::Literal(it) if it.contains(':')));
    is_host(host) && !colon
}

fn not_routable(host: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "kafka-advertised-not-routable",
        at,
        format!("kafka would advertise `{host}`, where no client finds it"),
        "clients are sent to this address",
    )
}

/// Reports what is wrong with one property by itself; tells whether it can be read, on every node.
fn list(
    name: &str,
    value: &Spanned<PerNode<Text>>,
    kafka: &Kafka,
    role: &Role,
    diags: &mut Diagnostics,
) -> bool {
    let (mut sound, port) = (true, kafka.port.value);
    for text in value.value.all() {
        let Some(all) = entries(text) else {
            diags.report(
                Diagnostic::error(
                    "kafka-listener-malformed",
                    value.span,
                    format!("`{name}` is not a list of listeners"),
                    "each must be NAME://host:port",
                )
                .help(format!("write it as `PLAINTEXT://host:{port}`")),
            );
            sound = false;
            continue;
        };
        if all.iter().all(|it| it.port != port) {
            let title = format!("no entry of `{name}` has port {port}");
            port_mismatch(kafka, value.span, title, diags);
        }
        twice(name, value.span, &all, diags);
        if let Some(entry) = all.iter().find(|it| name != "listeners" && nowhere(&it.host)) {
            let host = entry.host.plain().unwrap_or_default();
            let found = not_routable(host, value.span);
            // what holds facts is a template, which is not written anew
            let Some(said) = text.plain() else {
                diags.report(found.help(format!("advertise `{}`", own_address(role))));
                continue;
            };
            let right = format!("://{}:", own_address(role));
            let right = said.replacen(&format!("://{host}:"), &right, 1);
            diags.report(
                found
                    .help(format!("advertise `{right}`"))
                    .edit(Edit::write(value.span, format!("\"{right}\""))),
            );
        }
    }
    sound
}

/// Reports a name that comes twice, and a port that two listen on; one of IPv4 and one of IPv6 may share theirs.
fn twice(list: &str, at: Span, all: &[Entry], diags: &mut Diagnostics) {
    let (mut seen, mut ports) = (BTreeSet::new(), BTreeSet::new());
    for entry in all {
        let is_v6 = entry.host.plain().is_some_and(|host| host.contains(':'));
        let what = if !seen.insert(&entry.name) {
            format!("the name {}", entry.name)
        } else if list == "listeners" && entry.port != 0 && !ports.insert((entry.port, is_v6)) {
            format!("port {}", entry.port)
        } else {
            continue;
        };
        diags.report(
            Diagnostic::error(
                "kafka-listener-twice",
                at,
                format!("two entries of `{list}` have {what}"),
                "Kafka refuses to start",
            )
            .help("give each listener a name and a port of its own"),
        );
    }
}

fn without_protocol(kafka: &Kafka, name: &str, diags: &mut Diagnostics) {
    let found = Diagnostic::error(
        "kafka-listener-without-protocol",
        place(kafka, &["listeners"]),
        format!("nothing says which protocol the listener {name} speaks"),
        "Kafka refuses to start",
    );
    diags.report(match kafka.config.get(MAP) {
        Some(map) => found
            .related(map.span, "it is not in this map")
            .help(format!("add `{name}:PLAINTEXT`, or another protocol, to `{MAP}`")),
        None => found.help(format!(
            "declare it: `{}.listeners: {{ {name}: {{ port: … }} }}`, or add `{MAP}` with an entry for each name",
            kafka.path
        )),
    });
}

fn not_bound(kafka: &Kafka, entry: &Entry, bound: &[Entry], diags: &mut Diagnostics) {
    let found = Diagnostic::error(
        "kafka-advertised-unknown",
        place(kafka, &["advertised.listeners"]),
        format!("{} is advertised, and no listener has this name", entry.name),
        "Kafka refuses to start",
    );
    let found = match kafka.config.get("listeners") {
        Some(listeners) => found.related(listeners.span, "the listeners there are"),
        None => found,
    };
    diags.report(found.help(format!("use `{}`, or add it to the listeners", names(bound))));
}

/// Reports brokers that are told to reach each other on a listener that none advertises.
fn between(kafka: &Kafka, sent: &[Entry], diags: &mut Diagnostics) {
    for property in ["inter.broker.listener.name", "security.inter.broker.protocol"] {
        let Some(value) = kafka.config.get(property) else { continue };
        let Some(name) = value.value.on(0).plain() else { continue };
        let name = name.trim();
        if sent.iter().any(|it| it.name.eq_ignore_ascii_case(name)) {
            continue;
        }
        let help = if name == CONTROLLER {
            format!("remove `{property}`: controllers have a listener of their own")
        } else {
            format!("name one that is advertised: `{}`", names(sent))
        };
        let found = Diagnostic::error(
            "kafka-inter-broker-unknown",
            value.span,
            format!("`{property}` is {name}, and no listener of this name is advertised"),
            "Kafka refuses to start",
        );
        let found = match said(kafka, &["advertised.listeners", "listeners"]) {
            Some(span) => found.related(span, "these are"),
            None => found,
        };
        diags.report(found.help(help));
    }
}

/// Reports listeners that the node itself cannot ask, since its tools are told the host when they are built.
fn not_asked(kafka: &Kafka, entry: &Entry, diags: &mut Diagnostics) {
    let bind = kafka.listeners.iter().find_map(|it| it.bind.as_ref());
    let found = Diagnostic::error(
        "kafka-listener-host-fact",
        bind.map_or_else(|| place(kafka, &["listeners"]), |bind| bind.span),
        format!("{} listens on an address that only the host knows", entry.name),
        "its probe and its tools have to know it before",
    );
    diags.report(match bind {
        Some(bind) => found
            .help("remove `bind`: `audience` says who may reach the port")
            .edit(Edit::remove(bind.span)),
        None => found.help("listen on `0.0.0.0`, or write `{{node.address}}`"),
    });
}

/// Reports an address that more than one node advertises: the second broker ends when it tells the others of it.
fn same(kafka: &Kafka, role: &Role, diags: &mut Diagnostics) {
    let mut seen: BTreeMap<(String, u16), usize> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for (position, node) in role.nodes.iter().enumerate() {
        let Some(member) = Member::of(role, position) else { continue };
        // what leads nowhere has been reported
        for entry in kafka.advertised(member).into_iter().filter(|it| !nowhere(&it.host)) {
            let Some(host) = shared_host(&entry.host) else { continue };
            // within one node that is a matter of the ports
            let first = *seen.entry((host.clone(), entry.port)).or_insert(position);
            if first == position || !told.insert(entry.name.clone()) {
                continue;
            }
            let other = role.nodes.get(first).map_or("", |node| node.name.value.as_str());
            let said = kafka.listeners.iter().find(|it| it.name.value == entry.name);
            let said = said.and_then(|it| it.advertise.as_ref());
            let whole = kafka.config.get("advertised.listeners").filter(|_| said.is_none());
            let at = said.or(whole).map_or(node.name.span, |it| it.span);
            let title = format!(
                "`{other}` and `{}` both advertise `{host}:{}`",
                node.name.value, entry.port
            );
            let address = own_address(role);
            let found = Diagnostic::error(
                "kafka-advertised-same",
                at,
                title,
                "the second broker refuses to start",
            )
            .help(format!("advertise an address of each node's own, as `{address}`"));
            let found = if at == node.name.span {
                found
            } else {
                found.related(node.name.span, "more than one node")
            };
            let text = whole.and_then(|it| match &it.value {
                PerNode::Same(text) => text.plain(),
                PerNode::Each(_) => None,
            });
            diags.report(match (said, whole, text) {
                (Some(said), ..) => found.edit(Edit::write(said.span, format!("\"{address}\""))),
                (None, Some(whole), Some(text)) => {
                    let right = text.replace(&format!("://{host}:"), &format!("://{address}:"));
                    found.edit(Edit::write(whole.span, format!("\"{right}\"")))
                }
                _ => found,
            });
        }
    }
}

/// Returns a host as text, if it may be the same on two nodes; nothing where a fact makes it the node's own.
fn shared_host(host: &Text) -> Option<String> {
    let piece = |piece: &Piece| match piece {
        Piece::Literal(text) => Some(text.clone()),
        Piece::Host(HostFact::Zone | HostFact::Region) | Piece::Stack(_) => {
            Some(format!("{piece:?}"))
        }
        Piece::Host(_) | Piece::Secret(_) => None,
    };
    host.pieces().iter().map(piece).collect()
}
