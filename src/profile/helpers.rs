//! The helpers of templates that are ours: each makes one text or number of what it is given.
//!
//! None writes elsewhere, loops, or changes what is known only at boot. What each has made is remembered with what it
//! was made of, so that what is made of a secret can be kept as secret as that.

use std::error::Error;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender as _, Output, PathAndJson,
    RenderContext, RenderError, RenderErrorReason, ScopedJson,
};
use serde_json::Value as Json;

use super::facts::is_fact;

/// Longest text that a helper makes, in bytes.
const MAX_TEXT: usize = 4 << 20;

/// What helpers have made, each with the texts it was made of.
#[derive(Clone, Debug, Default)]
pub(super) struct Made(Arc<Mutex<Log>>);

/// Texts that were made, each behind those it was made of.
type Log = Vec<(Vec<String>, String)>;

impl Made {
    /// Returns what was made since the last call, in order.
    pub(super) fn take(&self) -> Log {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn add(&self, of: Vec<String>, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((of, text.to_owned()));
    }
}

/// Why a helper makes nothing.
#[derive(Debug)]
pub(super) enum HelperFault {
    /// It would have to change what is known only at boot.
    Fact(&'static str),
    /// What would be written is no single text.
    NotText(&'static str),
    /// It has arguments that it cannot take: what is wrong, and an example of what is right.
    Arguments(String, &'static str),
    /// What it makes is too long.
    TooLong,
}

impl fmt::Display for HelperFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fact(name) | Self::NotText(name) => write!(f, "`{name}` cannot be used so"),
            Self::Arguments(what, _) => f.write_str(what),
            Self::TooLong => f.write_str("too long"),
        }
    }
}

impl Error for HelperFault {}

impl From<HelperFault> for RenderError {
    fn from(fault: HelperFault) -> Self {
        RenderErrorReason::NestedError(Box::new(fault)).into()
    }
}

/// One helper.
#[derive(Clone, Copy)]
struct Named {
    name: &'static str,
    /// Fewest and most arguments.
    takes: (usize, usize),
    /// A call that is right.
    example: &'static str,
    work: fn(&Call<'_>) -> Result<Json, HelperFault>,
}

/// Every helper of ours that makes something.
const HELPERS: [Named; 8] = [
    Named {
        name: "add",
        takes: (2, 9),
        example: "{{add node.id 100}}",
        work: |call| call.fold(i64::checked_add),
    },
    Named {
        name: "sub",
        takes: (2, 9),
        example: "{{sub cluster.size 1}}",
        work: |call| call.fold(i64::checked_sub),
    },
    Named {
        name: "mul",
        takes: (2, 9),
        example: "{{mul cluster.size 2}}",
        work: |call| call.fold(i64::checked_mul),
    },
    Named {
        name: "upper",
        takes: (1, 1),
        example: "{{upper vars.name}}",
        work: |call| Ok(Json::from(call.text(0)?.to_uppercase())),
    },
    Named {
        name: "lower",
        takes: (1, 1),
        example: "{{lower vars.name}}",
        work: |call| Ok(Json::from(call.text(0)?.to_lowercase())),
    },
    Named {
        name: "base64",
        takes: (1, 1),
        example: "{{base64 vars.token}}",
        work: |call| Ok(Json::from(BASE64_STANDARD.encode(call.text(0)?))),
    },
    Named {
        name: "indent",
        takes: (2, 2),
        example: "{{indent 4 vars.certificate}}",
        work: |call| call.indent(),
    },
    Named {
        name: "join",
        takes: (2, 3),
        example: "{{join nodes \",\" \"address\"}}",
        work: |call| call.join(),
    },
];

/// Returns the names of all helpers of ours.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    HELPERS.iter().map(|helper| helper.name)
}

/// Registers all helpers; what they make goes to `made`.
pub(super) fn register(registry: &mut Handlebars<'static>, made: &Made) {
    for helper in HELPERS {
        registry.register_helper(helper.name, Box::new(Making { helper, made: made.clone() }));
    }
    registry.register_helper("lookup", Box::new(Lookup));
}

/// A call of a helper.
struct Call<'a> {
    helper: Named,
    arguments: Vec<&'a Json>,
    before: String,
    after: String,
}

impl Call<'_> {
    fn wrong(&self, what: String) -> HelperFault {
        HelperFault::Arguments(what, self.helper.example)
    }

    /// Returns an argument as a text.
    fn text(&self, index: usize) -> Result<String, HelperFault> {
        let value = self.arguments.get(index).copied().unwrap_or(&Json::Null);
        if value.is_array() || value.is_object() || value.is_null() {
            let name = self.helper.name;
            return Err(
                self.wrong(format!("`{name}` takes a text, and argument {} is none", index + 1))
            );
        }
        Ok(value.render())
    }

    fn number(&self, index: usize) -> Result<i64, HelperFault> {
        let text = self.text(index)?;
        text.trim().parse().map_err(|_| {
            let name = self.helper.name;
            self.wrong(format!(
                "`{name}` takes whole numbers, and argument {} is `{text}`",
                index + 1
            ))
        })
    }

    fn fold(&self, step: fn(i64, i64) -> Option<i64>) -> Result<Json, HelperFault> {
        let mut result = self.number(0)?;
        for index in 1..self.arguments.len() {
            let too_large = || {
                self.wrong(format!("`{}` comes to a number of more than 64 bits", self.helper.name))
            };
            result = step(result, self.number(index)?).ok_or_else(too_large)?;
        }
        Ok(Json::from(result))
    }

    /// Puts blanks before every line but the first, which stands where the template does, and empty ones.
    fn indent(&self) -> Result<Json, HelperFault> {
        let blanks = usize::try_from(self.number(0)?).ok().filter(|blanks| *blanks <= 64);
        let blanks =
            blanks.ok_or_else(|| self.wrong("`indent` takes 0 to 64 blanks".to_owned()))?;
        let mut text = String::new();
        for (index, line) in self.text(1)?.split('\n').enumerate() {
            if index > 0 {
                text.push('\n');
            }
            if index > 0 && !line.is_empty() {
                text.extend(std::iter::repeat_n(' ', blanks));
            }
            text.push_str(line);
            fits(text.len())?;
        }
        Ok(Json::from(text))
    }

    /// Writes the items of a list, or one field of each, with a text between them.
    fn join(&self) -> Result<Json, HelperFault> {
        let Some(Json::Array(items)) = self.arguments.first() else {
            return Err(self.wrong("`join` takes a list first".to_owned()));
        };
        let (between, field) =
            (self.text(1)?, self.arguments.get(2).map(|_| self.text(2)).transpose()?);
        let mut text = String::new();
        for (index, item) in items.iter().enumerate() {
            let value = match &field {
                None => Some(item),
                Some(field) => item.get(field),
            };
            let value =
                value.filter(|value| !value.is_array() && !value.is_object() && !value.is_null());
            let Some(value) = value else {
                return Err(self.wrong(match (&field, item.as_object()) {
                    (Some(field), _) => {
                        format!("item {} of the list has no text `{field}`", index + 1)
                    }
                    (None, Some(fields)) => {
                        let fields: Vec<&str> = fields.keys().map(String::as_str).collect();
                        format!(
                            "the items of the list are maps: name one of {} behind",
                            fields.join(", ")
                        )
                    }
                    (None, None) => format!("item {} of the list is no text", index + 1),
                }));
            };
            if value.as_str().is_some_and(is_fact) {
                return Err(HelperFault::Fact("join"));
            }
            if index > 0 {
                text.push_str(&between);
            }
            text.extend([self.before.as_str(), &value.render(), &self.after]);
            fits(text.len())?;
        }
        Ok(Json::from(text))
    }
}

fn fits(bytes: usize) -> Result<(), HelperFault> {
    if bytes > MAX_TEXT { Err(HelperFault::TooLong) } else { Ok(()) }
}

/// A helper as the engine calls it.
struct Making {
    helper: Named,
    made: Made,
}

impl HelperDef for Making {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        call: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let Named { name, takes: (fewest, most), example, work } = self.helper;
        let arguments: Vec<&Json> = call.params().iter().map(PathAndJson::value).collect();
        if !(fewest..=most).contains(&arguments.len()) {
            let count = arguments.len();
            return Err(HelperFault::Arguments(
                format!("`{name}` cannot take {count} arguments"),
                example,
            )
            .into());
        }
        // what is asked for by a name that is not there is told by the engine's own words
        if let Some(missing) = call.params().iter().find(|param| param.is_value_missing()) {
            return Err(RenderErrorReason::MissingVariable(missing.relative_path().cloned()).into());
        }
        if arguments.iter().any(|value| value.as_str().is_some_and(is_fact)) {
            return Err(HelperFault::Fact(name).into());
        }
        let around = |key| match call.hash_get(key).map(PathAndJson::value) {
            Some(value) if value.as_str().is_some_and(is_fact) => Err(HelperFault::Fact(name)),
            Some(value) => Ok(value.render()),
            None => Ok(String::new()),
        };
        let known = ["before", "after"];
        if let Some(other) = call.hash().keys().find(|key| name != "join" || !known.contains(*key))
        {
            return Err(
                HelperFault::Arguments(format!("`{name}` knows no `{other}=`"), example).into()
            );
        }
        let call = Call {
            helper: self.helper,
            arguments,
            before: around("before")?,
            after: around("after")?,
        };
        let made = work(&call)?;
        let text = made.render();
        fits(text.len())?;
        let mut of: Vec<String> = call.arguments.iter().flat_map(|value| texts(value)).collect();
        of.extend([call.before, call.after]);
        self.made.add(of, &text);
        Ok(ScopedJson::Derived(made))
    }
}

fn texts(value: &Json) -> Vec<String> {
    match value {
        Json::Array(items) => items.iter().flat_map(texts).collect(),
        Json::Object(fields) => fields.values().flat_map(texts).collect(),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => vec![value.render()],
    }
}

/// The engine's own `lookup`, but that it writes no list and no map, and says what it did not find.
struct Lookup;

impl HelperDef for Lookup {
    fn call<'reg: 'rc, 'rc>(
        &self,
        call: &Helper<'rc>,
        registry: &'reg Handlebars<'reg>,
        context: &'rc Context,
        state: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let found = self.call_inner(call, registry, context, state)?;
        let found = found.as_json();
        if found.is_array() || found.is_object() {
            return Err(HelperFault::NotText("lookup").into());
        }
        out.write(&found.render())?;
        Ok(())
    }

    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        call: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        const EXAMPLE: &str = "{{lookup vars \"name\"}}";
        let [of, key] = call.params().as_slice() else {
            let count = call.params().len();
            return Err(HelperFault::Arguments(
                format!("`lookup` cannot take {count} arguments"),
                EXAMPLE,
            )
            .into());
        };
        let name = key.value().render();
        let found = match of.value() {
            Json::Array(items) => name.parse::<usize>().ok().and_then(|index| items.get(index)),
            Json::Object(fields) => fields.get(&name),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => None,
        };
        let place = of.relative_path().map_or("the argument", String::as_str);
        let nothing = || HelperFault::Arguments(format!("`{place}` holds no `{name}`"), EXAMPLE);
        Ok(ScopedJson::Derived(found.cloned().ok_or_else(nothing)?))
    }
}
