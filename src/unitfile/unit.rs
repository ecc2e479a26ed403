//! A unit as a profile or user data brings it, with its drop-ins, read once.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ops::Range;

use super::call::Call;
use super::exec::{self, Line};
use super::syntax::{self, Assignment, Section, UnitFile};
use crate::model::machine::Machine;
use crate::model::{Piece, Text, UnitSpec};
use crate::source::{Locator, Sources, Span};

/// The raw units of a role or of one machine, as their nodes get them.
#[derive(Debug)]
pub struct RawUnits<'a>(Vec<RawUnit<'a>>);

impl<'a> RawUnits<'a> {
    /// Reads the units of that many nodes; `machines` are what they became, none where no profile is behind them.
    pub fn read(specs: &'a [UnitSpec], nodes: usize, machines: &[Machine]) -> Self {
        let mut units = Vec::new();
        let mut built = BTreeMap::new();
        for unit in machines.iter().flat_map(|machine| &machine.units) {
            built.entry(unit.name.value.as_str()).or_insert(unit.enabled);
        }
        for spec in specs {
            let texts = spec.contents.iter().map(|contents| &contents.value);
            let differs = texts
                .chain(spec.dropins.iter().map(|dropin| &dropin.contents.value))
                .any(|text| text.all().len() > 1);
            for position in 0..if differs { nodes } else { 1 } {
                let enabled = built.get(spec.name.value.as_str()).copied().unwrap_or(spec.enabled);
                units.push(RawUnit::read(spec, position, enabled));
            }
        }
        Self(units)
    }

    /// Returns every unit; one whose text differs by node comes once per node.
    pub fn iter(&self) -> impl Iterator<Item = &RawUnit<'a>> {
        self.0.iter()
    }

    /// Returns the units that are whole files, drop-ins alone left out.
    pub fn whole(&self) -> impl Iterator<Item = &RawUnit<'a>> {
        self.0.iter().filter(|unit| unit.is_whole)
    }
}

/// A raw unit, or drop-ins to one.
#[derive(Debug)]
pub struct RawUnit<'a> {
    /// What the profile says of it.
    pub spec: &'a UnitSpec,
    /// Node it is read for, from 0; another than 0 only where texts differ by node.
    pub position: usize,
    /// Whether it is enabled or disabled on the machine: a text laid over a generated unit keeps that unit's word.
    pub enabled: Option<bool>,
    /// Whether the first file is the unit itself.
    pub is_whole: bool,
    /// The unit, then its drop-ins in the order of their names.
    pub files: Vec<TextFile>,
    /// Commands of all `Exec…=` lines.
    pub commands: Vec<Command>,
    /// Quotes that are never closed.
    pub open_quotes: Vec<Place>,
    /// What `Environment=` sets.
    environment: BTreeMap<String, String>,
}

/// A text of a unit, read.
#[derive(Debug)]
pub struct TextFile {
    span: Span,
    /// Where its parts are in the file, once a place was asked for.
    places: OnceCell<Locator>,
    /// What is written.
    pub text: String,
    /// What systemd reads.
    pub file: UnitFile,
}

/// A command of a unit.
#[derive(Debug)]
pub struct Command {
    /// Which file it is in.
    pub file: usize,
    /// `ExecStart` and so on.
    pub key: String,
    pub key_at: Range<usize>,
    /// Its words.
    pub line: Line,
    /// The container runtime's part of it.
    pub call: Option<Call>,
}

/// A place in one of the files of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Which file.
    pub file: usize,
    /// Bytes of its text.
    pub range: Range<usize>,
}

impl<'a> RawUnit<'a> {
    fn read(spec: &'a UnitSpec, position: usize, enabled: Option<bool>) -> Self {
        let mut files = Vec::new();
        let mut add = |text: &Text, span: Span| {
            let text = written(text);
            let file = syntax::parse(&text);
            files.push(TextFile { span, places: OnceCell::new(), text, file });
        };
        if let Some(contents) = &spec.contents {
            add(contents.value.on(position), contents.span);
        }
        for dropin in &spec.dropins {
            add(dropin.contents.value.on(position), dropin.contents.span);
        }
        let mut unit = Self {
            spec,
            position,
            enabled,
            is_whole: spec.contents.is_some() && !spec.mask,
            files,
            commands: Vec::new(),
            open_quotes: Vec::new(),
            environment: BTreeMap::new(),
        };
        unit.read_commands();
        unit.read_environment();
        unit
    }

    fn read_commands(&mut self) {
        let (mut commands, mut open_quotes) = (Vec::new(), Vec::new());
        for (file, option) in self.options() {
            if !is_command(option) {
                continue;
            }
            match exec::parse(&option.value) {
                Ok(lines) => commands.extend(lines.into_iter().map(|line| Command {
                    file,
                    key: option.key.clone(),
                    key_at: option.key_at.clone(),
                    call: Call::parse(&line),
                    line,
                })),
                Err(range) => open_quotes.push(Place { file, range }),
            }
        }
        (self.commands, self.open_quotes) = (commands, open_quotes);
    }

    fn read_environment(&mut self) {
        let mut environment = BTreeMap::new();
        for (_, option) in self.all("Service", "Environment") {
            for word in exec::parse(&option.value).into_iter().flatten().flat_map(|line| line.words)
            {
                if let Some((name, value)) = word.text.split_once('=') {
                    environment.insert(name.to_owned(), value.to_owned());
                }
            }
        }
        self.environment = environment;
    }

    /// Returns what must be done before its text may hold a template: a file must be called one, a profile's text is.
    pub fn made_template(&self, sources: &Sources) -> String {
        let file = self.files.first().map_or("", |file| sources.name(file.span.file));
        if file.ends_with(self.name()) {
            format!("name the file `{}.hbs`, and ", self.name())
        } else {
            String::new()
        }
    }

    /// Returns its file name.
    pub fn name(&self) -> &str {
        &self.spec.name.value
    }

    /// Returns what stands behind the last dot of its name.
    pub fn suffix(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, suffix)| suffix)
    }

    /// Returns whether it is a service.
    pub fn is_service(&self) -> bool {
        self.suffix() == "service"
    }

    /// Returns whether it runs to its end, as what prepares something does.
    pub fn is_oneshot(&self) -> bool {
        self.last("Service", "Type").is_some_and(|(_, option)| option.value.text == "oneshot")
    }

    /// Returns all assignments with the number of their file.
    pub fn options(&self) -> impl Iterator<Item = (usize, &Assignment)> {
        let files = self.files.iter().enumerate();
        files.flat_map(|(index, file)| file.file.options.iter().map(move |option| (index, option)))
    }

    /// Returns the assignments of a directive.
    pub fn all<'s>(
        &'s self,
        section: &'s str,
        key: &'s str,
    ) -> impl Iterator<Item = (usize, &'s Assignment)> {
        self.options().filter(move |(_, option)| {
            option.section.as_deref() == Some(section) && option.key == key
        })
    }

    /// Returns the assignment of a directive that counts: the last.
    pub fn last<'s>(&'s self, section: &'s str, key: &'s str) -> Option<(usize, &'s Assignment)> {
        self.all(section, key).last()
    }

    /// Returns the words of a list directive, as of `After=`.
    pub fn words<'s>(&'s self, section: &'s str, key: &'s str) -> impl Iterator<Item = &'s str> {
        self.all(section, key).flat_map(|(_, option)| option.value.text.split_whitespace())
    }

    /// Returns the words of an assignment, each with its place.
    pub fn words_of<'s>(
        &'s self,
        sources: &'s Sources,
        file: usize,
        option: &'s Assignment,
    ) -> impl Iterator<Item = (Span, &'s str)> {
        let text = option.value.text.as_str();
        text.split_whitespace().map(move |word| {
            let start = word.as_ptr().addr() - text.as_ptr().addr();
            (self.span(sources, file, &option.value.place(start..start + word.len())), word)
        })
    }

    /// Returns a section header, with the number of its file.
    pub fn section(&self, name: &str) -> Option<(usize, &Section)> {
        let files = self.files.iter().enumerate();
        let mut found = files.flat_map(|(index, file)| {
            file.file.sections.iter().map(move |section| (index, section))
        });
        found.find(|(_, section)| section.name == name)
    }

    /// Returns the place of a section header, or of the unit's name where there is none.
    pub fn section_span(&self, sources: &Sources, name: &str) -> Span {
        self.section(name)
            .map_or(self.spec.name.span, |(file, section)| self.span(sources, file, &section.at))
    }

    /// Returns the place of a range of one of the files.
    pub fn span(&self, sources: &Sources, file: usize, range: &Range<usize>) -> Span {
        self.files.get(file).map_or(self.spec.name.span, |file| {
            let places = || Locator::new(sources, file.span, &file.text);
            file.places.get_or_init(places).place(range.start, range.len())
        })
    }

    /// Returns the place of the value of an assignment.
    pub fn value_span(&self, sources: &Sources, file: usize, option: &Assignment) -> Span {
        self.span(sources, file, &option.value.place(0..option.value.text.len()))
    }

    /// Returns what `Environment=` sets a variable to.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.environment.get(name).map(String::as_str)
    }
}

/// Returns whether a directive holds command lines.
fn is_command(option: &Assignment) -> bool {
    option
        .section
        .as_deref()
        .is_some_and(|section| super::directives::kind(section, &option.key) == Some("command"))
}

/// Returns a text as it is written in the profile: facts as the templates they come from.
fn written(text: &Text) -> String {
    let pieces = text.pieces().iter();
    pieces
        .map(|piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Host(fact) => format!("{{{{host.{fact}}}}}"),
            Piece::Stack(fact) => format!("{{{{stack.{fact}}}}}"),
            Piece::Secret(source) => format!("{{{{{source}}}}}"),
        })
        .collect()
}
