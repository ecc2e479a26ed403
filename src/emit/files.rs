//! A machine's files with what it says elsewhere: `/etc/hostname`, which is how a host name reaches a system without a
//! word for it, and the values of the stack.

use std::borrow::Cow;

use crate::model::machine::{Contents, File, Machine};
use crate::source::{Sources, Spanned};

/// Where a system keeps its host name.
pub(super) const HOSTNAME: &str = "/etc/hostname";

/// Returns all files, `stack` last.
pub(super) fn all(machine: &Machine, stack: Option<File>) -> Vec<Cow<'_, File>> {
    let mut files: Vec<_> = machine.files.iter().map(Cow::Borrowed).collect();
    if let Some(hostname) = &machine.hostname
        && !machine.files.iter().any(|file| file.path.value == HOSTNAME)
    {
        let span = machine.span().unwrap_or(Sources::NOWHERE);
        files.push(Cow::Owned(File {
            path: Spanned::new(HOSTNAME.to_owned(), span),
            mode: Spanned::new(0o644, span),
            user: None,
            group: None,
            contents: Contents::open(format!("{hostname}\n")),
        }));
    }
    files.extend(stack.map(Cow::Owned));
    files
}
