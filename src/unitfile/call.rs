//! Calls of docker and podman, parsed as their own command lines are.
//!
//! Knows which flags take a value, and where a call's own words end and the container's begin. What a shell runs
//! inside `sh -c` is not looked into.

use std::ops::Range;

use super::call_misread::{self, Misread, MisreadKind};
use super::call_values::Kind as FlagKind;
use super::command_lines::{Client, Known, Shape, Verb};
use super::exec::{Line, Word};

/// A call of docker or podman.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `docker` or `podman`.
    pub client: &'static str,
    /// `run`, `kill` and so on; of what is in a group of its own the group, as `network`.
    pub verb: Word,
    /// Its whole name, as the client lists it: `run` for `container run`, `network create`.
    pub whole: &'static str,
    /// What the client cannot read of it.
    pub(super) misread: Vec<Misread>,
    /// The oldest and the newest version of the client that are known.
    pub versions: (&'static str, &'static str),
    /// Whether a flag that may or may not have a value hides where the operands begin.
    pub(super) is_lost: bool,
    /// Flags before the verb and of the verb.
    flags: Vec<Flag>,
    /// What follows: the image and its command, or names.
    pub operands: Vec<Word>,
}

/// A flag, by its long name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flag {
    pub name: String,
    /// The value, where one was given.
    pub value: Option<Word>,
    /// From the flag to the end of its value.
    pub at: Range<usize>,
}

/// The flags that are known at a place of a call: those of the verb, then those that may stand anywhere.
#[derive(Clone, Copy)]
struct Scope<'k> {
    client: &'k Client,
    verb: Option<&'k Verb>,
    /// Whether the first operand ends the flags.
    ends_at_operand: bool,
}

/// A flag that the client does not know.
struct Unknown<'k> {
    name: &'k str,
    value: Option<Word>,
    /// What the client says of it.
    said: String,
    /// The flag that is meant.
    meant: Option<&'k Known>,
    /// Whether the next word may be its value.
    takes: bool,
}

/// Every verb has it, whether it says so or not.
static HELP: Known = Known { letter: Some('h'), name: "help", kind: FlagKind::Bool, until: None };

impl<'k> Scope<'k> {
    fn sets(self) -> impl Iterator<Item = &'k Verb> {
        self.verb.into_iter().chain(self.client.everywhere())
    }

    fn flag(self, name: &str) -> Option<&'k Known> {
        self.sets().find_map(|verb| verb.flag(name)).or_else(|| (name == "help").then_some(&HELP))
    }

    fn letter(self, letter: char) -> Option<&'k Known> {
        self.sets()
            .find_map(|verb| verb.letter(letter))
            .or_else(|| (letter == 'h').then_some(&HELP))
    }

    /// Returns whether these are the flags before the verb.
    fn is_root(self) -> bool {
        self.verb.is_some_and(|verb| verb.name().is_empty())
    }

    /// Returns whether its words are judged.
    fn is_known(self) -> bool {
        self.verb.is_some_and(|verb| verb.shape != Shape::Open)
    }
}

impl Call {
    /// Reads a command line; `None` where it calls neither docker nor podman, or nothing of them.
    pub fn parse(line: &Line) -> Option<Self> {
        let mut call = Self::words_of(line)?;
        call.judge();
        Some(call)
    }

    /// Returns all that the client refuses of this call, in the order it is written.
    pub fn refused(&self) -> &[Misread] {
        &self.misread
    }

    fn words_of(line: &Line) -> Option<Self> {
        let (program, rest) = line.words.split_first()?;
        let client = Client::named(program.text.rsplit('/').next()?)?;
        let mut call = Self {
            client: client.name,
            verb: program.clone(),
            whole: "",
            misread: Vec::new(),
            versions: client.versions(),
            is_lost: false,
            flags: Vec::new(),
            operands: Vec::new(),
        };
        let root = Scope { client, verb: client.root(), ends_at_operand: true };
        call.read(root, rest);
        let (verb, rest) = call.take_verb()?;
        let Some(mut known) = client.verb(&verb.text) else {
            call.verb = verb;
            call.unknown_verb(client, "");
            call.read(Scope { client, verb: None, ends_at_operand: false }, &rest);
            return Some(call);
        };
        call.verb = verb;
        let mut rest = rest;
        if known.shape == Shape::Group {
            call.whole = known.name();
            let group = call.verb.clone();
            call.read(Scope { client, verb: Some(known), ends_at_operand: true }, &rest);
            let (verb, after) = call.take_verb()?;
            rest = after;
            call.verb = verb;
            let Some(inner) = client.verb(&format!("{} {}", group.text, call.verb.text)) else {
                call.unknown_verb(client, &group.text);
                call.read(Scope { client, verb: None, ends_at_operand: false }, &rest);
                return Some(call);
            };
            known = inner;
            // what it is of matters more than what becomes of it
            if !matches!(group.text.as_str(), "container" | "image") {
                call.operands.push(std::mem::replace(&mut call.verb, group));
            }
        }
        call.whole = known.name();
        let ends_at_operand = matches!(
            call.whole,
            "run" | "create" | "exec" | "top" | "container top" | "unshare" | "container runlabel"
        );
        call.read(Scope { client, verb: Some(known), ends_at_operand }, &rest);
        Some(call)
    }

    /// Takes the first operand for a verb, and leaves what is behind it to be read anew.
    fn take_verb(&mut self) -> Option<(Word, Vec<Word>)> {
        let mut operands = std::mem::take(&mut self.operands);
        if operands.is_empty() {
            return None;
        }
        let verb = operands.remove(0);
        Some((verb, operands))
    }

    fn read(&mut self, scope: Scope<'_>, mut rest: &[Word]) {
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            if word.text == "--" {
                self.operands.extend_from_slice(rest);
                return;
            }
            if !word.text.starts_with('-') || word.text == "-" {
                self.operands.push(word.clone());
                if scope.ends_at_operand {
                    self.operands.extend_from_slice(rest);
                    return;
                }
                continue;
            }
            if scope.is_known() {
                rest = self.flag(scope, word, rest);
            }
        }
    }

    /// Reads a flag, and returns what follows it and its value.
    fn flag<'w>(&mut self, scope: Scope<'_>, word: &Word, rest: &'w [Word]) -> &'w [Word] {
        match word.text.strip_prefix("--") {
            Some(long) => self.long(scope, word, long, rest),
            None => self.letters(scope, word, rest),
        }
    }

    fn long<'w>(
        &mut self,
        scope: Scope<'_>,
        word: &Word,
        long: &str,
        rest: &'w [Word],
    ) -> &'w [Word] {
        let (name, value) = match long.split_once('=') {
            Some((name, value)) => (name, Some(word.tail(word.text.len() - value.len()))),
            None => (long, None),
        };
        let Some(known) = scope.flag(name) else {
            let said = if name.is_empty() || name.starts_with('-') {
                format!("bad flag syntax: {}", word.text)
            } else {
                format!("unknown flag: --{name}")
            };
            let names = scope.sets().flat_map(Verb::names);
            let meant = call_misread::meant(name, names).and_then(|meant| scope.flag(meant));
            let takes = !scope.is_root();
            return self.unknown(word, Unknown { name, value, said, meant, takes }, rest);
        };
        self.known(known, word, &format!("--{name}"), value, rest)
    }

    /// Reads `-it`, `-p80:80`, `-e A=1`.
    fn letters<'w>(&mut self, scope: Scope<'_>, word: &Word, rest: &'w [Word]) -> &'w [Word] {
        let letters = word.text.get(1..).unwrap_or("");
        let (whole, behind) = match letters.split_once('=') {
            Some((whole, value)) => (whole, Some(word.tail(word.text.len() - value.len()))),
            None => (letters, None),
        };
        // the long name behind one dash
        let long = scope.flag(whole).filter(|_| whole.len() > 1);
        let mut read = Vec::new();
        for (index, letter) in letters.char_indices() {
            let Some(known) = scope.letter(letter) else {
                let said = format!("unknown shorthand flag: {letter:?} in {}", word.text);
                let takes = !scope.is_root();
                let unknown = Unknown { name: whole, value: behind, said, meant: long, takes };
                return self.unknown(word, unknown, rest);
            };
            let after = letters.get(index + letter.len_utf8()..).unwrap_or("");
            if after.is_empty() || known.kind.takes_next() || after.starts_with('=') {
                if let Some(long) = long {
                    let said = call_misread::as_letters(&word.text, known.letter, after);
                    let (meant, takes) = (Some(long), true);
                    let unknown = Unknown { name: whole, value: behind, said, meant, takes };
                    return self.unknown(word, unknown, rest);
                }
                for earlier in read {
                    self.push(earlier, None, word.at.clone());
                }
                let value = after.strip_prefix('=').unwrap_or(after);
                let value = (!after.is_empty()).then(|| word.tail(word.text.len() - value.len()));
                return self.known(known, word, &format!("-{letter}"), value, rest);
            }
            read.push(known.name);
        }
        rest
    }

    /// Takes a flag that the client knows, with its value.
    fn known<'w>(
        &mut self,
        known: &Known,
        word: &Word,
        shown: &str,
        value: Option<Word>,
        rest: &'w [Word],
    ) -> &'w [Word] {
        let (value, at, rest) = match (value, rest.split_first()) {
            (Some(value), _) => (Some(value), word.at.clone(), rest),
            (None, Some((next, after))) if known.kind.takes_next() => {
                (Some(next.clone()), word.at.start..next.at.end, after)
            }
            (None, _) => (None, word.at.clone(), rest),
        };
        let said = match &value {
            Some(value) if call_misread::is_open(value) => None,
            Some(value) => known.kind.refuses(self.client, &value.text),
            None if known.kind.takes_next() => Some(match shown.strip_prefix("--") {
                Some(_) => format!("flag needs an argument: {shown}"),
                None => format!("flag needs an argument: {:?} in {}", letter_of(shown), word.text),
            }),
            None => None,
        };
        if let Some(said) = said {
            self.misread.push(Misread {
                verb: self.whole,
                kind: MisreadKind::Value { flag: shown.to_owned(), kind: known.kind },
                said,
                written: value.as_ref().map_or_else(String::new, |value| value.text.clone()),
                at: value.as_ref().map_or_else(|| word.at.clone(), |value| value.at.clone()),
                meant: None,
            });
        }
        if let Some(until) = known.until {
            let said = format!("{} {until} was the last that knew it", self.client);
            self.misread.push(Misread {
                verb: self.whole,
                kind: MisreadKind::Gone,
                said,
                written: shown.to_owned(),
                at: word.at.clone(),
                meant: None,
            });
        }
        self.push(known.name, value, at);
        rest
    }

    /// Reads a flag that the client does not know as the one that is meant, so that what follows makes sense.
    fn unknown<'w>(&mut self, word: &Word, unknown: Unknown<'_>, rest: &'w [Word]) -> &'w [Word] {
        let Unknown { name, value, said, meant, takes } = unknown;
        let written = match &value {
            Some(value) => word.text.len() - value.text.len() - 1,
            None => word.text.len(),
        };
        let shown = word.text.get(..written).unwrap_or(&word.text);
        let at = word.part(0..written);
        if !call_misread::holds_variable(shown) {
            self.misread.push(Misread {
                verb: self.whole,
                kind: MisreadKind::Flag,
                said,
                written: shown.to_owned(),
                at: at.clone(),
                meant: meant.filter(|_| word.is_plain()).map(|known| format!("--{}", known.name)),
            });
        }
        if let Some(known) = meant {
            return self.known(known, word, &format!("--{}", known.name), value, rest);
        }
        self.is_lost |= value.is_none();
        let next = rest
            .split_first()
            .filter(|(next, _)| takes && value.is_none() && !next.text.starts_with('-'));
        let Some((next, after)) = next else {
            self.push(name, value, word.at.clone());
            return rest;
        };
        self.push(name, Some(next.clone()), word.at.start..next.at.end);
        after
    }

    fn unknown_verb(&mut self, client: &Client, group: &str) {
        if call_misread::is_open(&self.verb) || self.verb.text == "help" {
            return;
        }
        let meant = call_misread::meant(&self.verb.text, client.verbs_in(group));
        let shown = if group.is_empty() { String::new() } else { format!("{group} ") };
        self.misread.push(Misread {
            verb: self.whole,
            kind: MisreadKind::Verb,
            said: format!("unknown command: {} {shown}{}", self.client, self.verb.text),
            written: self.verb.text.clone(),
            at: self.verb.at.clone(),
            meant: meant.map(str::to_owned),
        });
    }

    fn push(&mut self, name: &str, value: Option<Word>, at: Range<usize>) {
        let name = match name {
            "net" => "network",
            "dns-opt" => "dns-option",
            "timeout" if self.whole != "run" && self.whole != "create" => "time",
            name => name,
        };
        self.flags.push(Flag { name: name.to_owned(), value, at });
    }

    /// Returns whether this makes a container.
    pub fn starts(&self) -> bool {
        matches!(self.whole, "run" | "create")
    }

    /// Returns the image of a `run`.
    pub fn image(&self) -> Option<&Word> {
        self.operands.first().filter(|_| self.starts() && !self.has("rootfs"))
    }

    /// Returns the words after the image of a `run`.
    pub fn arguments(&self) -> &[Word] {
        self.operands.get(1..).unwrap_or_default()
    }

    /// Returns the containers this call names, where it names any.
    pub fn names(&self) -> Vec<&Word> {
        match self.verb.text.as_str() {
            "run" | "create" => self.values("name").last().into_iter().collect(),
            _ if !self.operands.is_empty() && self.whole.starts_with("rmi") => Vec::new(),
            "kill" | "rm" | "stop" | "start" | "restart" | "wait" => self.operands.iter().collect(),
            "exec" | "logs" | "attach" | "port" => self.operands.first().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// Returns whether a flag is given, and not as `false`.
    pub fn has(&self, name: &str) -> bool {
        let last = self.flags.iter().rfind(|flag| flag.name == name);
        last.is_some_and(|flag| flag.value.as_ref().is_none_or(|value| value.text != "false"))
    }

    /// Returns the flags, as they are written.
    pub(super) fn flags(&self) -> impl DoubleEndedIterator<Item = &Flag> {
        self.flags.iter()
    }

    /// Returns where a flag stands with its value.
    pub fn flag_at(&self, name: &str) -> Option<Range<usize>> {
        self.flags.iter().rfind(|flag| flag.name == name).map(|flag| flag.at.clone())
    }

    /// Returns the values of a flag, in order.
    pub fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Word> {
        self.flags
            .iter()
            .filter(move |flag| flag.name == name)
            .filter_map(|flag| flag.value.as_ref())
    }

    /// Returns whether the container has the host's network.
    pub fn is_on_host_network(&self) -> bool {
        self.values("network").any(|network| network.text == "host")
    }
}

fn letter_of(shown: &str) -> char {
    shown.chars().nth(1).unwrap_or('-')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{exec, syntax};
    use super::*;

    fn call(command: &str) -> Call {
        let file = syntax::parse(&format!("ExecStart={command}"));
        let lines = exec::parse(&file.options[0].value).expect("quotes are closed");
        Call::parse(&lines[0]).expect("calls docker")
    }

    #[test]
    fn run_as_docker_reads_it() {
        let run = call(
            "/usr/bin/docker -H unix:///x run -dit --rm --name=a -p127.0.0.1:80:8080/tcp --publish 53:53/udp -eA=1 \
             --net host -v /a:/b:ro -v /c --mount type=bind,src=/d,dst=/e --mount type=tmpfs,dst=/t --init=false \
             img:1 sh -c -p 1:1",
        );
        assert_eq!(run.image().map(|image| image.text.as_str()), Some("img:1"));
        assert_eq!(run.arguments().len(), 4);
        assert_eq!(run.names()[0].text, "a");
        assert!(run.has("rm") && run.has("detach") && run.has("tty") && !run.has("init"));
        assert!(run.is_on_host_network());
        let ports: Vec<_> = run
            .published()
            .map(|p| (p.address.map(str::to_owned), p.host, p.container, p.udp))
            .collect();
        assert_eq!(
            ports,
            [(Some("127.0.0.1".to_owned()), Some(80), 8080, false), (None, Some(53), 53, true)]
        );
        assert_eq!(run.variable("A").map(|variable| variable.value), Some("1"));
        let mounted: Vec<_> = run.mounted().map(|m| (m.source, m.target)).collect();
        assert_eq!(mounted, [(Some("/a"), "/b"), (None, "/c"), (Some("/d"), "/e")]);
    }

    #[test]
    fn other_verbs_name_containers() {
        for (command, names) in [
            ("docker kill -s HUP a", vec!["a"]),
            ("docker rm -fv a b", vec!["a", "b"]),
            ("podman stop --ignore -t 90 a", vec!["a"]),
            ("docker exec -it a sh -c b", vec!["a"]),
            ("docker container rm --force a", vec!["a"]),
            ("docker pull a", vec![]),
            ("docker logs -f a", vec!["a"]),
        ] {
            let found = call(command);
            assert_eq!(
                found.names().iter().map(|name| name.text.as_str()).collect::<Vec<_>>(),
                names,
                "{command}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_call_is_read(words in "(docker|podman)( (run|rm|-|--|-p|-e|-v|--mount|[-a-z:=,/0-9é]*))*") {
            let file = syntax::parse(&format!("ExecStart={words}"));
            for line in file.options.iter().flat_map(|option| exec::parse(&option.value)).flatten() {
                if let Some(call) = Call::parse(&line) {
                    let places = call.published().map(|port| port.container_at);
                    let places = places.chain(call.env().map(|variable| variable.value_at));
                    prop_assert!(places.chain(call.mounted().map(|mounted| mounted.at)).all(|at| at.start <= at.end));
                }
            }
        }
    }
}
