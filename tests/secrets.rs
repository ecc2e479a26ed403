//! Laws over secrets: wherever the grammar takes a text, a secret in it is kept or refused, on every platform and in
//! every format; and a template cannot take a secret out of its variable unseen, by whatever helper.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;
use std::io::Read as _;

use base64::prelude::{BASE64_STANDARD, Engine as _};
use cfgbuild::Build;
use cfgbuild::diagnostic::Diagnostics;
use cfgbuild::grammar::GRAMMAR;
use cfgbuild::output::Artefact;
use cfgbuild::profile::schema::{Field, Form, Key, Type};
use cfgbuild::profile::{Inputs, Loader, Source};
use cfgbuild::source::{Door, Sources, Spanned};

/// Long enough that it is nowhere by chance, short enough for the salt of a hash, and of characters that any kind of
/// text takes.
const SECRET: &str = "s3cret-0f-th-l4w";

/// What a build came to: the build or nothing, and the codes with their titles.
type Outcome = (Option<Build>, Vec<(&'static str, String)>);

/// Compiles a profile whose variable `pw` is given from outside.
fn build(profile: &str, secret: &str) -> Outcome {
    let files =
        BTreeMap::from([("profiles/a/profile.yaml".to_owned(), profile.as_bytes().to_vec())]);
    let door = Door::Memory(files);
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = Spanned::new("a".to_owned(), Sources::NOWHERE);
    let inputs = Inputs {
        sources: vec![Source::Environment("pw".to_owned(), secret.to_owned())],
        ..Inputs::default()
    };
    let options = cfgbuild::Options { inputs, ..cfgbuild::Options::default() };
    let mut loader = Loader::new(&door);
    let built = cfgbuild::compile(&role, &mut loader, &options, &mut sources, &mut diags);
    for drawn in cfgbuild::diagnostic::render(&sources, diags.sorted(), 140) {
        assert!(!drawn.contains(secret), "{drawn}");
    }
    let found = diags.sorted().into_iter().map(|found| (found.code, found.title.clone()));
    let found = found.collect();
    (built.ok(), found)
}

/// Returns whether an artefact holds a text: as it is, in base64, or compressed.
fn holds(artefact: &Artefact, text: &str) -> bool {
    let plain = |bytes: &[u8]| {
        let found = String::from_utf8_lossy(bytes);
        let packed = (0..3).any(|before| {
            let bytes = [vec![0; before], text.as_bytes().to_vec()].concat();
            let packed = BASE64_STANDARD.encode(&bytes);
            found.contains(&packed[(before * 8).div_ceil(6)..bytes.len() * 8 / 6])
        });
        packed || found.contains(text)
    };
    let mut unpacked = Vec::new();
    let gzip = flate2::read::MultiGzDecoder::new(artefact.bytes.as_slice())
        .read_to_end(&mut unpacked)
        .is_ok();
    plain(&artefact.bytes) || gzip && plain(&unpacked)
}

/// A place of the grammar that takes one value: its path, where `NAME` is a key that the profile chooses and `[]` an
/// item.
struct Place {
    path: Vec<String>,
    of: Type,
}

fn places(fields: &[Field], path: &[String], found: &mut Vec<Place>) {
    for field in fields {
        below(&field.of, &[path, &[field.name.to_owned()]].concat(), found);
    }
}

fn below(of: &Type, path: &[String], found: &mut Vec<Place>) {
    let add = |key: &str| [path, &[key.to_owned()]].concat();
    match of.form() {
        Form::Record(fields) => places(fields, path, found),
        Form::Map(key, of) => {
            let name = match (key, path.last().map(String::as_str)) {
                (Key::Unit, _) => "a.service",
                (Key::Path | Key::File, _) => "/etc/a",
                (Key::Variable, _) => "A",
                (_, Some("dropins")) => "10-a.conf",
                (_, Some("provisioners[]")) => "shell",
                (_, Some("listeners")) => "AA",
                // settings that their servers know, where these refuse any other name
                (_, Some("config")) if path[0] == "etcd" => "auth-token",
                (_, Some("config")) if path.iter().any(|key| key == "topics") => {
                    "follower.replication.throttled.replicas"
                }
                _ => "aa",
            };
            below(of, &add(name), found);
        }
        Form::List(of) => {
            let mut path = path.to_vec();
            path.last_mut().expect("a list has a key").push_str("[]");
            below(of, &path, found);
        }
        Form::Either(types) => types.iter().for_each(|of| below(of, path, found)),
        // instances are of the kinds whose sections are walked themselves
        Form::Services => {}
        Form::Scalar | Form::Free => found.push(Place { path: path.to_vec(), of: *of }),
    }
}

/// What else an entry must say to be one, by the path to it.
const BESIDE: [(&str, &str); 11] = [
    ("containers.aa", "image: \"r.example.net/a:1\""),
    ("containers.aa.binds[]", "from: /srv/a, to: /a"),
    ("volumes.aa", "mount: /srv/a, device: /dev/sdz"),
    ("links./etc/a", "target: /etc/b"),
    ("registry", "mirror: r.example.net"),
    ("storage.filesystems[]", "device: /dev/sdy, format: ext4"),
    ("storage.disks[]", "device: /dev/sdy"),
    ("storage.raid[]", "name: a, level: raid0, devices: [/dev/sdx, /dev/sdw]"),
    ("aws", "instance_type: m6i.large"),
    ("etcd", "bootstrap: static, image: \"r.io/etcd:v3.6.0\""),
    ("kafka", "mode: kraft"),
];

/// Returns the secret as it can stand at a place.
fn value(path: &[String]) -> &'static str {
    match path.last().map(String::as_str) {
        Some("contents" | "10-a.conf") => "\"[Service]\\nExecStart=/a {{vars.pw}}\\n\"",
        Some("shell") => "{ inline: [\"{{vars.pw}}\"] }",
        _ => "\"{{vars.pw}}\"",
    }
}

/// Returns the profile's line that has a value at a place.
fn nested(path: &[String], value: &str) -> String {
    let mut text = value.to_owned();
    for index in (0..path.len()).rev() {
        let key = &path[index];
        let (key, is_list) = match key.strip_suffix("[]") {
            Some(key) => (key, true),
            None => (key.as_str(), false),
        };
        let inner = if is_list { format!("[{text}]") } else { text };
        let parent = path[..index].join(".");
        let beside = BESIDE.iter().find(|(known, _)| *known == parent).map_or("", |(_, more)| more);
        let more: Vec<&str> =
            beside.split(", ").filter(|more| !more.is_empty() && !more.starts_with(key)).collect();
        let more = more.iter().map(|more| format!(", {more}")).collect::<Vec<_>>().concat();
        text = format!("{{ \"{key}\": {inner}{more} }}");
        if index == 0 {
            text = format!("{key}: {inner}");
        }
    }
    text
}

/// The matrix: every place of the grammar × platform × format.
#[test]
fn a_secret_at_any_place_of_the_grammar_is_kept_or_refused() {
    let mut all = Vec::new();
    places(&GRAMMAR.fields(), &[], &mut all);
    let (mut tried, mut kept, mut refused) = (0, 0, 0);
    let mut never_kept = Vec::new();
    for Place { path, of } in &all {
        // what is about the profile itself is never rendered
        if matches!(path[0].as_str(), "vars" | "extends") {
            continue;
        }
        let is_base64 = path.last().is_some_and(|key| key == "base64" || key == "auth");
        let secret = if is_base64 {
            BASE64_STANDARD.encode(format!("user:{SECRET}"))
        } else if matches!(of, Type::Path) {
            format!("/{SECRET}")
        } else if matches!(of, Type::Url) {
            format!("http://{SECRET}.example.net")
        } else if path.last().is_some_and(|key| key == "password_hash") {
            format!("$6${SECRET}${}", "a".repeat(86))
        } else {
            SECRET.to_owned()
        };
        let mut was_kept = false;
        for platform in ["aws", "qemu", "custom"] {
            for format in ["ignition", "cloud-config", "units", "packer"] {
                tried += 1;
                let at = path.join(".");
                let mut sections = BTreeMap::from([
                    ("vars", "vars: { pw: { type: secret } }".to_owned()),
                    ("allow", "allow: { data-on-root-disk: a test }".to_owned()),
                    ("target", format!("target: {{ platform: {platform}, formats: [{format}] }}")),
                    ("cluster", "cluster: { nodes: 1, domain: a.internal }".to_owned()),
                ]);
                sections.insert(&path[0], nested(path, value(path)));
                let lines: Vec<String> = sections.into_values().collect();
                let profile = lines.join("\n") + "\n";
                let (built, found) = build(&profile, &secret);
                let at = format!("{at} on {platform} as {format}:\n{profile}{found:?}");
                let told = |code: &str| found.iter().any(|(known, _)| *known == code);
                let Some(built) = built else {
                    assert!(!found.is_empty(), "{at}");
                    refused += usize::from(told("secret-exposed"));
                    continue;
                };
                assert!(of.may_be_secret(), "a secret was taken: {at}");
                assert!(!told("variable-unused"), "{at}");
                for (name, artefact) in built.tree.iter() {
                    assert!(!name.contains(SECRET), "{name}: {at}");
                    let holds = holds(artefact, &secret) || holds(artefact, SECRET);
                    let open = artefact.mode != 0o600 && holds;
                    assert!(!open, "{name} is {:04o}: {at}", artefact.mode);
                    was_kept |= holds;
                    // user data of a platform that lets everybody read it
                    let is_stack = name.starts_with("cloudformation");
                    assert!(!is_stack || !holds, "{name}: {at}");
                }
                kept += 1;
            }
        }
        if of.may_be_secret() && !was_kept {
            never_kept.push(path.join("."));
        }
    }
    println!("{} places, {tried} builds: {kept} kept, {refused} refused as exposed", all.len());
    assert!(all.len() > 150 && refused > 1_000 && kept > 50, "{tried} {kept} {refused}");
    // the secret here is no host, and refused as that
    never_kept.retain(|path| !path.starts_with("kafka.listeners."));
    // only what no machine gets may be kept nowhere
    assert!(never_kept.len() <= 2, "{never_kept:?}");
}

/// Every way a template has to a variable: what it makes is as secret as the variable.
/// Ways in which a template can name what is in a variable.
const WAYS: [&str; 56] = [
    "{{vars.pw}}",
    "{{{vars.pw}}}",
    "{{&vars.pw}}",
    "{{vars/pw}}",
    "{{vars.[pw]}}",
    "{{@root.vars.pw}}",
    "{{this.vars.pw}}",
    "{{lookup vars \"pw\"}}",
    "{{lookup @root.vars \"pw\"}}",
    "{{lookup (lookup @root \"vars\") \"pw\"}}",
    "{{lookup (lookup this \"vars\") \"pw\"}}",
    "{{#with vars}}{{pw}}{{/with}}",
    "{{#with vars}}{{this.pw}}{{/with}}",
    "{{#with vars as |v|}}{{v.pw}}{{/with}}",
    "{{#with vars.pw}}{{this}}{{/with}}",
    "{{#with vars.pw as |p|}}{{p}}{{/with}}",
    "{{#with (lookup vars \"pw\")}}{{this}}{{/with}}",
    "{{#with @root}}{{#with vars}}{{pw}}{{/with}}{{/with}}",
    "{{#with (lookup @root \"vars\")}}{{pw}}{{/with}}",
    "{{#each vars}}{{this}}{{/each}}",
    "{{#each vars}}{{#if (eq @key \"pw\")}}{{this}}{{/if}}{{/each}}",
    "{{#each vars as |v k|}}{{v}}{{/each}}",
    "{{#each @root.vars}}{{this}}{{/each}}",
    "{{#each (lookup @root \"vars\")}}{{this}}{{/each}}",
    "{{#each this}}{{#each this}}{{this}}{{/each}}{{/each}}",
    "{{#each @root}}{{lookup this \"pw\"}}{{/each}}",
    "{{#each nodes}}{{../vars.pw}}{{/each}}",
    "{{#each nodes}}{{@root.vars.pw}}{{/each}}",
    "{{#each nodes}}{{lookup ../vars \"pw\"}}{{/each}}",
    "{{#each nodes}}{{#with ../vars}}{{pw}}{{/with}}{{/each}}",
    "{{#each nodes}}{{#each ../vars}}{{this}}{{/each}}{{/each}}",
    "{{#if vars.pw}}{{lookup vars \"pw\"}}{{/if}}",
    "{{#if true}}{{#with vars}}{{pw}}{{/with}}{{/if}}",
    "{{#unless false}}{{lookup vars \"pw\"}}{{/unless}}",
    "{{#unless vars.no}}{{lookup vars \"pw\"}}{{/unless}}",
    "{{#if vars.no}}{{else}}{{lookup vars \"pw\"}}{{/if}}",
    "{{#with vars.no}}{{else}}{{lookup @root.vars \"pw\"}}{{/with}}",
    "{{#each vars.none}}{{else}}{{lookup @root.vars \"pw\"}}{{/each}}",
    "{{vars}}",
    "{{this}}",
    "{{@root}}",
    "{{or vars.pw false}}",
    "{{and vars.pw vars.pw}}",
    "{{upper vars.pw}}",
    "{{lower vars.pw}}",
    "{{base64 vars.pw}}",
    "{{indent 2 vars.pw}}",
    "{{upper (lower vars.pw)}}",
    "{{base64 (upper (lookup vars \"pw\"))}}",
    "{{#with vars}}{{base64 pw}}{{/with}}",
    "{{#each vars}}{{base64 this}}{{/each}}",
    "{{#each nodes}}{{upper @root.vars.pw}}{{/each}}",
    "{{join nodes \",\" \"name\" before=vars.pw}}",
    "{{base64 (join nodes \",\" \"name\" after=vars.pw)}}",
    "{{add vars.pw 1}}",
    "{{join vars.pw \",\"}}",
];

#[test]
fn no_helper_takes_a_secret_out_of_its_variable() {
    // in whatever form a helper brings it
    let forms = [
        SECRET.to_owned(),
        SECRET.to_uppercase(),
        BASE64_STANDARD.encode(SECRET),
        BASE64_STANDARD.encode(SECRET.to_uppercase()),
        BASE64_STANDARD.encode(format!("a-1{SECRET}")),
    ];
    let (mut tried, mut made) = (0, 0);
    for way in WAYS {
        let template = serde_json::to_string(way).unwrap();
        for (place, key) in [
            ("file", format!("files: {{ /etc/a: {{ inline: {template} }} }}\n")),
            (
                "unit",
                format!("units: {{ a.service: {{ dropins: {{ 10-a.conf: {template} }} }} }}\n"),
            ),
            (
                "env",
                format!(
                    "containers: {{ c: {{ image: \"r.io/a:1\", env: {{ A: {template} }} }} }}\n"
                ),
            ),
        ] {
            for platform in ["custom", "aws"] {
                tried += 1;
                let profile = format!(
                    "vars: {{ pw: {{ type: secret }}, no: {{ type: bool, default: false }} }}\n\
                     target: {{ platform: {platform} }}\n{key}"
                );
                let (built, found) = build(&profile, SECRET);
                let at = format!("{way} in a {place} on {platform}: {found:?}");
                let Some(built) = built else { continue };
                assert!(!found.iter().any(|(_, title)| title.contains("`pw`")), "{at}");
                for (name, artefact) in built.tree.iter() {
                    let holds = forms.iter().any(|form| holds(artefact, form));
                    made += usize::from(holds);
                    assert!(
                        !holds || platform == "custom" && artefact.mode == 0o600,
                        "{name}: {at}"
                    );
                }
            }
        }
    }
    println!("{tried} templates, {made} artefacts that hold the secret, all for the owner only");
    assert!(made > 100, "{made}");
}
