//! Units that ask AWS: what they wait for, and the scripts they run.

use crate::model::UnitText;
use crate::platform::draft::{Draft, generated_script};
use crate::platform::host::Host;
use crate::unitfile::{quote_path, quote_word};

/// Folder of the scripts.
pub(super) const SCRIPTS: &str = "/etc/cfgbuild";

/// Writes what must be there before AWS can be asked, and what else comes first.
///
/// Not required: with docker it would be stopped, and with it what needs it, down to the mounts.
pub(super) fn asks_aws<'a>(
    host: &Host<'_>,
    after: impl IntoIterator<Item = &'a str>,
    text: &mut UnitText,
) {
    let needed = || ["network-online.target"].into_iter().chain(host.system.runtime.daemon);
    text.push_words("Unit", "Wants", needed());
    text.push_words("Unit", "After", needed().chain(after));
    let mounts: Vec<String> = host.mounts_of_client().into_iter().map(quote_path).collect();
    text.push_words("Unit", "RequiresMountsFor", mounts.iter().map(String::as_str));
}

/// Adds a script where it is not there yet; returns the command that runs it.
pub(super) fn script(name: &str, contents: &str, words: &[&str], draft: &mut Draft) -> String {
    let words: Vec<String> = words.iter().map(|word| quote_word(word)).collect();
    quoted_script(name, contents, &words, draft)
}

/// Adds a script where it is not there yet; returns the command that runs it with words that are quoted already.
pub(super) fn quoted_script(
    name: &str,
    contents: &str,
    words: &[String],
    draft: &mut Draft,
) -> String {
    let path = format!("{SCRIPTS}/{name}");
    if draft.files.iter().all(|file| file.path.value != path) {
        draft.files.push(generated_script(path.as_str(), 0o755, contents));
    }
    let words: Vec<String> = words.iter().map(|word| format!(" {word}")).collect();
    format!("/usr/bin/bash {path}{}", words.concat())
}
