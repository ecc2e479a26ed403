//! The settings that a known image is told: by variables, by flags, and by a file that is mounted where it reads it.

use std::ops::Range;

use super::catalogue::Known;
use super::view::View;
use crate::model::{Image, Piece};
use crate::service::contract::Reads;
use crate::settings::{Setting, Table, Version};
use crate::source::{Edit, Sources, Span};
use crate::unitfile::Run;

/// An image whose settings are known.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// What runs in it, for people.
    pub(super) name: &'static str,
    pub(super) reads: &'static Reads,
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
    /// A variable of a profile's own container.
    Variable,
    Nothing,
}

impl Server {
    /// Returns what is known of an image; `None` where nothing is, or its version is older than what is known.
    fn of(image: &str, image_at: Span) -> Option<Self> {
        let known = Known::of(image)?;
        let reads = known.contract.reads.as_ref()?;
        let image = Image::parse(image)?;
        let version = (reads.version)(&image);
        let oldest = (reads.table)().oldest;
        version.is_none_or(|version| version >= oldest).then(|| Self {
            name: known.name(),
            reads,
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
        let read = |path: &str| self.reads.files.iter().any(|end| path.ends_with(end));
        // the file itself, or a directory that it lies in
        let file = view.files.iter().find(|file| {
            let rest = file.path.value.strip_prefix(from);
            !file.secret
                && rest.is_some_and(|rest| {
                    (rest.is_empty() || rest.starts_with('/')) && read(&format!("{to}{rest}"))
                })
        });
        let texts = file.into_iter().flat_map(|file| {
            let texts = file.contents.all().iter();
            texts.filter_map(|it| Some((file.path.value.as_str(), std::str::from_utf8(it).ok()?)))
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
                place: Place::Nothing,
            })
        })
    }
}

/// Calls `see` with each setting that an image is told, in written units and in a profile's own containers.
pub(super) fn each(view: &View<'_>, mut see: impl FnMut(Told<'_>)) {
    for run in view.units.runs() {
        let Some(server) = Server::of(&run.image, run.image_span(view.sources)) else { continue };
        let words = run.call.arguments();
        let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
        for flag in flags(&texts, &server) {
            let Some(word) = words.get(flag.index) else { continue };
            let name = word.part(flag.dashes..flag.dashes + flag.name.len());
            let value = flag.value.and_then(|(index, from)| {
                let word = words.get(index)?;
                Some(word.part(from..word.text.len()))
            });
            let place =
                value.map_or(Place::Nothing, |value| Place::Word { run: &run, name, value });
            see(flag.told(&server, run.span(view.sources, &word.at), place));
        }
        for variable in run.call.env() {
            let (at, name) = (&variable.at, variable.name);
            let is_plain = at.len() == name.len() + 1 + variable.value.len();
            let place = if is_plain {
                let name = at.start..at.start + name.len();
                Place::Word { run: &run, name, value: variable.value_at.clone() }
            } else {
                Place::Nothing
            };
            let span = run.span(view.sources, at);
            server.variable(name, variable.value, span, place).into_iter().for_each(&mut see);
        }
        for mounted in run.call.mounted() {
            let Some(source) = mounted.source else { continue };
            let span = run.span(view.sources, &mounted.at);
            server.file(view, source, mounted.target, span).for_each(&mut see);
        }
    }
    for container in view.written {
        let image = &container.image;
        let Some(server) = Server::of(&image.value.to_string(), image.span) else { continue };
        let texts: Vec<&str> = container
            .args
            .iter()
            .map(|word| word.all().first().and_then(|text| text.plain()).unwrap_or("$"))
            .collect();
        for flag in flags(&texts, &server) {
            see(flag.told(&server, container.name.span, Place::Nothing));
        }
        for variable in container.env.iter().filter(|variable| !variable.secret) {
            let values = variable.value.all().iter().filter_map(|text| match text.pieces() {
                [Piece::Literal(text)] => Some(text.as_str()),
                _ => None,
            });
            for value in values {
                let name = &variable.name;
                let told = server.variable(&name.value, value, name.span, Place::Variable);
                told.into_iter().for_each(&mut see);
            }
        }
        for bind in &container.binds {
            server.file(view, &bind.from.value, &bind.to, bind.from.span).for_each(&mut see);
        }
    }
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
            Place::Variable => Some(Edit::write(self.span, new)),
            Place::Nothing => None,
        }
    }

    /// Returns the edit that calls it `new`.
    pub(super) fn rename(&self, sources: &Sources, new: &str) -> Option<Edit> {
        match &self.place {
            Place::Word { run, name, .. } => {
                Some(run.replace(sources, name, new.trim_start_matches('-')))
            }
            Place::Variable => Some(Edit::rename(self.span, new)),
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
            written: format!("--{}", self.name),
            span,
            line: None,
            is_flag: true,
            place,
        }
    }
}

/// Reads the flags of a command line as Go's `flag` package does: `-a`, `--a=b`, `--a b`, up to the first other word.
fn flags<'a>(words: &[&'a str], server: &Server) -> Vec<Flag<'a>> {
    let mut found = Vec::new();
    let mut index = match words.first() {
        _ if !server.reads.by_flags => return found,
        // the images have no entry point, or the server itself is one
        Some(first) if !first.starts_with('-') => {
            if first.rsplit('/').next() != Some(&*server.name.to_ascii_lowercase()) {
                return found;
            }
            1
        }
        _ => 0,
    };
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
fn lines(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut is_continued = false;
    (1..).zip(text.lines()).filter_map(move |(number, line)| {
        let continues = std::mem::replace(&mut is_continued, line.ends_with('\\'));
        let line = line.trim_start();
        if continues || is_continued || line.starts_with(['#', '!']) || line.contains('\\') {
            return None;
        }
        let end = line.find(['=', ':', ' ', '\t'])?;
        let (name, rest) = line.split_at(end);
        let rest = rest.trim_start();
        Some((number, name, rest.strip_prefix(['=', ':']).unwrap_or(rest).trim_start()))
    })
}
