//! The findings of a run over several roles, as one document tells them.
//!
//! A finding that several roles meet, as in a common parent, is told once and names them all.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::copied;
use super::{Correction, Diagnostic, Diagnostics, Label, Place, Severity};
use crate::source::{Editor, FileId, Sources, Span};

/// Most findings of one document: nobody, and no service that shows them, reads more.
const MOST: usize = 5_000;

/// One finding, with its places as machines want them.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The stable name of the fault.
    pub code: &'static str,
    pub severity: Severity,
    /// What is wrong, in one phrase.
    pub title: String,
    /// The roles that meet it, in the order they were compiled.
    pub roles: Vec<String>,
    pub primary: Place,
    /// Every other place that took part.
    pub related: Vec<Place>,
    /// The nearest place that is in a file, where the primary one is not: an annotation needs a line to stand at.
    pub fallback: Option<Place>,
    /// The exact edit.
    pub help: Option<String>,
    /// The same as changes of files, where it can be made without thinking.
    pub edits: Vec<Correction>,
}

/// The findings of a run.
#[derive(Debug)]
pub struct Report {
    base: PathBuf,
    roles: Vec<String>,
    found: BTreeMap<Key, Finding>,
    omitted: usize,
}

/// Order of findings: by file, then place, as people read them; what no file says comes first.
type Key = (Option<String>, Option<super::Point>, String, Severity, &'static str, String);

impl Report {
    /// Returns an empty report of the workspace at `base`.
    pub fn new(base: &Path) -> Self {
        Self { base: base.to_owned(), roles: Vec::new(), found: BTreeMap::new(), omitted: 0 }
    }

    /// Adds what was found in one role.
    pub fn add(&mut self, role: &str, sources: &Sources, diags: &Diagnostics) {
        self.roles.push(role.to_owned());
        let mut editor = Editor::new(sources);
        let profile = sources.find(&format!("profiles/{role}/profile.yaml"));
        for diagnostic in diags.sorted() {
            self.note((role, profile), sources, diagnostic, &mut editor);
        }
    }

    fn note(
        &mut self,
        (role, profile): (&str, Option<FileId>),
        sources: &Sources,
        diagnostic: &Diagnostic,
        editor: &mut Editor<'_>,
    ) {
        // no source text is printed, so nothing of it needs hiding
        let Diagnostic {
            code,
            severity,
            title,
            primary,
            related,
            help: _,
            edits,
            hidden: _,
            choice: _,
        } = diagnostic;
        let place = |label: &Label| Place::of(sources, label, &self.base);
        let primary = place(primary);
        let key = (
            primary.file.clone(),
            primary.start.or(primary.shipped),
            primary.source.clone(),
            *severity,
            *code,
            title.clone(),
        );
        if let Some(known) = self.found.get_mut(&key) {
            known.roles.push(role.to_owned());
            return;
        }
        if self.found.len() == MOST {
            self.omitted += 1;
            return;
        }
        let related: Vec<Place> = related.iter().map(place).collect();
        let fallback = primary.file.is_none().then(|| {
            let start =
                profile.map(|file| Label { span: Span::new(file, 0, 0), text: String::new() });
            related.iter().find(|place| place.file.is_some()).cloned().or(start.as_ref().map(place))
        });
        let finding = Finding {
            code,
            severity: *severity,
            title: title.clone(),
            roles: vec![role.to_owned()],
            primary,
            related,
            fallback: fallback.flatten(),
            help: copied::help(diagnostic, sources),
            edits: Correction::all(sources, &editor.changes(edits, profile), &self.base),
        };
        self.found.insert(key, finding);
    }

    /// Returns the roles that were looked at.
    pub fn roles(&self) -> &[String] {
        &self.roles
    }

    /// Returns all findings by file, then place.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.found.values()
    }

    /// Counts the findings that were left out because there are too many.
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// Counts the findings of one severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|finding| finding.severity == severity).count()
    }
}
