//! JSON as it is written, with the places of the late values that are written into it.
//!
//! A late text is a data URL: no byte of it is escaped in JSON, so its places are where it begins and as far on as in
//! itself. Where it begins is told by the writer, beside what is written.

use std::cell::{Cell, RefCell};
use std::io;
use std::rc::Rc;

use serde::{Serialize, Serializer};

use crate::emit::filled::Filled;

/// What is told while a document is written.
#[derive(Debug, Default)]
pub(super) struct Tape {
    written: Cell<usize>,
    late: RefCell<Vec<(usize, Filled)>>,
}

/// A URL in a document; where it has late values it tells the tape when it is written.
#[derive(Debug)]
pub(super) struct Url {
    text: Filled,
    tape: Rc<Tape>,
}

impl Url {
    pub(super) fn new(text: Filled, tape: &Rc<Tape>) -> Self {
        Self { text, tape: Rc::clone(tape) }
    }
}

impl Serialize for Url {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.text.is_late() {
            // its quotation mark comes first
            let begins = self.tape.written.get() + 1;
            self.tape.late.borrow_mut().push((begins, self.text.clone()));
        }
        serializer.serialize_str(self.text.text())
    }
}

/// Writes a document whose URLs tell `tape`, and ends it with a newline.
pub(super) fn json(config: &impl Serialize, tape: &Tape) -> Filled {
    tape.written.set(0);
    let mut writer = Writer { bytes: Vec::new(), tape };
    serde_json::to_writer(&mut writer, config).expect("texts and numbers always serialise");
    let text = String::from_utf8(writer.bytes).expect("JSON is text");
    let mut filled = Filled::from(text);
    filled.push_str("\n");
    for (begins, url) in tape.late.take() {
        filled.holds(&url, begins);
    }
    filled
}

struct Writer<'t> {
    bytes: Vec<u8>,
    tape: &'t Tape,
}

impl io::Write for Writer<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes.extend_from_slice(bytes);
        self.tape.written.set(self.bytes.len());
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
