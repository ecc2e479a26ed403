//! How compiling grows with the size of a role, and reading with that of hostile input: per item, the time must stay
//! what it was.
//!
//! Prints three tables and fails if an item of many costs more than three times one of a hundredth of them.
//! A plain program: `cargo bench --bench scale`. Times are the best of several runs, which a busy machine disturbs
//! least; the whole process is told by its median too.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark prints, takes the time, and may fail loudly"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use base64::prelude::{BASE64_STANDARD, Engine as _};
use cfgbuild::check::{self, Facts};
use cfgbuild::diagnostic::{Diagnostics, render};
use cfgbuild::profile::Loader;
use cfgbuild::source::{Door, Origin, Sources, Spanned};
use cfgbuild::{Build, Options, compile, inspect};
use flate2::Compression;
use flate2::write::GzEncoder;

/// Sizes that are compared: the last may cost at most `MOST` times per item what `SIZES[COMPARED]` does.
const SIZES: [usize; 5] = [1, 10, 100, 1_000, 10_000];
const COMPARED: usize = 100;
const MOST: f64 = 3.0;

/// Tells glibc to keep what is freed: else each run pays anew for every page of memory, and big ones for more.
const KEEP: [&str; 2] = ["MALLOC_TRIM_THRESHOLD_", "MALLOC_MMAP_THRESHOLD_"];

/// What grows, and the workspace of a role with that many.
const GROWING: [(&str, Grow); 7] = [
    ("nodes", nodes),
    ("unit keys", unit_keys),
    ("unit files", unit_files),
    ("file keys", file_keys),
    ("local files", local_files),
    ("containers", containers),
    ("volumes", volumes),
];

/// What is hostile or careless, the most of it that is tried, and how it is made: inputs of up to 10 MB.
const HOSTILE: [(&str, usize, Read); 14] = [
    ("marks of secrets", 1_000_000, |count| local("password=/", count)),
    ("keys without an end", 300_000, |count| local("-----BEGIN PRIVATE KEY-----\n", count)),
    ("raw blocks", 400_000, raw_blocks),
    ("unknown directives", 20_000, |count| unit("ExecStart=/bin/true\n", "Foo=1\n", count, "")),
    ("variables", 100_000, |count| unit("ExecStart=/bin/true", " ${A}", count, "\n")),
    ("lines that go on", 100_000, |count| unit("ExecStart=/bin/true", " \\\n ${A}", count, "\n")),
    ("docker runs", 5_000, docker_runs),
    ("published ports", 60_000, published),
    ("secrets", 20_000, secrets),
    ("findings in a line", 10_000, findings_in_a_line),
    ("bytes of a file", 10_000_000, |count| local("x", count)),
    ("nodes of a stack", 10_000, nodes_of_a_stack),
    ("packed contents", 2_000, packed_contents),
    ("configs in one", 400, configs_in_one),
];

type Read = fn(usize) -> Input;

/// What is read: a workspace, or user data.
enum Input {
    Workspace(Files),
    UserData(Vec<u8>),
}

type Files = BTreeMap<String, Vec<u8>>;
type Grow = fn(usize) -> Files;
/// A name, the arguments, and what is done before each run.
type Run<'a> = (&'a str, &'a [&'a str], &'a dyn Fn());

fn main() -> ExitCode {
    if KEEP.iter().any(|name| std::env::var_os(name).is_none()) {
        let mut again = Command::new(std::env::current_exe().expect("this is a program"));
        again.envs(KEEP.map(|name| (name, (1_u64 << 33).to_string())));
        let status = again.status().expect("it has started once");
        return if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    }
    whole_process();
    let checked = checks();
    println!(
        "\n{:<12} {:>7} {:>11} {:>11} {:>7}",
        "items", "number", "total ms", "each µs", "ratio"
    );
    let mut failed = Vec::new();
    failed.extend(checked.err());
    for (name, make) in GROWING {
        let mut compared = None;
        let mut before = None;
        for size in SIZES {
            let total = seconds(&make(size));
            let each = total / f64::from(u32::try_from(size).expect("sizes are small"));
            let ratio = before.map_or(String::new(), |before: f64| format!("{:.2}", each / before));
            println!("{name:<12} {size:>7} {:>11.2} {:>11.2} {ratio:>7}", total * 1e3, each * 1e6);
            before = Some(each);
            if size == COMPARED {
                compared = before;
            }
        }
        let growth = before.zip(compared).map_or(0.0, |(last, compared)| last / compared);
        if growth > MOST {
            failed.push(format!("{name}: {growth:.1} times the cost per item of {COMPARED}"));
        }
    }
    println!(
        "\n{:<20} {:>9} {:>11} {:>11} {:>7}",
        "hostile", "number", "total ms", "each µs", "ratio"
    );
    for (name, most, make) in HOSTILE {
        let mut each = [0.0; 3];
        for (each, size) in each.iter_mut().zip([most / 100, most / 10, most]) {
            let total = seconds_to_tell(&make(size));
            *each = total / f64::from(u32::try_from(size).expect("sizes are small"));
            println!("{name:<20} {size:>9} {:>11.2} {:>11.3}", total * 1e3, *each * 1e6);
        }
        let [few, _, many] = each;
        println!("{name:<20} {:>41.2}", many / few);
        if many / few > MOST {
            failed
                .push(format!("{name}: {:.1} times the cost per item of a hundredth", many / few));
        }
    }
    if failed.is_empty() {
        println!("\nper item, 10,000 cost at most {MOST} times what {COMPARED} do");
        return ExitCode::SUCCESS;
    }
    println!("\nnot linear:\n{}", failed.join("\n"));
    ExitCode::FAILURE
}

/// Prints what `cfgbuild profile kafka` takes from start to exit, beside a run that does nothing.
fn whole_process() {
    const RUNS: usize = 60;
    let out = tempfile::tempdir().expect("temporary folder");
    let out = out.path().to_str().expect("is text");
    let fresh = || drop(std::fs::remove_dir_all(out));
    let build: &[&str] = &["profile", "kafka", "--out", out];
    let runs: [Run<'_>; 3] = [
        ("cfgbuild --version", &["--version"], &|| ()),
        ("cfgbuild profile kafka, nothing there", build, &fresh),
        ("cfgbuild profile kafka, unchanged", build, &|| ()),
    ];
    println!("{:<40} {:>10} {:>8}", "whole process", "median ms", "best ms");
    for (name, args, prepare) in runs {
        let mut times: Vec<Duration> = (0..RUNS)
            .map(|_| {
                prepare();
                let mut command = Command::new(env!("CARGO_BIN_EXE_cfgbuild"));
                command.args(args).current_dir(env!("CARGO_MANIFEST_DIR"));
                for name in KEEP {
                    command.env_remove(name);
                }
                command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
                let began = Instant::now();
                let status = command.status().expect("the program starts");
                let took = began.elapsed();
                assert!(status.success(), "{name}");
                took
            })
            .collect();
        times.sort();
        let ms = |at: usize| times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1e3);
        println!("{name:<40} {:>10.2} {:>8.2}", ms(RUNS / 2), ms(0));
    }
}

/// Prints what the checks of the shipped kafka role take beside everything else of its build, both in one process.
fn checks() -> Result<(), String> {
    const RUNS: usize = 200;
    const MOST_MS: f64 = 2.0;
    let door = Door::open(Path::new(env!("CARGO_MANIFEST_DIR"))).expect("the workspace is there");
    let role = Spanned::new("kafka".to_owned(), Sources::NOWHERE);
    let (mut whole, mut alone) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..RUNS {
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let mut loader = Loader::new(&door);
        let began = Instant::now();
        let built = compile(&role, &mut loader, &Options::default(), &mut sources, &mut diags);
        whole = whole.min(began.elapsed().as_secs_f64());
        let Build { role, services, machines, .. } = built.expect("the role compiles");
        let parts: Vec<_> = (0..role.nodes.len()).map(|at| services.expand(&role, at)).collect();
        let began = Instant::now();
        let facts = Facts {
            sources: &sources,
            role: &role,
            services: &services,
            parts: &parts,
            machines: &machines,
            secrets: &[],
            secret_defaults: &[],
            taken: &[],
        };
        check::run(&facts, &[], Vec::new(), &mut diags);
        alone = alone.min(began.elapsed().as_secs_f64());
    }
    let (whole, alone) = (whole * 1e3, alone * 1e3);
    println!(
        "\nkafka: {whole:.2} ms with the checks, {:.2} ms without, {alone:.2} ms ({:.0} %) are theirs",
        whole - alone,
        alone / whole * 100.0
    );
    if alone <= MOST_MS {
        Ok(())
    } else {
        Err(format!("checks: {alone:.2} ms, more than {MOST_MS}"))
    }
}

/// Returns the best time to compile a workspace, over as many runs as fit into a second.
fn seconds(files: &Files) -> f64 {
    let door = Door::Memory(files.clone());
    let began = Instant::now();
    let mut best = f64::INFINITY;
    while best.is_infinite() || began.elapsed() < Duration::from_secs(1) {
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let role = Spanned::new("r".to_owned(), Sources::NOWHERE);
        let mut loader = Loader::new(&door);
        let began = Instant::now();
        let built = compile(&role, &mut loader, &Options::default(), &mut sources, &mut diags);
        best = best.min(began.elapsed().as_secs_f64());
        assert!(built.is_ok(), "{:?}", diags.sorted().first());
    }
    best
}

/// Returns the best of three times to read an input, whatever is wrong with it, and to draw what is found.
fn seconds_to_tell(input: &Input) -> f64 {
    let door = match input {
        Input::Workspace(files) => Door::Memory(files.clone()),
        Input::UserData(_) => Door::Memory(Files::new()),
    };
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let began = Instant::now();
        match input {
            Input::Workspace(_) => {
                let role = Spanned::new("r".to_owned(), Sources::NOWHERE);
                let mut loader = Loader::new(&door);
                let options = Options::default();
                drop(compile(&role, &mut loader, &options, &mut sources, &mut diags));
            }
            Input::UserData(bytes) => {
                let origin = Origin::Outside;
                for found in inspect::read("user-data", bytes, origin, &mut sources, &mut diags) {
                    inspect::show(&found);
                }
            }
        }
        render(&sources, diags.sorted().into_iter().take(DRAWN), 140);
        best = best.min(began.elapsed().as_secs_f64());
    }
    best
}

/// Most findings that are drawn, as by the program.
const DRAWN: usize = 200;

/// A role with a file that is `mark` over and over.
fn local(mark: &str, count: usize) -> Input {
    let file = ("profiles/r/files/f".to_owned(), mark.repeat(count).into_bytes());
    Input::Workspace(role("files: { /etc/f: { local: f } }\n", [file]))
}

fn raw_blocks(count: usize) -> Input {
    let text = "{{{{raw}}}}x{{{{/raw}}}}".repeat(count);
    let file = ("profiles/r/files/f.hbs".to_owned(), text.into_bytes());
    Input::Workspace(role("files: { /etc/f: { local: f.hbs } }\n", [file]))
}

/// A role with a unit that has `part` over and over.
fn unit(before: &str, part: &str, count: usize, after: &str) -> Input {
    let text = format!("[Service]\n{before}{}{after}", part.repeat(count));
    let file = ("profiles/r/units/a.service".to_owned(), text.into_bytes());
    Input::Workspace(role("", [file]))
}

fn docker_runs(count: usize) -> Input {
    let line = |number: usize| {
        format!(
            "ExecStart=/usr/bin/docker run --name c{number} -p {number}:80 -v /a{number}:/b img:1\n"
        )
    };
    let lines: String = (1..=count).map(line).collect();
    unit(&lines, "", 0, "")
}

fn published(count: usize) -> Input {
    let ports: Vec<String> = (1..=count).map(|number| format!("-p {number}:{number}")).collect();
    unit("ExecStart=/usr/bin/docker run --name c ", &ports.join(" "), 1, " img:1\n")
}

fn secrets(count: usize) -> Input {
    let entry = |number| format!("s{number}: {{ type: secret, default: abc{number} }}");
    Input::Workspace(role(&section("vars", count, entry), []))
}

fn findings_in_a_line(count: usize) -> Input {
    let entry = |number: usize| format!("/etc/f{number}: {{ inlin: {} }}, ", "x".repeat(1_000));
    let entries: String = (0..count).map(entry).collect();
    Input::Workspace(role(&format!("files: {{{entries}}}\n"), []))
}

fn nodes_of_a_stack(count: usize) -> Input {
    let text = format!("cluster: {{ nodes: {count} }}\naws: {{ instance_type: m6i.large }}\n");
    Input::Workspace([("profiles/r/profile.yaml".to_owned(), text.into_bytes())].into())
}

/// User data with files of 1 MiB of zeros each, of which most are over the limit.
fn packed_contents(count: usize) -> Input {
    let source = packed(&vec![0; 1 << 20]);
    let file = |number| {
        format!(
            "{{\"path\":\"/f{number}\",\"contents\":{{\"compression\":\"gzip\",\"source\":\"{source}\"}}}}"
        )
    };
    let files: Vec<String> = (0..count).map(file).collect();
    let text = format!(
        "{{\"ignition\":{{\"version\":\"3.3.0\"}},\"storage\":{{\"files\":[{}]}}}}",
        files.join(",")
    );
    Input::UserData(text.into_bytes())
}

/// User data with configs of 100 files each, merged in by a config that is merged in itself.
fn configs_in_one(count: usize) -> Input {
    let files: Vec<String> = (0..100)
        .map(|number| {
            format!("{{\"path\":\"/f{number}\",\"contents\":{{\"source\":\"data:,a\"}}}}")
        })
        .collect();
    let inner = format!(
        "{{\"ignition\":{{\"version\":\"3.3.0\"}},\"storage\":{{\"files\":[{}]}}}}",
        files.join(",")
    );
    let merging = |config: &str, count: usize| {
        let resource =
            format!("{{\"compression\":\"gzip\",\"source\":\"{}\"}}", packed(config.as_bytes()));
        format!(
            "{{\"ignition\":{{\"version\":\"3.3.0\",\"config\":{{\"merge\":[{}]}}}}}}",
            vec![resource; count].join(",")
        )
    };
    Input::UserData(merging(&merging(&inner, 20), count).into_bytes())
}

/// Returns bytes as a `data:` URL of what gzip makes of them.
fn packed(bytes: &[u8]) -> String {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).expect("a Vec takes every byte");
    let packed = packed.finish().expect("a Vec takes every byte");
    format!("data:;base64,{}", BASE64_STANDARD.encode(packed))
}

/// A role on a platform without a limit of user data.
fn role(sections: &str, beside: impl IntoIterator<Item = (String, Vec<u8>)>) -> Files {
    let text = format!("target: {{ platform: qemu }}\n{sections}");
    let profile = ("profiles/r/profile.yaml".to_owned(), text.into_bytes());
    std::iter::once(profile).chain(beside).collect()
}

/// Returns a section with `count` entries.
fn section(name: &str, count: usize, entry: impl Fn(usize) -> String) -> String {
    let mut text = format!("{name}:\n");
    for number in 0..count {
        writeln!(text, "  {}", entry(number)).expect("writing to a text cannot fail");
    }
    text
}

fn nodes(count: usize) -> Files {
    let sections = format!(
        "cluster: {{ nodes: {count}, domain: example.net }}
kafka: {{ zookeeper: {{ connect: [\"zk-1:2181\", \"zk-2:2181\", \"zk-3:2181\"] }} }}
files: {{ /etc/node: {{ inline: \"{{{{node.name}}}} of {{{{role.size}}}}\\n\" }} }}
"
    );
    role(&sections, [])
}

fn unit_keys(count: usize) -> Files {
    let unit = "{ enabled: true, contents: \"[Service]\\nExecStart=/bin/true\\n[Install]\\n\
                WantedBy=multi-user.target\\n\" }";
    role(&section("units", count, |number| format!("u{number}.service: {unit}")), [])
}

fn unit_files(count: usize) -> Files {
    let unit = "[Service]\nExecStart=/bin/true\n";
    let path = |number| format!("profiles/r/units/u{number}.service");
    role("", (0..count).map(|number| (path(number), unit.into())))
}

fn file_keys(count: usize) -> Files {
    let entry =
        |number| format!("/etc/f{number}: {{ inline: \"{number} of {{{{role.name}}}}\\n\" }}");
    role(&section("files", count, entry), [])
}

fn local_files(count: usize) -> Files {
    let files = section("files", count, |number| format!("/etc/f{number}: {{ local: f{number} }}"));
    let path = |number| format!("profiles/r/files/f{number}");
    role(&files, (0..count).map(|number| (path(number), b"text\n".to_vec())))
}

fn volumes(count: usize) -> Files {
    let entry = |number: usize| {
        format!("v{number}: {{ mount: /data/v{number}, device: /dev/disk/by-id/d{number} }}")
    };
    role(&section("volumes", count, entry), [])
}

fn containers(count: usize) -> Files {
    let entry = |number: usize| {
        format!("c{number}: {{ image: \"a/b:1\", after: [c{}.service] }}", number + 1)
    };
    role(&section("containers", count, entry), [])
}
