//! Where the lines of a text begin, and how many characters stand before a byte: counted once, asked often.

/// From how many bytes to how many characters are counted ahead.
const STEP: usize = 1024;

/// The lines of one text.
#[derive(Debug)]
pub struct Lines {
    /// First byte of each.
    starts: Vec<usize>,
    /// Characters before each `STEP` bytes.
    characters: Vec<usize>,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        let behind = text.match_indices('\n').map(|(at, _)| at + 1);
        let mut characters = vec![0];
        let mut count = 0;
        for part in text.as_bytes().chunks(STEP) {
            count += begun(part);
            characters.push(count);
        }
        Self { starts: std::iter::once(0).chain(behind).collect(), characters }
    }

    /// Returns the number of the line that a byte is in, from 0.
    pub fn of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Returns the first byte of a line; the end of the text where there is no such line.
    pub fn start(&self, line: usize, text: &str) -> usize {
        self.starts.get(line).copied().unwrap_or(text.len())
    }

    /// Returns the line, without its end.
    pub fn range(&self, line: usize, text: &str) -> std::ops::Range<usize> {
        let end = self.starts.get(line + 1).map_or(text.len(), |next| next - 1);
        self.start(line, text)..end
    }

    /// Counts the characters before a byte of the text.
    pub fn characters_before(&self, offset: usize, text: &str) -> usize {
        let step = (offset / STEP).min(self.characters.len() - 1);
        let counted = self.characters.get(step).copied().unwrap_or(0);
        counted + text.as_bytes().get(step * STEP..offset).map_or(0, begun)
    }
}

/// Counts the characters that begin in a part of a text.
fn begun(part: &[u8]) -> usize {
    part.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_characters_are_those_of_the_text() {
        let text = "äö\n\nabc€\n".repeat(STEP / 8) + "end";
        let lines = Lines::new(&text);
        for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
            let before = text.get(..offset).expect("a character begins here");
            let line = before.matches('\n').count();
            assert_eq!(lines.of(offset), line);
            assert_eq!(lines.characters_before(offset, &text), before.chars().count());
            let range = lines.range(line, &text);
            assert_eq!(text.get(range), text.split('\n').nth(line));
        }
        assert_eq!(Lines::new("").range(0, ""), 0..0);
        assert_eq!(Lines::new("a").range(7, "a"), 1..1);
    }
}
