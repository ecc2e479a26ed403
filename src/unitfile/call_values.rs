//! What the flags of docker and podman take, as their clients and the libraries under these read it.
//!
//! Says why a value is refused, in the client's own words as far as they are its own; what no shape is known of passes.

use std::net::IpAddr;

/// What sort of value a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// None, or one behind `=`.
    Bool,
    /// Whatever, and only behind `=`.
    Optional,
    /// Whatever.
    Text,
    Int,
    Uint,
    Float,
    Decimal,
    Duration,
    Bytes,
    Swap,
    Port,
    Expose,
    Ulimit,
    Mount,
    Host,
    Address,
    Env,
    Stream,
    Pull,
    Restart,
    Sysctl,
    Pid,
    Uts,
}

impl Kind {
    /// Returns the kind of a word of the table.
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "bool" => Self::Bool,
            "optional" => Self::Optional,
            "text" => Self::Text,
            "int" => Self::Int,
            "uint" => Self::Uint,
            "float" => Self::Float,
            "decimal" => Self::Decimal,
            "duration" => Self::Duration,
            "bytes" => Self::Bytes,
            "swap" => Self::Swap,
            "port" => Self::Port,
            "expose" => Self::Expose,
            "ulimit" => Self::Ulimit,
            "mount" => Self::Mount,
            "host" => Self::Host,
            "address" => Self::Address,
            "env" => Self::Env,
            "stream" => Self::Stream,
            "pull" => Self::Pull,
            "restart" => Self::Restart,
            "sysctl" => Self::Sysctl,
            "pid" => Self::Pid,
            "uts" => Self::Uts,
            _ => return None,
        })
    }

    /// Returns whether the next word is its value.
    pub(super) fn takes_next(self) -> bool {
        !matches!(self, Self::Bool | Self::Optional)
    }

    /// Returns how a value of it is written.
    pub fn shape(self) -> &'static str {
        match self {
            Self::Bool => "write `true` or `false`",
            Self::Optional | Self::Text => "write a value",
            Self::Int => "write a whole number",
            Self::Uint => "write a whole number, 0 or more",
            Self::Float | Self::Decimal => "write a number, as `1.5`",
            Self::Duration => "write a number with its unit, as `10s` or `1m30s`",
            Self::Bytes => "write a number with `b`, `k`, `m` or `g`, as `512m`",
            Self::Swap => "write `-1`, or a number with `b`, `k`, `m` or `g`",
            Self::Port => {
                "write `HOST:CONTAINER` or `ADDRESS:HOST:CONTAINER`, ports from 1 to 65535"
            }
            Self::Expose => "write a port or a range of ports, as `80/tcp`",
            Self::Ulimit => "write `NAME=SOFT` or `NAME=SOFT:HARD`, as `nofile=65536`",
            Self::Mount => "write `type=bind,source=…,target=…`",
            Self::Host => "write `NAME:ADDRESS`",
            Self::Address => "write the address of a server",
            Self::Env => "write `NAME=VALUE`",
            Self::Stream => "write `stdin`, `stdout` or `stderr`",
            Self::Pull => "write `always`, `missing` or `never`",
            Self::Restart => "write `no`, `always`, `unless-stopped` or `on-failure:5`",
            Self::Sysctl => {
                "write `NAME=VALUE` with a setting that containers have for themselves, as `net.core.somaxconn=1024`"
            }
            Self::Pid => "write `host` or `container:NAME`",
            Self::Uts => "write `host`",
        }
    }

    /// Returns why a client refuses a value.
    pub(super) fn refuses(self, client: &str, value: &str) -> Option<String> {
        let is_docker = client == "docker";
        match self {
            Self::Bool => (!is_bool(value))
                .then(|| format!("strconv.ParseBool: parsing \"{value}\": invalid syntax")),
            Self::Optional | Self::Text => None,
            Self::Int => (!is_integer(value.strip_prefix(['-', '+']).unwrap_or(value)))
                .then(|| format!("strconv.ParseInt: parsing \"{value}\": invalid syntax")),
            Self::Uint => (!is_integer(value))
                .then(|| format!("strconv.ParseUint: parsing \"{value}\": invalid syntax")),
            Self::Float | Self::Decimal => number(self, value),
            Self::Duration => duration(value),
            Self::Bytes => bytes(value),
            Self::Swap => (value != "-1").then(|| bytes(value)).flatten(),
            Self::Port => port(is_docker, value),
            Self::Expose => expose(value),
            Self::Ulimit => (is_docker || value != "host").then(|| ulimit(value)).flatten(),
            Self::Mount => mount(is_docker, value),
            Self::Host => host(value),
            Self::Address => {
                let is_none = !is_docker && value == "none";
                let is_address = value.trim().parse::<IpAddr>().is_ok();
                (!is_none && !is_address).then(|| format!("{value} is not an ip address"))
            }
            Self::Env => (value.is_empty() || value.starts_with('='))
                .then(|| format!("invalid environment variable: {value}")),
            Self::Stream => {
                let streams = ["stdin", "stdout", "stderr"];
                (is_docker && !streams.contains(&value.to_lowercase().as_str()))
                    .then(|| "valid streams are STDIN, STDOUT and STDERR".to_owned())
            }
            Self::Pull => {
                let known = ["always", "missing", "never"];
                let podmans =
                    ["newer", "ifnewer", "ifmissing", "ifnotpresent", "true", "false", ""];
                let lower = value.to_lowercase();
                let fits = if is_docker {
                    known.contains(&value) || value.is_empty()
                } else {
                    known.contains(&lower.as_str()) || podmans.contains(&lower.as_str())
                };
                (!fits).then(|| format!("unsupported pull policy \"{value}\""))
            }
            Self::Restart => restart(value),
            Self::Sysctl => sysctl(is_docker, value),
            Self::Pid => {
                let fits = value.is_empty() || value == "host" || value.starts_with("container:");
                (is_docker && !fits).then(|| "--pid: invalid PID mode".to_owned())
            }
            Self::Uts => {
                let fits = value.is_empty() || value == "host";
                (is_docker && !fits).then(|| "--uts: invalid UTS mode".to_owned())
            }
        }
    }
}

fn is_bool(value: &str) -> bool {
    ["1", "t", "T", "true", "TRUE", "True", "0", "f", "F", "false", "FALSE", "False"]
        .contains(&value)
}

/// Whole numbers as Go reads them where a prefix may name their base.
fn is_integer(value: &str) -> bool {
    let lower = value.to_lowercase();
    let (digits, base) = match lower.get(..2) {
        Some("0x") => (lower.get(2..), 16),
        Some("0b") => (lower.get(2..), 2),
        Some("0o") => (lower.get(2..), 8),
        _ if lower.len() > 1 && lower.starts_with('0') => (lower.get(1..), 8),
        _ => (Some(lower.as_str()), 10),
    };
    digits.is_some_and(|digits| {
        digits.len() < 20
            && !digits.is_empty()
            && digits.chars().all(|c| c.is_digit(base) || c == '_')
    })
}

fn number(kind: Kind, value: &str) -> Option<String> {
    let has_digit = value.contains(|c: char| c.is_ascii_digit());
    let is_number =
        value.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | 'e' | 'E' | '+' | '-'));
    // docker reads a fraction as well
    let is_fraction = kind == Kind::Decimal && value.contains('/');
    (!(is_fraction || has_digit && is_number))
        .then(|| format!("failed to parse {value} as a rational number"))
}

fn duration(value: &str) -> Option<String> {
    let invalid = || Some(format!("time: invalid duration \"{value}\""));
    let mut rest = value.strip_prefix(['-', '+']).unwrap_or(value);
    if rest == "0" {
        return None;
    }
    if rest.is_empty() {
        return invalid();
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(digits);
        if !number.contains(|c: char| c.is_ascii_digit()) || number.matches('.').count() > 1 {
            return invalid();
        }
        let letters = after.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(after.len());
        let (unit, after) = after.split_at(letters);
        if unit.is_empty() {
            return Some(format!("time: missing unit in duration \"{value}\""));
        }
        if !["ns", "us", "µs", "μs", "ms", "s", "m", "h"].contains(&unit) {
            return Some(format!("time: unknown unit \"{unit}\" in duration \"{value}\""));
        }
        rest = after;
    }
    None
}

/// A size with its unit.
fn bytes(value: &str) -> Option<String> {
    let end =
        value.rfind(|c: char| c.is_ascii_digit() || matches!(c, '.' | ' ')).map_or(0, |at| at + 1);
    let (number, unit) = value.split_at(end);
    let number = number.strip_suffix(' ').unwrap_or(number);
    let fits = number.starts_with(|c: char| c.is_ascii_digit())
        && number.ends_with(|c: char| c.is_ascii_digit())
        && number.matches('.').count() <= 1
        && number.chars().all(|c| c.is_ascii_digit() || c == '.');
    if !fits {
        return Some(format!("invalid size: '{value}'"));
    }
    let lower = unit.to_lowercase();
    let prefix = lower
        .strip_suffix('b')
        .map_or(lower.as_str(), |unit| unit.strip_suffix('i').unwrap_or(unit));
    let fits = prefix.is_empty() && lower != "ib" || ["k", "m", "g", "t", "p"].contains(&prefix);
    (!fits).then(|| format!("invalid suffix: '{unit}'"))
}

/// First and last port of a range.
fn range(text: &str) -> Option<(u16, u16)> {
    let digits = |text: &str| {
        let is_number = text.chars().all(|c| c.is_ascii_digit());
        is_number.then(|| text.parse::<u16>().ok()).flatten()
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (digits(first)?, digits(last)?);
    (first <= last).then_some((first, last))
}

/// `[[address:]host:]container[/protocol]`
fn port(is_docker: bool, value: &str) -> Option<String> {
    // docker's long form names each
    if value.contains('=') {
        return None;
    }
    let (ports, protocol) = value.split_once('/').unwrap_or((value, ""));
    let fields: Vec<&str> = ports.rsplitn(3, ':').collect();
    let container = fields.first().copied().unwrap_or("");
    let host = fields.get(1).copied().unwrap_or("");
    let address = fields.get(2).copied().unwrap_or("");
    let bare = address.strip_prefix('[').and_then(|bare| bare.strip_suffix(']')).unwrap_or(address);
    // an interface may be behind it
    let bare = bare.split('%').next().unwrap_or(bare);
    if !bare.is_empty() && bare.parse::<IpAddr>().is_err() {
        return Some(format!("invalid IP address: {address}"));
    }
    if container.is_empty() {
        return Some(format!("no port specified: {value}<empty>"));
    }
    let Some(inside) = range(container) else {
        return Some(format!("invalid containerPort: {container}"));
    };
    if !host.is_empty() {
        let Some(outside) = range(host) else {
            return Some(format!("invalid hostPort: {host}"));
        };
        let differ = inside.1 - inside.0 != outside.1 - outside.0;
        // docker takes any free one of several for one
        if differ && !(is_docker && inside.0 == inside.1) {
            return Some(format!(
                "invalid ranges specified for container and host Ports: {container} and {host}"
            ));
        }
    }
    let fits = protocol
        .split(',')
        .all(|it| ["", "tcp", "udp", "sctp"].contains(&it.to_lowercase().as_str()));
    (is_docker && !fits).then(|| format!("invalid proto: {protocol}"))
}

fn expose(value: &str) -> Option<String> {
    if value.contains(':') {
        return Some(format!("invalid port format for --expose: {value}"));
    }
    let (ports, _) = value.split_once('/').unwrap_or((value, ""));
    range(ports).is_none().then(|| format!("invalid range format for --expose: {value}"))
}

const LIMITS: &[&str] = &[
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

fn ulimit(value: &str) -> Option<String> {
    let Some((name, limits)) = value.split_once('=') else {
        return Some(format!("invalid ulimit argument: {value}"));
    };
    if !LIMITS.contains(&name) {
        return Some(format!("invalid ulimit type: {name}"));
    }
    let parts: Vec<&str> = limits.split(':').collect();
    if parts.len() > 2 {
        return Some(format!(
            "too many limit value arguments - {limits}, can only have up to two, `soft[:hard]`"
        ));
    }
    let mut numbers = Vec::new();
    for part in parts {
        let Ok(number) = part.parse::<i64>() else {
            return Some(format!("strconv.ParseInt: parsing \"{part}\": invalid syntax"));
        };
        numbers.push(number);
    }
    let (soft, hard) = (numbers.first().copied()?, numbers.get(1).copied()?);
    (hard != -1 && (soft == -1 || soft > hard)).then(|| {
        format!("ulimit soft limit must be less than or equal to hard limit: {soft} > {hard}")
    })
}

/// Names of what a `--mount` of docker may say.
const FIELDS: &[&str] = &[
    "type",
    "source",
    "src",
    "target",
    "dst",
    "destination",
    "readonly",
    "ro",
    "consistency",
    "bind-propagation",
    "bind-nonrecursive",
    "bind-recursive",
    "bind-create-src",
    "volume-subpath",
    "volume-nocopy",
    "volume-label",
    "volume-driver",
    "volume-opt",
    "image-subpath",
    "tmpfs-size",
    "tmpfs-mode",
    "tmpfs-options",
];

fn mount(is_docker: bool, value: &str) -> Option<String> {
    // quotes let a field hold commas
    if value.contains('"') {
        return None;
    }
    let (mut has_target, mut sort) = (false, String::new());
    for field in value.split(',') {
        let (name, of) = field.split_once('=').map_or((field, None), |(name, of)| (name, Some(of)));
        let name = name.to_lowercase();
        has_target |= matches!(name.as_str(), "target" | "dst" | "destination") && of != Some("");
        if name == "type" {
            sort = of.unwrap_or("").to_lowercase();
        }
        let alone = ["readonly", "ro", "volume-nocopy", "bind-nonrecursive", "bind-create-src"];
        if is_docker && of.is_none() && !alone.contains(&name.as_str()) {
            return Some(format!("invalid field '{field}' must be a key=value pair"));
        }
        if is_docker && !FIELDS.contains(&name.as_str()) {
            return Some(format!("unexpected key '{name}' in '{field}'"));
        }
    }
    let needs = is_docker || ["", "bind", "volume", "tmpfs"].contains(&sort.as_str());
    (needs && !has_target).then(|| "target is required".to_owned())
}

fn host(value: &str) -> Option<String> {
    let (name, address) = match value.split_once('=') {
        Some(parts) => parts,
        None => value.split_once(':').unwrap_or(("", "")),
    };
    if name.is_empty() {
        return Some(format!("bad format for add-host: \"{value}\""));
    }
    let bare = address.strip_prefix('[').and_then(|bare| bare.strip_suffix(']')).unwrap_or(address);
    let fits = address == "host-gateway" || bare.parse::<IpAddr>().is_ok();
    (!fits).then(|| format!("invalid IP address in add-host: \"{address}\""))
}

fn restart(value: &str) -> Option<String> {
    let (policy, count) =
        value.split_once(':').map_or((value, None), |(it, count)| (it, Some(count)));
    if count.is_some_and(|count| count.parse::<i64>().is_err()) {
        return Some("maximum retry count must be an integer".to_owned());
    }
    let known = ["", "no", "always", "on-failure", "unless-stopped"];
    if !known.contains(&policy) {
        return Some(format!("invalid restart policy: unknown policy '{policy}'"));
    }
    let is_wrong = count.is_some() && policy != "on-failure";
    is_wrong.then(|| {
        "invalid restart policy: maximum retry count can only be used with 'on-failure'".to_owned()
    })
}

/// Settings of the kernel that a container has for itself.
const OWN: &[&str] = &[
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
    "kernel.shm_rmid_forced",
];

fn sysctl(is_docker: bool, value: &str) -> Option<String> {
    let refused = if is_docker {
        format!("sysctl '{value}' is not allowed")
    } else {
        format!("{value} is invalid, sysctl values must be in the form of KEY=VALUE")
    };
    let Some((name, _)) = value.split_once('=') else { return Some(refused) };
    let is_own = OWN.contains(&name) || name.starts_with("net.") || name.starts_with("fs.mqueue.");
    (is_docker && !is_own).then_some(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_as_the_clients_judge_them() {
        let fit: &[(Kind, &[&str])] = &[
            (Kind::Bool, &["true", "0", "F"]),
            (Kind::Int, &["-1", "0x10", "010", "1_000"]),
            (Kind::Duration, &["10s", "1h30m", "1.5s", "0"]),
            (Kind::Bytes, &["512m", "1.5g", "2GiB", "2 kb", "100", "1b"]),
            (
                Kind::Port,
                &["80", "80:80", "127.0.0.1::80/udp", "[::1]:80:80", "80-82:80-82", "8000-8009:80"],
            ),
            (Kind::Ulimit, &["nofile=1", "nofile=1:2", "core=-1", "core=0:-1"]),
            (Kind::Mount, &["type=bind,src=/a,dst=/b,ro", "type=tmpfs,target=/t,tmpfs-size=1g"]),
            (Kind::Host, &["a:1.2.3.4", "a:::1", "a=1.2.3.4", "a:host-gateway"]),
            (Kind::Restart, &["no", "always", "on-failure:5"]),
            (Kind::Sysctl, &["net.core.somaxconn=1", "kernel.shmmax=1"]),
        ];
        for (kind, value) in fit.iter().flat_map(|(kind, all)| all.iter().map(move |it| (kind, it)))
        {
            assert_eq!(kind.refuses("docker", value), None, "{value}");
        }
        let wrong: &[(Kind, &[&str])] = &[
            (Kind::Bool, &["yes", ""]),
            (Kind::Int, &["x", "", "1.5", "09"]),
            (Kind::Uint, &["-1"]),
            (Kind::Duration, &["10", "", "x", "1d", ".s"]),
            (Kind::Bytes, &["2gbx", "", "x", "1ib", "-1m"]),
            (
                Kind::Port,
                &["80:80:80:80", "99999:80", "80:abc", "80:", "80/foo", "80-81:80-82", "+80:80"],
            ),
            (Kind::Ulimit, &["nofile=x", "foo=1", "nofile=2:1", "nofile", "nofile=1:2:3"]),
            (Kind::Mount, &["type=bind", "type=bind,dst=/b,foo", "type=bind,dst=/b,foo=x"]),
            (Kind::Host, &["a", "a:b", ":1.2.3.4"]),
            (Kind::Restart, &["allways", "on-failure:x", "always:3"]),
            (Kind::Sysctl, &["x", "kernel.hostname=x"]),
        ];
        for (kind, value) in
            wrong.iter().flat_map(|(kind, all)| all.iter().map(move |it| (kind, it)))
        {
            assert!(kind.refuses("docker", value).is_some(), "{kind:?} {value}");
        }
    }
}
