//! The settings that a known image is told: by variables, by flags, and by a file that is mounted where it reads it.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::rc::Rc;

use super::catalogue::Known;
use super::view::View;
use crate::model::{Container, Image, Piece, Text};
use crate::service::contract::Reads;
use crate::settings::{Setting, Table, Version};
use crate::source::{Edit, Sources, Span};
use crate::unitfile::{Run, Word};

/// An image whose settings are known.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// What runs in it, for people.
    pub(super) name: &'static str,
    pub(super) reads: &'static Reads,
    /// The image's repository, as it is known.
    repository: &'static str,
    /// Its version, where that is known.
    pub(super) version: Option<Version>,
    /// The image, and where it is written.
    pub(super) image: Image,
    pub(super) image_at: Span,
}

/// A setting that an image is told.
#[derive(Debug)]
pub(super) struct Told<'a> {
    pub(super) server: &'a Server,
    /// The server's name of it.
    pub(super) name: String,
    /// `None` where only the machine knows it.
    pub(super) value: Option<&'a str>,
    /// What is written for it: `KAFKA_NUM_PARTITIONS`, `--quota-backend-bytes`.
    pub(super) written: String,
    /// Where.
    pub(super) span: Span,
    /// The file that it is in, and its line there.
    pub(super) line: Option<(&'a str, usize)>,
    /// Whether it is a flag, at whose name the server ends where it does not know it.
    pub(super) is_flag: bool,
    /// Names of the settings that are told in the same way and place, each once.
    pub(super) beside: Rc<BTreeSet<String>>,
    place: Place<'a>,
}

/// What is changed where a setting is to be another.
#[derive(Debug)]
enum Place<'a> {
    /// A word of a command: where name and value are in it.
    Word {
        run: &'a Run<'a>,
        name: Range<usize>,
        value: Range<usize>,
    },
    /// A variable of a profile's own container, by its name.
    Variable(&'a str),
    Nothing,
}

impl Server {
    /// Returns what is known of an image; `None` where nothing is, or its version is older than what is known.
    ///
    /// What the image runs must be the server: it is so without an entry point and a command of another program.
    fn of(
        image: &str,
        image_at: Span,
        entrypoint: Option<&str>,
        command: Option<&str>,
    ) -> Option<Self> {
        let known = Known::of(image)?;
        let reads = known.contract.reads.as_ref()?;
        let is_start =
            |word: &str| word.rsplit('/').next().is_some_and(|name| reads.starts.contains(&name));
        let own = match (entrypoint, command) {
            (Some(program), _) => is_start(program),
            (None, Some(program)) => {
                is_start(program) || reads.by_flags && program.starts_with('-')
            }
            (None, None) => true,
        };
        if !own {
            return None;
        }
        let image = Image::parse(image)?;
        let version = (reads.version)(&image);
        let oldest = (reads.table)().oldest;
        version.is_none_or(|version| version >= oldest).then(|| Self {
            name: known.name(),
            reads,
            repository: known.image.repository,
            version,
            image,
            image_at,
        })
    }

    pub(super) fn table(&self) -> &'static Table {
        (self.reads.table)()
    }

    /// Returns a variable as what it tells.
    fn variable<'a>(
        &'a self,
        name: &str,
        value: &'a str,
        span: Span,
        place: Place<'a>,
    ) -> Option<Told<'a>> {
        Some(Told {
            server: self,
            name: (self.reads.setting)(&self.image, name)?,
            value: known(value),
            written: name.to_owned(),
            span,
            line: None,
            is_flag: false,
            beside: Rc::default(),
            place,
        })
    }

    /// Returns what the lines of a file tell that is mounted where the server reads it.
    fn file<'a>(
        &'a self,
        view: &View<'a>,
        from: &str,
        to: &str,
        span: Span,
    ) -> impl Iterator<Item = Told<'a>> {
        let read = |path: &str| self.reads.files.contains(&(self.repository, path));
        let (from, to) = (from.trim_end_matches('/'), to.trim_end_matches('/'));
        // the file itself, or a directory that it lies in
        let file = view.files.iter().find(|file| {
            let rest = file.path.value.strip_prefix(from);
            !file.secret
                && rest.is_some_and(|rest| {
                    (rest.is_empty() || rest.starts_with('/')) && read(&format!("{to}{rest}"))
                })
        });
        let texts = file.into_iter().flat_map(|file| {
            file.contents.all().iter().map(|text| (file.path.value.as_str(), text))
        });
        texts.flat_map(move |(path, text)| {
            lines(text).map(move |(line, name, value)| Told {
                server: self,
                name: name.to_owned(),
                value: known(value),
                written: name.to_owned(),
                span,
                line: Some((path, line)),
                is_flag: false,
                beside: Rc::default(),
                place: Place::Nothing,
            })
        })
    }
}

/// Calls `see` with each setting that an image is told, in written units and in a profile's own containers.
pub(super) fn each(view: &View<'_>, mut see: impl FnMut(Told<'_>)) {
    for run in view.units.runs() {
        let words = run.call.arguments();
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        let entrypoint = run.call.values("entrypoint").last().map(|word| word.text.as_str());
        let at = run.image_span(view.sources);
        let Some(server) = Server::of(&run.image, at, entrypoint, texts.first().copied()) else {
            continue;
        };
        let flags = flags(&texts, &server).into_iter().filter_map(|flag| {
            let word = words.get(flag.index)?;
            let is_plain = |index: usize| words.get(index).is_some_and(Word::is_plain);
            let place = match flag.value {
                Some((index, from)) if is_plain(flag.index) && is_plain(index) => {
                    let value = words.get(index)?;
                    let name = word.part(flag.dashes..flag.dashes + flag.name.len());
                    let value = value.part(from..value.text.len());
                    Place::Word { run: &run, name, value }
                }
                _ => Place::Nothing,
            };
            Some(flag.told(&server, run.span(view.sources, &word.at), place))
        });
        last(flags.collect()).for_each(&mut see);
        let variables = run.call.env().filter_map(|variable| {
            let (at, name) = (&variable.at, variable.name);
            let is_plain = at.len() == name.len() + 1 + variable.value.len();
            let place = if is_plain {
                let name = at.start..at.start + name.len();
                Place::Word { run: &run, name, value: variable.value_at.clone() }
            } else {
                Place::Nothing
            };
            server.variable(name, variable.value, run.span(view.sources, at), place)
        });
        last(variables.collect()).for_each(&mut see);
        for mounted in run.call.mounted() {
            let Some(source) = mounted.source else { continue };
            let span = run.span(view.sources, &mounted.at);
            let lines = server.file(view, source, mounted.target, span);
            last(lines.collect()).for_each(&mut see);
        }
    }
    for container in view.written {
        containers(view, container, &mut see);
    }
}

/// Calls `see` with what a profile's own container tells its image.
fn containers(view: &View<'_>, container: &Container, see: &mut impl FnMut(Told<'_>)) {
    let image = &container.image;
    let args: Vec<String> = container.args.iter().map(|word| shape(word.on(0))).collect();
    let texts: Vec<&str> = args.iter().map(String::as_str).collect();
    let (entrypoint, command) = (container.entrypoint.as_deref(), texts.first().copied());
    let server = Server::of(&image.value.to_string(), image.span, entrypoint, command);
    let Some(server) = server else { return };
    let flags = flags(&texts, &server).into_iter();
    let flags = flags.map(|flag| flag.told(&server, container.name.span, Place::Nothing));
    last(flags.collect()).for_each(&mut *see);
    let setting = |name: &str| (server.reads.setting)(&server.image, name);
    let beside = container.env.iter().filter_map(|it| setting(&it.name.value));
    let beside: Rc<BTreeSet<String>> = Rc::new(beside.collect());
    // a name comes once, with a value for each node
    for variable in container.env.iter().filter(|variable| !variable.secret) {
        let values = variable.value.all().iter().filter_map(|text| text.plain());
        let name = &variable.name;
        for value in values {
            let place = Place::Variable(&name.value);
            if let Some(told) = server.variable(&name.value, value, name.span, place) {
                see(Told { beside: Rc::clone(&beside), ..told });
            }
        }
    }
    for bind in &container.binds {
        let lines = server.file(view, &bind.from.value, &bind.to, bind.from.span);
        last(lines.collect()).for_each(&mut *see);
    }
}

/// Returns a text with `$` for all that only the machine knows.
fn shape(text: &Text) -> String {
    let pieces = text.pieces().iter();
    let pieces = pieces.map(|piece| match piece {
        Piece::Literal(text) => text.as_str(),
        Piece::Host(_) | Piece::Stack(_) | Piece::Secret(_) => "$",
    });
    pieces.collect()
}

/// Returns what counts of settings that are told in one way: the last of each name.
fn last(all: Vec<Told<'_>>) -> impl Iterator<Item = Told<'_>> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for (index, told) in all.iter().enumerate() {
        counts.insert(told.name.clone(), index);
    }
    let names: Rc<BTreeSet<String>> = Rc::new(counts.keys().cloned().collect());
    let counting = all.into_iter().enumerate();
    let counting = counting.filter(move |(index, told)| counts.get(&told.name) == Some(index));
    counting.map(move |(_, told)| Told { beside: Rc::clone(&names), ..told })
}

impl Told<'_> {
    /// Returns what the version knows of it; without a version, what each does.
    pub(super) fn settings(&self) -> Vec<&'static Setting> {
        self.server.table().of(&self.name, self.server.version).collect()
    }

    /// Returns it as it is shown: by what is written, and where that is in a file.
    pub(super) fn shown(&self) -> String {
        match self.line {
            Some((file, line)) => format!("`{}` in line {line} of `{file}`", self.written),
            None => format!("`{}`", self.written),
        }
    }

    /// Returns what is written for another setting in the same place; `None` where nothing can be.
    pub(super) fn spelled(&self, setting: &str) -> Option<String> {
        if self.is_flag {
            return Some(format!("--{setting}"));
        }
        if self.line.is_some() {
            return Some(setting.to_owned());
        }
        (self.server.reads.variable)(&self.server.image, setting)
    }

    /// Returns the edit that gives it another value.
    pub(super) fn write(&self, sources: &Sources, new: &str) -> Option<Edit> {
        match &self.place {
            Place::Word { run, value, .. } => Some(run.replace(sources, value, new)),
            Place::Variable(name) => Some(Edit::set_beside(self.span, *name, new)),
            Place::Nothing => None,
        }
    }

    /// Returns the edit that calls it `new`.
    pub(super) fn rename(&self, sources: &Sources, new: &str) -> Option<Edit> {
        match &self.place {
            Place::Word { run, name, .. } => {
                Some(run.replace(sources, name, new.trim_start_matches('-')))
            }
            Place::Variable(_) => Some(Edit::rename(self.span, new)),
            Place::Nothing => None,
        }
    }
}

/// A flag behind an image.
struct Flag<'a> {
    /// The word it is in.
    index: usize,
    dashes: usize,
    name: &'a str,
    /// The word that its value is in, and the byte from which on.
    value: Option<(usize, usize)>,
    text: Option<&'a str>,
}

impl<'a> Flag<'a> {
    fn told(&self, server: &'a Server, span: Span, place: Place<'a>) -> Told<'a> {
        Told {
            server,
            name: self.name.to_owned(),
            value: self.text.and_then(known),
            written: format!("{}{}", "-".repeat(self.dashes), self.name),
            span,
            line: None,
            is_flag: true,
            beside: Rc::default(),
            place,
        }
    }
}

/// Reads the flags of a command line as Go's `flag` package does: `-a`, `--a=b`, `--a b`, up to the first other word.
fn flags<'a>(words: &[&'a str], server: &Server) -> Vec<Flag<'a>> {
    let mut found = Vec::new();
    if !server.reads.by_flags {
        return found;
    }
    let mut index = usize::from(words.first().is_some_and(|first| !first.starts_with('-')));
    while let Some(&word) = words.get(index) {
        let rest = word.trim_start_matches('-');
        let dashes = word.len() - rest.len();
        if !(1..=2).contains(&dashes)
            || rest.is_empty()
            || rest.contains('$') && !rest.contains('=')
        {
            break;
        }
        let (name, text) =
            rest.split_once('=').map_or((rest, None), |(name, text)| (name, Some(text)));
        let mut flag = Flag { index, dashes, name, value: None, text };
        index += 1;
        if let Some(text) = text {
            flag.value = Some((flag.index, word.len() - text.len()));
        } else if !server.table().all(name).iter().any(Setting::is_switch) {
            flag.text = words.get(index).copied();
            flag.value = flag.text.map(|_| (index, 0));
            index += 1;
        }
        found.push(flag);
    }
    found
}

/// Returns a value unless systemd, a shell or a template puts something else there.
fn known(value: &str) -> Option<&str> {
    (!value.contains(['$', '%', '{', '`'])).then_some(value)
}

/// Returns the lines of a file of properties that need no unescaping: number, name, value.
///
/// A line that is not UTF-8 is none of a setting's: Java takes the file for Latin-1.
fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut is_continued = false;
    let lines = text.split(|byte| *byte == b'\n');
    (1..).zip(lines).filter_map(move |(number, line)| {
        let line = std::str::from_utf8(line).unwrap_or_default().trim_end_matches('\r');
        let is_remark = !is_continued && line.trim_start().starts_with(['#', '!']);
        let goes_on = !is_remark && line.ends_with('\\');
        let continues = std::mem::replace(&mut is_continued, goes_on);
        let line = line.trim_start();
        if continues || is_continued || is_remark || line.contains('\\') {
            return None;
        }
        let end = line.find(['=', ':', ' ', '\t'])?;
        let (name, rest) = line.split_at(end);
        let is_name = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        if !name.chars().all(is_name) {
            return None;
        }
        let rest = rest.trim_start();
        Some((number, name, rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start()))
    })
}
