//! Types in the words of messages.

use super::schema::Type;

/// A path in words.
pub(super) const PATH: &str =
    "an absolute path without `.`, `..`, or a slash, blank or backslash at the end";

/// Returns a type in words.
pub(super) fn describe(of: &Type) -> String {
    match of {
        Type::Text
        | Type::NodeText
        | Type::HostText
        | Type::UnitText
        | Type::SecretText
        | Type::GuardedText
        | Type::Free => "a text".to_owned(),
        Type::PasswordHash => "a hash as `crypt(5)` has it".to_owned(),
        Type::Line => {
            "a text in one line, without blanks around it or a backslash at its end".to_owned()
        }
        Type::Token => "a word without blanks, quotes and backslashes".to_owned(),
        Type::Unit => "a unit name with its suffix, such as `app.service`".to_owned(),
        Type::Name | Type::Role => "a name of letters, digits, `.`, `-` and `_`".to_owned(),
        Type::Host => "a DNS name or an IPv4 address".to_owned(),
        Type::Bool => "`true` or `false`".to_owned(),
        Type::Port => describe(&Type::Integer(1, 65_535)),
        Type::Integer(min, max) => format!("a whole number from {min} to {max}"),
        Type::Mode => "permissions such as 0644".to_owned(),
        Type::Bytes => "an amount with its unit, such as 2GiB".to_owned(),
        Type::Duration(_) => "a duration with its unit, such as 90s".to_owned(),
        Type::Clock => "a time of day such as 04:00".to_owned(),
        Type::Version => "a version such as 3.9.1".to_owned(),
        Type::Url => "an http or https URL".to_owned(),
        Type::Ipv4 => "an IPv4 address such as 10.0.0.1".to_owned(),
        Type::Cidr => "an IPv4 network such as 10.0.0.0/8".to_owned(),
        Type::Path => PATH.to_owned(),
        Type::ColonlessPath => {
            "an absolute path without `.`, `..`, `:`, or a slash, blank or backslash at the end"
                .to_owned()
        }
        Type::Word(words) => format!("one of: {}", words.join(", ")),
        Type::List(_) => "a list".to_owned(),
        Type::Map(..) | Type::Settings(..) | Type::Named(..) | Type::Services | Type::Record(_) => {
            "a map".to_owned()
        }
        Type::Either(types) => types.iter().map(describe).collect::<Vec<_>>().join(" or "),
    }
}
