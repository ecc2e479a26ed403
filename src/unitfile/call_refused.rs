//! What only a whole call shows to be refused: its image, and flags that exclude each other.
//!
//! Said as docker and podman say it.

use super::call::{Call, Flag};
use super::call_misread::{Misread, MisreadKind, is_open};
use super::exec::Word;
use super::reference;

impl Call {
    /// Adds what only the whole call shows to what its words are refused for.
    pub(super) fn judge(&mut self) {
        // nothing is run
        if !self.has("help") && (self.starts() || self.whole == "pull") {
            let whole = [image(self), restarts(self), detached(self), health(self), terminal(self)];
            self.misread.extend(whole.into_iter().flatten());
        }
        self.misread.sort_by_key(|misread| misread.at.start);
    }
}

fn image(call: &Call) -> Option<Misread> {
    if call.is_lost || call.has("rootfs") {
        return None;
    }
    let misread = |word: &Word, said: String, meant: Option<String>| Misread {
        kind: MisreadKind::Image,
        verb: call.whole,
        said,
        written: word.text.clone(),
        at: word.at.clone(),
        meant: meant.filter(|_| word.is_plain()),
    };
    let is_split = call.flags().any(is_split);
    let Some(word) = call.operands.first() else {
        // a flag without its value comes first
        if call.misread.iter().any(Misread::is_cut_short) {
            return None;
        }
        let said = format!("\"{} {}\" requires at least 1 argument", call.client, call.whole);
        let found = misread(&call.verb, said, None);
        return (!is_split).then(|| Misread { written: String::new(), ..found });
    };
    if is_open(word) || is_split {
        return None;
    }
    // what a text processor makes of two dashes, or of one
    let is_dash = |c: char| matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}');
    let bare = word.text.trim_start_matches(is_dash).trim_start_matches('-');
    if word.text.starts_with(is_dash) {
        let name = bare.split('=').next().unwrap_or(bare);
        let meant = if name.chars().count() == 1 { "-" } else { "--" };
        let said = "invalid reference format: it starts with a dash that is no `-`".to_owned();
        return Some(misread(word, said, Some(format!("{meant}{bare}"))));
    }
    let (said, meant) = reference::refuses(call.client, &word.text)?;
    Some(misread(word, said, meant))
}

/// Returns whether systemd makes any number of words of a value.
fn is_split(flag: &Flag) -> bool {
    let value = flag.value.as_ref().map_or("", |value| value.text.as_str());
    value.starts_with('$') && !value.starts_with("${")
}

fn last<'a>(call: &'a Call, name: &str) -> Option<&'a Flag> {
    call.flags().rfind(|flag| flag.name == name)
}

fn conflict(call: &Call, flag: &Flag, said: &str, meant: Option<&str>) -> Misread {
    let value = flag.value.as_ref().map(|value| format!("={}", value.text)).unwrap_or_default();
    Misread {
        kind: MisreadKind::Conflict,
        verb: call.whole,
        said: said.to_owned(),
        written: format!("--{}{value}", flag.name),
        at: flag.at.clone(),
        meant: meant.map(str::to_owned),
    }
}

/// `--restart` brings back what `--rm` removes.
fn restarts(call: &Call) -> Option<Misread> {
    let flag = last(call, "restart").filter(|_| call.has("rm"))?;
    let policy = flag.value.as_ref().filter(|policy| !is_open(policy))?.text.as_str();
    let is_allowed = matches!(policy, "" | "no")
        || call.client == "podman" && policy.split(':').next() == Some("on-failure");
    let is_told = last(call, "rm").and_then(|rm| rm.value.as_ref()).is_some_and(is_open);
    let said = "conflicting options: cannot specify both --restart and --rm";
    (!is_allowed && !is_told).then(|| conflict(call, flag, said, Some("")))
}

fn detached(call: &Call) -> Option<Misread> {
    if call.client != "docker" || call.whole != "run" || !call.has("detach") {
        return None;
    }
    let said = "conflicting options: cannot specify both --attach and --detach";
    last(call, "attach").map(|flag| conflict(call, flag, said, None))
}

fn health(call: &Call) -> Option<Misread> {
    if !call.has("no-healthcheck") {
        return None;
    }
    let is_health = |flag: &&Flag| match call.client {
        "docker" => flag.name.starts_with("health-"),
        _ => flag.name == "health-cmd",
    };
    let said = "--no-healthcheck conflicts with --health-* options";
    call.flags().find(is_health).map(|flag| conflict(call, flag, said, None))
}

/// docker looks whether there is a terminal before it starts what is to read from one; podman only warns.
fn terminal(call: &Call) -> Option<Misread> {
    let reads = call.client == "docker" && call.whole == "run" && !call.has("detach");
    let attaches = call.has("interactive") && last(call, "attach").is_none();
    let flag = last(call, "tty").filter(|_| reads && attaches && call.has("tty"))?;
    let found = conflict(call, flag, "the input device is not a TTY", None);
    flag.value.is_none().then_some(Misread { kind: MisreadKind::Terminal, ..found })
}
