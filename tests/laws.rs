//! What holds for every input: nothing panics, a failure is told, the same input makes the same tree, and the order
//! of keys that have none makes no difference.
//!
//! All in memory, where `Door::Memory` stands for the disk. `PROPTEST_CASES` raises the number of random profiles.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    clippy::too_many_lines,
    reason = "a test may fail loudly, and its tables are long"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use cfgbuild::diagnostic::{Diagnostics, render};
use cfgbuild::output::Tree;
use cfgbuild::profile::{Inputs, Loader, Source};
use cfgbuild::source::{Door, Kind, Node, Sources, Spanned, Style, parse};
use proptest::prelude::*;
use proptest::sample::{Index, select};

type Files = BTreeMap<String, Vec<u8>>;

/// What came of a build: the tree or the findings, as drawn.
type Outcome = Result<Tree, Vec<String>>;

/// Compiles `profiles/<role>/` of a workspace in memory; fails if a failure was not told.
fn build(role: &str, files: Files, inputs: &Inputs) -> Outcome {
    let door = Door::Memory(files);
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = Spanned::new(role.to_owned(), Sources::NOWHERE);
    let options =
        cfgbuild::Options { inputs: inputs.clone(), with_model: true, ..Default::default() };
    let built =
        cfgbuild::compile(&role, &mut Loader::new(&door), &options, &mut sources, &mut diags);
    assert_eq!(built.is_err(), diags.has_errors(), "a build fails if and only if an error is told");
    let findings = render(&sources, diags.sorted().into_iter().take(50), 100);
    built.map(|build| build.tree).map_err(|_| findings)
}

/// What the shipped profiles become with their keys in the order in which they are printed.
static AS_THEY_ARE: LazyLock<BTreeMap<String, Tree>> = LazyLock::new(|| {
    let printed = |(path, text): (String, Vec<u8>)| (path, print(&read(&text)).into_bytes());
    let files: Files = shipped().into_iter().map(printed).collect();
    let roles = files.keys().map(|path| path.split('/').nth(1).expect("profiles/ROLE/…"));
    let built = |role: &str| build(role, files.clone(), &Inputs::default()).expect("it compiles");
    roles.map(|role| (role.to_owned(), built(role))).collect()
});

/// Returns the shipped profiles as a workspace.
fn shipped() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let roles = fs::read_dir(root).expect("there are profiles").map(|entry| entry.unwrap().path());
    roles
        .map(|folder| {
            let name = folder.file_name().unwrap().to_string_lossy().into_owned();
            let text = fs::read(folder.join("profile.yaml")).expect("each has a text");
            (path_of(&name), text)
        })
        .collect()
}

fn path_of(role: &str) -> String {
    format!("profiles/{role}/profile.yaml")
}

fn workspace(files: &[(&str, &[u8])]) -> Files {
    files.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec())).collect()
}

fn cases(usual: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    let cases = asked.unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Bytes that are often nearly YAML.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop_oneof![
        "[ -~]{0,6}".prop_map(String::into_bytes),
        proptest::collection::vec(any::<u8>(), 0..4),
        select(vec![
            "\n",
            "  ",
            "- ",
            ": ",
            "{",
            "}",
            "[",
            "]",
            "\"",
            "'",
            "|\n  ",
            "&a ",
            "*a",
            "<<: ",
            "{{",
            "}}",
            "{{vars.x}}",
            "{{#each nodes}}",
            "{{/each}}",
            "{{#if",
            "vars: ",
            "cluster: ",
            "files: ",
            "units: ",
            "kafka: ",
            "extends: base",
            "nodes: 3",
            "\u{feff}",
            "\r\n",
            "---\n",
            "!tag ",
            "%TAG",
            "null",
            "\u{f8e0}",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    proptest::collection::vec(pieces, 0..40).prop_map(|pieces| pieces.concat())
}

/// Returns a tree as YAML that reads back the same: flow style, plain scalars where they had no quotes.
fn print(node: &Node) -> String {
    let quoted = |text: &str| serde_json::to_string(text).expect("texts always serialise");
    let join = |parts: Vec<String>| parts.join(", ");
    match &node.kind {
        Kind::Null => "null".to_owned(),
        Kind::Scalar(text, Style::Plain) if is_word(text) => text.clone(),
        Kind::Scalar(text, _) => quoted(text),
        Kind::List(items) => format!("[{}]", join(items.iter().map(print).collect())),
        Kind::Map(entries) => {
            let entry = |(key, node): &(Spanned<String>, Node)| {
                format!("{}: {}", quoted(&key.value), print(node))
            };
            format!("{{{}}}", join(entries.iter().map(entry).collect()))
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '/')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c))
}

fn read(text: &[u8]) -> Node {
    parse(Sources::BUILTIN, std::str::from_utf8(text).unwrap()).expect("shipped profiles are YAML")
}

/// A change to one place of a profile.
#[derive(Clone, Debug)]
enum Change {
    Delete,
    Rename(String),
    Retype(Kind),
    Copy(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let words = [
        "",
        "0",
        "1",
        "-1",
        "3",
        "99999999999999999999",
        "true",
        "null",
        "~",
        "/",
        "/a/../b",
        "/etc/x",
        "a b",
        "ä",
        "{{",
        "{{vars.heap}}",
        "{{vars.nope}}",
        "{{node.name}}",
        "{{node.index}}",
        "{{host.private_ipv4}}",
        "{{#each nodes}}{{address}}{{/each}}",
        "{{#each nodes}}",
        "{{role.kafka.nodes.0.address}}",
        "\\{{x}}",
        "a\nb",
        "\t",
        "10GiB",
        "0GiB",
        "90s",
        "04:00",
        "0644",
        "644",
        "https://a/b",
        "kafka",
        "zookeeper",
        "etcd",
        "kraft",
        "shared",
        "pinned",
        "container-linux",
        "fedora-coreos",
        "qemu",
        "2.3.0",
        "3.0.0",
        "x.service",
        "core",
        "a=b",
        "%i",
        "$X",
        "\"",
        "'",
        "\u{2028}",
        "docker.io/a/b@sha256:0",
        "256",
        "65536",
        "10000",
    ];
    let keys = [
        "x-note",
        "nodes",
        "vars",
        "cluster",
        "kafka",
        "etcd",
        "zookeeper",
        "units",
        "files",
        "users",
        "volumes",
        "containers",
        "target",
        "updates",
        "storage",
        "sysctl",
        "contents",
        "inline",
        "json",
        "local",
        "mode",
        "port",
        "client_port",
        "id",
        "address",
        "name",
        "domain",
        "volume",
        "env",
        "args",
        "binds",
        "from",
        "to",
        "<<",
        "",
        "a.service",
        "/etc/hostname",
        "extends",
        "os",
        "formats",
        "disks",
        "filesystems",
        "raid",
        "links",
        "groups",
    ];
    let style = select(vec![Style::Plain, Style::Quoted]);
    let scalar = (select(words.to_vec()), style)
        .prop_map(|(text, style)| Kind::Scalar(text.to_owned(), style));
    let kind = prop_oneof![
        6 => scalar,
        1 => Just(Kind::Null),
        1 => Just(Kind::Map(Vec::new())),
        1 => Just(Kind::List(Vec::new())),
    ];
    prop_oneof![
        1 => Just(Change::Delete),
        2 => select(keys.to_vec()).prop_map(|key| Change::Rename(key.to_owned())),
        4 => kind.prop_map(Change::Retype),
        2 => any::<Index>().prop_map(Change::Copy),
    ]
}

/// Lists the way to every node below the root, as positions.
fn ways(node: &Node) -> Vec<Vec<usize>> {
    let children: Vec<&Node> = match &node.kind {
        Kind::List(items) => items.iter().collect(),
        Kind::Map(entries) => entries.iter().map(|(_, node)| node).collect(),
        Kind::Null | Kind::Scalar(..) => Vec::new(),
    };
    let mut found = Vec::new();
    for (position, child) in children.into_iter().enumerate() {
        found.push(vec![position]);
        found.extend(ways(child).into_iter().map(|rest| [&[position], rest.as_slice()].concat()));
    }
    found
}

fn at<'n>(node: &'n mut Node, way: &[usize]) -> &'n mut Node {
    let Some((first, rest)) = way.split_first() else { return node };
    match &mut node.kind {
        Kind::List(items) => at(&mut items[*first], rest),
        Kind::Map(entries) => at(&mut entries[*first].1, rest),
        Kind::Null | Kind::Scalar(..) => unreachable!("ways lead to nodes"),
    }
}

fn apply(tree: &mut Node, place: Index, change: Change) {
    let ways = ways(tree);
    if ways.is_empty() {
        return;
    }
    let way: &Vec<usize> = place.get(&ways);
    let (last, parent) = way.split_last().expect("a way has a step");
    match change {
        Change::Retype(kind) => at(tree, way).kind = kind,
        Change::Copy(from) => {
            let from: &Vec<usize> = from.get(&ways);
            let copy = at(tree, from).clone();
            *at(tree, way) = copy;
        }
        Change::Delete => match &mut at(tree, parent).kind {
            Kind::List(items) => drop(items.remove(*last)),
            Kind::Map(entries) => drop(entries.remove(*last)),
            Kind::Null | Kind::Scalar(..) => {}
        },
        Change::Rename(key) => {
            if let Kind::Map(entries) = &mut at(tree, parent).kind {
                entries[*last].0.value = key;
            }
        }
    }
}

/// Puts the entries of every map into the order that `seed` says, but for those whose order is a meaning.
fn shuffle(node: &mut Node, seed: &mut u64, path: &str) {
    // node positions are numbers of members, and a file's contents keep the order they were written in
    let last = path.rsplit('.').next();
    let ordered = path == ".cluster.nodes" || matches!(last, Some("json" | "yaml"));
    match &mut node.kind {
        Kind::List(items) => items.iter_mut().for_each(|item| shuffle(item, seed, path)),
        Kind::Map(entries) if !ordered => {
            for (key, node) in entries.iter_mut() {
                shuffle(node, seed, &format!("{path}.{}", key.value));
            }
            for end in (1..entries.len()).rev() {
                *seed = seed
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1_442_695_040_888_963_407);
                entries.swap(end, usize::try_from(*seed >> 33).unwrap() % (end + 1));
            }
        }
        Kind::Null | Kind::Scalar(..) | Kind::Map(_) => {}
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn any_bytes_end_in_findings_or_a_build(bytes in bytes()) {
        let base = shipped().remove(&path_of("base")).unwrap();
        for path in ["profiles/r/profile.yaml", "profiles/r/units/a.service.hbs", "profiles/r/units/a.service.d/b.conf",
            "profiles/r/files/a.hbs", "profiles/r/files/a"] {
            let profile: &[u8] = b"extends: base\nfiles: { /etc/a: { local: a }, /etc/b: { local: a.hbs } }";
            let mut files = workspace(&[
                ("profiles/base/profile.yaml", &base),
                ("profiles/r/profile.yaml", profile),
                ("profiles/r/files/a", b""),
                ("profiles/r/files/a.hbs", b""),
            ]);
            files.insert(path.to_owned(), bytes.clone());
            drop(build("r", files, &Inputs::default()));
        }
    }

    #[test]
    fn any_values_end_in_findings_or_a_build(bytes in bytes(), name in "\\PC{0,8}") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let sources = vec![
            Source::File { name: "values.yaml".to_owned(), text: text.clone(), shared: true },
            Source::File { name: "values.yaml".to_owned(), text: text.clone(), shared: false },
            Source::Set("heap".to_owned(), text.clone()),
            Source::Environment(name.clone(), text.clone()),
        ];
        for source in sources {
            let inputs = Inputs { sources: vec![source], ..Inputs::default() };
            drop(build("kafka", shipped(), &inputs));
        }
        let inputs = Inputs { target: vec![(name, text.clone()), ("os".to_owned(), text)], ..Inputs::default() };
        drop(build("base", shipped(), &inputs));
    }
}

proptest! {
    #![proptest_config(cases(300))]

    #[test]
    fn changed_profiles_end_in_findings_or_a_build(
        role in select(shipped().into_keys().collect::<Vec<_>>()),
        changes in proptest::collection::vec((any::<Index>(), change()), 1..5),
    ) {
        let mut files = shipped();
        let mut tree = read(&files[&role]);
        for (place, change) in changes {
            apply(&mut tree, place, change);
        }
        files.insert(role.clone(), print(&tree).into_bytes());
        let name = role.split('/').nth(1).unwrap();
        let first = build(name, files.clone(), &Inputs::default());
        prop_assert_eq!(first, build(name, files, &Inputs::default()), "the same input makes the same output");
    }
}

proptest! {
    #![proptest_config(cases(20))]

    #[test]
    fn the_order_of_keys_makes_no_difference(seed in any::<u64>()) {
        let mut seed = seed;
        let shuffled: Files = shipped().iter().map(|(path, text)| {
            let mut tree = read(text);
            shuffle(&mut tree, &mut seed, "");
            (path.clone(), print(&tree).into_bytes())
        }).collect();
        for (role, expected) in AS_THEY_ARE.iter() {
            let found = build(role, shuffled.clone(), &Inputs::default()).ok();
            prop_assert_eq!(Some(expected), found.as_ref(), "{}", role);
        }
    }
}

#[test]
fn the_shipped_profiles_read_back_as_they_were_printed() {
    for (path, text) in shipped() {
        let tree = read(&text);
        let again = print(&read(print(&tree).as_bytes()));
        assert_eq!(print(&tree), again, "{path}");
    }
}

/// Hostile profiles and what is told first of each; all of them are over in moments.
fn hostile() -> Vec<(&'static str, String, &'static str)> {
    let many = |count: usize, line: &dyn Fn(usize) -> String| -> String {
        (0..count).fold(String::new(), |mut text, number| {
            write!(text, "{}", line(number)).unwrap();
            text
        })
    };
    let file = |text: &str| format!("files: {{ /etc/a: {{ inline: '{text}' }} }}\n");
    let nodes = |count: usize, rest: &str| {
        format!("target: {{ platform: qemu }}\ncluster: {{ nodes: {count}, domain: a.b }}\n{rest}")
    };
    let blocks = |count: usize, open: &str, close: &str| {
        file(&format!("{}{}", open.repeat(count), close.repeat(count)))
    };
    vec![
        (
            "billion laughs",
            many(9, &|n| match n {
                0 => "a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned(),
                n => format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(",")),
            }),
            "yaml-too-large",
        ),
        (
            "long scalar, 20,000 aliases",
            format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "*a,".repeat(20_000)),
            "yaml-too-large",
        ),
        (
            "long list, 2,000 aliases",
            format!("a: &a [{}]\nb: [{}]\n", "1,".repeat(10_000), "*a,".repeat(2_000)),
            "yaml-too-large",
        ),
        (
            "anchor around anchor",
            format!("a: {}{}{}", "&a [".repeat(60), "1,".repeat(50_000), "]".repeat(60)),
            "yaml-too-large",
        ),
        ("[ × 200,000", "[".repeat(200_000), "yaml-too-deep"),
        ("{a: × 40,000", "{a: ".repeat(40_000), "yaml-too-deep"),
        ("- × 100,000", "- ".repeat(100_000), "yaml-too-deep"),
        ("50,000 %TAG", "%TAG !a! tag:x,2000:\n".repeat(50_000) + "---\na: 1\n", "yaml-syntax"),
        ("9,000 unknown keys", many(9_000, &|n| format!("unknown_key{n}: 1\n")), "unknown-key"),
        ("9,000 times the same key", "description: 1\n".repeat(9_000), "yaml-duplicate-key"),
        (
            "pattern of 20,000 groups",
            format!(
                "vars: {{ a: {{ type: string, default: a, pattern: '{}' }} }}\n",
                "(a|b)?".repeat(20_000)
            ),
            "variable-pattern",
        ),
        (
            "pattern of repetitions in repetitions",
            "vars: { a: { type: string, default: a, pattern: '((a{1000}){1000}){1000}' } }\n"
                .to_owned(),
            "variable-pattern",
        ),
        (
            "20,000 secrets with defaults",
            format!(
                "vars:\n{}",
                many(20_000, &|n| format!("  s{n}: {{ type: secret, default: abc{n}, x: 1 }}\n"))
            ),
            "unknown-key",
        ),
        (
            "1,000 findings in one line of 1 MB",
            format!(
                "files: {{{}}}\n",
                many(1_000, &|n| format!("/etc/{n}: {{ inlin: {} }}, ", "x".repeat(1_000)))
            ),
            "unknown-key",
        ),
        (
            "1,000 findings in one line, all of them about its beginning too",
            format!("{{ description: a, {} }}\n", "description: b, ".repeat(60_000)),
            "yaml-duplicate-key",
        ),
        (
            "10,000 nodes in one stack",
            "cluster: { nodes: 10000, domain: a.b }\naws: { instance_type: m6i.large }\n"
                .to_owned(),
            "template-too-large-for-stack",
        ),
        ("NUL bytes", "a: \0\0\0\n".to_owned(), "yaml-syntax"),
        (
            "a line of 1 MB",
            format!("{{ description: {}, unknown: 1 }}\n", "x".repeat(1_000_000)),
            "unknown-key",
        ),
        (
            "a name of 1 MB",
            format!("cluster: {{ name: {} }}\n", "x".repeat(1_000_000)),
            "wrong-type",
        ),
        (
            "template of 5,000 blocks in each other",
            blocks(5_000, "{{#if cluster.name}}", "{{/if}}"),
            "template-too-deep",
        ),
        (
            "template of 2,000 blocks in each other",
            blocks(2_000, "{{#if cluster.name}}", "{{/if}}"),
            "template-too-deep",
        ),
        (
            "template of 2,000 else if",
            file(&format!(
                "{{{{#if cluster.name}}}}{}{{{{/if}}}}",
                "{{else if cluster.name}}".repeat(2_000)
            )),
            "template-too-deep",
        ),
        (
            "template of 50,000 unknown names",
            file(&many(50_000, &|n| format!("{{{{x{n}}}}}"))),
            "template-too-large",
        ),
        (
            "template with a name of 1 MB",
            file(&format!("{{{{{}b}}}}", "a.".repeat(500_000))),
            "template-unknown-name",
        ),
        (
            "loops without text",
            nodes(60, &blocks(5, "{{#each @root.nodes}}", "{{/each}}")),
            "template-too-large",
        ),
        (
            "loop in loop over 10,000 nodes",
            nodes(10_000, &blocks(2, "{{#each @root.nodes}}", "{{/each}}")),
            "template-too-large",
        ),
        (
            "templates with much text",
            nodes(
                10,
                &format!(
                    "files: {{ {} }}\n",
                    many(120, &|n| {
                        format!(
                            "/etc/{n}: {{ inline: '{}{}{}' }}, ",
                            "{{#each @root.nodes}}".repeat(2),
                            "x".repeat(6_400),
                            "{{/each}}".repeat(2)
                        )
                    })
                ),
            ),
            "template-too-large",
        ),
        ("much text on many nodes", nodes(10_000, &file(&"x".repeat(100_000))), "role-too-large"),
        (
            "a list of all 2,000 members on each",
            nodes(2_000, &format!("etcd: {{}}\n{}", file(&"x".repeat(300_000)))),
            "role-too-large",
        ),
    ]
}

/// Seconds of processor that this thread has taken: what else the machine does is not in them.
fn seconds() -> f64 {
    let taken = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(taken).expect("time goes forward").as_secs_f64()
}

#[test]
fn hostile_profiles_are_refused_in_time() {
    let mut slow = String::new();
    for (name, text, code) in hostile() {
        let began = seconds();
        let files = workspace(&[("profiles/r/profile.yaml", text.as_bytes())]);
        let findings = build("r", files, &Inputs::default()).expect_err(name);
        let took = seconds() - began;
        assert!(findings.iter().any(|finding| finding.contains(code)), "{name}: {findings:?}");
        let length: usize = findings.iter().map(String::len).sum();
        assert!(length < 400_000, "{name}: {length} bytes of findings");
        // without optimisation and beside other tests; quadratic time would be a hundred times this
        if took > 20.0 {
            writeln!(slow, "{name}: {took:.1} s").unwrap();
        }
        println!("{took:6.2} s  {name}");
    }
    assert!(slow.is_empty(), "{slow}");
}
