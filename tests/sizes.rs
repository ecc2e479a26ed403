//! User data has a budget: what is shipped leaves room for what users add, and says nothing twice.
#![allow(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test may fail loudly and reads the shipped profiles"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use cfgbuild::diagnostic::Diagnostics;
use cfgbuild::emit::{Request, forms};
use cfgbuild::model::machine::Machine;
use cfgbuild::profile::Loader;
use cfgbuild::source::{Door, Sources, Spanned};
use cfgbuild::{Build, Options, compile};

/// Most of the limit that a shipped profile takes, in percent.
const BUDGET: usize = 85;
/// The same for the role that has three services, each with a majority of its own: what goes beyond is compressed
/// harder, and then for assets.
const FULL: (&str, usize) = ("kafka", 100);
/// From how many bytes on a command is a script, which is written once. A shorter one that two units need costs little
/// compressed, and is read where it runs.
const SCRIPT: usize = 400;

/// Returns every shipped role, compiled.
fn shipped() -> Vec<Build> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("profiles");
    let roles = fs::read_dir(root).expect("there are profiles").filter_map(Result::ok);
    let mut files = BTreeMap::new();
    let mut names = Vec::new();
    for folder in roles.map(|entry| entry.path()) {
        let name = folder.file_name().expect("is below").to_string_lossy().into_owned();
        let text = fs::read(folder.join("profile.yaml")).expect("each has a text");
        files.insert(format!("profiles/{name}/profile.yaml"), text);
        names.push(name);
    }
    names.sort();
    let door = Door::Memory(files);
    let build = |name: String| {
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let role = Spanned::new(name, Sources::NOWHERE);
        let mut loader = Loader::new(&door);
        compile(&role, &mut loader, &Options::default(), &mut sources, &mut diags)
            .expect("what is shipped compiles")
    };
    names.into_iter().map(build).collect()
}

#[test]
fn shipped_user_data_leaves_room_in_every_format() {
    for build in shipped() {
        for machine in &build.machines {
            let target = &build.role.target;
            let request = Request { aws: build.role.aws.as_ref(), ..Request::new(target, machine) };
            let Some(limit) = request.limit() else { continue };
            for (format, forms) in forms(&request) {
                let most = forms.smallest() + machine.growth();
                let budget = if build.role.name == FULL.0 { FULL.1 } else { BUDGET };
                assert!(
                    most * 100 < limit * budget,
                    "{format} of `{}` takes {most} bytes in its smallest form, {budget} % of {limit} at most: see \
                     `cfgbuild show {} --sizes`",
                    machine.name,
                    build.role.name,
                );
            }
        }
    }
}

#[test]
fn shared_scripts_are_written_once() {
    for build in shipped() {
        for machine in &build.machines {
            for (text, places) in texts(machine) {
                assert!(
                    places.len() == 1,
                    "`{}` holds the same text in {}: write it once and refer to it\n{text}",
                    machine.name,
                    places.join(", "),
                );
            }
        }
    }
}

/// Returns the contents of files, and the commands of units that are long enough to be scripts, with where they are.
fn texts(machine: &Machine) -> BTreeMap<String, Vec<&str>> {
    let mut found: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for file in &machine.files {
        let text = String::from_utf8_lossy(&file.contents.bytes()).into_owned();
        found.entry(text).or_default().push(&file.path.value);
    }
    for unit in &machine.units {
        let texts = unit.contents.iter().chain(unit.dropins.values());
        let lines = texts.flat_map(|text| text.split('\n'));
        let commands = lines.filter_map(|line| line.strip_prefix("Exec")?.split_once('='));
        for (_, command) in commands.filter(|(_, command)| command.len() > SCRIPT) {
            found.entry(command.to_owned()).or_default().push(&unit.name.value);
        }
    }
    found
}
