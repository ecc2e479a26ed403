//! The places of the grammar that take a text of the user's: values and the names of entries. A new key is one of them
//! without a line here.

use cfgbuild::grammar::GRAMMAR;
use cfgbuild::profile::schema::{Field, Form, Key, Type};
use serde_json::{Map, Value as Json, json};

/// The harmless text, which is nowhere in what is written by chance.
pub(crate) const WORD: &str = "qzv";

/// A step to a place.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// A key of a record.
    Key(&'static str),
    /// An entry of a map whose keys are of this kind.
    Entry(Key),
    /// An item of a list.
    Item,
}

/// What a profile is for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    /// What the profile says of it.
    pub(crate) says: &'static str,
    /// A section that is another one there, and what it says.
    pub(crate) section: (&'static str, &'static str),
}

/// What stands at a place.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Slot {
    /// A value.
    Value(Type),
    /// The name of an entry.
    Name(Key),
}

/// A place of the grammar.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    /// The way to it; for a name the map.
    pub(crate) path: Vec<Step>,
    /// What stands there.
    pub(crate) slot: Slot,
}

/// Returns every place but those about the profile itself, which nothing is written of.
pub(crate) fn places() -> Vec<Place> {
    let mut found = Vec::new();
    for field in GRAMMAR.fields() {
        if !["extends", "vars", "allow"].contains(&field.name) {
            below(&[Step::Key(field.name)], &field.of, &mut found);
        }
    }
    found
}

fn below(path: &[Step], of: &Type, found: &mut Vec<Place>) {
    let then = |step: Step| [path, &[step]].concat();
    let mut add = |slot| found.push(Place { path: path.to_vec(), slot });
    match of.form() {
        Form::Scalar | Form::Free => add(Slot::Value(*of)),
        Form::List(of) => below(&then(Step::Item), of, found),
        Form::Map(key, of) => {
            add(Slot::Name(key));
            below(&then(Step::Entry(key)), of, found);
        }
        Form::Record(fields) => {
            let each = |field: &Field| below(&then(Step::Key(field.name)), &field.of, found);
            fields.iter().for_each(each);
        }
        Form::Either(types) => types.iter().for_each(|of| below(path, of, found)),
        // what an instance holds is what the section of its kind holds
        Form::Services => add(Slot::Name(Key::Name)),
    }
}

/// What every profile says.
const ROLE: &str = "{allow: {data-on-root-disk: a test, secret-in-profile: a test, unit-undefined: a test}, \
                    cluster: {name: a, domain: a.internal, nodes: 1}}";

/// What a value needs elsewhere.
const NEEDS: [(&str, &str); 4] = [
    ("etcd.discovery_token", "{etcd: {discovery_endpoints: ['http://d.example.net:2379']}}"),
    ("etcd.discovery_endpoints[]", "{etcd: {discovery_token: t}}"),
    ("updates.group", "{updates: {strategy: lock}}"),
    ("updates.url", "{updates: {strategy: lock}}"),
];

/// What else an entry must say to be one, by the path to it.
const BESIDE: [(&str, &str); 25] = [
    ("aws", "{instance_type: m6i.large}"),
    ("containers.*", "{image: 'r.example.net/a:1'}"),
    ("containers.*.binds[]", "{from: /srv/a, to: /a}"),
    ("containers.*.secrets.*", "{from: a}"),
    ("etcd.secrets.*", "{from: a}"),
    ("kafka.secrets.*", "{from: a}"),
    ("zookeeper.secrets.*", "{from: a}"),
    ("containers.*.devices[]", "{path: /dev/a}"),
    ("etcd.binds[]", "{from: /srv/a, to: /a}"),
    ("kafka.binds[]", "{from: /srv/a, to: /a}"),
    ("zookeeper.binds[]", "{from: /srv/a, to: /a}"),
    ("etcd", "{image: 'quay.io/coreos/etcd:v3.6.0'}"),
    ("kafka", "{mode: kraft}"),
    ("kafka.listeners.*", "{port: 9092}"),
    ("kafka.zookeeper", "{connect: ['z.example.net:2181']}"),
    ("links.*", "{target: /etc/b}"),
    ("registry", "{mirror: r.example.net}"),
    ("services.*", "{kind: etcd}"),
    ("storage.disks[]", "{device: /dev/sdy}"),
    ("storage.filesystems[]", "{device: /dev/sdy, format: ext4, path: /srv/b}"),
    ("storage.raid[]", "{name: a, level: raid0, devices: [/dev/sdx, /dev/sdw]}"),
    ("storage.disks[].partitions[]", "{number: 1}"),
    ("units.*", "{contents: \"[Service]\\nExecStart=/bin/a\\n\"}"),
    ("volumes.*", "{mount: /srv/a, device: /dev/sdz}"),
    ("packer.provisioners[]", "{}"),
];

impl Place {
    /// Returns its name, with `*` for an entry.
    pub(crate) fn name(&self) -> String {
        let name = name(&self.path);
        if matches!(self.slot, Slot::Name(_)) { format!("names of {name}") } else { name }
    }

    /// Returns the texts one of which is harmless there, or none where only numbers and words of a list are.
    pub(crate) fn harmless(&self) -> &'static [&'static str] {
        let of = match self.slot {
            Slot::Name(Key::Unit) => return &["qzv.service"],
            Slot::Name(Key::Path | Key::File) => return &["/etc/qzv"],
            Slot::Name(Key::Sysctl) => return &["vm.qzv"],
            Slot::Name(_) => return &["qzv", "qzv.conf", "QZV"],
            Slot::Value(of) => of,
        };
        match of {
            Type::Text
            | Type::NodeText
            | Type::HostText
            | Type::SecretText
            | Type::GuardedText
            | Type::Free => &[
                "qzv",
                "r.example.net/qzv:1",
                "/qzv",
                "s3://qzv/a",
                "qzv.example.net:2181",
                "5L6g3nShT-eMCtK--qzvsw",
                "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJkPwWR9gTz7C5pSnRb6+dlnu6ExBvC8kjLFjxGkgmXK qzv",
            ],
            Type::Token => &["qzv", "-qzv"],
            Type::Line | Type::Name | Type::Host | Type::Role => &["qzv", "/qzv"],
            Type::Unit => &["qzv.service"],
            Type::Path => &["/srv/qzv", "/dev/qzv"],
            Type::ColonlessPath => &["/srv/qzv"],
            Type::Url => &["http://qzv.example.net:2379"],
            Type::PasswordHash => &["$6$qzv$"],
            Type::UnitText => &["qzv"],
            Type::Bool
            | Type::Integer(..)
            | Type::Port
            | Type::Mode
            | Type::Bytes
            | Type::Duration(_)
            | Type::Clock
            | Type::Ipv4
            | Type::Version
            | Type::Cidr
            | Type::Word(_)
            | Type::List(_)
            | Type::Map(..)
            | Type::Settings(..)
            | Type::Named(..)
            | Type::Services
            | Type::Record(_)
            | Type::Either(_) => &[],
        }
    }

    /// Tells whether a target has words of its own for the section.
    pub(crate) fn is_told_by(&self, target: &Target) -> bool {
        matches!(self.path.first(), Some(Step::Key(key)) if *key == target.section.0)
    }

    /// Returns a profile that has a text there, and what of the profile is about it.
    pub(crate) fn profile(&self, text: &str, target: &Target) -> (String, Vec<String>) {
        let mut profile = yaml(ROLE);
        merge(&mut profile, &yaml(target.says));
        if self.is_told_by(target) {
            merge(&mut profile, &json!({ target.section.0: yaml(target.section.1) }));
        }
        if let Some((_, needs)) = NEEDS.iter().find(|(place, _)| *place == name(&self.path)) {
            merge(&mut profile, &yaml(needs));
        }
        let mut about = vec![written(text)];
        let value = match self.slot {
            // the values in a unit come from variables
            Slot::Value(Type::UnitText) => {
                merge(&mut profile, &json!({"vars": {"v": {"type": "string", "default": text}}}));
                let unit = "[Service]\nExecStart=/bin/a\nNice={{vars.v}}\nRestart=no\n";
                about.push(written(unit));
                Json::from(unit)
            }
            Slot::Value(_) if name(&self.path) == "packer.provisioners[].*" => {
                json!({"inline": [text]})
            }
            Slot::Value(_) => Json::from(text),
            Slot::Name(_) => {
                let mut at = self.path.clone();
                at.push(Step::Entry(Key::Text));
                let entry = beside_of(&name(&at)).unwrap_or_else(|| entry_of(&self.path));
                let entry = json!({ text: entry });
                about = vec![ascii(&entry.to_string())];
                entry
            }
        };
        put(&mut profile, &self.path, "", value);
        (ascii(&profile.to_string()), about)
    }
}

/// Returns an entry of a map whose entries need not be records.
fn entry_of(path: &[Step]) -> Json {
    match name(path).as_str() {
        "files" => json!({"inline": "a"}),
        "directories" | "users" | "groups" => json!({}),
        name if name.ends_with("nodes") || name.ends_with("topics") => json!({}),
        name if name.ends_with("ports") => Json::from(8181),
        name if name.ends_with("dropins") => Json::from("[Service]\nNice=1\n"),
        name if name.ends_with("ulimits") => Json::from("1:2"),
        "packer.provisioners[]" => json!({"inline": ["a"]}),
        _ => Json::from("a"),
    }
}

fn name(path: &[Step]) -> String {
    let mut name = String::new();
    for step in path {
        match step {
            Step::Key(key) if name.is_empty() => name.push_str(key),
            Step::Key(key) => name.extend([".", key]),
            Step::Entry(_) => name.push_str(".*"),
            Step::Item => name.push_str("[]"),
        }
    }
    name
}

fn beside_of(at: &str) -> Option<Json> {
    BESIDE.iter().find(|(known, _)| *known == at).map(|(_, text)| yaml(text))
}

pub(crate) fn yaml(text: &str) -> Json {
    serde_yaml::from_str(text).expect("is YAML")
}

/// Lays one map over another.
pub(crate) fn merge(below: &mut Json, above: &Json) {
    match (below, above) {
        (Json::Object(below), Json::Object(above)) => {
            for (name, value) in above {
                merge(below.entry(name.as_str()).or_insert(Json::Null), value);
            }
        }
        (below, above) => *below = above.clone(),
    }
}

/// Puts a value where a path leads, making what is on the way.
fn put(at: &mut Json, path: &[Step], walked: &str, value: Json) {
    let Some((step, rest)) = path.split_first() else {
        *at = value;
        return;
    };
    let here = match step {
        Step::Key(key) if walked.is_empty() => (*key).to_owned(),
        Step::Key(key) => format!("{walked}.{key}"),
        Step::Entry(_) => format!("{walked}.*"),
        Step::Item => format!("{walked}[]"),
    };
    let next = match step {
        Step::Item => {
            *at = json!([null]);
            &mut at[0]
        }
        Step::Key(_) | Step::Entry(_) => {
            let key = match step {
                Step::Key(key) => key,
                Step::Entry(Key::Unit) => "a.service",
                Step::Entry(Key::File) if is_key(rest, "json") => "/etc/a.json",
                Step::Entry(Key::File) if is_key(rest, "yaml") => "/etc/a.yaml",
                Step::Entry(Key::Path | Key::File) => "/etc/a",
                Step::Entry(Key::Variable) => "A",
                Step::Entry(Key::Sysctl) => "vm.a",
                Step::Entry(_) if walked.ends_with("dropins") => "10-a.conf",
                Step::Entry(_) if walked.ends_with("provisioners[]") => "shell",
                Step::Entry(_) if walked.ends_with("listeners") => "AA",
                // settings that their servers know, and whose text they do not read before they start
                Step::Entry(_) if walked == "etcd.config" => "auth-token",
                Step::Entry(_) if walked == "kafka.topics.*.config" => {
                    "follower.replication.throttled.replicas"
                }
                Step::Entry(_) | Step::Item => "aa",
            };
            if !at.is_object() {
                *at = Json::Object(Map::new());
            }
            at.as_object_mut().expect("is a map").entry(key).or_insert(Json::Null)
        }
    };
    if !rest.is_empty()
        && let Some(mut beside) = beside_of(&here)
    {
        if next.is_object() {
            merge(&mut beside, next);
        }
        *next = beside;
        alone(next, &here, rest);
    }
    put(next, rest, &here, value);
}

fn is_key(rest: &[Step], name: &str) -> bool {
    matches!(rest.first(), Some(Step::Key(key)) if *key == name)
}

/// Takes away what stands beside a value and cannot.
fn alone(entry: &mut Json, at: &str, rest: &[Step]) {
    let gone = match (at, rest.first()) {
        ("volumes.*", Some(Step::Key("ebs" | "instance_store"))) => "device",
        ("kafka", Some(Step::Key("zookeeper"))) => "mode",
        ("kafka.zookeeper", Some(Step::Key("role"))) => "connect",
        ("units.*", Some(Step::Key("mask" | "dropins"))) => "contents",
        _ => return,
    };
    entry.as_object_mut().expect("is a map").remove(gone);
}

/// Returns a text as it is written in a profile.
fn written(text: &str) -> String {
    ascii(&Json::from(text).to_string())
}

/// Escapes what YAML would take for the end of a line.
fn ascii(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{7f}'..='\u{a0}' | '\u{2028}' | '\u{2029}' | '\u{feff}' => {
                made.extend(["\\u", &format!("{:04x}", u32::from(c))]);
            }
            c => made.push(c),
        }
    }
    made
}
