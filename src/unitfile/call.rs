//! Calls of docker and podman, parsed as their own command lines are.
//!
//! Knows which flags take a value, and where a call's own words end and the container's begin. What a shell runs
//! inside `sh -c` is not looked into.

use std::ops::Range;

use super::call_flags::{GLOBAL_BOOLEANS, OTHER_LETTERS, RUN_LETTERS, is_boolean};
use super::exec::{Line, Word};

/// A call of docker or podman.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `docker` or `podman`.
    pub client: &'static str,
    /// `run`, `kill` and so on.
    pub verb: Word,
    /// Flags of the verb.
    flags: Vec<Flag>,
    /// What follows: the image and its command, or names.
    pub operands: Vec<Word>,
}

/// A flag, by its long name.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Flag {
    name: String,
    /// The value, where one was given.
    value: Option<Word>,
    /// From the flag to the end of its value.
    at: Range<usize>,
}

impl Call {
    /// Reads a command line; `None` where it calls neither docker nor podman.
    pub fn parse(line: &Line) -> Option<Self> {
        let (program, mut rest) = line.words.split_first()?;
        let client = match program.text.rsplit('/').next()? {
            "docker" => "docker",
            "podman" => "podman",
            _ => return None,
        };
        let mut verb = next_operand(&mut rest, |name| GLOBAL_BOOLEANS.contains(&name))?;
        if matches!(verb.text.as_str(), "container" | "image") {
            verb = next_operand(&mut rest, |_| true)?;
        }
        let mut call = Self { client, verb: verb.clone(), flags: Vec::new(), operands: Vec::new() };
        call.read(rest);
        Some(call)
    }

    fn read(&mut self, mut rest: &[Word]) {
        let starts = self.starts();
        let stops_at_operand = starts || self.verb.text == "exec";
        while let Some((word, after)) = rest.split_first() {
            rest = after;
            if word.text == "--" {
                self.operands.extend_from_slice(rest);
                return;
            }
            if !word.text.starts_with('-') || word.text == "-" {
                self.operands.push(word.clone());
                if stops_at_operand {
                    self.operands.extend_from_slice(rest);
                    return;
                }
                continue;
            }
            rest = self.flag(word, rest);
        }
    }

    /// Reads a flag, and returns what follows it and its value.
    fn flag<'w>(&mut self, word: &Word, rest: &'w [Word]) -> &'w [Word] {
        if let Some(long) = word.text.strip_prefix("--") {
            if let Some((name, value)) = long.split_once('=') {
                let value = word.tail(word.text.len() - value.len());
                self.push(name, Some(value), word.at.clone());
                return rest;
            }
            if is_boolean(long) {
                self.push(long, None, word.at.clone());
                return rest;
            }
            return self.with_next(long, word, rest);
        }
        let letters = word.text.get(1..).unwrap_or("");
        for (index, letter) in letters.char_indices() {
            let Some(name) = self.long_name(letter) else {
                return rest;
            };
            if is_boolean(name) || !self.starts() && matches!(name, "force" | "all") {
                self.push(name, None, word.at.clone());
                continue;
            }
            let after = letters.get(index + letter.len_utf8()..).unwrap_or("");
            if after.is_empty() {
                return self.with_next(name, word, rest);
            }
            let value = after.strip_prefix('=').unwrap_or(after);
            let value = word.tail(word.text.len() - value.len());
            self.push(name, Some(value), word.at.clone());
            return rest;
        }
        rest
    }

    fn with_next<'w>(&mut self, name: &str, word: &Word, rest: &'w [Word]) -> &'w [Word] {
        let Some((value, after)) = rest.split_first() else {
            self.push(name, None, word.at.clone());
            return rest;
        };
        self.push(name, Some(value.clone()), word.at.start..value.at.end);
        after
    }

    fn push(&mut self, name: &str, value: Option<Word>, at: Range<usize>) {
        let name = if name == "net" { "network" } else { name };
        self.flags.push(Flag { name: name.to_owned(), value, at });
    }

    fn long_name(&self, letter: char) -> Option<&'static str> {
        let table = match self.verb.text.as_str() {
            "run" | "create" | "exec" => RUN_LETTERS,
            _ => OTHER_LETTERS,
        };
        table.iter().find(|(short, _)| *short == letter).map(|(_, long)| *long)
    }

    /// Returns whether this makes a container.
    pub fn starts(&self) -> bool {
        matches!(self.verb.text.as_str(), "run" | "create")
    }

    /// Returns the image of a `run`.
    pub fn image(&self) -> Option<&Word> {
        self.operands.first().filter(|_| self.starts())
    }

    /// Returns the words after the image of a `run`.
    pub fn arguments(&self) -> &[Word] {
        self.operands.get(1..).unwrap_or_default()
    }

    /// Returns the containers this call names, where it names any.
    pub fn names(&self) -> Vec<&Word> {
        match self.verb.text.as_str() {
            "run" | "create" => self.values("name").last().into_iter().collect(),
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

/// Returns the first word that is no flag, leaving `rest` behind it.
fn next_operand<'w>(rest: &mut &'w [Word], is_boolean: impl Fn(&str) -> bool) -> Option<&'w Word> {
    while let Some((word, after)) = rest.split_first() {
        *rest = after;
        let Some(name) = word.text.strip_prefix('-') else { return Some(word) };
        let name = name.trim_start_matches('-');
        if !name.contains('=') && !is_boolean(name) {
            *rest = after.get(1..)?;
        }
    }
    None
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
