//! The written format of cases, as `tests/cases/README.md` describes it: read, and rewritten in place.
//!
//! It knows texts only: it neither meets the disk nor runs anything.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;

/// The command of a case that names none, in a file that names none.
const COMMAND: &str = "cfgbuild check a";

/// What is expected of a case; every other part is one of its input files.
pub(crate) fn is_expected(part: &str) -> bool {
    ["exit", "stdout", "stderr", "modes"].contains(&part) || part.starts_with("expected/")
}

/// A case of a file.
pub(crate) struct Written {
    /// Its heading; empty for the case that the file is named for.
    pub(crate) heading: String,
    pub(crate) args: Vec<String>,
    pub(crate) environment: Vec<(String, String)>,
    pub(crate) parts: Vec<Part>,
    /// The line at which a new part is inserted.
    end: usize,
}

/// An input file of a case, or something that is expected of it.
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    /// Its lines in the file, title included.
    lines: Range<usize>,
}

/// Reads the cases of a file.
pub(crate) fn parse(text: &str) -> Result<Vec<Written>, String> {
    let lines: Vec<&str> =
        text.strip_suffix('\n').ok_or("the last line does not end")?.split('\n').collect();
    let is_title = |at: usize| lines.get(at).is_some_and(|line| line.starts_with("--- "));
    let is_heading = |at: usize| lines.get(at).is_some_and(|line| line.starts_with("=== "));
    let mut cases: Vec<Written> = Vec::new();
    let mut shared = COMMAND;
    let mut at = 0;
    while at < lines.len() {
        let heading = if is_heading(at) { lines[at][4..].to_owned() } else { String::new() };
        let first = at;
        at += usize::from(!heading.is_empty());
        let mut own = None;
        while at < lines.len() && !is_title(at) && !is_heading(at) {
            own = lines[at].strip_prefix("$ ").or(own);
            at += 1;
        }
        let mut parts: Vec<Part> = Vec::new();
        while is_title(at) {
            let start = at;
            at += 1;
            while at < lines.len() && !is_title(at) && !is_heading(at) {
                at += 1;
            }
            // the blank line before a heading belongs to the heading
            let end = at - usize::from(is_heading(at));
            if end < at && !lines[end].is_empty() {
                return Err(format!("line {}: a blank line must stand before a heading", at + 1));
            }
            let name = lines[start][4..].to_owned();
            let bytes = content(&lines[start + 1..end])
                .map_err(|fault| format!("line {}: {fault}", start + 1))?;
            if parts.iter().any(|part| part.name == name)
                || name.split('/').any(|word| word == "..")
            {
                return Err(format!("line {}: `{name}` cannot be a part here", start + 1));
            }
            parts.push(Part { name, bytes, lines: start..end });
        }
        if first == 0 && heading.is_empty() {
            shared = own.unwrap_or(COMMAND);
            if parts.is_empty() {
                continue;
            }
        }
        if parts.is_empty() || cases.iter().any(|case| case.heading == heading) {
            return Err(format!("line {}: `{heading}` is empty, or is there twice", first + 1));
        }
        let (environment, args) =
            command(own.unwrap_or(shared)).map_err(|fault| format!("{heading}: {fault}"))?;
        let end = parts.last().map_or(at, |part| part.lines.end);
        cases.push(Written { heading, args, environment, parts, end });
    }
    if cases.is_empty() {
        return Err("holds no case".to_owned());
    }
    Ok(cases)
}

impl Written {
    /// Returns what is expected, with the exit status that is left out.
    pub(crate) fn expected(&self) -> Result<BTreeMap<String, String>, String> {
        let mut expected = BTreeMap::new();
        for part in self.parts.iter().filter(|part| is_expected(&part.name)) {
            let text = String::from_utf8(part.bytes.clone())
                .map_err(|_| format!("{} is not text", part.name))?;
            expected.insert(part.name.clone(), text);
        }
        let exit = exit(&self.args, expected.get("stderr").map_or("", String::as_str));
        expected.entry("exit".to_owned()).or_insert_with(|| exit.to_owned());
        Ok(expected)
    }
}

/// Returns the exit status of a case that names none: 1 where an error is reported, or a warning that is denied.
fn exit(args: &[String], stderr: &str) -> &'static str {
    let denied = args.iter().any(|arg| arg == "--deny");
    let fails = |line: &str| line.starts_with("error") || (denied && line.starts_with("warning"));
    if stderr.lines().any(fails) { "1\n" } else { "0\n" }
}

/// Returns the text of a file in which one case expects something else; not another line changes.
pub(crate) fn rewrite(
    text: &str,
    heading: &str,
    found: &BTreeMap<String, String>,
) -> Result<String, String> {
    let cases = parse(text)?;
    let case = cases.iter().find(|case| case.heading == heading).ok_or("the case is gone")?;
    let mut found = found.clone();
    let implied = exit(&case.args, found.get("stderr").map_or("", String::as_str));
    if found.get("exit").is_some_and(|exit| exit == implied) {
        found.remove("exit");
    }
    // lines that go, and what comes instead
    let mut changes: Vec<(Range<usize>, String)> = Vec::new();
    for part in case.parts.iter().filter(|part| is_expected(&part.name)) {
        let new = found.remove(&part.name);
        if new.as_deref().map(str::as_bytes) != Some(&part.bytes) {
            changes.push((
                part.lines.clone(),
                new.map_or(String::new(), |new| written(&part.name, new.as_bytes())),
            ));
        }
    }
    let mut new: Vec<_> = found.into_iter().collect();
    new.sort_by_key(|(name, _)| {
        ["stdout", "stderr", "modes", "exit"].iter().position(|known| known == name)
    });
    let new = new.iter().map(|(name, text)| written(name, text.as_bytes()));
    changes.push((case.end..case.end, new.collect()));
    let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
    for (range, new) in changes.into_iter().rev() {
        lines.splice(range, [new]);
    }
    Ok(lines.concat())
}

/// Returns a part as it is written.
fn written(name: &str, bytes: &[u8]) -> String {
    let text = escaped(bytes);
    match (bytes.is_empty(), bytes.ends_with(b"\n")) {
        (true, _) => format!("--- {name}\n"),
        (false, true) => format!("--- {name}\n{text}"),
        (false, false) => format!("--- {name}\n{text}{END}\n"),
    }
}

/// What has a name in the format, because it cannot be seen.
const NAMES: [(&str, &[u8]); 5] =
    [("BOM", b"\xef\xbb\xbf"), ("NUL", b"\0"), ("TAB", b"\t"), ("CR", b"\r"), ("SPACE", b" ")];
/// Stands at the end of a part whose last line does not end.
const END: &str = "<END>";

fn content(lines: &[&str]) -> Result<Vec<u8>, String> {
    let is_unseen = |c: char| c == '\u{feff}' || (c.is_ascii_control() && c != '\t');
    let mut bytes = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if line.ends_with([' ', '\t']) || line.contains(is_unseen) {
            return Err(format!("what cannot be seen must be escaped: {line:?}"));
        }
        let is_last = number + 1 == lines.len();
        let (mut rest, end) = match line.strip_suffix(END).filter(|_| is_last) {
            Some(line) => (line, ""),
            None => (*line, "\n"),
        };
        while let Some(at) = rest.find('<') {
            let (before, after) = rest.split_at(at);
            bytes.extend(before.bytes());
            let (meant, length) = escape(after).unwrap_or((b"<".to_vec(), 1));
            bytes.extend(meant);
            rest = &after[length..];
        }
        bytes.extend(rest.bytes());
        bytes.extend(end.bytes());
    }
    Ok(bytes)
}

/// Returns what the escape at the start of a text means, and its length.
fn escape(text: &str) -> Option<(Vec<u8>, usize)> {
    let (name, _) = text.strip_prefix('<')?.split_once('>')?;
    let is_digit = |c: char| c.is_ascii_digit() || ('A'..='F').contains(&c);
    let meant = match NAMES.iter().find(|(known, _)| *known == name) {
        Some((_, bytes)) => bytes.to_vec(),
        None if name.len() == 2 && name.chars().all(is_digit) => {
            vec![u8::from_str_radix(name, 16).ok()?]
        }
        None => return None,
    };
    Some((meant, name.len() + 2))
}

/// Returns bytes as lines in which everything can be seen.
pub(crate) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        let mut rest = chunk.valid();
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            let starts = text.is_empty() || text.ends_with('\n');
            let is_title = starts && ["--- ", "=== "].iter().any(|opener| rest.starts_with(opener));
            let is_escape = escape(rest).is_some() || rest.starts_with(END);
            let ends = after.is_empty() || after.starts_with('\n');
            match c {
                ' ' if ends => text.push_str("<SPACE>"),
                '\t' if ends => text.push_str("<TAB>"),
                '\u{feff}' => text.push_str("<BOM>"),
                '\0' => text.push_str("<NUL>"),
                '\r' => text.push_str("<CR>"),
                '\n' | '\t' => text.push(c),
                c if is_title || is_escape || c.is_ascii_control() => {
                    write!(text, "<{:02X}>", u32::from(c)).unwrap();
                }
                c => text.push(c),
            }
            rest = after;
        }
        for byte in chunk.invalid() {
            write!(text, "<{byte:02X}>").unwrap();
        }
    }
    text
}

/// The environment and the words of a command line.
type Command = (Vec<(String, String)>, Vec<String>);

fn command(line: &str) -> Result<Command, String> {
    let mut words = words(line)?.into_iter();
    let mut environment = Vec::new();
    for word in words.by_ref() {
        if word == "cfgbuild" {
            return Ok((environment, words.collect()));
        }
        let (name, value) = word.split_once('=').ok_or(format!("`{word}` sets no variable"))?;
        environment.push((name.to_owned(), value.to_owned()));
    }
    Err(format!("`{line}` does not call cfgbuild"))
}

/// Splits at blanks; what stands between two `'` is taken literally.
fn words(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut is_quoted = false;
    for c in line.chars() {
        match c {
            '\'' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            ' ' if !is_quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    if is_quoted { Err(format!("`{line}` lacks a `'`")) } else { Ok(words) }
}
