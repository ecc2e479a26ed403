//! The sources as the laws read them: comments and tests are blank, and every byte keeps its place.
//!
//! A small lexer rather than a parser: it knows comments, strings, characters and `#[cfg(test)]`, and nothing else of
//! Rust.

use std::ops::Range;

use crate::files;

/// One file below `src` that is no test.
pub(crate) struct Source {
    /// Its path, from the root of the project.
    pub(crate) path: String,
    /// The text with comments and tests blanked.
    pub(crate) code: String,
    /// The same with the contents of strings blanked too.
    pub(crate) bare: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        let (mut code, mut bare) = blanked(text);
        for range in tests(&bare) {
            blank(&mut code, range.clone());
            blank(&mut bare, range);
        }
        Self { path: path.to_owned(), code: string(code), bare: string(bare) }
    }

    /// Returns the number of the line a byte is in.
    pub(crate) fn line(&self, at: usize) -> usize {
        1 + self.code[..at].matches('\n').count()
    }
}

/// Returns every source, without the files that are tests only.
pub(crate) fn sources() -> Vec<Source> {
    let all: Vec<(String, String)> = files("src", "rs")
        .into_iter()
        .map(|(path, text)| (path.to_str().unwrap().to_owned(), text))
        .collect();
    let test_files: Vec<String> =
        all.iter().flat_map(|(path, text)| test_modules(path, text)).collect();
    all.iter()
        .filter(|(path, _)| !test_files.iter().any(|test| path.starts_with(test.as_str())))
        .map(|(path, text)| Source::new(path, text))
        .collect()
}

/// Returns whether a byte can be part of a name.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Returns the folder that the modules declared in a file are in, with a slash.
pub(crate) fn module_folder(path: &str) -> String {
    let stem = path.strip_suffix(".rs").unwrap();
    let folder = ["/mod", "/lib", "/main"].iter().find_map(|name| stem.strip_suffix(name));
    format!("{}/", folder.unwrap_or(stem))
}

/// Returns what the paths of modules that a file declares for tests begin with.
fn test_modules(path: &str, text: &str) -> Vec<String> {
    let (_, bare) = blanked(text);
    tests(&bare)
        .into_iter()
        .filter_map(|range| {
            let item = str::from_utf8(&bare[range]).unwrap();
            let (_, name) = item.strip_suffix(';')?.rsplit_once("mod ")?;
            Some([
                format!("{}{name}.rs", module_folder(path)),
                format!("{}{name}/", module_folder(path)),
            ])
        })
        .flatten()
        .collect()
}

/// Returns where the items are that exist in tests only.
fn tests(bare: &[u8]) -> Vec<Range<usize>> {
    const MARK: &[u8] = b"#[cfg(test)]";
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    while let Some(start) = bare[from..].windows(MARK.len()).position(|part| part == MARK) {
        let (start, mut depth, mut end) = (from + start, 0_usize, bare.len());
        for (at, byte) in bare.iter().enumerate().skip(start) {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            if depth == 0 && matches!(byte, b'}' | b';') {
                end = at + 1;
                break;
            }
        }
        found.push(start..end);
        from = end;
    }
    found
}

/// Returns a text without comments, and without what its strings hold.
fn blanked(text: &str) -> (Vec<u8>, Vec<u8>) {
    let bytes = text.as_bytes();
    let (mut code, mut bare) = (bytes.to_vec(), bytes.to_vec());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let end = if rest.starts_with(b"//") {
            at + rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len())
        } else if rest.starts_with(b"/*") {
            at + block_comment(rest)
        } else {
            let starts_word = at == 0 || !is_word(bytes[at - 1]);
            let length = literal(rest, starts_word);
            if length > 1 {
                blank(&mut bare, at + 1..at + length - 1);
            }
            at += length.max(1);
            continue;
        };
        blank(&mut code, at..end);
        blank(&mut bare, at..end);
        at = end;
    }
    (code, bare)
}

/// Returns how long the comment is that a text begins with.
fn block_comment(rest: &[u8]) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while at < rest.len() {
        match &rest[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            break;
        }
    }
    at
}

/// Returns how long the string or character is that a text begins with; 0 if it begins with neither.
fn literal(rest: &[u8], starts_word: bool) -> usize {
    match rest {
        [b'"', ..] => 1 + quoted(&rest[1..], b'"'),
        [b'b' | b'c', b'r', ..] if starts_word => 1 + raw(&rest[1..]).unwrap_or(0),
        [b'r', ..] if starts_word => raw(rest).unwrap_or(0),
        [b'\'', b'\\', ..] => 1 + quoted(&rest[1..], b'\''),
        // anything else in single quotes is one character; with no second quote it is a lifetime
        [b'\'', first, ..] => {
            let width = match first {
                0..0x80 => 1,
                0x80..0xE0 => 2,
                0xE0..0xF0 => 3,
                _ => 4,
            };
            if rest.get(1 + width) == Some(&b'\'') { width + 2 } else { 0 }
        }
        _ => 0,
    }
}

/// Returns the length up to the quote that closes, its own included.
fn quoted(rest: &[u8], quote: u8) -> usize {
    let mut at = 0;
    while at < rest.len() && rest[at] != quote {
        at += if rest[at] == b'\\' { 2 } else { 1 };
    }
    (at + 1).min(rest.len())
}

/// Returns the length of a raw string that begins with its `r`.
fn raw(rest: &[u8]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|byte| **byte == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return None;
    }
    let close = [b"\"".as_slice(), "#".repeat(hashes).as_bytes()].concat();
    let body = 2 + hashes;
    let length = rest[body..].windows(close.len()).position(|part| part == close)?;
    Some(body + length + close.len())
}

fn blank(text: &mut [u8], range: Range<usize>) {
    for byte in &mut text[range] {
        if *byte != b'\n' {
            *byte = b' ';
        }
    }
}

fn string(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).expect("whole characters were blanked")
}

#[test]
fn comments_and_tests_are_blank() {
    let text = "// a\nlet b = \"// c\"; /* d /* e */ f */ 'g'; '\"'; // \"\n\
        let h: &'static str = r#\"i\"//\"#; b'\\'';\n#[cfg(test)]\nmod tests { const K: &str = \"}\"; }\nlet j = 1;\n";
    let Source { code, bare, .. } = Source::new("src/a.rs", text);
    assert_eq!(code.len(), text.len());
    for (word, in_code, in_bare) in [
        ("a\n", false, false),
        ("// c", true, false),
        ("d", false, false),
        ("f ", false, false),
        ("'g'", true, false),
        ("static", true, true),
        ("i\"//", true, false),
        ("const", false, false),
        ("let j", true, true),
    ] {
        assert_eq!(code.contains(word), in_code, "{word} in {code}");
        assert_eq!(bare.contains(word), in_bare, "{word} in {bare}");
    }
}

#[test]
fn modules_of_tests_are_found() {
    let text = "mod a;\n#[cfg(test)]\nmod sample;\n#[cfg(test)]\nmod tests { fn f() {} }\n";
    assert_eq!(test_modules("src/room/mod.rs", text), ["src/room/sample.rs", "src/room/sample/"]);
    assert_eq!(test_modules("src/room/x.rs", text), ["src/room/x/sample.rs", "src/room/x/sample/"]);
}
