//! What was built, taken apart by the reader of each language: every value at the end of its way.

use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use cfgbuild::output::Tree;
use serde_json::{Map, Value as Json};

use crate::languages;

/// The way to a value, and the value.
pub(crate) type Leaf = (String, String);

fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

/// Takes everything apart.
pub(crate) fn of(tree: &Tree) -> Vec<Leaf> {
    let mut leaves = Vec::new();
    for (path, artefact) in tree.iter() {
        // the same text is beside it as it is
        if ending(path) != "gz" && !path.ends_with("cloudformation.yaml") {
            artefact_of(path, &artefact.bytes, &mut leaves);
        }
    }
    leaves.sort();
    leaves
}

fn artefact_of(path: &str, bytes: &[u8], leaves: &mut Vec<Leaf>) {
    let text = std::str::from_utf8(bytes).expect("is text");
    if path.ends_with(".pkr.json") {
        // Packer reads templates in its strings
        let text = text.replace("$${", "${").replace("%%{", "%{");
        tree(path, &serde_json::from_str(&text).expect("is JSON"), leaves);
    } else if ending(path) == "json" {
        tree(path, &serde_json::from_str(text).expect("is JSON"), leaves);
    } else if ending(path) == "yaml" {
        let json = serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
        tree(path, &json, leaves);
    } else if ending(path) == "hcl" {
        tree(path, &hcl::from_str(text).expect("is HCL"), leaves);
    } else if path.contains("/units/") {
        unit(path, text, leaves);
    } else {
        file(path, bytes, leaves);
    }
}

fn tree(at: &str, json: &Json, leaves: &mut Vec<Leaf>) {
    match json {
        Json::Object(entries) => {
            for (name, value) in entries {
                let below = format!("{at}.{name}");
                // the user data is beside it as it is, and the description is for people
                let is_said = name == "UserData" || below == "cloudformation.json.Description";
                if !is_said && !embedded(&below, name, value, entries, leaves) {
                    tree(&below, value, leaves);
                }
            }
        }
        Json::Array(items) => items.iter().for_each(|item| tree(&format!("{at}[]"), item, leaves)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {
            leaves.push((at.to_owned(), json.to_string()));
        }
        Json::String(text) => leaves.push((at.to_owned(), text.clone())),
    }
}

/// Takes apart a text that is a unit or a file; `false` where it is none.
fn embedded(
    at: &str,
    name: &str,
    value: &Json,
    beside: &Map<String, Json>,
    leaves: &mut Vec<Leaf>,
) -> bool {
    let said = |key: &str| beside.get(key).and_then(Json::as_str);
    match (name, value) {
        ("contents" | "content", Json::String(text)) if said("name").is_some() => {
            unit(&format!("{at} of {}", said("name").unwrap_or_default()), text, leaves);
        }
        ("content", Json::String(text)) => {
            let bytes = match said("encoding") {
                Some(_) => BASE64.decode(text.trim()).expect("is base64"),
                None => text.as_bytes().to_vec(),
            };
            file(said("path").unwrap_or_default(), &bytes, leaves);
        }
        ("contents", Json::Object(contents)) => {
            let source = contents.get("source").and_then(Json::as_str).unwrap_or_default();
            let Some(bytes) = data_url(source) else { return false };
            let bytes = if contents.contains_key("compression") { unpacked(&bytes) } else { bytes };
            file(said("path").unwrap_or_default(), &bytes, leaves);
        }
        ("source", Json::String(text)) if text.starts_with("data:") => {
            let bytes = data_url(text).expect("is a data URL");
            let bytes = if beside.contains_key("compression") { unpacked(&bytes) } else { bytes };
            match serde_json::from_slice(&bytes) {
                Ok(json) => tree(at, &json, leaves),
                Err(_) => file(at, &bytes, leaves),
            }
        }
        _ => return false,
    }
    true
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut unpacked).expect("is gzip");
    unpacked
}

fn data_url(source: &str) -> Option<Vec<u8>> {
    let (kind, data) = source.strip_prefix("data:")?.split_once(',')?;
    if kind.ends_with(";base64") {
        return BASE64.decode(data).ok();
    }
    let (mut bytes, mut rest) = (Vec::new(), data.bytes());
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let hex: Vec<u8> = rest.by_ref().take(2).collect();
            u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok()?
        } else {
            byte
        });
    }
    Some(bytes)
}

/// Lists of units, in whose names a backslash stands for itself.
const NAMES: [&str; 8] =
    ["After", "Before", "BindsTo", "Conflicts", "PartOf", "Requires", "WantedBy", "Wants"];

fn unit(at: &str, text: &str, leaves: &mut Vec<Leaf>) {
    for setting in languages::unit(text) {
        let at = format!("{at} [{}] {}", setting.section, setting.name);
        let value = &setting.value;
        if setting.name.starts_with("Exec") {
            command(&at, &languages::words(value, true), leaves);
        } else if setting.section == "X-Fleet" {
            leaves.push((at, value.clone()));
        } else if setting.name == "Environment" || setting.name == "RequiresMountsFor" {
            for word in languages::words(value, false) {
                leaves.push((at.clone(), word));
            }
        } else if NAMES.contains(&setting.name.as_str()) {
            for word in languages::undouble(value, '%').split_whitespace().map(str::to_owned) {
                leaves.push((at.clone(), word));
            }
        } else if setting.name == "Description" {
            // for people: what it says is no structure
            leaves.push((at, String::new()));
        } else {
            leaves.push((at, languages::undouble(value, '%')));
        }
    }
}

fn command(at: &str, words: &[String], leaves: &mut Vec<Leaf>) {
    let mut before = "";
    for (index, word) in words.iter().enumerate() {
        let is_script = before == "-c" && words[index.saturating_sub(2)].ends_with("bash");
        let at = format!("{at} {index}");
        if is_script {
            for token in languages::shell(word) {
                leaves.push((format!("{at} script"), token));
            }
        } else if before == "--mount" || before == "--tmpfs" {
            // of the latter the options stand behind a colon
            let is_csv = before == "--mount";
            let colon = || word.split(':').map(str::to_owned).collect();
            let fields: Vec<String> = if is_csv { languages::csv(word) } else { colon() };
            leaves.extend(fields.into_iter().map(|field| (format!("{at} field"), field)));
        } else {
            leaves.push((at, word.clone()));
        }
        before = word;
    }
}

fn file(path: &str, bytes: &[u8], leaves: &mut Vec<Leaf>) {
    let text = String::from_utf8_lossy(bytes);
    let mut add = |settings: Vec<(String, String)>| {
        leaves.extend(settings.into_iter().map(|(name, value)| (format!("{path} {name}"), value)));
    };
    if path.starts_with("/etc/sysctl.d/") {
        add(languages::sysctl(&text));
    } else if ending(path) == "env" {
        for (name, value) in languages::environment(&text) {
            variable(&format!("{path} {name}"), &name, &value, leaves);
        }
    } else if ending(path) == "properties" {
        add(languages::properties(bytes));
    } else if ending(path) == "yaml" {
        tree(path, &serde_yaml::from_str(&text).expect("is YAML"), leaves);
    } else if ending(path) == "json" {
        tree(path, &serde_json::from_str(&text).expect("is JSON"), leaves);
    } else if text.starts_with("#!") {
        add(languages::shell(&text).into_iter().map(|word| (String::new(), word)).collect());
    } else {
        leaves.push((path.to_owned(), text.into_owned()));
    }
}

/// Reads variables of which an image makes a file of properties.
fn variable(at: &str, name: &str, value: &str, leaves: &mut Vec<Leaf>) {
    let lines = match name {
        // the image splits it at blanks
        "ZOO_CFG_EXTRA" => value.split([' ', '\t', '\n']).collect::<Vec<_>>().join("\n"),
        "KAFKA_HEAP_OPTS" | "KAFKA_JVM_PERFORMANCE_OPTS" | "KAFKA_OPTS" => String::new(),
        name if name.starts_with("KAFKA_") => format!("value={value}"),
        _ => String::new(),
    };
    if lines.is_empty() {
        leaves.push((at.to_owned(), value.to_owned()));
    }
    for (name, value) in languages::properties(lines.as_bytes()) {
        leaves.push((format!("{at} {name}"), value));
    }
}
