//! How fast the whole program is, as ratios to other programs that do the same on the same machine in the same run,
//! and how much memory it takes.
//!
//! Prints the tables of `docs/performance.md`; says which goals are missed, and fails for none of them, because a busy
//! machine misses some. `cargo bench --bench ratios`; `CFGBUILD` measures another binary, `BUTANE` names butane where
//! it is not on the `PATH`. Processor time is that of all children, as the kernel adds it up.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::expect_used,
    reason = "a benchmark prints, takes the time, writes its workspaces, and may fail loudly"
)]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Runs of each small program; the ticks of the kernel are 10 ms, so that one run alone tells nothing.
const RUNS: u32 = 40;
/// Roles of the big workspace.
const ROLES: usize = 1_000;

/// What one program took per run.
#[derive(Clone, Copy)]
struct Took {
    cpu: Duration,
    /// The best of all runs.
    wall: Duration,
}

fn main() {
    let folder = std::env::temp_dir().join(format!("cfgbuild-ratios-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    println!("{:<44} {:>9} {:>9} {:>7} {:>7}", "program", "CPU ms", "best ms", "ratio", "goal");
    copying(&folder);
    match butane() {
        Some(butane) => against_butane(&butane, &folder),
        None => println!("butane is not on the PATH, and BUTANE does not name it: not compared"),
    }
    many_roles(&folder);
    memory(&folder);
    fs::remove_dir_all(&folder).expect("its own folder");
}

/// Compiles the shipped kafka role beside `cp -r` of what comes of it.
fn copying(folder: &Path) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let build = |run: u32| {
        let mut build = cfgbuild(root);
        build.args(["profile", "kafka", "--out"]).arg(folder.join(format!("ours-{run}")));
        build
    };
    let copy = |run: u32| {
        let mut copy = Command::new("cp");
        copy.arg("-r").arg(root.join("output/kafka")).arg(folder.join(format!("theirs-{run}")));
        copy
    };
    let copied = measure(RUNS, copy);
    let fresh = measure(RUNS, build);
    let unchanged = measure(RUNS, build);
    row("cp -r output/kafka", copied, None);
    row("cfgbuild profile kafka, nothing there", fresh, Some((fresh.over(copied), "≤ 1.5")));
    row("cfgbuild profile kafka, unchanged", unchanged, Some((unchanged.over(copied), "")));
}

/// Compiles the same machine with butane and with cfgbuild, both to Ignition on stdout.
fn against_butane(butane: &Path, folder: &Path) {
    for (name, files, units, goal) in
        [("small", 1, 1, "≥ 5"), ("realistic", 15, 12, "≥ 15"), ("5,000 files", 5_000, 0, "≥ 40")]
    {
        let place = folder.join(format!("butane-{files}"));
        write_machine(&place, files, units);
        let theirs = |_| {
            let mut theirs = Command::new(butane);
            theirs.arg("--files-dir").arg(place.join("profiles/r/files"));
            theirs.arg(place.join("config.bu"));
            theirs
        };
        let ours = |_| {
            let mut ours = cfgbuild(&place);
            ours.args(["profile", "r", "--print", "ignition"]);
            ours
        };
        let runs = if files > 100 { 5 } else { RUNS };
        let (theirs, ours) = (measure(runs, theirs), measure(runs, ours));
        row(&format!("butane, {name}"), theirs, None);
        row(&format!("cfgbuild, {name}"), ours, Some((theirs.over(ours), goal)));
    }
}

/// Compiles a workspace of many roles of three nodes.
fn many_roles(folder: &Path) {
    let place = folder.join("many");
    write_roles(&place, ROLES);
    let build = |name: &str, run: u32| {
        let mut build = cfgbuild(&place);
        build.args(["profile", "--all", "--out"]).arg(folder.join(format!("{name}-{run}")));
        build
    };
    let one = measure(2, |run| {
        let build = build("one", run);
        let mut on_one = Command::new("taskset");
        on_one.args(["--cpu-list", "0"]).arg(build.get_program()).args(build.get_args());
        on_one.current_dir(&place);
        on_one
    });
    let two = measure(2, |run| build("all", run));
    let unchanged = measure(2, |run| build("all", run));
    let checked = measure(2, |_| {
        let mut check = cfgbuild(&place);
        check.arg("check");
        check
    });
    let copied = measure(2, |run| {
        let mut copy = Command::new("cp");
        copy.arg("-r").arg(folder.join("all-0")).arg(folder.join(format!("copy-{run}")));
        copy
    });
    let read = measure(2, |_| {
        let mut read = Command::new("grep");
        read.args(["--recursive", "--count", "--text", "cfgbuild"]).arg(folder.join("all-0"));
        read
    });
    row("--all, 1,000 roles, one core", one, None);
    row("--all, 1,000 roles, all cores: CPU s", two, Some((two.cpu.as_secs_f64(), "≤ 3")));
    let faster = one.wall.as_secs_f64() / two.wall.as_secs_f64();
    row("--all, 1,000 roles, all cores: times faster", two, Some((faster, "≥ 1.8")));
    row("check of the same, nothing written", checked, None);
    row("cp -r of what comes of them", copied, None);
    row("--all, unchanged", unchanged, Some((unchanged.over(read), "")));
    row("grep -r over what comes of them", read, None);
}

/// Compiles twice as much, and looks how much more memory that takes.
fn memory(folder: &Path) {
    for roles in [ROLES / 2, ROLES, ROLES * 2] {
        let place = folder.join(format!("memory-{roles}"));
        write_roles(&place, roles);
        let mut build = cfgbuild(&place);
        build.args(["profile", "--all", "--out"]).arg(place.join("output"));
        println!("{:<44} {:>9.1} MB at most", format!("--all, {roles} roles"), peak(build));
    }
    for files in [2_500, 5_000, 10_000] {
        let place = folder.join(format!("memory-files-{files}"));
        write_machine(&place, files, 0);
        let mut build = cfgbuild(&place);
        build.args(["profile", "r", "--print", "ignition"]);
        println!("{:<44} {:>9.1} MB at most", format!("{files} files"), peak(build));
    }
}

/// Returns the most memory that a program has at a time, in MB: `VmHWM` of `/proc/PID/status`, looked at to the end.
fn peak(mut command: Command) -> f64 {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    let about = format!("/proc/{}/status", child.id());
    let mut most = 0.0_f64;
    while child.try_wait().expect("a child").is_none() {
        let status = fs::read_to_string(&about).unwrap_or_default();
        // one that has ended, and waits to be asked, has no memory
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        most = most.max(kibibytes.unwrap_or_default());
        thread::sleep(Duration::from_micros(200));
    }
    assert!(child.wait().expect("a child").success(), "{command:?}");
    most * 1024.0 / 1e6
}

impl Took {
    /// Returns how many times the processor time of another this is.
    fn over(self, other: Self) -> f64 {
        self.cpu.as_secs_f64() / other.cpu.as_secs_f64().max(1e-6)
    }
}

fn row(name: &str, took: Took, ratio: Option<(f64, &str)>) {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let (ratio, goal) =
        ratio.map_or((String::new(), ""), |(ratio, goal)| (format!("{ratio:.2}"), goal));
    println!("{name:<44} {:>9.2} {:>9.2} {ratio:>7} {goal:>7}", ms(took.cpu), ms(took.wall));
}

/// Runs a program several times. What a run leaves is removed only at the end: a file system of Linux works longer on a
/// new file where others were removed just now, and that would be measured too.
fn measure(runs: u32, command: impl Fn(u32) -> Command) -> Took {
    let mut wall = Duration::MAX;
    let before = children();
    for run in 0..runs {
        let mut command = command(run);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let status = command.status().expect("the program starts");
        wall = wall.min(began.elapsed());
        assert!(status.success(), "{command:?}");
    }
    Took { cpu: children().saturating_sub(before) / runs, wall }
}

/// Returns the processor time of all children that have ended, from `/proc/self/stat` (proc(5), `cutime`, `cstime`).
fn children() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let ticks = fields.split_whitespace().skip(13).take(2);
    let ticks: u64 = ticks.map(|field| field.parse::<u64>().expect("a number")).sum();
    // USER_HZ, which is 100 on every platform that Linux runs on today
    Duration::from_millis(ticks * 10)
}

fn cfgbuild(workspace: &Path) -> Command {
    let program = std::env::var_os("CFGBUILD")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_cfgbuild")), PathBuf::from);
    let mut command = Command::new(program.canonicalize().expect("the program is built"));
    command.current_dir(workspace);
    command
}

fn butane() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&on_path).map(|folder| folder.join("butane"));
    let named = std::env::var_os("BUTANE").map(PathBuf::from);
    named.into_iter().chain(on_path).find(|program| program.is_file())
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("has a folder")).expect("a temporary folder");
    fs::write(path, text).expect("a temporary folder");
}

/// Writes a workspace of many roles of three nodes.
fn write_roles(place: &Path, roles: usize) {
    for number in 0..roles {
        let text = format!(
            "description: cluster {number}
target: {{ platform: qemu }}
cluster: {{ nodes: 3, domain: c{number}.example.net }}
kafka: {{ zookeeper: {{ connect: [\"zk-1:2181\", \"zk-2:2181\", \"zk-3:2181\"], chroot: /c{number} }} }}
files: {{ /etc/node: {{ inline: \"{{{{node.name}}}} of {{{{cluster.size}}}}\\n\" }} }}
"
        );
        write(&place.join(format!("profiles/r{number}/profile.yaml")), &text);
    }
}

/// Writes a workspace of one role, and the same machine for butane.
fn write_machine(place: &Path, files: usize, units: usize) {
    let (profile, config) = machine(files, units);
    write(&place.join("profiles/r/profile.yaml"), &profile);
    write(&place.join("config.bu"), &config);
    for number in 0..files {
        let text = format!("# file {number}\n").repeat(20);
        write(&place.join(format!("profiles/r/files/f{number}")), &text);
    }
}

/// Returns a machine as a profile, and as a config for butane.
fn machine(files: usize, units: usize) -> (String, String) {
    let mut profile = "description: one machine
target: { os: fedora-coreos, platform: qemu, formats: [ignition] }
cluster: { nodes: 1 }
"
    .to_owned();
    let mut config = "variant: fcos\nversion: 1.5.0\nstorage:\n  files:\n".to_owned();
    profile.push_str("files:\n");
    for number in 0..files {
        writeln!(profile, "  /etc/app/f{number}: {{ local: f{number} }}").expect("a text");
        writeln!(config, "    - path: /etc/app/f{number}\n      contents: {{ local: f{number} }}")
            .expect("a text");
    }
    if units > 0 {
        profile.push_str("units:\n");
        config.push_str("systemd:\n  units:\n");
    }
    for number in 0..units {
        let text = |indent: &str| {
            format!(
                "{indent}[Unit]
{indent}Description=Service {number}
{indent}Wants=network-online.target
{indent}After=network-online.target
{indent}[Service]
{indent}ExecStart=/usr/bin/app --number {number}
{indent}Restart=always
{indent}[Install]
{indent}WantedBy=multi-user.target
"
            )
        };
        write!(
            profile,
            "  u{number}.service:\n    enabled: true\n    contents: |\n{}",
            text("      ")
        )
        .expect("a text");
        write!(
            config,
            "    - name: u{number}.service\n      enabled: true\n      contents: |\n{}",
            text("        ")
        )
        .expect("a text");
    }
    (profile, config)
}
