//! The documents are held to the program: every YAML block marked `profile` compiles, and `docs/keys.md` is what the
//! schema says. `CFGBUILD_BLESS=1` writes the latter.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use cfgbuild::diagnostic::{Diagnostics, render};
use cfgbuild::grammar::GRAMMAR;
use cfgbuild::profile::Loader;
use cfgbuild::profile::schema::{Field, Form, Type};
use cfgbuild::source::{Door, Sources, Spanned};
use walkdir::WalkDir;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The shipped profiles, so that a block may extend them.
fn shipped() -> BTreeMap<String, Vec<u8>> {
    WalkDir::new(root().join("profiles"))
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(root()).unwrap().display().to_string();
            (path, fs::read(entry.path()).expect("a profile can be read"))
        })
        .collect()
}

fn blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split("```yaml profile\n").skip(1).map(|rest| rest.split("\n```").next().unwrap())
}

#[test]
fn every_profile_in_the_documents_compiles() {
    let mut documents = vec![root().join("README.md")];
    let docs =
        WalkDir::new(root().join("docs")).sort_by_file_name().into_iter().filter_map(Result::ok);
    documents.extend(
        docs.map(walkdir::DirEntry::into_path)
            .filter(|path| path.extension().is_some_and(|end| end == "md")),
    );
    // the key of an operator is a value of whoever builds: no document has one
    let options = cfgbuild::Options {
        allow: vec!["nobody-can-log-in".to_owned()],
        ..cfgbuild::Options::default()
    };
    let mut count = 0;
    for document in documents {
        let text = fs::read_to_string(&document).expect("the document can be read");
        for block in blocks(&text) {
            let mut files = shipped();
            files.insert("profiles/example/profile.yaml".to_owned(), block.as_bytes().to_vec());
            let door = Door::Memory(files);
            let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
            let place = sources.add("the document", "example");
            let role = Spanned::new("example".to_owned(), cfgbuild::source::Span::new(place, 0, 7));
            let built = cfgbuild::compile(
                &role,
                &mut Loader::new(&door),
                &options,
                &mut sources,
                &mut diags,
            );
            let said: String = render(&sources, diags.sorted(), 120)
                .into_iter()
                .map(|found| found + "\n")
                .collect();
            assert!(
                built.is_ok() && said.is_empty(),
                "a block of {} does not compile:\n{block}\n{said}",
                document.display()
            );
            count += 1;
        }
    }
    assert!(count > 3, "the documents hold {count} profiles");
}

#[test]
fn the_reference_of_keys_is_what_the_schema_says() {
    let mut text = "# Every key of a profile\n\n\
        Written from the schema by a test (`tests/docs.rs`): do not edit.\n"
        .to_owned();
    table(&mut text, "the profile", &GRAMMAR.fields());
    let path = root().join("docs/keys.md");
    if std::env::var_os("CFGBUILD_BLESS").is_some() {
        fs::write(&path, &text).expect("docs/keys.md can be written");
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "docs/keys.md is stale: CFGBUILD_BLESS=1 cargo test --test docs");
}

fn table(text: &mut String, path: &str, fields: &[Field]) {
    write!(text, "\n## {path}\n\n| key | value | meaning |\n|---|---|---|\n").unwrap();
    for Field { name, of, doc } in fields {
        writeln!(text, "| `{name}` | {} | {} |", words(of), doc.replace('|', "\\|")).unwrap();
    }
    for Field { name, of, .. } in fields {
        let path = if path == "the profile" {
            format!("`{name}`")
        } else {
            format!("{}.{name}`", path.trim_end_matches('`'))
        };
        inner(text, &path, of);
    }
}

fn inner(text: &mut String, path: &str, of: &Type) {
    match of.form() {
        Form::Record(fields) => table(text, path, fields),
        Form::Map(_, of) => inner(text, &format!("{}.NAME`", path.trim_end_matches('`')), of),
        Form::List(of) => inner(text, &format!("{}[]`", path.trim_end_matches('`')), of),
        Form::Either(types) => types.iter().for_each(|of| inner(text, path, of)),
        Form::Scalar | Form::Services | Form::Free => {}
    }
}

fn words(of: &Type) -> String {
    match of {
        Type::Text => "text".to_owned(),
        Type::Line => "text in one line".to_owned(),
        Type::Token => "word without blanks".to_owned(),
        Type::PasswordHash => "hash of a password".to_owned(),
        Type::Unit => "unit name".to_owned(),
        Type::NodeText => "text, may differ by node".to_owned(),
        Type::HostText | Type::UnitText => {
            "text, may differ by node and hold `host` facts".to_owned()
        }
        Type::SecretText => {
            "text, may differ by node and hold `host` facts and fetched secrets".to_owned()
        }
        Type::GuardedText => "text, may be a secret".to_owned(),
        Type::Name | Type::Role => "name".to_owned(),
        Type::Host => "DNS name or IPv4 address".to_owned(),
        Type::Bool => "`true` or `false`".to_owned(),
        Type::Port => words(&Type::Integer(1, 65_535)),
        Type::Integer(min, max) => format!("{min} to {max}"),
        Type::Mode => "permissions, as `0644`".to_owned(),
        Type::Bytes => "amount, as `2GiB`".to_owned(),
        Type::Duration(_) => "duration, as `90s`".to_owned(),
        Type::Ipv4 => "IPv4 address".to_owned(),
        Type::Clock => "time, as `\"04:00\"`".to_owned(),
        Type::Version => "version, as `3.9.1`".to_owned(),
        Type::Url => "URL".to_owned(),
        Type::Cidr => "network, as `10.0.0.0/8`".to_owned(),
        Type::Path => "absolute path".to_owned(),
        Type::ColonlessPath => "absolute path without `:`".to_owned(),
        Type::Word(words) => {
            words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" ")
        }
        Type::List(of) => format!("list of {}", words(of)),
        Type::Map(..) | Type::Settings(..) | Type::Named(..) | Type::Services => {
            "map by name".to_owned()
        }
        Type::Record(_) => "map".to_owned(),
        Type::Either(types) => types.iter().map(words).collect::<Vec<_>>().join(", or "),
        Type::Free => "any YAML".to_owned(),
    }
}
