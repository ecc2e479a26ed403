//! The schema as a JSON Schema (2020-12), for editors and other programs.
//!
//! It takes what a profile may write before anything is merged or rendered: a template stands for any value, and `null`
//! for whatever a parent says. What only the rendered whole shows, a number spelled `080` or a mode of doubtful base,
//! it lets pass; `cfgbuild check` does not.

mod document;
mod patterns;
mod settings;

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::scalar;
use super::schema::{Field, Form, Grammar, Key, Type};
use crate::settings::Table;
use crate::source::{Kind, Node, Sources, parse};

use document::{Members, Rest, Schema, Shape, Templates};
use patterns::{TEMPLATE, key, or_template};

/// Returns the JSON Schema of a profile.
pub fn json_schema(grammar: &Grammar) -> String {
    let mut sources = Sources::new();
    let text = grammar.defaults();
    let defaults = parse(sources.add("cfgbuild's defaults", text.as_str()), &text).ok();
    let writer = Writer { grammar, defaults: defaults.as_ref(), tables: RefCell::default() };
    let mut root = Schema {
        dialect: Some("https://json-schema.org/draft/2020-12/schema"),
        title: Some("cfgbuild profile"),
        description: Some(
            "profiles/ROLE/profile.yaml: what every node of a role is made of.".into(),
        ),
        pattern_properties: Members::of([(
            "^x-".to_owned(),
            Schema::about("Left alone: a place for anchors."),
        )]),
        ..writer.record(&grammar.fields(), defaults.as_ref(), Templates::Rendered)
    };
    let template = Schema {
        description: Some("A template, as `{{vars.heap}}`: quote it in YAML.".into()),
        types: vec![Shape::String],
        pattern: Some(TEMPLATE.to_owned()),
        ..Schema::default()
    };
    let tables = writer.tables.into_inner();
    let tables = tables.into_iter().map(|(name, schema)| (name.to_owned(), schema));
    root.definitions = Members::of([("template".to_owned(), template)].into_iter().chain(tables));
    let text = serde_json::to_string_pretty(&root).expect("a schema is JSON");
    text + "\n"
}

/// Writes schemas of types; each is told what cfgbuild's own layer says in its place.
struct Writer<'g> {
    grammar: &'g Grammar,
    defaults: Option<&'g Node>,
    /// Tables of settings that were met, each written once.
    tables: RefCell<BTreeMap<&'static str, Schema>>,
}

impl Writer<'_> {
    fn schema(&self, of: &Type, default: Option<&Node>, templates: Templates) -> Schema {
        if let Type::Settings(_, each, table) = of {
            let table = table();
            let name = table.name;
            if !self.tables.borrow().contains_key(name) {
                let made = self.settings(of, each, table, templates);
                self.tables.borrow_mut().insert(name, made);
            }
            let reference = Some(format!("#/$defs/{name}"));
            return Schema { reference, ..Schema::default() };
        }
        match of.form() {
            Form::Free => Schema::default(),
            Form::Record(fields) => self.record(fields, default, templates),
            Form::Map(keys, of) => map(keys, self.schema(of, None, templates)),
            Form::Services => map(Key::Name, self.instance(templates)),
            Form::List(of) => Schema {
                types: vec![Shape::Array, Shape::Null],
                items: Some(Box::new(without_null(self.schema(of, None, templates)))),
                ..Schema::default()
            },
            Form::Either(types) => Schema {
                any_of: types.iter().map(|of| self.schema(of, None, templates)).collect(),
                default: default_of(types.first().unwrap_or(of), default),
                ..Schema::default()
            },
            Form::Scalar => {
                Schema { default: default_of(of, default), ..scalar_schema(of, templates) }
            }
        }
    }

    /// Returns the schema of a server's settings: those of all versions by name, and any other.
    fn settings(&self, of: &Type, each: &Type, table: &Table, templates: Templates) -> Schema {
        let Form::Map(keys, _) = of.form() else { return Schema::default() };
        let member = |name: &'static str| {
            let value = self.schema(each, None, templates);
            (name.to_owned(), settings::member(table.all(name), value))
        };
        Schema {
            properties: Members::of(table.names(None).map(member)),
            ..map(keys, self.schema(each, None, templates))
        }
    }

    fn record(&self, fields: &[Field], default: Option<&Node>, templates: Templates) -> Schema {
        Schema {
            types: vec![Shape::Object, Shape::Null],
            properties: Members::of(fields.iter().map(|field| {
                let default = default.and_then(|node| node.get(field.name));
                (field.name.to_owned(), self.member(field, default, templates))
            })),
            additional: Some(Rest::Never),
            ..Schema::default()
        }
    }

    /// Returns the schema of a service under a name of its own: whichever kind it says it is.
    fn instance(&self, templates: Templates) -> Schema {
        let of_kind = |kind: &&'static super::schema::Section| {
            let default = self.defaults.and_then(|defaults| defaults.get(kind.word));
            let mut schema = self.record(&Grammar::instance(kind), default, templates);
            schema.properties.set("kind", |known| Schema {
                description: known.description,
                words: vec![Json::from(kind.word), Json::Null],
                ..Schema::default()
            });
            schema
        };
        Schema { any_of: self.grammar.kinds.iter().map(of_kind).collect(), ..Schema::default() }
    }

    fn member(&self, field: &Field, default: Option<&Node>, templates: Templates) -> Schema {
        let Field { name, of, doc } = field;
        let schema = match (*name, of.form()) {
            ("extends", _) => self.schema(of, default, Templates::Literal),
            // a bare value sets a variable that a parent declares
            ("vars", Form::Map(..)) => short_variables(self.schema(of, None, Templates::Literal)),
            _ => self.schema(of, default, templates),
        };
        Schema { description: Some((*doc).into()), ..schema }
    }
}

fn map(keys: Key, each: Schema) -> Schema {
    Schema {
        types: vec![Shape::Object, Shape::Null],
        names: Some(Box::new(key(keys))),
        additional: Some(Rest::Each(Box::new(each))),
        ..Schema::default()
    }
}

/// Lets the values of a map be bare scalars too.
fn short_variables(mut map: Schema) -> Schema {
    if let Some(Rest::Each(each)) = map.additional {
        let bare = Schema { types: TEXT.to_vec(), ..Schema::default() };
        let either = Schema { any_of: vec![*each, bare], ..Schema::default() };
        map.additional = Some(Rest::Each(Box::new(either)));
    }
    map
}

/// What YAML makes of a text without quotes.
const TEXT: [Shape; 3] = [Shape::String, Shape::Number, Shape::Boolean];

fn scalar_schema(of: &Type, templates: Templates) -> Schema {
    let text = |pattern: &str| Schema {
        types: vec![Shape::String, Shape::Null],
        pattern: Some(or_template(pattern, templates)),
        ..Schema::default()
    };
    let name = |pattern: &str| Schema {
        types: TEXT.into_iter().chain([Shape::Null]).collect(),
        minimum: Some(0),
        ..text(pattern)
    };
    // a number is no text, so that all a text can be is a template
    let number = |shape: Shape| match templates {
        Templates::Rendered => Schema {
            types: vec![shape, Shape::String, Shape::Null],
            pattern: Some(TEMPLATE.to_owned()),
            ..Schema::default()
        },
        Templates::Literal => Schema { types: vec![shape, Shape::Null], ..Schema::default() },
    };
    match of {
        Type::Line => name(patterns::LINE),
        Type::PasswordHash => text(patterns::PASSWORD_HASH),
        Type::Token => name(patterns::TOKEN),
        Type::Unit => Schema { max_length: Some(255), ..text(patterns::UNIT) },
        Type::Name | Type::Role => name(patterns::NAME),
        Type::Host => name(patterns::HOST),
        Type::Bool => number(Shape::Boolean),
        Type::Port => scalar_schema(&Type::Integer(1, 65_535), templates),
        Type::Integer(min, max) => {
            Schema { minimum: Some(*min), maximum: Some(*max), ..number(Shape::Integer) }
        }
        Type::Mode => Schema {
            types: vec![Shape::Integer, Shape::String, Shape::Null],
            minimum: Some(0),
            maximum: Some(7_777),
            ..text(patterns::MODE)
        },
        Type::Bytes => text(patterns::BYTES),
        Type::Duration(_) => text(patterns::DURATION),
        Type::Clock => text(patterns::CLOCK),
        Type::Version => name(patterns::VERSION),
        Type::Url => text(patterns::URL),
        Type::Ipv4 => text(patterns::IPV4),
        Type::Cidr => text(patterns::CIDR),
        Type::Path => text(patterns::PATH),
        Type::ColonlessPath => text(patterns::COLONLESS_PATH),
        Type::Word(words) => {
            let words = Schema {
                words: words.iter().map(|word| Json::from(*word)).chain([Json::Null]).collect(),
                ..Schema::default()
            };
            match templates {
                Templates::Rendered => Schema {
                    any_of: vec![
                        words,
                        Schema {
                            reference: Some("#/$defs/template".to_owned()),
                            ..Schema::default()
                        },
                    ],
                    ..Schema::default()
                },
                Templates::Literal => words,
            }
        }
        Type::Text
        | Type::NodeText
        | Type::HostText
        | Type::UnitText
        | Type::SecretText
        | Type::GuardedText
        | Type::Free
        | Type::List(_)
        | Type::Map(..)
        | Type::Settings(..)
        | Type::Named(..)
        | Type::Services
        | Type::Record(_)
        | Type::Either(_) => {
            Schema { types: TEXT.into_iter().chain([Shape::Null]).collect(), ..Schema::default() }
        }
    }
}

/// Returns what a list may hold: an entry of a list is no key that a child could remove.
fn without_null(mut schema: Schema) -> Schema {
    schema.types.retain(|shape| *shape != Shape::Null);
    schema.words.retain(|word| !word.is_null());
    schema.any_of = schema.any_of.into_iter().map(without_null).collect();
    schema
}

/// Returns a default in the kind of value that its type wants.
fn default_of(of: &Type, default: Option<&Node>) -> Option<Json> {
    let Kind::Scalar(text, _) = &default?.kind else { return None };
    let number =
        matches!(of, Type::Integer(..) | Type::Port).then(|| scalar::integer(text)).flatten();
    Some(number.map_or_else(|| Json::from(text.as_str()), Json::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::schema::{Core, Section, field};

    const STORE: Section = Section {
        word: "store",
        keys: &[field("port", Type::Port, "Port.")],
        doc: "A store.",
        defaults: "store: { port: 9092 }\n",
    };
    const UPDATES: Section = Section {
        word: "updates",
        keys: &[field("start", Type::Clock, "Start.")],
        doc: "Updates.",
        defaults: "updates: { start: \"04:00\" }\n",
    };

    fn at(path: &str) -> Json {
        let grammar = Grammar { kinds: vec![&STORE], core: vec![Core::Section(&UPDATES)] };
        let whole: Json = serde_json::from_str(&json_schema(&grammar)).expect("is JSON");
        whole.pointer(path).cloned().unwrap_or_else(|| panic!("{path} is there"))
    }

    #[test]
    fn defaults_and_bounds_are_told() {
        let port = at("/properties/store/properties/port");
        assert_eq!((&port["default"], &port["minimum"]), (&Json::from(9092), &Json::from(1)));
        assert_eq!(at("/properties/target/properties/ignition/default"), Json::from("3.4.0"));
        assert_eq!(at("/properties/updates/properties/start/default"), "04:00");
    }

    #[test]
    fn only_keys_can_be_removed() {
        let zones = at("/properties/cluster/properties/zones");
        assert_eq!(zones["type"], serde_json::json!(["array", "null"]));
        assert!(!zones["items"]["type"].as_array().unwrap().contains(&Json::from("null")));
    }

    #[test]
    fn what_is_about_the_profile_is_no_template() {
        let parent = at("/properties/extends/anyOf/0/pattern");
        assert!(!parent.as_str().unwrap().contains(TEMPLATE), "{parent}");
    }
}
