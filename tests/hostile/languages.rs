//! Readers of the languages that values end in, each as its own program reads it. They share no code with what writes.

/// A line of a unit file, joined and read: section, name, value.
pub(crate) struct Setting {
    pub(crate) section: String,
    pub(crate) name: String,
    pub(crate) value: String,
}

/// What systemd would put in place of a specifier or variable that somebody left to it.
const LEFT: char = '\u{e000}';

/// Reads a unit file as `systemd.syntax(7)` has it; a line that is no setting is one without a name.
pub(crate) fn unit(text: &str) -> Vec<Setting> {
    let (mut section, mut found, mut joined) = (String::new(), Vec::new(), String::new());
    let mut goes_on = false;
    for line in text.split('\n') {
        let line = line.trim_start_matches([' ', '\t', '\r']);
        if line.starts_with(['#', ';']) || (line.is_empty() && !goes_on) {
            continue;
        }
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        goes_on = backslashes % 2 == 1;
        if goes_on {
            joined.push_str(&line[..line.len() - 1]);
            joined.push(' ');
            continue;
        }
        joined.push_str(line);
        let line = std::mem::take(&mut joined);
        let line = line.trim_end_matches([' ', '\t', '\r']);
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name.clone_into(&mut section);
            continue;
        }
        let (name, value) = line.split_once('=').unwrap_or(("", line));
        let value = value.trim_matches([' ', '\t', '\r']).to_owned();
        found.push(Setting { section: section.clone(), name: name.trim_end().to_owned(), value });
    }
    assert!(joined.is_empty(), "the last line goes on:\n{text}");
    found
}

/// Reads the words of a value as systemd does, with quotes and escapes, and specifiers; with `$` in commands.
pub(crate) fn words(text: &str, is_command: bool) -> Vec<String> {
    let (mut words, mut word, mut quote, mut open) = (Vec::new(), String::new(), None, false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (c, quote) {
            ('\\', _) => {
                open = true;
                match chars.next() {
                    Some('n') => word.push('\n'),
                    Some('t') => word.push('\t'),
                    Some('r') => word.push('\r'),
                    Some('x') => {
                        let hex: String = chars.by_ref().take(2).collect();
                        let byte = u8::from_str_radix(&hex, 16).expect("two digits");
                        word.push(char::from(byte));
                    }
                    Some(c @ ('\\' | '"' | '\'' | ' ')) => word.push(c),
                    c => word.extend(['\\', c.unwrap_or(LEFT)]),
                }
            }
            ('"' | '\'', None) => (quote, open) = (Some(c), true),
            (c, Some(end)) if c == end => quote = None,
            (' ' | '\t' | '\n', None) => {
                if open {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
            }
            // what ends one command and begins another
            (';', None) if is_command && !open => (word, open) = (format!("{LEFT};"), true),
            (c, _) => {
                word.push(c);
                open = true;
            }
        }
    }
    assert!(quote.is_none(), "a quote is open: {text}");
    if open {
        words.push(word);
    }
    let doubled: &[char] = if is_command { &['%', '$'] } else { &['%'] };
    words
        .iter()
        .map(|word| doubled.iter().fold(word.clone(), |word, c| undouble(&word, *c)))
        .collect()
}

/// Reads what stands for itself where it is doubled, and for something else where it is not.
pub(crate) fn undouble(text: &str, mark: char) -> String {
    let (mut read, mut chars) = (String::with_capacity(text.len()), text.chars().peekable());
    while let Some(c) = chars.next() {
        if c == mark && chars.next_if_eq(&mark).is_none() {
            read.push(LEFT);
        }
        read.push(c);
    }
    read
}

/// Reads a file of `EnvironmentFile=` into names and values.
pub(crate) fn environment(text: &str) -> Vec<(String, String)> {
    let (mut found, mut chars) = (Vec::new(), text.chars().peekable());
    while chars.peek().is_some() {
        let name: String = chars.by_ref().take_while(|c| !matches!(c, '=' | '\n')).collect();
        if name.trim().is_empty() {
            continue;
        }
        let (mut value, mut quote) = (String::new(), None);
        while let Some(c) = chars.next() {
            match (c, quote) {
                ('\n', None) => break,
                ('"' | '\'', None) => quote = Some(c),
                (c, Some(end)) if c == end => quote = None,
                ('\\', Some('"')) => match chars.next() {
                    Some(c @ ('"' | '\\' | '`' | '$')) => value.push(c),
                    Some('\n') => {}
                    c => value.extend(['\\', c.unwrap_or(LEFT)]),
                },
                ('\\', None) => value.extend(chars.next().filter(|c| *c != '\n')),
                (c, _) => value.push(c),
            }
        }
        assert!(quote.is_none(), "a quote is open in an environment:\n{text}");
        found.push((name, value));
    }
    found
}

/// Reads a file of `sysctl.d(5)` into names and values.
pub(crate) fn sysctl(text: &str) -> Vec<(String, String)> {
    let blanks = [' ', '\t', '\r'];
    let lines = text.split('\n').map(|line| line.trim_matches(blanks));
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let read = |line: &str| {
        let (name, value) = line.split_once('=').unwrap_or(("", line));
        (name.trim_matches(blanks).to_owned(), value.trim_matches(blanks).to_owned())
    };
    lines.map(read).collect()
}

/// Reads a file as `java.util.Properties` does, whose bytes are Latin-1.
pub(crate) fn properties(bytes: &[u8]) -> Vec<(String, String)> {
    let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
    let blanks = [' ', '\t', '\u{c}'];
    let (mut found, mut joined, mut goes_on) = (Vec::new(), String::new(), false);
    for line in text.split(['\n', '\r']) {
        let line = line.trim_start_matches(blanks);
        if !goes_on && (line.is_empty() || line.starts_with(['#', '!'])) {
            continue;
        }
        let backslashes = line.len() - line.trim_end_matches('\\').len();
        goes_on = backslashes % 2 == 1;
        joined.push_str(&line[..line.len() - usize::from(goes_on)]);
        if goes_on {
            continue;
        }
        let line = std::mem::take(&mut joined);
        let (mut end, mut escaped) = (line.len(), false);
        for (at, c) in line.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '=' | ':' | ' ' | '\t' | '\u{c}' => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        let value = line[end..].trim_start_matches(blanks);
        let value = value.strip_prefix(['=', ':']).unwrap_or(value).trim_start_matches(blanks);
        found.push((java(&line[..end]), java(value)));
    }
    found
}

/// Reads Java's escapes.
fn java(text: &str) -> String {
    let (mut units, mut chars) = (Vec::new(), text.chars());
    while let Some(c) = chars.next() {
        let c = if c == '\\' {
            chars.next().unwrap_or(LEFT)
        } else {
            units.push(u16::try_from(u32::from(c)).expect("is Latin-1"));
            continue;
        };
        units.push(match c {
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'f' => 0x0c,
            'u' => {
                let hex: String = chars.by_ref().take(4).collect();
                u16::from_str_radix(&hex, 16).expect("four digits")
            }
            c => u16::try_from(u32::from(c)).expect("is Latin-1"),
        });
    }
    String::from_utf16_lossy(&units)
}

/// Reads the words of a shell script, and what stands between them.
pub(crate) fn shell(text: &str) -> Vec<String> {
    let (mut words, mut word, mut open) = (Vec::new(), String::new(), false);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\'' => {
                open = true;
                word.extend(chars.by_ref().take_while(|c| *c != '\''));
            }
            '"' => {
                open = true;
                while let Some(c) = chars.next() {
                    match c {
                        '"' => break,
                        '\\' => word.extend(chars.next()),
                        '$' | '`' => word.extend([LEFT, c]),
                        c => word.push(c),
                    }
                }
            }
            '\\' => {
                open = true;
                word.extend(chars.next());
            }
            ' ' | '\t' | '\n' | ';' | '&' | '|' | '(' | ')' | '<' | '>' => {
                if open {
                    words.push(std::mem::take(&mut word));
                }
                open = false;
                if c != ' ' {
                    words.push(format!("{LEFT}{c}"));
                }
            }
            '$' | '`' | '*' | '?' | '[' | '{' | '~' | '#' | '!' => {
                open = true;
                word.extend([LEFT, c]);
            }
            c => {
                open = true;
                word.push(c);
            }
        }
    }
    if open {
        words.push(word);
    }
    words
}

/// Reads one line of comma-separated fields, as the value of `--mount` is one.
pub(crate) fn csv(text: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.next_if_eq(&'"').is_some() => field.push('"'),
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    fields.push(field);
    fields
}
