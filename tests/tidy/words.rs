//! What a service, an operating system or a platform is, is known in its own folder: nothing else names it.

use cfgbuild::service::KINDS;

use crate::code::{Source, is_word, sources};
use crate::files;

/// A file, or a folder with its slash, that may name something, what it names, and the reason.
pub(crate) type Exception = (&'static str, &'static str, &'static str);

/// The one list of kinds, which names them all.
const LIST: &str = "src/service/mod.rs";

/// Where a kind is named outside its own folder, for good.
const KINDS_NAMED: &[Exception] = &[
    ("src/service/kafka/", "zookeeper", "what keeps the metadata of a Kafka without KRaft"),
    ("src/profile/nodes.rs", "kafka", "a message gives the names of two nodes as an example"),
    ("src/profile/naming.rs", "kafka", "a message gives the name of a unit as an example"),
    ("src/os/updates.rs", "etcd", "where locksmithd keeps its lock"),
    ("src/os/accounts.rs", "etcd", "an account of that name, which systems bring"),
    ("src/os/units/", "etcd", "units that an image brings"),
    ("src/net/registry/", "etcd", "speaks the protocol of etcd's discovery services"),
    ("src/cli/token/", "etcd", "the command makes and reads the tokens of etcd's discovery"),
    ("src/service/exhibitor/", "zookeeper", "what Exhibitor runs"),
    (
        "src/service/zookeeper/contract.rs",
        "kafka",
        "the variable that Confluent's image of ZooKeeper takes its heap from",
    ),
    (
        "src/inspect/cloud_config/",
        "etcd",
        "the keys that coreos-cloudinit reads, as it spells them",
    ),
];

/// What a system or a platform is called in code, and the room that alone may take cases by it.
const SYSTEMS: [(&str, &[&str], &str); 2] = [
    ("Os", &["Flatcar", "FedoraCoreos", "ContainerLinux", "*", "{"], "src/os/"),
    ("Platform", &["Aws", "Qemu", "Custom", "*", "{"], "src/platform/"),
];

/// Where a system or a platform is named outside its room, for good.
const SYSTEMS_NAMED: &[Exception] = &[];

/// A name that stands where it should not.
#[derive(Debug)]
struct Named {
    path: String,
    /// What an exception calls it.
    word: &'static str,
    line: usize,
    text: String,
}

#[test]
fn a_service_is_named_in_its_folder_only() {
    let found: Vec<Named> = sources().iter().chain(&texts()).flat_map(kinds).collect();
    hold(
        "WORD LAW: a kind of service is known in its own folder only",
        "ask `service::KINDS` or what a service declares; what only this kind needs moves below src/service/KIND/",
        &found,
        KINDS_NAMED,
    );
}

#[test]
fn a_system_is_named_in_its_room_only() {
    let found: Vec<Named> = sources().iter().flat_map(systems).collect();
    hold(
        "MATCH LAW: no case is taken by operating system or platform outside src/os/ and src/platform/",
        "ask a table or a function of that room; what it does not answer yet becomes a new field or function there",
        &found,
        SYSTEMS_NAMED,
    );
}

/// Returns the texts that the program holds besides its code, without the lines that are comments.
fn texts() -> Vec<Source> {
    let all = ["sh", "txt", "yaml"].into_iter().flat_map(|extension| files("src", extension));
    all.filter(|(path, _)| !path.components().any(|part| part.as_os_str() == "golden"))
        .map(|(path, text)| {
            let path = path.to_str().unwrap().to_owned();
            let lines = text.lines().map(|line| if line.starts_with('#') { "" } else { line });
            let code = lines.flat_map(|line| [line, "\n"]).collect();
            Source { path, code, bare: String::new() }
        })
        .collect()
}

fn kinds(source: &Source) -> Vec<Named> {
    let lower = source.code.to_ascii_lowercase();
    let foreign = |kind: &&str| {
        let own = [format!("src/service/{kind}/"), format!("src/service/{kind}.rs")];
        source.path != LIST && !own.iter().any(|own| source.path.starts_with(own.as_str()))
    };
    KINDS
        .iter()
        .map(|kind| kind.word)
        .filter(foreign)
        .flat_map(|kind| lower.match_indices(kind).map(move |(at, _)| (kind, at)))
        .map(|(kind, at)| named(source, kind, at))
        .collect()
}

fn systems(source: &Source) -> Vec<Named> {
    let mut found = Vec::new();
    for (name, members, room) in SYSTEMS {
        let path = format!("{name}::");
        let starts = source.bare.match_indices(&path).map(|(at, _)| at);
        for at in starts.filter(|_| !source.path.starts_with(room)) {
            let after = &source.bare[at + path.len()..];
            let whole = at == 0 || !is_word(source.bare.as_bytes()[at - 1]);
            let member = members.iter().any(|member| {
                let rest = after.strip_prefix(member);
                rest.is_some_and(|rest| !rest.bytes().next().is_some_and(is_word))
            });
            if whole && member {
                found.push(self::named(source, name, at));
            }
        }
    }
    found
}

fn named(source: &Source, word: &'static str, at: usize) -> Named {
    let line = source.line(at);
    let text = source.code.lines().nth(line - 1).unwrap_or("").trim().to_owned();
    Named { path: source.path.clone(), word, line, text }
}

/// Fails for every name that no exception lists, and for every exception that nothing needs.
fn hold(title: &str, fix: &str, found: &[Named], good: &[Exception]) {
    let is_good =
        |path: &str, word: &str| good.iter().any(|(p, w, _)| covers(p, path) && *w == word);
    let is_needed = |exception: &str, word: &str| {
        found.iter().any(|named| covers(exception, &named.path) && named.word == word)
    };
    let mut faults: Vec<String> = found
        .iter()
        .filter(|Named { path, word, .. }| !is_good(path, word))
        .map(|Named { path, word, line, text }| format!("{path}:{line}: names {word}: {text}"))
        .collect();
    faults.dedup();
    let unneeded = good.iter().filter(|(path, word, _)| !is_needed(path, word));
    faults.extend(unneeded.map(|(path, word, _)| {
        format!("tests/tidy/words.rs: {path} no longer names {word}: delete its exception")
    }));
    assert!(faults.is_empty(), "{title}\n{}\nFix: {fix}.", faults.join("\n"));
}

fn covers(exception: &str, path: &str) -> bool {
    path == exception || exception.ends_with('/') && path.starts_with(exception)
}
