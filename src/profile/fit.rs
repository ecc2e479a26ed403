//! Holds a single value against its type: what is wrong with it, and what would be right.
//!
//! Knows no place: whoever asks has it.

use std::net::Ipv4Addr;

use super::crypt::is_hash;
use super::naming::{is_name, is_unit_name};
use super::scalar;
use super::schema::Type;
use super::spelled;
use super::value::Scalar;
use super::words::describe;
use crate::diagnostic::nearest;
use crate::source::Style;

/// Why a scalar does not fit.
pub(super) struct Wrong {
    /// What is wrong, with the value.
    pub(super) title: String,
    /// The edit in words.
    pub(super) help: Option<String>,
    /// What is to be written instead, where that is certain.
    pub(super) better: Option<String>,
}

/// Returns whether permissions are written so that they can be read as octal and as decimal.
pub(super) fn is_doubtful(of: &Type, text: &str, written: &Scalar) -> bool {
    let quoted = written.style != Style::Plain || written.rendered;
    matches!(of, Type::Mode)
        && matches!(scalar::mode(text, quoted), Some(scalar::Mode::Doubtful { .. }))
}

/// Tells what is wrong with a scalar, and how to mend it.
pub(super) fn fits(text: &str, written: &Scalar, of: &Type, path: &str) -> Result<(), Wrong> {
    // a secret is never shown
    let shown = if written.is_secret() { "…" } else { text };
    let title = || format!("`{path}` is `{shown}`, but must be {}", describe(of));
    let wrong = |help: Option<String>| Err(Wrong { title: title(), help, better: None });
    let write = |word: &str| {
        let help = Some(format!("write `{word}`"));
        Err(Wrong { title: title(), help, better: Some(word.to_owned()) })
    };
    let plain = |fits: bool| if fits { Ok(()) } else { wrong(None) };
    let unquote = |fits: bool| {
        // "80" is a text in every YAML reader; a template's result has no quotes to speak of
        if fits && written.style != Style::Plain && !written.rendered {
            return Err(Wrong {
                title: format!("`{path}` is the text \"{shown}\", but must be {}", describe(of)),
                help: Some(format!("write `{text}`, without quotes")),
                better: Some(text.to_owned()),
            });
        }
        plain(fits)
    };
    match of {
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
        | Type::Either(_) => Ok(()),
        Type::PasswordHash if is_hash(text) => Ok(()),
        Type::PasswordHash => Err(no_hash(of, path)),
        Type::Line => plain(scalar::is_line(text)),
        Type::Token => plain(scalar::is_token(text)),
        Type::Unit => {
            // systemctl, too, takes a name without its suffix for one of a service
            let service = format!("{text}.service");
            let is_bare = !text.contains('.') && is_unit_name(&service);
            if is_bare { write(&service) } else { plain(is_unit_name(text)) }
        }
        Type::Name | Type::Role => plain(is_name(text)),
        Type::Host => plain(scalar::is_host(text)),
        Type::Bool => match text {
            "yes" | "on" | "y" | "Yes" | "True" | "TRUE" | "1" => write("true"),
            "no" | "off" | "n" | "No" | "False" | "FALSE" | "0" => write("false"),
            _ => unquote(scalar::boolean(text).is_some()),
        },
        Type::Port => port(text, written, &title, path),
        Type::Integer(min, max) => match scalar::integer(text) {
            Some(number) if (*min..=*max).contains(&number) => unquote(true),
            _ => wrong(None),
        },
        Type::Mode => mode(text, written, &title, path),
        Type::Bytes => match scalar::bytes(text) {
            Some(_) => Ok(()),
            None => wrong(
                scalar::integer(text)
                    .map(|number| format!("add the unit: {number}MiB or {number}GiB")),
            ),
        },
        Type::Duration(least) => duration(text, *least, &title),
        Type::Clock => plain(scalar::clock(text).is_some()),
        Type::Version => plain(scalar::version(text).is_some()),
        Type::Url => {
            if text.is_empty() || scalar::is_url(text) {
                Ok(())
            } else {
                wrong(url_help(text))
            }
        }
        Type::Ipv4 => plain(text.parse::<Ipv4Addr>().is_ok()),
        Type::Cidr => match scalar::network(text) {
            Some(network) if network == text => Ok(()),
            // what reads as a network names the network it means
            Some(network) => write(&network),
            None => wrong(None),
        },
        Type::Path => plain(scalar::is_clean_path(text)),
        Type::ColonlessPath => plain(scalar::is_clean_path(text) && !text.contains(':')),
        Type::Word(words) => {
            if words.contains(&text) {
                return Ok(());
            }
            let near = nearest(text, words.iter().copied());
            Err(Wrong {
                title: format!("`{path}` is `{shown}`, but must be one of: {}", words.join(", ")),
                help: near.map(|near| format!("did you mean `{near}`?")),
                better: near.map(str::to_owned),
            })
        }
    }
}

/// Returns what is wrong with a port: of a container it may be written as Compose does, with both numbers in it.
fn port(text: &str, written: &Scalar, title: &dyn Fn() -> String, path: &str) -> Result<(), Wrong> {
    match spelled::port(text) {
        Some((_, better)) if text.contains([':', '/']) && path.contains(".ports.") => {
            let help = Some(format!("write `{better}`"));
            Err(Wrong { title: title(), help, better: Some(better) })
        }
        _ => fits(text, written, &Type::Integer(1, 65_535), path),
    }
}

/// Returns what is wrong with a duration: a number alone is one of seconds, unless that would be too short.
fn duration(text: &str, least: u64, title: &dyn Fn() -> String) -> Result<(), Wrong> {
    let (help, better) = match (scalar::seconds(text), scalar::integer(text)) {
        (Some(_), _) => return Ok(()),
        (None, Some(number)) if number >= least => {
            let better = format!("{number}s");
            (Some(format!("add the unit: `{better}`")), Some(better))
        }
        (None, Some(number)) => (Some(format!("add the unit: `{number}min` or `{number}h`")), None),
        (None, None) => (None, None),
    };
    Err(Wrong { title: title(), help, better })
}

/// Returns what is wrong with a hash that is none; it may be a password, so that it is shown nowhere.
fn no_hash(of: &Type, path: &str) -> Wrong {
    let help = "print one with `mkpasswd --method=yescrypt`, and change the password if this was it; \
                `*` lets nobody in by password";
    let title = format!("`{path}` is not {}", describe(of));
    Wrong { title, help: Some(help.to_owned()), better: None }
}

/// Returns what is wrong with permissions: those that can be read in two ways are never guessed.
fn mode(text: &str, written: &Scalar, title: &dyn Fn() -> String, path: &str) -> Result<(), Wrong> {
    match scalar::mode(text, written.style != Style::Plain || written.rendered) {
        Some(scalar::Mode::Octal(_)) => Ok(()),
        Some(scalar::Mode::Doubtful { as_octal, as_decimal }) => {
            let help = match as_octal {
                Some(octal) => format!(
                    "write 0{octal:o} for these digits, or 0{as_decimal:o} for the decimal number"
                ),
                None => format!("write 0{as_decimal:o}"),
            };
            Err(Wrong {
                title: format!("`{path}` is `{text}`: octal digits or a decimal number?"),
                help: Some(help),
                better: as_octal.is_none().then(|| format!("0{as_decimal:o}")),
            })
        }
        None => Err(Wrong { title: title(), help: None, better: None }),
    }
}

fn url_help(text: &str) -> Option<String> {
    text.contains('<').then(|| "replace the placeholder in `<…>` by the real value".to_owned())
}
