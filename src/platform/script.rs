//! Commands of units that are more than a program and its words.

use super::host::Host;
use crate::model::Step;
use crate::unitfile::{quote_word, shell_word};

/// Returns a command that runs a script.
pub fn bash(script: &str) -> String {
    format!("/usr/bin/bash -c {}", quote_word(script))
}

/// Returns the script that repeats a step until it succeeds.
pub fn until_done(host: &Host<'_>, container: &str, step: &Step) -> String {
    let (argv, until_silent) = match step {
        Step::Run { argv, until_silent } => (argv, *until_silent),
        Step::Hear { port, say, line } => {
            let (say, line) = (shell_word(say), shell_word(line));
            return format!(
                "until (exec 3<>/dev/tcp/127.0.0.1/{port} && printf {say} >&3 && timeout 5 grep -q {line} <&3) \
                 2>/dev/null; do sleep 5; done"
            );
        }
    };
    let words: Vec<String> = argv.iter().map(|word| shell_word(word)).collect();
    let client = host.system.runtime.client;
    let command = format!("{client} exec {} {}", shell_word(container), words.join(" "));
    if until_silent {
        return format!("until out=$({command}) && [ -z \"$out\" ]; do sleep 15; done");
    }
    format!("until {command}; do sleep 5; done")
}
