//! Whatever text stands in a field of a profile, it is refused there, or all that is written is what it is with a
//! harmless text, with the one in place of the other.
//!
//! Held for every place of the grammar and every text of a table; each artefact is taken apart by the reader of its
//! language, down to the words of commands and scripts.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::AssertUnwindSafe;

use cfgbuild::diagnostic::{Diagnostics, Severity};
use cfgbuild::output::Tree;
use cfgbuild::parallel;
use cfgbuild::profile::Loader;
use cfgbuild::profile::schema::Type;
use cfgbuild::source::{Door, Sources, Spanned};
use serde_json::Value as Json;

use crate::leaves::{self, Leaf};
use crate::places::{self, Place, Slot, Target, WORD};
use crate::units;

/// Texts that mean something to some reader, wherever they stand.
const HOSTILE: [&str; 42] = [
    "qzv\n[Service]\nExecStartPre=/bin/evil",
    "qzv\n\n- evil: yes",
    "\nqzv",
    "qzv\n",
    "qzv\r\nevil=1",
    "qzv\\",
    "\\qzv",
    "qzv\\tx\\u0041",
    "qzv \\\nx",
    "#qzv",
    ";qzv",
    "!qzv",
    "-qzv",
    "--qzv",
    "*qzv",
    "|qzv",
    "qzv ; x # y",
    "qzv%n",
    "qzv%%",
    "%qzv",
    "${qzv}",
    "$$qzv",
    "$(qzv) `qzv`",
    "qzv\"",
    "'qzv",
    "qzv\" --privileged \"",
    "qzv=x",
    "qzv:x",
    ":qzv",
    "qzv,x",
    "qzv x",
    "qzv\tx",
    " qzv",
    "qzv ",
    "\tqzv\t",
    "qzv\u{a0}",
    "qzv\u{2028}x",
    "qzv\u{85}x",
    "qzvä😀",
    "[qzv]",
    "qzv?x{<y>}",
    "qzv/../x",
];

/// Whom the profiles are for: each place is judged in all that take it.
const TARGETS: [Target; 3] = [
    Target {
        says: "{target: {os: flatcar, platform: qemu, formats: [ignition]}}",
        section: ("", ""),
    },
    Target {
        says: "{target: {os: container-linux, platform: custom, formats: [cloud-config, units]}}",
        section: ("kafka", "{mode: zookeeper, zookeeper: {connect: ['z.example.net:2181']}}"),
    },
    // The room keeps every text on one side of the limit above which user data is compressed: else its form would
    // change the structure, and not the text.
    Target {
        says: "{target: {os: fedora-coreos, platform: aws, formats: [ignition, packer]},
                files: {/etc/room: {inline: 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx
                  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'}},
                aws: {instance_type: m6i.large}}",
        section: ("", ""),
    },
];

const PROFILE: &str = "profiles/a/profile.yaml";

/// What became of a profile: what is written, or the findings outside and at the text.
enum Outcome {
    Built(Tree),
    Refused { at_the_text: bool, told: Vec<String> },
}

fn build((profile, about): &(String, Vec<String>)) -> Outcome {
    let files = BTreeMap::from([(PROFILE.to_owned(), profile.clone().into_bytes())]);
    let door = Door::Memory(files);
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = Spanned::new("a".to_owned(), Sources::NOWHERE);
    let options = cfgbuild::Options::default();
    let built =
        cfgbuild::compile(&role, &mut Loader::new(&door), &options, &mut sources, &mut diags);
    if let Ok(built) = built {
        return Outcome::Built(built.tree);
    }
    let places = about.iter().map(|about| {
        let start = profile.rfind(about.as_str()).expect("is in the profile");
        start..start + about.len()
    });
    let places: Vec<Range<usize>> = places.collect();
    let errors = diags.sorted().into_iter().filter(|found| found.severity == Severity::Error);
    let errors: Vec<_> = errors.collect();
    let at_the_text = errors.iter().any(|found| {
        let span = found.primary.span;
        let (start, end) = (span.start as usize, span.end as usize);
        sources.name(span.file) == PROFILE
            && places.iter().any(|place| start < place.end && end > place.start)
    });
    Outcome::Refused {
        at_the_text,
        told: errors.iter().map(|found| format!("{}: {}", found.code, found.title)).collect(),
    }
}

/// What was seen at one place.
#[derive(Default)]
struct Seen {
    name: String,
    tried: usize,
    accepted: usize,
    /// Whether a text is asked for there, and not a number or a word of a list.
    wants_text: bool,
    /// Whether a harmless text is taken there.
    open: bool,
    broken: Vec<String>,
    /// Units that have a text which is taken.
    units: Vec<Json>,
}

fn judge(number: usize, place: &Place) -> Seen {
    let wants_text = !place.harmless().is_empty();
    let mut seen = Seen { name: place.name(), wants_text, ..Seen::default() };
    // what is alike for many places is tried with a share of the texts at each of them
    let share = |one_in: usize| {
        let texts = HOSTILE.into_iter().enumerate();
        texts.filter(move |(at, _)| (at + number).is_multiple_of(one_in)).map(|(_, text)| text)
    };
    for (at, target) in TARGETS.iter().enumerate() {
        let found =
            place.harmless().iter().find_map(|form| match build(&place.profile(form, target)) {
                Outcome::Built(tree) => Some((*form, tree)),
                Outcome::Refused { .. } => None,
            });
        match found {
            Some((form, plain)) => {
                let is_new = !seen.open || place.is_told_by(target);
                let texts: Vec<&str> = share(if is_new { 1 } else { 4 }).collect();
                seen.open = true;
                hold(&Held { place, target, form, plain: &plain }, &texts, &mut seen);
            }
            None if at == 0 => {
                let texts: Vec<&str> = share(if wants_text { 1 } else { 8 }).collect();
                refuse(place, target, &texts, &mut seen);
            }
            None => {}
        }
    }
    seen
}

/// Nothing but a word or number is taken here.
fn refuse(place: &Place, target: &Target, texts: &[&str], seen: &mut Seen) {
    for text in texts {
        seen.tried += 1;
        match build(&place.profile(text, target)) {
            Outcome::Built(_) => seen.broken.push(format!("{text:?} is taken")),
            Outcome::Refused { at_the_text: true, .. } => {}
            Outcome::Refused { told, .. } => {
                seen.broken.push(format!("{text:?} is refused elsewhere: {told:?}"));
            }
        }
    }
}

/// A place that takes texts of a form, and what is written where the text is harmless.
struct Held<'a> {
    place: &'a Place,
    target: &'a Target,
    form: &'a str,
    plain: &'a Tree,
}

fn hold(held: &Held<'_>, texts: &[&str], seen: &mut Seen) {
    let Held { place, target, form, plain } = held;
    let expected = &leaves::of(plain);
    for text in texts {
        seen.tried += 1;
        let tree = match build(&place.profile(&form.replace(WORD, text), target)) {
            Outcome::Built(tree) => tree,
            Outcome::Refused { at_the_text: true, .. } => continue,
            Outcome::Refused { told, .. } => {
                seen.broken.push(format!("{text:?} is refused elsewhere: {told:?}"));
                continue;
            }
        };
        seen.accepted += 1;
        let read = std::panic::catch_unwind(AssertUnwindSafe(|| leaves::of(&tree)));
        let difference = match read {
            Ok(found) if matches!(place.slot, Slot::Value(Type::UnitText)) => {
                difference(&ways(expected), ways(&found), text)
            }
            Ok(found) => difference(expected, found, text),
            Err(_) => Some("cannot be read".to_owned()),
        };
        if difference.is_none() && target.says == TARGETS[0].says {
            seen.units.extend(units::changed(&place.name(), text, plain, &tree));
        }
        seen.broken.extend(difference.map(|what| format!("{text:?}: {what}")));
    }
}

/// Returns the leaves without what they say: what a unit of the user's says is the user's.
fn ways(leaves: &[Leaf]) -> Vec<Leaf> {
    let way = |(way, _): &Leaf| (way.clone(), String::new());
    leaves.iter().map(way).collect()
}

/// Returns in what two builds differ, but for the text in place of the harmless one.
fn difference(expected: &[Leaf], found: Vec<Leaf>, text: &str) -> Option<String> {
    let mut left: BTreeMap<Leaf, usize> = BTreeMap::new();
    for leaf in found {
        *left.entry(leaf).or_default() += 1;
    }
    let mut take = |leaf: &Leaf| match left.get_mut(leaf) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    };
    // a unit is named by its path
    let unit = cfgbuild::unitfile::escape_path(text);
    let mut missing = Vec::new();
    for leaf @ (way, value) in expected {
        let as_written = |way_word, word| (way.replace(WORD, way_word), value.replace(WORD, word));
        let taken = if way.contains(WORD) || value.contains(WORD) {
            let words = [(text, text), (text, &unit), (&unit, &unit), (&unit, text)];
            words.iter().any(|(in_way, word)| take(&as_written(in_way, word)))
        } else {
            take(leaf)
        };
        if !taken {
            missing.push(as_written(text, text));
        }
    }
    left.retain(|_, count| *count > 0);
    if missing.is_empty() && left.is_empty() {
        return None;
    }
    missing.truncate(3);
    let left: Vec<&Leaf> = left.keys().take(3).collect();
    Some(format!("not {missing:?}\n    but {left:?}"))
}

/// Places of texts that no harmless text fits, since it would name what is not there, or not be well-formed: every text
/// is refused there.
const CLOSED: [&str; 26] = [
    "cluster.leaving[]",
    "containers.*.devices[].permissions",
    "containers.*.secrets.*.user",
    "etcd.birth",
    "etcd.discovery",
    "etcd.secrets.*.user",
    "etcd.volume",
    "files.*.group",
    "files.*.local",
    "files.*.user",
    "kafka.birth",
    "kafka.controllers.role",
    "kafka.secrets.*.user",
    "kafka.volume",
    "kafka.zookeeper.role",
    "names of etcd.config",
    "names of kafka.topics.*.config",
    "registry.auth",
    "registry.ca",
    "storage.disks[].partitions[].type_guid",
    "users.*.password_hash",
    "volumes.*.ebs.device",
    "zookeeper.birth",
    "zookeeper.log_volume",
    "zookeeper.secrets.*.user",
    "zookeeper.volume",
];

#[test]
fn no_text_changes_the_structure_of_what_is_written() {
    let places = places::places();
    let mut all = Seen::default();
    let mut closed = Vec::new();
    let joined: Result<(), ()> =
        parallel::in_order(&places, parallel::cores(), judge, |mut seen| {
            all.tried += seen.tried;
            all.accepted += seen.accepted;
            all.broken.extend(seen.broken.iter().map(|what| format!("{}: {what}", seen.name)));
            all.units.append(&mut seen.units);
            if seen.wants_text && !seen.open {
                closed.push(seen.name);
            }
            Ok(())
        });
    joined.unwrap();
    println!("{} places, {} texts, {} taken", places.len(), all.tried, all.accepted);
    assert!(all.broken.is_empty(), "{} broken:\n{}", all.broken.len(), all.broken.join("\n"));
    closed.sort();
    assert_eq!(closed, CLOSED, "every place of a text takes a harmless one");
    assert!(places.len() > 150 && all.accepted > 1_000, "{} of {}", all.accepted, all.tried);
    units::hand_over(&all.units);
}
