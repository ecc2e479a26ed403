//! Commands of units that are more than a program and its words.

use super::host::Host;
use crate::model::Step;
use crate::unitfile::{quote_word, shell_word};

/// Where the script lies that decides what a member of a cluster becomes.
pub const MEMBER: &str = "/etc/cfgbuild/member";

/// Returns a command that runs a script.
pub fn bash(script: &str) -> String {
    format!("/usr/bin/bash -c {}", quote_word(script))
}

/// Returns the script that repeats a step until it succeeds.
pub fn until_done(host: &Host<'_>, container: &str, step: &Step) -> String {
    let inside = |argv: &[String]| {
        format!("{} exec {} {}", host.system.runtime.client, shell_word(container), words(argv))
    };
    match step {
        Step::Run { argv, until_silent: true } => {
            format!(
                "until out=$({}) && [ -z \"$out\" ]; do \
                 [ -z \"$out\" ] || echo \"<5>not yet: ${{out%%[[:cntrl:]]*}}\"; sleep 15; done",
                inside(argv)
            )
        }
        Step::Run { argv, until_silent: false } => {
            format!("until {}; do sleep 5; done", inside(argv))
        }
        Step::Each { argv, items } => {
            let tries: Vec<String> =
                items.iter().map(|item| format!("try {}; ", words(item))).collect();
            format!(
                "declare -A done; \
                 try() {{ [ \"${{done[$1]}}\" ] || {{ {} \"$@\" && done[$1]=1; }} || left+=\" $1\"; }}; \
                 until left=; {}[ -z \"$left\" ]; do \
                 echo \"<4>not done yet:$left\" >&2; sleep $((wait < 60 ? wait += 5 : wait)); done",
                inside(argv),
                tries.concat()
            )
        }
        Step::Vote { helps } => {
            let client = host.system.runtime.client;
            let helps = if *helps { " help" } else { "" };
            format!("/usr/bin/bash {MEMBER} voter {} {client}{helps}", shell_word(container))
        }
        Step::Hear { port, say, line } => {
            let (say, line) = (shell_word(say), shell_word(line));
            format!(
                "until (exec 3<>/dev/tcp/127.0.0.1/{port} && printf {say} >&3 && timeout 5 grep -q {line} <&3) \
                 2>/dev/null; do sleep 5; done"
            )
        }
    }
}

fn words(argv: &[String]) -> String {
    let words: Vec<String> = argv.iter().map(|word| shell_word(word)).collect();
    words.join(" ")
}
