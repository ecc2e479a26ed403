//! `cfgbuild rebalance`: which partitions move, and how.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};

use super::goodbye::read;
use super::talk;
use super::workspace::{Values, Workspace, outside};
use crate::output;
use crate::service::{Asked, Holding, Moves, Planned};

/// Plan which partitions of a Kafka move, to brokers that are new and away from those that leave
///
/// Reads what `kafka-topics --describe` prints, writes what `kafka-reassign-partitions` takes, and says how that is run
/// and verified. Without the text it says how to get it. No broker is asked. Each replica moves in its place, as few as
/// can, none out of a zone that would have none then; topics called cfgbuild-canary… stay.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Role of the brokers
    #[arg(value_name = "ROLE")]
    role: String,
    /// What `kafka-topics --describe` printed; `-` for standard input
    #[arg(value_name = "TOPICS")]
    topics: Option<PathBuf>,
    /// Where the plan goes
    #[arg(long, value_name = "FILE", default_value = "reassign.json")]
    out: PathBuf,
    /// Ids of brokers that are no nodes of the role any more: what they hold moves to those that are
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    gone: Vec<u32>,
    /// Bytes a second that each broker sends and takes of it
    #[arg(long, value_name = "BYTES", default_value_t = 50_000_000, value_parser = clap::value_parser!(u64).range(1..))]
    throttle: u64,
    #[command(flatten)]
    values: Values,
}

pub(super) fn run(directory: &Path, args: &Args) -> anyhow::Result<ExitCode> {
    let workspace = Workspace::open(directory)?;
    workspace.role(&args.role)?;
    let Some((role, services)) = read(&workspace, &args.role, &args.values)? else {
        return Ok(ExitCode::from(1));
    };
    let (name, held) = match &args.topics {
        None => (String::new(), None),
        Some(path) => {
            let same = |one: &Path, other: &Path| {
                let whole = |path: &Path| std::fs::canonicalize(path).ok();
                whole(one).is_some_and(|one| whole(other) == Some(one))
            };
            if same(path, &args.out) {
                bail!("`{}` is read: say another `--out`", path.display());
            }
            let (name, bytes) = outside(path)?;
            let text = String::from_utf8(bytes);
            let text = text.map_err(|_| anyhow!("cannot read `{name}`: it is no text in UTF-8"))?;
            (name, Some(text))
        }
    };
    let mut all = services.all.iter();
    let asked = Asked { held: held.as_deref(), gone: &args.gone, throttle: args.throttle };
    let moves = all.find_map(|one| one.service.moves(&role, &asked));
    let moves = moves.with_context(|| format!("role `{}` has no brokers that stay", role.name))?;
    let at = if name.is_empty() { role.name.clone() } else { name };
    let planned = match moves.map_err(|why| anyhow!("{at}: {why}"))? {
        Moves::Asks { node, command } => {
            talk::data(format!("On {node}, and have the file here:\n  {command}\n").as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        Moves::Nothing => {
            let done = "nothing moves: every broker that stays has its part, and nobody else holds anything\n";
            talk::data(done.as_bytes())?;
            return Ok(ExitCode::SUCCESS);
        }
        Moves::Planned(planned) => planned,
    };
    output::replace(&args.out, planned.text.as_bytes())?;
    let mut shown = table(&planned.members)?;
    let Planned { changed: (changed, all), node, begin, verify, .. } = &planned;
    let file = args.out.display();
    write!(
        shown,
        "\n{changed} of {all} partitions change: {file}. Have it on {node}, and begin:\n  {begin} <{file}\n\
         Until this says that nothing is in progress; its last run takes the throttle away, which stays else:\n  \
         {verify} <{file}\n",
    )?;
    talk::data(talk::clean(&shown).as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// Returns what each broker holds, now and then.
fn table(members: &[Holding]) -> Result<String, std::fmt::Error> {
    let name = |it: &Holding| it.name.clone().unwrap_or_else(|| "gone".to_owned());
    let width = members.iter().map(|it| name(it).len()).max().unwrap_or(0).max(6);
    let mut shown = format!("{:<width$}  {:>10}  zone      replicas  then\n", "broker", "id");
    for it in members {
        let word = if it.leaves { "  leaves" } else { "" };
        let ((now, then), zone) = (it.copies, it.zone.as_deref().unwrap_or("-"));
        writeln!(
            shown,
            "{:<width$}  {:>10}  {zone:<8}  {now:>8}  {then:>4}{word}",
            name(it),
            it.id
        )?;
    }
    Ok(shown)
}
