//! The JVM of a service: its options, and what it does when its memory ends.
//!
//! Which variable an image reads them from is the kind's to know.

use super::declared::Reserved;
use super::member::{Member, data_bind};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::Bind;
use crate::profile::schema::{Field, Type, field};
use crate::profile::{Value, read};
use crate::source::{Edit, Span, Spanned};

pub(super) const JVM: Field = field("jvm", Type::Record(KEYS), "What its JVM is told.");

const KEYS: &[Field] = &[
    field(
        "options",
        Type::List(&Type::Token),
        "Options of `java`, one to a word; they win over those of the image.",
    ),
    field(
        "heap_dump",
        Type::Bool,
        "Writes the heap to `heap-dump/heap.hprof` of the volume when it is full, once; `false` where left out.",
    ),
];

/// Where the heap is written inside the container.
const DUMPS: &str = "/heap-dump";

/// Options that follow from the rest of the profile, by their beginnings, with what decides them; `PATH` stands for the
/// section.
const OWNED: [(&str, &str); 13] = [
    ("--class-path", IMAGES),
    ("-XX:+HeapDumpOnOutOfMemoryError", "set `PATH.jvm.heap_dump`"),
    ("-XX:-HeapDumpOnOutOfMemoryError", "set `PATH.jvm.heap_dump`"),
    ("-XX:HeapDumpPath=", "set `PATH.jvm.heap_dump`"),
    ("-XX:InitialHeapSize=", HEAP),
    ("-XX:InitialRAMPercentage=", HEAP),
    ("-XX:MaxHeapSize=", HEAP),
    ("-XX:MaxRAMPercentage=", HEAP),
    ("-Xms", HEAP),
    ("-Xmx", HEAP),
    ("-classpath", IMAGES),
    ("-cp", IMAGES),
    ("-jar", IMAGES),
];

const HEAP: &str = "set `PATH.heap`";
const IMAGES: &str = "the image's own script says what runs";

/// What every JVM of a container reads, so that tools beside the server obey it too.
const FOR_ALL: [&str; 3] = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"];

/// What a profile says of a JVM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jvm {
    /// Options, each a word.
    options: Vec<String>,
    /// Where the profile asks for a dump.
    heap_dump: Option<Span>,
}

impl Jvm {
    /// Reads the key of a section, and reports options that are not the profile's.
    pub(super) fn read(section: &Value, path: &str, diags: &mut Diagnostics) -> Self {
        let Some(said) = section.get(JVM.name) else { return Self::default() };
        let options = read::texts_at(said, "options");
        for option in &options {
            judge(option, path, diags);
        }
        let heap_dump = read::bool_at(said, "heap_dump").filter(|asked| asked.value);
        Self {
            options: options.into_iter().map(|option| option.value).collect(),
            heap_dump: heap_dump.map(|asked| asked.span),
        }
    }

    /// Returns the heap, and what happens where it does not suffice. A JVM that goes on without memory answers some and
    /// forgets others; one that ends is started again.
    pub(super) fn memory(&self, heap_mib: &Spanned<u64>) -> String {
        let heap = heap_mib.value;
        let dump = match self.heap_dump {
            Some(_) => {
                format!(" -XX:+HeapDumpOnOutOfMemoryError -XX:HeapDumpPath={DUMPS}/heap.hprof")
            }
            None => String::new(),
        };
        format!("-Xms{heap}m -Xmx{heap}m -XX:+ExitOnOutOfMemoryError{dump}")
    }

    /// Returns the memory it takes: its heap, and what it is told to use beside it.
    pub(super) fn reserved(&self, name: &str, heap_mib: &Spanned<u64>) -> Reserved {
        let direct = self.options.iter().rev();
        let direct = direct.filter_map(|option| option.strip_prefix("-XX:MaxDirectMemorySize="));
        // `java`'s own units; bytes where there is none
        let mib = direct.map(str::to_ascii_lowercase).find_map(|size| {
            let number = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
            let bytes = number.parse::<u64>().ok()?;
            Some(match size.get(number.len()..)? {
                "g" => bytes.saturating_mul(1024),
                "m" => bytes,
                "k" => bytes >> 10,
                _ => bytes >> 20,
            })
        });
        let what = if mib.is_some() { "the heap and the direct memory" } else { "the heap" };
        Reserved {
            what: format!("{what} of {name}"),
            mib: heap_mib.clone().map(|heap| heap.saturating_add(mib.unwrap_or_default())),
        }
    }

    /// Returns whether the heap is written when it is full.
    pub(super) fn dumps(&self) -> bool {
        self.heap_dump.is_some()
    }

    /// Returns the profile's own options, by blanks; `None` where there are none.
    pub(super) fn options(&self) -> Option<String> {
        (!self.options.is_empty()).then(|| self.options.join(" "))
    }

    /// Returns whether the profile chooses the collector; a JVM that is told two does not start.
    pub(super) fn collects(&self) -> bool {
        let chosen =
            |option: &str| option.strip_prefix("-XX:+Use").is_some_and(|rest| rest.ends_with("GC"));
        self.options.iter().any(|option| chosen(option))
    }

    /// Returns the directory for the dump, beside the data. The JVM overwrites no file, so that a server which runs out
    /// of memory time and again fills no disk.
    pub(super) fn bind(
        &self,
        volume: Option<&Spanned<String>>,
        service: &str,
        owner: u32,
        member: Member<'_>,
    ) -> Option<Bind> {
        let place = self.heap_dump?;
        let from = member.directory(volume, service, "heap-dump", place);
        Some(data_bind(from, DUMPS, owner, 0o700))
    }
}

/// Returns what decides a variable that every JVM obeys.
pub(super) fn owner(name: &str, path: &str) -> Option<String> {
    FOR_ALL.contains(&name).then(|| {
        format!("every tool in the container would obey it too; write it in `{path}.jvm.options`")
    })
}

fn judge(option: &Spanned<String>, path: &str, diags: &mut Diagnostics) {
    let Spanned { value: word, span } = option;
    if !word.starts_with('-') {
        let title = format!("`{word}` is no option of a JVM");
        diags.report(
            Diagnostic::error("jvm-option-malformed", *span, title, "taken for the class to run")
                .help("begin it with `-`, as in `-Dname=value` or `-XX:+UseZGC`"),
        );
        return;
    }
    let is_it = |owned: &str| match owned.strip_prefix('-') {
        // a value follows at once, or the option is a word of its own
        Some(rest) if owned.ends_with('=') || rest.starts_with("Xm") => word.starts_with(owned),
        _ => word == owned || word.strip_prefix(owned).is_some_and(|rest| rest.starts_with('=')),
    };
    let Some((_, owner)) = OWNED.iter().find(|(owned, _)| is_it(owned)) else { return };
    let title = format!("`{word}` is not for `{path}.jvm.options`");
    diags.report(
        Diagnostic::error("jvm-option-owned", *span, title, "decided elsewhere")
            .help(format!("remove `{word}`: {}", owner.replace("PATH", path)))
            .edit(Edit::remove(*span)),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::sample;

    #[test]
    fn whose_options_are_whose() {
        assert!(OWNED.is_sorted_by_key(|(name, _)| *name));
        for (word, expected) in [
            ("-Xmx4g", Some("jvm-option-owned")),
            ("-Xms1g", Some("jvm-option-owned")),
            ("-XX:MaxRAMPercentage=50", Some("jvm-option-owned")),
            ("-XX:HeapDumpPath=/tmp", Some("jvm-option-owned")),
            ("-cp", Some("jvm-option-owned")),
            ("--class-path=/x", Some("jvm-option-owned")),
            ("Main", Some("jvm-option-malformed")),
            ("-Xmn512m", None),
            ("-Xss1m", None),
            ("-XX:+UseZGC", None),
            ("-XX:-ExitOnOutOfMemoryError", None),
            ("-cpu", None),
            ("-javaagent:/a.jar=127.0.0.1:7071:/a.yaml", None),
        ] {
            let mut diags = Diagnostics::new();
            judge(&sample::at(word.to_owned()), "kafka", &mut diags);
            let codes: Vec<_> = diags.sorted().iter().map(|found| found.code).collect();
            assert_eq!(codes.first().copied(), expected, "{word}");
        }
    }
}
