//! Laws over what services declare: whatever a kind of service says of itself holds everywhere, for every kind there
//! is. A new kind is held by them without a line here.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cfgbuild::Build;
use cfgbuild::diagnostic::Diagnostics;
use cfgbuild::profile::Loader;
use cfgbuild::profile::schema::{Field, Type};
use cfgbuild::service::{Answer, KINDS, Kind};
use cfgbuild::source::{Door, Sources, Spanned};

/// What a build came to: the build or nothing, and the codes with their titles.
type Outcome = (Option<Build>, Vec<(&'static str, String)>);

/// Compiles the role `a` of a workspace.
fn build(files: &[(&str, String)]) -> Outcome {
    let path = |role: &str| format!("profiles/{role}/profile.yaml");
    let files = files.iter().map(|(role, text)| (path(role), text.clone().into_bytes()));
    let door = Door::Memory(files.collect());
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = Spanned::new("a".to_owned(), Sources::NOWHERE);
    let options = cfgbuild::Options::default();
    let mut loader = Loader::new(&door);
    let built = cfgbuild::compile(&role, &mut loader, &options, &mut sources, &mut diags);
    let found = diags.sorted().into_iter().map(|found| (found.code, found.title.clone()));
    let found = found.collect();
    (built.ok(), found)
}

/// Returns a section for each kind, so that all of them start together.
fn sections() -> String {
    let mut text = String::new();
    for kind in KINDS {
        writeln!(text, "{}: {{}}", kind.word).unwrap();
    }
    text
}

const ABOUT: &str = "cluster: { nodes: 3, domain: a.internal, zones: [a, b, c] }\n\
                     updates: { strategy: windows }\nallow: { data-on-root-disk: a test }\n";

/// Returns every place in a kind's section that takes a text of the user's, as a path of keys.
fn texts(fields: &[Field], path: &[&str]) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for field in fields {
        let mut path: Vec<&str> = path.to_vec();
        path.push(field.name);
        found.extend(below(&field.of, &path));
    }
    found
}

fn below(of: &Type, path: &[&str]) -> Vec<Vec<String>> {
    let owned = || path.iter().map(|key| (*key).to_owned()).collect();
    match of {
        Type::Text
        | Type::Line
        | Type::Token
        | Type::NodeText
        | Type::HostText
        | Type::UnitText
        | Type::SecretText
        | Type::GuardedText => vec![owned()],
        Type::Map(_, inner) | Type::Settings(_, inner, _) | Type::Named(_, inner, _) => {
            below(inner, &[path, &["some.password"]].concat())
        }
        Type::Record(fields) => texts(fields, path),
        Type::List(inner) => below(inner, path),
        Type::Name
        | Type::Role
        | Type::Host
        | Type::Bool
        | Type::Integer(..)
        | Type::Port
        | Type::Mode
        | Type::Bytes
        | Type::Duration(_)
        | Type::Clock
        | Type::Ipv4
        | Type::Version
        | Type::Url
        | Type::Cidr
        | Type::Path
        | Type::ColonlessPath
        | Type::Unit
        | Type::PasswordHash
        | Type::Word(_)
        | Type::Services
        | Type::Either(_)
        | Type::Free => Vec::new(),
    }
}

/// Returns a value below a path of keys, as flow YAML.
fn nested(path: &[String], value: &str) -> String {
    path.iter().rev().fold(value.to_owned(), |inner, key| format!("{{ \"{key}\": {inner} }}"))
}

/// Every text of a service × every platform: a secret in it is an error where user data is open to the whole machine,
/// and elsewhere every artefact that carries it is for the owner's eyes only.
#[test]
fn a_secret_in_any_setting_is_kept_or_refused() {
    let secret = "s3cret-0f-the-l4w";
    let mut tried = 0;
    for kind in KINDS {
        for path in texts(kind.section.keys, &[]) {
            for platform in ["aws", "qemu", "custom"] {
                tried += 1;
                let mut others = String::new();
                for other in KINDS.iter().filter(|other| other.word != kind.word) {
                    writeln!(others, "{}: {{}}", other.word).unwrap();
                }
                let profile = format!(
                    "{ABOUT}target: {{ platform: {platform} }}\n\
                     vars: {{ pw: {{ type: secret, default: {secret} }} }}\n{others}{}: {}\n",
                    kind.word,
                    nested(&path, "\"{{vars.pw}}\""),
                );
                let (built, found) = build(&[("a", profile)]);
                let told = |code: &str| found.iter().any(|(known, _)| *known == code);
                let at = format!("{} {path:?} on {platform}: {found:?}", kind.word);
                if platform == "aws" {
                    assert!(built.is_none(), "{at}");
                    assert!(!told("secret-in-user-data") || !told("variable-unused"), "{at}");
                }
                // what is no value of this field was refused, and is in no artefact
                let Some(built) = built else { continue };
                let texts = |machine: &cfgbuild::model::machine::Machine| {
                    let files = machine.files.iter().map(|file| file.contents.bytes().to_vec());
                    let units = machine.units.iter().flat_map(|unit| {
                        unit.contents.iter().chain(unit.dropins.values()).cloned()
                    });
                    files.chain(units.map(String::into_bytes)).collect::<Vec<_>>()
                };
                for machine in &built.machines {
                    let mut all = texts(machine).into_iter();
                    let holds = all.any(|text| String::from_utf8_lossy(&text).contains(secret));
                    assert!(!holds || machine.has_secrets(), "{at}");
                }
                for (name, artefact) in built.tree.iter() {
                    let text = String::from_utf8_lossy(&artefact.bytes);
                    assert!(!text.contains(secret) || artefact.mode == 0o600, "{name}: {at}");
                }
            }
        }
    }
    assert!(tried >= KINDS.len() * 3, "every kind has a setting at least: {tried}");
}

/// Every generated unit × a container of that name: it is refused, whoever generates the unit.
#[test]
fn no_container_takes_the_name_of_a_generated_unit() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let mut roles: BTreeMap<String, String> = fs::read_dir(&root)
        .expect("there are profiles")
        .map(|entry| {
            let folder = entry.expect("can be read").path();
            let text = fs::read_to_string(folder.join("profile.yaml")).expect("is text");
            (folder.file_name().expect("has a name").to_string_lossy().into_owned(), text)
        })
        .collect();
    roles.insert("all".to_owned(), format!("{ABOUT}{}", sections()));
    let mut tried = 0;
    for role in roles.keys().filter(|role| *role != "base") {
        let others: Vec<(&str, String)> =
            roles.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
        let of = |text: String| {
            let mut files = others.clone();
            files.push(("a", text));
            build(&files)
        };
        let (built, found) = of(format!("extends: {role}\n"));
        let Some(built) = built else { panic!("{role}: {found:?}") };
        let own: BTreeSet<&str> =
            built.role.containers.iter().map(|one| one.name.value.as_str()).collect();
        let units: BTreeSet<&str> = built
            .machines
            .iter()
            .flat_map(|machine| &machine.units)
            .filter_map(|unit| unit.name.value.strip_suffix(".service"))
            // no container is called like a template of units
            .filter(|name| !own.contains(name) && !name.ends_with('@'))
            .collect();
        for name in units {
            tried += 1;
            let container = format!("containers: {{ \"{name}\": {{ image: \"r.io/a:1\" }} }}\n");
            let (built, found) = of(format!("extends: {role}\n{container}"));
            let refused = found.iter().any(|(code, _)| *code == "container-name-taken");
            assert!(built.is_none() && refused, "{role}: a container `{name}`: {found:?}");
        }
    }
    assert!(tried > 50, "{tried}");
}

/// Every pair of kinds beside each other, here and in another role: whoever needs a kind gets that kind's port and
/// nobody else's.
#[test]
fn a_need_is_met_by_the_kind_that_is_meant() {
    let ports = |kinds: &[&Kind]| {
        let mut text = String::new();
        for (index, kind) in kinds.iter().enumerate() {
            writeln!(text, "{}: {{ {}: {} }}", kind.word, kind.clients, 21_000 + index).unwrap();
        }
        text
    };
    let mut met = 0;
    for needing in KINDS {
        for beside in KINDS {
            for third in KINDS {
                let kinds: Vec<&Kind> = KINDS
                    .iter()
                    .copied()
                    .filter(|kind| [needing.word, beside.word, third.word].contains(&kind.word))
                    .collect();
                let (built, _) = build(&[("a", format!("{ABOUT}{}", ports(&kinds)))]);
                let Some(built) = built else { continue };
                for one in &built.services.all {
                    for (need, answer) in one.service.needs().iter().zip(&one.met.answers) {
                        let Answer::Offer(offer) = answer else { continue };
                        let wanted = kinds.iter().position(|kind| kind.word == need.kind);
                        let wanted = 21_000 + u16::try_from(wanted.expect("is here")).unwrap();
                        assert_eq!((offer.kind, offer.port.value), (need.kind, wanted));
                        let end = format!(":{wanted}");
                        assert!(offer.servers.iter().all(|server| server.value.ends_with(&end)));
                        assert_eq!(offer.servers.len(), 3);
                        met += 1;
                    }
                }
            }
        }
    }
    assert!(met > 0, "some kind needs another");
}

/// What every kind declares is known to the generic checks: its ports, its volumes and its unit names.
#[test]
fn what_is_declared_is_known_everywhere() {
    let (built, found) = build(&[("a", format!("{ABOUT}{}", sections()))]);
    let Some(built) = built else { panic!("{found:?}") };
    assert_eq!(built.services.all.len(), KINDS.len());
    let made: BTreeSet<&str> = built
        .machines
        .iter()
        .flat_map(|machine| machine.units.iter().map(|unit| unit.name.value.as_str()))
        .collect();
    for one in &built.services.all {
        let word = one.kind.word;
        assert!(!one.declared.listeners.is_empty(), "{word} listens nowhere");
        let own = |unit: &&&str| unit.starts_with(word);
        for unit in made.iter().filter(own) {
            assert!(one.declared.units.iter().any(|known| known == unit), "{word}: {unit}");
        }
        for listener in &one.declared.listeners {
            let port = listener.port.value;
            let clash = format!(
                "{ABOUT}{}containers: {{ x: {{ image: \"r.io/a:1\", ports: {{ p: {port} }} }} }}\n",
                sections()
            );
            let (built, found) = build(&[("a", clash)]);
            let told = found.iter().any(|(code, _)| *code == "port-clash");
            assert!(built.is_none() && told, "{word}: {}: {found:?}", listener.key);
        }
        for kept in &one.declared.volumes {
            let key = kept.key.rsplit('.').next().unwrap();
            let profile = format!("{ABOUT}{word}: {{ {key}: nowhere }}\n");
            let (_, found) = build(&[("a", profile)]);
            let told = found.iter().any(|(code, _)| *code == "volume-unknown");
            assert!(told, "{}: {found:?}", kept.key);
        }
    }
}
