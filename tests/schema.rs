//! `docs/profile.schema.json` is what `cfgbuild schema` prints, and tells of every key. `CFGBUILD_BLESS=1` writes it.
//!
//! Whether the schema refuses what the program refuses is judged by `tests/reference/formats`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly and must write"
)]

use std::fs;
use std::path::Path;
use std::process::Command;

use cfgbuild::grammar::GRAMMAR;
use cfgbuild::profile::json_schema::json_schema;
use cfgbuild::profile::schema::{Field, Form, Type};
use serde_json::Value;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn printed(what: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_cfgbuild")).args(what).output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{what:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_published_schema_is_fresh() {
    let path = root().join("docs/profile.schema.json");
    if std::env::var_os("CFGBUILD_BLESS").is_some() {
        fs::write(&path, json_schema(&GRAMMAR)).expect("docs/profile.schema.json can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == json_schema(&GRAMMAR),
        "docs/profile.schema.json is stale: CFGBUILD_BLESS=1 cargo test --test schema"
    );
}

#[test]
fn the_command_prints_what_is_published() {
    assert_eq!(printed(&["schema"]), json_schema(&GRAMMAR));
    let findings = fs::read_to_string(root().join("docs/findings.schema.json")).unwrap();
    assert_eq!(printed(&["schema", "findings"]), findings);
    let machine = fs::read_to_string(root().join("docs/machine.schema.json")).unwrap();
    assert_eq!(printed(&["schema", "machine"]), machine);
}

#[test]
fn every_key_is_described() {
    let schema: Value = serde_json::from_str(&json_schema(&GRAMMAR)).unwrap();
    keys(&schema, &GRAMMAR.fields(), "");
}

/// An editor shows of a setting what its server takes, in whichever version takes the most.
#[test]
fn settings_are_described() {
    let schema: Value = serde_json::from_str(&json_schema(&GRAMMAR)).unwrap();
    let of =
        |name: &str| schema.pointer(&format!("/$defs/kafka-broker-settings/properties/{name}"));
    for (name, key, expected) in [
        ("compression.type", "default", Value::from("producer")),
        ("compression.type", "examples/4", Value::from("gzip")),
        ("num.partitions", "minimum", Value::from(1)),
        ("log.segment.bytes", "minimum", Value::from(14)),
        ("compression.gzip.level", "minimum", Value::Null),
        ("compression.lz4.level", "maximum", Value::from(17)),
        (
            "zookeeper.set.acl",
            "description",
            Value::from("`true` or `false`. Up to 3.9. In zookeeper mode alone."),
        ),
        (
            "log.retention.ms",
            "description",
            Value::from("A whole number, in milliseconds. May change while the servers run."),
        ),
    ] {
        let setting = of(name).unwrap_or_else(|| panic!("{name} is not in the schema"));
        let found = setting.pointer(&format!("/{key}")).cloned().unwrap_or_default();
        assert_eq!(found, expected, "{name} {key}");
    }
}

fn keys(schema: &Value, fields: &[Field], path: &str) {
    for Field { name, of, doc } in fields {
        let path = format!("{path}.{name}");
        let member = schema.pointer(&format!("/properties/{name}"));
        let member = member.unwrap_or_else(|| panic!("{path} is not in the schema"));
        assert_eq!(member.pointer("/description"), Some(&Value::from(*doc)), "{path}");
        inner(member, of, &path);
    }
    assert_eq!(schema.pointer("/additionalProperties"), Some(&Value::Bool(false)), "{path}");
}

fn inner(schema: &Value, of: &Type, path: &str) {
    if let Type::Settings(_, _, table) = of {
        let reference = format!("#/$defs/{}", table().name);
        assert_eq!(schema.pointer("/$ref"), Some(&Value::from(reference)), "{path}");
        return;
    }
    match of.form() {
        Form::Record(fields) => keys(schema, fields, path),
        Form::Map(_, of) => {
            let each = schema.pointer("/additionalProperties").unwrap();
            // a variable may be a bare value too
            let each = if path == ".vars" { each.pointer("/anyOf/0").unwrap() } else { each };
            inner(each, of, &format!("{path}.NAME"));
        }
        Form::List(of) => inner(schema.pointer("/items").unwrap(), of, &format!("{path}[]")),
        Form::Either(types) => {
            for (index, of) in types.iter().enumerate() {
                inner(schema.pointer(&format!("/anyOf/{index}")).unwrap(), of, path);
            }
        }
        Form::Scalar | Form::Services | Form::Free => {}
    }
}
