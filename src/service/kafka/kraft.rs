//! A broker in KRaft mode, as the scripts in `/opt/kafka` of `apache/kafka` take it.
//!
//! The storage is formatted once by a container of its own, and only where no `meta.properties` is. As what it is
//! formatted is decided on the machine: one node founds the quorum, all others are let in by those who are in it.
//! Brokers whose controllers are another role's found nothing: they ask those, and are given their cluster's id.

use super::super::declared::{Answer, Met};
use super::super::member::{Member, around, directory, host, variable, without_address};
use super::super::properties;
use super::broker::{Kafka, Mode, OWNER, Part};
use super::listeners::{self, CONTROLLER, MAP, append, without_facts};
use super::logging::Logging;
use super::quorum::{Elsewhere, Quorum};
use super::settings::{Setting, Settings, common, overlay};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{
    Bind, Container, Deciding, FileSpec, Identity, Membership, Node, Owner, Parts, PerNode,
    Placement, Port, Role, Run, Text,
};
use crate::source::{Edit, Spanned};

/// From this version on a controller joins the quorum by itself: `controller.quorum.auto.join.enable`.
const JOINS_ITSELF: (u32, u32) = (4, 2);

/// Tells whether a controller is let into the quorum without anybody's help, as far as is known.
pub(super) fn joins_by_itself(kafka: &Kafka) -> bool {
    kafka.version().is_some_and(|version| version.value >= JOINS_ITSELF)
}

/// Returns where the rendered files are, on the host and in the container.
fn home(kafka: &Kafka) -> String {
    format!("/etc/cfgbuild/{}", kafka.name)
}

/// Reports what a file rendered at build time cannot hold.
pub(super) fn validate(kafka: &Kafka, role: &Role, met: &Met, diags: &mut Diagnostics) {
    if role.identity.value == Identity::Shared {
        diags.report(
            Diagnostic::error(
                "kafka-kraft-needs-pinned",
                role.identity.span,
                "KRaft nodes cannot share one config",
                "each node needs an id and the address of every controller",
            )
            .related(kafka.mode.span, "KRaft is chosen here")
            .help("set `cluster.identity: pinned`")
            .edit(Edit::set(["cluster", "identity"], "pinned")),
        );
        return;
    }
    if let Some(Part::Brokers(other)) = kafka.part() {
        let why = "these brokers have no vote";
        kafka.seat.refuse_birth(&kafka.path, why, other.span, diags);
        controllers(kafka, other, role, met, diags);
    } else {
        let voters = kafka.quorum(role).map(Quorum::names).unwrap_or_default();
        kafka.seat.validate(&kafka.path, role, &voters, diags);
    }
    if let Some((node, who)) = without_address(role) {
        let title = format!("{who} for Kafka to advertise");
        diags.report(
            Diagnostic::error(
                "kafka-kraft-address-missing",
                node.name.span,
                title,
                "needs an address",
            )
            .related(kafka.mode.span, "KRaft is chosen here")
            .help("set `cluster.domain`, or an `address` for each node in `cluster.nodes`"),
        );
    }
}

/// Reports what keeps brokers from the controllers of another role.
fn controllers(
    kafka: &Kafka,
    other: &Spanned<String>,
    role: &Role,
    met: &Met,
    diags: &mut Diagnostics,
) {
    let unfit = |title: String| {
        Diagnostic::error("kafka-without-controllers", other.span, title, "no controllers")
            .related(kafka.mode.span, "KRaft is chosen here")
    };
    let name = &other.value;
    let offer = match met.answers.first() {
        Some(Answer::Offer(offer)) => offer,
        Some(Answer::Missing) => {
            let title = format!("role `{name}` has no `kafka` section");
            diags.report(
                unfit(title).help("name a role with `kafka: { mode: kraft, process: controller }`"),
            );
            return;
        }
        Some(Answer::Reported) | None => return,
    };
    let Some(there) = Elsewhere::of(offer) else {
        let title = format!("the nodes of role `{name}` are brokers, not controllers alone");
        let help = format!("set `{}.process: controller` in profiles/{name}", offer.instance);
        diags.report(unfit(title).help(help));
        return;
    };
    let (own, theirs) = (&kafka.seat.port, there.member_port);
    if theirs != own.value {
        let title = format!(
            "members ask each other on one port, and those of `{name}` answer on {theirs}, not on {}",
            own.value
        );
        diags.report(
            Diagnostic::error("kafka-member-port-differs", other.span, title, "never heard")
                .help(format!("set `{}.member_port` to {theirs}", kafka.path))
                .edit(Edit::set(kafka.path.split('.').chain(["member_port"]), theirs.to_string())),
        );
    }
    let taken = |node: &&Node| there.nodes().iter().any(|(id, _)| *id == node.id.value);
    if let Some(node) = role.nodes.iter().find(taken) {
        let (id, broker) = (node.id.value, &node.name.value);
        let title = format!("`{broker}` has the id {id}, which a controller of `{name}` has");
        diags.report(
            Diagnostic::error("kafka-id-taken", node.id.span, title, "one id for two members")
                .related(other.span, "its controllers")
                .help(format!(
                    "count the controllers from another number, as `cluster.first_id: 9001` in profiles/{name}; \
                     nodes that have data keep their ids",

                )),
        );
    }
}

/// Who decides, for the brokers and for the controllers themselves.
pub(super) enum Controllers<'a> {
    Here(Quorum<'a>),
    There(Elsewhere<'a>),
}

impl Controllers<'_> {
    /// Tells whether the node at `position` is one.
    fn holds(&self, position: usize) -> bool {
        match self {
            Self::Here(quorum) => quorum.holds(position),
            Self::There(_) => false,
        }
    }

    fn endpoints(&self) -> String {
        match self {
            Self::Here(quorum) => quorum.endpoints(),
            Self::There(there) => there.endpoints(),
        }
    }
}

/// Returns who decides; `None` where it has been reported that nobody does.
pub(super) fn found<'a>(kafka: &Kafka, role: &'a Role, met: &'a Met) -> Option<Controllers<'a>> {
    match kafka.quorum(role) {
        Some(quorum) => Some(Controllers::Here(quorum)),
        None => Some(Controllers::There(Elsewhere::of(met.first()?)?)),
    }
}

/// Returns what a node is called to people.
fn title(kafka: &Kafka, votes: bool, member: Member<'_>) -> String {
    member.title(match (kafka.alone(), votes) {
        (Some(_), _) => "Kafka controller",
        (None, true) => "Kafka broker and controller",
        (None, false) => "Kafka broker",
    })
}

/// Adds the files, the format container and the server of one node.
pub(super) fn expand(
    kafka: &Kafka,
    controllers: &Controllers<'_>,
    ports: Vec<Port>,
    member: Member<'_>,
) -> Parts {
    let mut made = Parts::default();
    let (home, votes) = (home(kafka), controllers.holds(member.position));
    let secret = kafka.config.values().any(|value| value.value.on(member.position).is_secret());
    let file = |name: &str, contents: String, group: Option<Owner>, mode: u32| FileSpec {
        path: Spanned::new(format!("{home}/{name}"), kafka.span),
        mode: Spanned::new(mode, kafka.span),
        user: None,
        group,
        contents: PerNode::Same(contents.into_bytes()),
        secret: secret && mode == 0o640,
        remove: false,
    };
    let logging = Logging::of(kafka);
    let group = Some(Owner::Id(OWNER));
    // Properties may hold passwords of stores: only the broker's group reads them.
    let settings = settings(kafka, controllers, member);
    made.files.push(file("server.properties", rendered(&settings, member), group, 0o640));
    made.files.push(file(logging.file, logging.contents.to_owned(), None, 0o644));
    made.containers.push(format(kafka, votes, member));
    made.seats.push(seat(kafka, controllers, member));

    let log4j = format!("{}=file:{home}/{}", logging.option, logging.file);
    let after = vec![Spanned::new(format!("{}-format.service", kafka.name), kafka.span)];
    let log4j = variable("KAFKA_LOG4J_OPTS", Text::literal(log4j), kafka.span);
    let mut broker = Container {
        description: title(kafka, votes, member),
        ports,
        deciding: Some(deciding(kafka, false)),
        entrypoint: Some("/opt/kafka/bin/kafka-server-start.sh".to_owned()),
        args: words([format!("{home}/server.properties")])
            .into_iter()
            .chain(overrides(&settings))
            .collect(),
        env: kafka.java().into_iter().chain([log4j]).collect(),
        // a log that is not formatted is what the broker itself refuses
        after: after.clone(),
        wants: after,
        ..kafka.container(&kafka.name, member)
    };
    broker.binds.extend(["server.properties", logging.file].map(|name| read_only(name, kafka)));
    made.containers.push(kafka.complete(broker, member));
    made
}

/// Returns the container that formats an empty log directory.
fn format(kafka: &Kafka, votes: bool, member: Member<'_>) -> Container {
    let mut container = kafka.container(&format!("{}-format", kafka.name), member);
    let data = container.binds.first().map(|bind| bind.from.value.as_str()).unwrap_or_default();
    let args = ["format".to_owned(), format!("--config={}/server.properties", home(kafka))];
    container.deciding = Some(deciding(kafka, true));
    container.run = Run::Once { unless_exists: Some(format!("{data}/meta.properties")) };
    container.description = format!("Format of the log of {}", title(kafka, votes, member));
    container.entrypoint = Some("/opt/kafka/bin/kafka-storage.sh".to_owned());
    container.args = words(args);
    container.stop_timeout = 10;
    container.placement =
        Placement { machine_of: Some(format!("{}.service", kafka.name)), ..Placement::default() };
    container.binds.push(read_only("server.properties", kafka));
    container
}

/// Returns what the start of the format, or of the broker, asks.
fn deciding(kafka: &Kafka, forms: bool) -> Deciding {
    Deciding { instance: kafka.name.clone(), forms, words: Vec::new(), takes_flags: forms }
}

/// Returns the node's seat. Brokers without a vote have one, too: a cluster is born only where none of them has data.
fn seat(kafka: &Kafka, controllers: &Controllers<'_>, member: Member<'_>) -> Membership {
    let data = directory(member.role, kafka.volume.as_ref(), &kafka.name, "data");
    let kind = ("kraft", include_str!("member.sh"));
    let name = Spanned::new(kafka.name.clone(), kafka.span);
    let given = match &kafka.mode.value {
        Mode::Kraft { cluster_id, .. } => cluster_id.as_ref(),
        Mode::Zookeeper { .. } => None,
    };
    let mut values = Vec::new();
    values.extend(given.map(|id| ("cluster_id", vec![id.value.clone()])));
    let others = kafka.others(member);
    if !others.is_empty() {
        values.push(("brokers", vec![others.join(",")]));
    }
    if controllers.holds(member.position) {
        values.push(("votes", vec!["yes".to_owned()]));
        values.push(("controllers", vec![controllers.endpoints()]));
    }
    let apart = Some(format!("{}-format", kafka.name));
    match controllers {
        Controllers::Here(quorum) => Membership {
            apart,
            values,
            ..kafka.seat.of(member, name, kind, &quorum.names(), vec![data])
        },
        Controllers::There(there) => {
            let own = kafka.seat.of(member, name, kind, &[], vec![data]);
            let fellows: Vec<String> = own.peers.iter().map(|(id, _)| id.to_string()).collect();
            values.extend(Some(("fellows", fellows)).filter(|(_, all)| !all.is_empty()));
            let host = |host: &String| host.trim_matches(['[', ']']).to_owned();
            let theirs = there.nodes().iter().map(|(id, found)| (*id, host(found)));
            let peers = theirs.chain(own.peers).collect();
            Membership { apart, values, cluster: there.cluster(), peers, birth: None, ..own }
        }
    }
}

fn words(words: impl IntoIterator<Item = String>) -> Vec<PerNode<Text>> {
    words.into_iter().map(|word| PerNode::Same(Text::literal(word))).collect()
}

fn read_only(name: &str, kafka: &Kafka) -> Bind {
    let path = format!("{}/{name}", home(kafka));
    Bind {
        from: Spanned::new(path.clone(), kafka.span),
        to: path,
        read_only: true,
        slave: false,
        create: None,
    }
}

/// Returns all properties of a broker.
fn settings<'a>(
    kafka: &'a Kafka,
    controllers: &Controllers<'_>,
    member: Member<'_>,
) -> Settings<'a> {
    let votes = controllers.holds(member.position);
    let alone = kafka.alone().is_some();
    let mut settings = common(kafka, member);
    let mut set = |name, value| settings.insert(name, Setting { value, span: kafka.span });
    let roles = match (alone, votes) {
        (true, _) => "controller",
        (false, true) => "broker,controller",
        (false, false) => "broker",
    };
    set("process.roles", Text::literal(roles));
    set("node.id", Text::literal(member.node.id.value.to_string()));
    set("controller.quorum.bootstrap.servers", Text::literal(controllers.endpoints()));
    set("controller.listener.names", Text::literal(CONTROLLER));
    if votes && kafka.version().is_none_or(|version| version.value >= JOINS_ITSELF) {
        // one that is about to go would let itself in again as soon as it is out
        let joins = member.node.leaving.is_none().to_string();
        set("controller.quorum.auto.join.enable", Text::literal(joins));
    }
    overlay(&mut settings, kafka, member.position);
    let reached = host(member.node).unwrap_or_default();
    let port = kafka.controller_port().unwrap_or_default();
    let own = [
        (MAP, "CONTROLLER:", "PLAINTEXT".to_owned(), true),
        ("listeners", "CONTROLLER://", format!("0.0.0.0:{port}"), votes),
        ("advertised.listeners", "CONTROLLER://", format!("{reached}:{port}"), votes),
    ];
    if alone {
        // it has no other listener, and no rack
        settings.remove("broker.rack");
        for (name, key, value, _) in own {
            let value = Text::literal(format!("{key}{value}"));
            settings.insert(name, Setting { value, span: kafka.span });
        }
        return settings;
    }
    listeners::apply(&mut settings, kafka, member);
    for (name, key, value, needed) in own {
        if let Some(setting) = settings.get_mut(name).filter(|_| needed) {
            append(&mut setting.value, key, &value);
        }
    }
    settings
}

/// Returns `server.properties`, sorted by name: what is known before the boot, and enough for the log to be formatted.
fn rendered(settings: &Settings<'_>, member: Member<'_>) -> String {
    let line = |(name, setting): (&&str, &Setting)| {
        let known = match *name {
            "listeners" => without_facts(&setting.value, &Text::literal("0.0.0.0")),
            "advertised.listeners" => without_facts(&setting.value, &member.host()),
            _ => None,
        };
        let value =
            if setting.value.plain().is_some() { Some(&setting.value) } else { known.as_ref() };
        Some(properties::line(name, value?.plain()?))
    };
    settings.iter().filter_map(line).collect()
}

/// Returns the words that tell the broker what no file can know.
fn overrides(settings: &Settings<'_>) -> Vec<PerNode<Text>> {
    let late = settings.iter().filter(|(_, setting)| setting.value.plain().is_none());
    let words = late.flat_map(|(name, setting)| {
        [Text::literal("--override"), around(&format!("{name}="), &setting.value, "")]
    });
    words.map(PerNode::Same).collect()
}

#[cfg(test)]
mod tests {
    use super::super::broker::Listener;
    use super::*;
    use crate::model::{Audience, Audiences};
    use crate::service::sample;

    fn properties(role: &sample::Sample, position: usize) -> String {
        let parts = role.expand(position);
        let file = parts.files.first().expect("server.properties");
        String::from_utf8(file.contents.on(0).clone()).expect("text")
    }

    fn arguments(container: &Container) -> Vec<String> {
        container.args.iter().map(|word| sample::show(word.on(0))).collect()
    }

    #[test]
    fn a_controller_of_four_nodes_and_a_broker() {
        let mut role = sample::role(4);
        let mut kafka = sample::kraft();
        kafka.config.insert("log.retention.hours".to_owned(), sample::text("48"));
        role.kafka = Some(kafka);
        assert!(sample::codes(&role).is_empty());
        assert_eq!(
            properties(&role, 0),
            "\
advertised.listeners=PLAINTEXT://kafka-1.kafka.internal:9092,CONTROLLER://kafka-1.kafka.internal:9093
auto.create.topics.enable=false
controller.listener.names=CONTROLLER
controller.quorum.auto.join.enable=true
controller.quorum.bootstrap.servers=kafka-1.kafka.internal:9093,kafka-2.kafka.internal:9093,kafka-3.kafka.internal:9093
default.replication.factor=3
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
listeners=PLAINTEXT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093
log.dirs=/var/lib/kafka/data
log.retention.ms=172800000
min.insync.replicas=2
node.id=1
offsets.topic.replication.factor=3
process.roles=broker,controller
share.coordinator.state.topic.min.isr=2
share.coordinator.state.topic.replication.factor=3
transaction.state.log.min.isr=2
transaction.state.log.replication.factor=3
unclean.leader.election.enable=false
"
        );
        let broker = properties(&role, 3);
        assert!(broker.contains("\nprocess.roles=broker\n"), "{broker}");
        assert!(broker.contains("\nlisteners=PLAINTEXT://0.0.0.0:9092\n"), "{broker}");

        let parts = role.expand(0);
        let format = parts.containers.first().expect("kafka-format");
        assert_eq!(
            format.run,
            Run::Once { unless_exists: Some("/var/lib/kafka/data/meta.properties".to_owned()) }
        );
        let words = ["format", "--config=/etc/cfgbuild/kafka/server.properties"];
        assert_eq!(arguments(format), words);
        assert!(format.deciding.as_ref().is_some_and(|asks| asks.forms && asks.takes_flags));
        let seat = parts.seats.first().expect("a seat");
        assert_eq!(seat.peers.len(), 3);
        assert_eq!((seat.id, seat.birth, seat.port), (1, Some(1), 9089));
        let controllers =
            "kafka-1.kafka.internal:9093,kafka-2.kafka.internal:9093,kafka-3.kafka.internal:9093";
        let brokers =
            "kafka-2.kafka.internal:9092,kafka-3.kafka.internal:9092,kafka-4.kafka.internal:9092";
        let values = [("brokers", brokers), ("votes", "yes"), ("controllers", controllers)]
            .map(|(name, value)| (name, vec![value.to_owned()]));
        assert_eq!(seat.values, values);
        // a broker has a seat, and no vote
        let parts = role.expand(3);
        assert_eq!(parts.seats.first().map(|seat| seat.values.len()), Some(1));
    }

    #[test]
    fn who_lets_a_controller_in() {
        for (image, by_itself) in [
            ("apache/kafka:3.9.2", false),
            ("apache/kafka:4.1.1", false),
            ("apache/kafka:4.2.0", true),
        ] {
            let mut role = sample::role(3);
            role.kafka = Some(Kafka { image: sample::image(image), ..sample::kraft() });
            let set = properties(&role, 0).contains("controller.quorum.auto.join.enable=true");
            let helped = role.expand(0).tasks.iter().any(|task| task.name == "kafka-voter");
            assert_eq!((set, helped), (by_itself, !by_itself), "{image}");
        }
    }

    #[test]
    fn who_founds_the_cluster() {
        for (birth, founder, codes) in [
            (None, Some(1), &[][..]),
            (Some("kafka-3"), Some(3), &[]),
            (Some("kafka-4"), Some(1), &["birth-unknown"]),
        ] {
            let mut role = sample::role(4);
            let mut kafka = sample::kraft();
            kafka.seat.birth = birth.map(|name| sample::at(name.to_owned()));
            role.kafka = Some(kafka);
            assert_eq!(sample::codes(&role), codes);
            assert_eq!(role.expand(1).seats.first().and_then(|seat| seat.birth), founder);
        }
    }

    #[test]
    fn a_profiles_listeners_keep_the_controllers() {
        let mut role = sample::role(3);
        let mut kafka = sample::kraft();
        let own = "CLIENT://0.0.0.0:9092";
        kafka.config.insert("listeners".to_owned(), sample::text(own));
        kafka.config.insert(MAP.to_owned(), sample::text("CLIENT:PLAINTEXT"));
        role.kafka = Some(kafka);
        let text = properties(&role, 0);
        assert!(text.contains(&format!("\nlisteners={own},CONTROLLER://0.0.0.0:9093\n")), "{text}");
        assert!(text.contains("\ninter.broker.listener.name=CLIENT\n"), "{text}");
        let map = "listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT";
        assert!(text.contains(&format!("\n{map}\n")), "{text}");
    }

    #[test]
    fn facts_of_the_host_are_words_of_the_command() {
        let mut role = sample::role(1);
        let mut kafka = sample::kraft();
        let fact = |before: &str| {
            let address = Text::host(crate::model::HostFact::PrivateIpv4);
            sample::at(PerNode::Same(around(before, &address, ":9092")))
        };
        kafka.config.insert("listeners".to_owned(), fact("PLAINTEXT://"));
        kafka.config.insert("advertised.listeners".to_owned(), fact("PLAINTEXT://"));
        role.kafka = Some(kafka);
        let text = properties(&role, 0);
        for line in [
            "advertised.listeners=PLAINTEXT://kafka-1.kafka.internal:9092,CONTROLLER://kafka-1.kafka.internal:9093",
            "listeners=PLAINTEXT://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093",
        ] {
            assert!(text.contains(&format!("{line}\n")), "{line} is not in {text}");
        }
        let parts = role.expand(0);
        let broker = parts.containers.last().expect("kafka");
        assert_eq!(
            arguments(broker),
            [
                "/etc/cfgbuild/kafka/server.properties",
                "--override",
                "advertised.listeners=PLAINTEXT://{private_ipv4}:9092,CONTROLLER://kafka-1.kafka.internal:9093",
                "--override",
                "broker.rack={zone}",
                "--override",
                "listeners=PLAINTEXT://{private_ipv4}:9092,CONTROLLER://0.0.0.0:9093",
            ]
        );
    }

    #[test]
    fn two_listeners() {
        let mut role = sample::role(3);
        let mut kafka = sample::kraft();
        let address = PerNode::Same(Text::literal("10.0.0.1"));
        let listener = |name: &str, port, audience| Listener {
            name: sample::at(name.to_owned()),
            port: sample::at(port),
            audience: Audiences::of([audience]),
            bind: None,
            advertise: None,
        };
        let inside = listener("INSIDE", 9095, Audience::Members);
        let office = listener("OFFICE", 9092, Audience::Clients);
        let name = PerNode::Same(Text::literal("office.example.net"));
        kafka.listeners = vec![
            Listener { bind: Some(sample::at(address)), ..inside },
            Listener { advertise: Some(sample::at(name)), ..office },
        ];
        role.kafka = Some(kafka);
        let text = properties(&role, 0);
        for line in [
            "listeners=INSIDE://10.0.0.1:9095,OFFICE://0.0.0.0:9092,CONTROLLER://0.0.0.0:9093",
            "advertised.listeners=INSIDE://kafka-1.kafka.internal:9095,OFFICE://office.example.net:9092,\
             CONTROLLER://kafka-1.kafka.internal:9093",
            "listener.security.protocol.map=INSIDE:PLAINTEXT,OFFICE:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "inter.broker.listener.name=INSIDE",
        ] {
            assert!(text.contains(&format!("{line}\n")), "{line} is not in {text}");
        }
        let parts = role.expand(0);
        let broker = parts.containers.last().expect("kafka");
        let opened = broker.ports.iter().map(|it| format!("{}: {}", it.number.value, it.audience));
        let opened: Vec<String> = opened.collect();
        assert_eq!(
            opened,
            ["9092: members, clients", "9095: members", "9093: members", "9089: members"]
        );
        assert_eq!((broker.ready_port, broker.ready_host.as_deref()), (Some(9092), None));
    }

    #[test]
    fn what_is_bound_to_the_nodes_address_is_asked_there() {
        let mut role = sample::role(3);
        let mut kafka = sample::kraft();
        let own = "PLAINTEXT://kafka-1.kafka.internal:9092";
        kafka.config.insert("listeners".to_owned(), sample::text(own));
        role.kafka = Some(kafka);
        let parts = role.expand(0);
        let broker = parts.containers.last().expect("kafka");
        assert_eq!(broker.ready_host.as_deref(), Some("kafka-1.kafka.internal"));
        let gate = parts.tasks.first().and_then(|task| task.steps.first());
        let Some(crate::model::Step::Run { argv, .. }) = gate else { panic!("{gate:?}") };
        assert!(argv.contains(&"kafka-1.kafka.internal:9092".to_owned()), "{argv:?}");
    }

    #[test]
    fn findings() {
        let mut role = sample::shared(3);
        role.kafka = Some(sample::kraft());
        assert_eq!(sample::codes(&role), ["kafka-kraft-needs-pinned"]);
        let mut role = sample::role(3);
        role.kafka = Some(sample::kraft());
        if let Some(node) = role.bare.nodes.first_mut() {
            node.address = None;
        }
        assert_eq!(sample::codes(&role), ["kafka-kraft-address-missing"]);
    }
}
