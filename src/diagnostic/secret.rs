//! What looks like a secret in a text: keys of AWS, private keys, values given to names such as `…_PASSWORD`.
//!
//! Knows names and shapes, not meanings: a reference such as `$PASSWORD` or `/run/secrets/password` is no secret.
//! Messages hide whatever may be one; only what is sure to be one is a finding.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    pub kind: SecretKind,
    /// Where it is: its value, or the line that begins a private key.
    pub range: Range<usize>,
    /// What must not be shown; empty for a placeholder, as `<PASSWORD>`, which tells where one will stand.
    pub hidden: Range<usize>,
    /// Whether its name says nothing else, and its value is no placeholder.
    pub sure: bool,
}

impl Secret {
    /// Returns the text of it, where `text` is what it was found in.
    pub fn value_in<'a>(&self, text: &'a str) -> &'a str {
        text.get(self.range.clone()).unwrap_or_default()
    }
}

/// What kind of secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// The value of something of this name.
    Named(String),
    /// The id of a key of AWS: it names the key and its owner.
    AccessKey,
    /// A private key in PEM.
    PrivateKey,
    /// What stands behind the user's name in a URL.
    InUrl,
}

impl fmt::Display for SecretKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => write!(f, "`{name}`"),
            Self::AccessKey => f.write_str("an AWS access key"),
            Self::PrivateKey => f.write_str("a private key"),
            Self::InUrl => f.write_str("a password in a URL"),
        }
    }
}

/// Ends of names that are those of secrets.
const ENDS: &[&str] = &[
    "PASSWORD",
    "PASSPHRASE",
    "PASSWD",
    "SECRET",
    "SECRET_KEY",
    "SECRET_ACCESS_KEY",
    "API_KEY",
    "ACCESS_TOKEN",
    "AUTH_TOKEN",
];

/// Words that make a name that of something secret, most times.
const WORDS: &[&str] = &[
    "SECRET",
    "PASSWORD",
    "PASSPHRASE",
    "PASSWD",
    "PRIVATE_KEY",
    "API_KEY",
    "APIKEY",
    "ACCESS_KEY",
    "TOKEN",
];

/// Parts of names that hold one of the words and no secret.
const HARMLESS: &[&str] = &[
    "CLUSTER_TOKEN",
    "AUTH_TOKEN",
    "DISCOVERY",
    "ACCESS_KEY_ID",
    "TOKEN_TTL",
    "TOKENS",
    "SECRETS",
];

/// Ends of names whose value says where the secret is.
const POINTERS: &[&str] =
    &["_FILE", "_PATH", "_DIR", "_NAME", "_ARN", "_URL", "_TYPE", "_LOCATION"];

/// Begins the line of a private key, and ends it.
const PEM: (&str, &str) = ("-----BEGIN ", "PRIVATE KEY-----");

/// Returns what may be a secret in a text, in order.
pub fn secrets(text: &str) -> Vec<Secret> {
    let mut found = Vec::new();
    assignments(text, &mut found);
    flags(text, &mut found);
    access_keys(text, &mut found);
    private_keys(text, &mut found);
    of_urls(text, &mut found);
    found.sort_by_key(|secret| (secret.range.start, secret.range.end));
    found
}

/// Returns the secret that the value of a setting of this name is, or holds.
pub fn secret_of_setting(name: &str, value: &str) -> Option<Secret> {
    let whole = 0..value.len();
    if rank(name) == Rank::Secret && !refers(value) && is_sure(value) {
        let kind = SecretKind::Named(name.to_owned());
        return Some(Secret { kind, range: whole.clone(), hidden: whole, sure: true });
    }
    secrets(value).into_iter().find(|secret| secret.sure)
}

/// Returns a text with every byte of a secret as `*`, so that places stay where they are.
pub fn mask(text: &str) -> Cow<'_, str> {
    let secrets = secrets(text);
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    let mut hidden: Vec<_> = secrets.into_iter().map(|secret| secret.hidden).collect();
    hidden.sort_by_key(|range| range.start);
    // each byte once: a private key that does not end hides all the others
    let mut done = 0;
    for range in hidden {
        for byte in bytes.get_mut(range.start.max(done)..range.end).unwrap_or_default() {
            if *byte != b'\n' {
                *byte = b'*';
            }
        }
        done = done.max(range.end);
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(""), Cow::Owned)
}

/// What a name says of its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Nothing,
    /// The name has a word of secrets in it.
    Perhaps,
    /// The name ends as those of secrets do.
    Secret,
}

fn rank(name: &str) -> Rank {
    let name = name.to_ascii_uppercase().replace(['-', '.'], "_");
    let has = |parts: &[&str]| parts.iter().any(|part| name.contains(part));
    // `NOPASSWD:ALL` of sudoers says that none is asked for
    if name.ends_with("NOPASSWD") {
        return Rank::Nothing;
    }
    if ENDS.iter().any(|end| name.ends_with(end)) {
        return Rank::Secret;
    }
    let points = POINTERS.iter().any(|end| name.ends_with(end));
    if has(WORDS) && !has(HARMLESS) && !points { Rank::Perhaps } else { Rank::Nothing }
}

/// Finds `name=value`, `name: value` and `"name": "value"`.
fn assignments(text: &str, found: &mut Vec<Secret>) {
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        assignments_of(line, offset, found);
        offset += line.len();
    }
}

fn assignments_of(line: &str, offset: usize, found: &mut Vec<Secret>) {
    let is_comment = line.trim_start().starts_with(['#', ';']);
    let mut read = 0;
    let mut ends = Ends::default();
    for (at, sign) in line.match_indices(['=', ':']) {
        // what stands in a value is no name
        if at < read {
            continue;
        }
        let (before, after) =
            (line.get(..at).unwrap_or_default(), line.get(at + 1..).unwrap_or_default());
        let quoted = before.trim_end().ends_with(['"', '\'']);
        let name = before.trim_end().trim_end_matches(['"', '\'']);
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let name = name.get(name.trim_end_matches(is_name).len()..).unwrap_or_default();
        let rank = rank(name);
        // `passwd: files` of nsswitch.conf is none
        let is_nsswitch = sign == ":" && !quoted && name.eq_ignore_ascii_case("passwd");
        if rank == Rank::Nothing || is_nsswitch || sign == ":" && is_of_arn(before, name) {
            continue;
        }
        let start = at + 1 + after.len() - after.trim_start_matches([' ', '\t']).len();
        // `A= word` among the words of a command sets nothing: the blank has ended the value
        let is_argument = sign == "="
            && !quoted
            && start > at + 1
            && before.trim_end().len() == before.len()
            && before.strip_suffix(name).is_some_and(|rest| {
                rest.ends_with([' ', '\t']) && rest.trim_start().contains([' ', '\t'])
            });
        if is_argument {
            continue;
        }
        // in `"NAME=a value"` the quote ends the value, in `"name": a` it has ended the name
        let opened = before.strip_suffix(name).and_then(|before| before.chars().next_back());
        let opened = opened.filter(|c| matches!(c, '"' | '\''));
        let (start, length) = value(line, start, opened, &mut ends);
        let value = line.get(start..start + length).unwrap_or_default();
        // with a colon, a word in the middle of a name says too little: `token: abc` may be anything
        let is_variable = sign == "=" || name == name.to_ascii_uppercase();
        let is_placeholder = value.starts_with('<') && value.ends_with('>');
        if refers(value) && !is_placeholder || rank == Rank::Perhaps && !is_variable {
            continue;
        }
        read = start + length;
        let range = offset + start..offset + read;
        found.push(Secret {
            kind: SecretKind::Named(name.to_owned()),
            range: range.clone(),
            hidden: if is_placeholder { 0..0 } else { range },
            sure: rank == Rank::Secret && !is_comment && !is_placeholder && is_sure(value),
        });
    }
}

/// Where values end in one line: what was found for one holds for all that begin before it, so that a line of nothing
/// but names is read once.
#[derive(Default)]
struct Ends(Vec<(Option<char>, Range<usize>)>);

impl Ends {
    /// Returns the first place from `start` on that ends a value in these quotes.
    fn next(&mut self, line: &str, start: usize, quote: Option<char>) -> usize {
        let known = self.0.iter_mut().find(|(of, _)| *of == quote);
        if let Some((_, known)) = &known
            && (known.start..=known.end).contains(&start)
        {
            return known.end;
        }
        let ends = |c: char| match quote {
            Some(quote) => c == quote || c == '\n',
            None => c.is_whitespace() || matches!(c, ',' | ';' | '}' | '"' | '\'' | '`'),
        };
        let rest = line.get(start..).unwrap_or_default();
        let found = start..start + rest.find(ends).unwrap_or(rest.len());
        let end = found.end;
        match known {
            Some((_, known)) => *known = found,
            None => self.0.push((quote, found)),
        }
        end
    }
}

/// Returns where the value begins and how long it is, without its quotes; `opened` is a quote that ends it.
fn value(line: &str, start: usize, opened: Option<char>, ends: &mut Ends) -> (usize, usize) {
    let first = line.get(start..).and_then(|rest| rest.chars().next());
    let (start, quote) = match (opened, first) {
        (None, Some(quote @ ('"' | '\''))) => (start + 1, Some(quote)),
        (opened, _) => (start, opened),
    };
    (start, ends.next(line, start, quote).saturating_sub(start))
}

/// Finds the word behind a flag such as `--password`.
fn flags(text: &str, found: &mut Vec<Secret>) {
    for (at, _) in text.match_indices("--") {
        let rest = text.get(at + 2..).unwrap_or_default();
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        let name = rest.get(..LONGEST_FLAG.min(rest.len())).unwrap_or_default();
        let name = name.get(..name.find(|c| !is_name(c)).unwrap_or(name.len())).unwrap_or_default();
        let behind = rest.get(name.len()..).unwrap_or_default();
        let is_apart = text.get(..at).is_none_or(|before| {
            before.is_empty()
                || before.ends_with(|c: char| c.is_whitespace() || "\"'[(,".contains(c))
        });
        let blanks =
            behind.chars().take_while(|c| matches!(c, ' ' | '\t')).take(LONGEST_FLAG).count();
        if !is_apart || blanks == 0 {
            continue;
        }
        let rank = rank(name);
        if rank == Rank::Nothing {
            continue;
        }
        let (line_start, line) = (at + 2 + name.len() + blanks, behind.get(blanks..));
        let line = line.unwrap_or_default();
        let (start, length) = value(line, 0, None, &mut Ends::default());
        let value = line.get(start..start + length).unwrap_or_default();
        // the next flag is no value, and neither is the end of a line
        if refers(value) || value.starts_with(['-', '\\']) {
            continue;
        }
        let range = line_start + start..line_start + start + length;
        let kind = SecretKind::Named(format!("--{name}"));
        let sure = rank == Rank::Secret && is_sure(value);
        found.push(Secret { kind, range: range.clone(), hidden: range, sure });
    }
}

/// Longest name of a flag that is looked at, in bytes; and most blanks behind it.
const LONGEST_FLAG: usize = 64;

/// Tells nothing, a reference, a path, a placeholder, a switch and the head of a block from a value.
fn refers(value: &str) -> bool {
    let words = ["true", "false", "yes", "no", "none", "null", "on", "off", "prompt", "xxx"];
    let schemes = ["file:", "arn:", "ssm:", "secretsmanager:", "host."];
    // how a server makes its tokens, and where the keys are for it
    let makes = ["simple", "jwt"].iter().any(|how| {
        value.strip_prefix(how).is_some_and(|rest| rest.is_empty() || rest.starts_with(','))
    });
    value.is_empty()
        || makes
        || value.starts_with(['$', '%', '<', '/', '{', '`'])
        || value.starts_with(['|', '>']) && value.len() <= 3
        || schemes.iter().any(|scheme| value.starts_with(scheme))
        || words.iter().any(|word| word.eq_ignore_ascii_case(value))
}

/// Returns whether a name before a colon is the word `secret` of an ARN of Secrets Manager, which says where one is:
/// `arn:aws:secretsmanager:eu-central-1:123456789012:secret:NAME`.
fn is_of_arn(before: &str, name: &str) -> bool {
    if name != "secret" {
        return false;
    }
    // from the end, and no further than it takes: a line may be long
    let mut fields = before.strip_suffix(name).unwrap_or_default().rsplitn(6, ':');
    let mut next = || fields.next().unwrap_or_default();
    let (end, _, _, service, _, start) = (next(), next(), next(), next(), next(), next());
    end.is_empty() && service == "secretsmanager" && start.ends_with("arn")
}

/// Tells a value that is surely one from what may stand for another in some language.
fn is_sure(value: &str) -> bool {
    value.len() >= 3 && !value.starts_with(['*', '@', '!', '&', '|'])
}

/// Finds `AKIA` or `ASIA` and 16 capitals and digits, alone.
fn access_keys(text: &str, found: &mut Vec<Secret>) {
    for prefix in ["AKIA", "ASIA"] {
        for (at, _) in text.match_indices(prefix) {
            let rest = text.get(at..).unwrap_or_default();
            let of_key = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit();
            // one more than a key has: longer is none, however long
            let length = rest.chars().take(21).take_while(|c| of_key(*c)).count();
            let key = rest.get(..length).unwrap_or_default();
            let is_apart = |c: Option<char>| !c.is_some_and(|c| c.is_ascii_alphanumeric());
            let before = text.get(..at).unwrap_or_default().chars().next_back();
            let after = rest.get(length..).unwrap_or_default().chars().next();
            if length == 20 && is_apart(before) && is_apart(after) {
                let range = at..at + length;
                // AWS's manuals use such a one for an example
                let sure = !key.ends_with("EXAMPLE");
                let kind = SecretKind::AccessKey;
                found.push(Secret { kind, range: range.clone(), hidden: range, sure });
            }
        }
    }
}

/// Finds private keys in PEM.
fn private_keys(text: &str, found: &mut Vec<Secret>) {
    let (mut read, mut line_start) = (0, 0);
    // the next end of a key; once there is none, none follows
    let mut end = 0;
    for (at, mark) in text.match_indices(PEM.1) {
        if let Some(line_end) = text.get(read..at).and_then(|between| between.rfind('\n')) {
            line_start = read + line_end + 1;
        }
        // the mark is at the end of the key, too, which may stand in the same line
        let from = read.max(line_start);
        let between = text.get(from..at).unwrap_or_default();
        let begin = between
            .rfind("-----")
            .filter(|at| between.get(*at..).is_some_and(|mark| mark.starts_with(PEM.0)));
        read = at;
        let Some(begin) = begin else { continue };
        let start = at + mark.len();
        if end < start {
            end = text
                .get(start..)
                .and_then(|rest| rest.find("-----END"))
                .map_or(text.len(), |at| start + at);
        }
        found.push(Secret {
            kind: SecretKind::PrivateKey,
            range: from + begin..start,
            hidden: start..end,
            sure: true,
        });
    }
}

/// Finds `password` in `scheme://user:password@host`.
fn of_urls(text: &str, found: &mut Vec<Secret>) {
    for (at, mark) in text.match_indices("://") {
        let start = at + mark.len();
        let rest = text.get(start..).unwrap_or_default();
        let ends = |c: char| c.is_whitespace() || matches!(c, '/' | '"' | '\'' | '`' | ',');
        let authority = rest.get(..rest.find(ends).unwrap_or(rest.len())).unwrap_or_default();
        let Some((user, password)) =
            authority.rsplit_once('@').and_then(|(said, _)| said.split_once(':'))
        else {
            continue;
        };
        if refers(password) {
            continue;
        }
        let start = start + user.len() + 1;
        let range = start..start + password.len();
        found.push(Secret {
            kind: SecretKind::InUrl,
            range: range.clone(),
            hidden: range,
            sure: false,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden() {
        for (text, masked) in [
            ("-e DB_PASSWORD=geheim x", "-e DB_PASSWORD=****** x"),
            ("Environment=\"API_KEY=a b\" C=d", "Environment=\"API_KEY=***\" C=d"),
            ("'password': !a", "'password': **"),
            ("  AWS_SECRET_ACCESS_KEY: abc\n", "  AWS_SECRET_ACCESS_KEY: ***\n"),
            ("AKIAIOSFODNN7EXAMPLE", "********************"),
            (
                "-----BEGIN RSA PRIVATE KEY-----\nab\n-----END",
                "-----BEGIN RSA PRIVATE KEY-----\n**\n-----END",
            ),
            (
                r#"k: "-----BEGIN PRIVATE KEY-----\nab\n-----END PRIVATE KEY-----\n" # c"#,
                r#"k: "-----BEGIN PRIVATE KEY-----******-----END PRIVATE KEY-----\n" # c"#,
            ),
            ("a: { password: geheim, b: 1 }", "a: { password: ******, b: 1 }"),
            ("{ keystorePassword: \"ge heim\" }", "{ keystorePassword: \"*******\" }"),
            ("# my.password: geheim", "# my.password: ******"),
            ("password=a=b:c password=abc", "password=***** password=***"),
            ("TOKEN=abc, MY_TOKENS=abc", "TOKEN=***, MY_TOKENS=abc"),
            ("--initial-cluster-token=abc", "--initial-cluster-token=abc"),
            ("PASSWORD_FILE=/run/x", "PASSWORD_FILE=/run/x"),
            ("fetch A= text x DB_PASSWORD= ssm /db", "fetch A= text x DB_PASSWORD= ssm /db"),
            ("  db.password= geheim", "  db.password= ******"),
            ("a --password hunter2 -x", "a --password ******* -x"),
            ("a --db-password 'hun ter2'", "a --db-password '********'"),
            (
                "a --password --token $T --password-file /x",
                "a --password --token $T --password-file /x",
            ),
            ("a ALL=(ALL) NOPASSWD:ALL", "a ALL=(ALL) NOPASSWD:ALL"),
            ("TOKEN=$TOKEN", "TOKEN=$TOKEN"),
            ("SECRET=<SECRET>", "SECRET=<SECRET>"),
            ("token: abc", "token: abc"),
            ("write `secret: true`, not a secret: `A`", "write `secret: true`, not a secret: `A`"),
            ("http://u:ge@heim@h/p?a=b:c@d", "http://u:*******@h/p?a=b:c@d"),
            ("http://u:{{vars.p}}@h http://h:80/a@b", "http://u:{{vars.p}}@h http://h:80/a@b"),
        ] {
            assert_eq!(mask(text), masked);
        }
    }

    /// Texts of one mark, each ten times as long as it must be to show that some mark reads all the rest.
    #[test]
    fn a_text_of_nothing_but_marks_is_read_once() {
        for mark in [
            "password=/",
            "password=$",
            "password=<",
            "password='",
            "password=\"",
            "\"password=",
            "AKIA",
            "-----BEGIN PRIVATE KEY-----",
            "-----BEGIN ",
            "PRIVATE KEY-----",
            "PRIVATE KEY-----\n",
            "--password ",
            "--password x ",
            "--password '",
            "--",
            "http://a:b@",
            "://",
            "token:",
            ":",
            "\"'",
        ] {
            let text = mark.repeat((1 << 19) / mark.len());
            let begun = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
            let found = secrets(&text).len();
            let took = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
            let took = took.tv_sec - begun.tv_sec;
            assert!(took < 3, "{mark}: {found} in {took} s");
        }
    }

    #[test]
    fn what_is_sure_to_be_one() {
        let key = format!("AKIA{}", "ABCDEFGH12345678");
        let sure = |text: &str| -> Vec<String> {
            let found = secrets(text).into_iter().filter(|secret| secret.sure);
            found.filter_map(|secret| text.get(secret.range).map(str::to_owned)).collect()
        };
        for (text, expected) in [
            (format!("key {key}"), key.as_str()),
            ("-----BEGIN RSA PRIVATE KEY-----\nMII".to_owned(), "-----BEGIN RSA PRIVATE KEY-----"),
            ("ssl.keystore.password=hunter22".to_owned(), "hunter22"),
            ("{\"password\": \"hun ter\"}".to_owned(), "hun ter"),
            ("login required username=\"a\" password=\"hunter2\";".to_owned(), "hunter2"),
            ("-e SECRET_KEY=abcdef -e B=1".to_owned(), "abcdef"),
            ("a\nDB_PASSWORD: topsecret\n".to_owned(), "topsecret"),
        ] {
            assert_eq!(sure(&text), [expected], "{text}");
        }
        for text in [
            "PasswordAuthentication no",
            "passwd: files sss",
            "password=$PASSWORD",
            "PASSWORD_FILE=/run/secrets/a",
            "password=/etc/a",
            "password=",
            "# password=abc",
            "--password=${PASSWORD}",
            "-----BEGIN CERTIFICATE-----",
            "AKIAABCDEFGH12345678Z",
            "password: {{vars.password}}",
            "password=ssm:/kafka/password",
        ] {
            assert_eq!(sure(text), Vec::<String>::new(), "{text}");
        }
        assert!(secret_of_setting("DB_PASSWORD", "hunter2").is_some());
        assert!(secret_of_setting("DB_PASSWORD_FILE", "/run/secrets/db").is_none());
    }
}
