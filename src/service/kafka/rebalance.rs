//! What moves where, so that brokers that go hold nothing, and those that are new have their part.
//!
//! Reads what `kafka-topics --describe` prints and returns what `kafka-reassign-partitions` takes: no broker is asked
//! from here. As few replicas move as can: each is replaced in its place, so that who leads stays who leads, and none
//! comes to a zone that has one already where another zone has none.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::json;

use super::super::moves::{Asked, Holding, Moves, Planned};

/// Topics that watch the cluster: they stay where they are put.
const CANARY: &str = "cfgbuild-canary";

/// How many of the partitions that cannot move are told.
const SHOWN: usize = 10;

/// A broker of the role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Broker {
    /// Its id.
    pub(super) id: u32,
    /// Its node.
    pub(super) name: String,
    /// Its zone, where that is known.
    pub(super) rack: Option<String>,
    /// Whether it is about to go.
    pub(super) leaving: bool,
}

/// A partition, as Kafka describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Partition {
    /// Its topic.
    pub(super) topic: String,
    /// Its number.
    pub(super) number: u32,
    /// Whether somebody leads it.
    pub(super) led: bool,
    /// Ids of the brokers that have a copy, the preferred leader first.
    pub(super) replicas: Vec<u32>,
}

impl Partition {
    fn name(&self) -> String {
        format!("{}-{}", self.topic, self.number)
    }
}

/// A partition whose replicas change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Move {
    /// As it is.
    pub(super) partition: Partition,
    /// Ids of the brokers that are to have a copy.
    pub(super) after: Vec<u32>,
}

/// What a plan of moves needs to know of a role, and how it is carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Moving {
    /// A node whose broker stays, on which the commands are typed.
    pub(super) node: String,
    /// The command that prints what everybody holds.
    pub(super) describe: String,
    /// The command that takes a plan on standard input, without what it is to do with it.
    pub(super) reassign: String,
    /// All brokers of the role.
    pub(super) brokers: Vec<Broker>,
}

/// Reads what `kafka-topics --describe` prints.
///
/// # Errors
///
/// Says which line is not understood, that a reassignment is on already, or that there is no partition at all.
pub(super) fn read(text: &str) -> Result<Vec<Partition>, String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let fields: BTreeMap<&str, &str> = line
            .split('\t')
            .filter_map(|field| field.split_once(':'))
            .map(|(name, value)| (name.trim(), value.trim()))
            .collect();
        let (Some(topic), Some(partition)) = (fields.get("Topic"), fields.get("Partition")) else {
            continue;
        };
        let ids = |name: &str| -> Option<Vec<u32>> {
            let said = fields.get(name)?;
            said.split(',').filter(|id| !id.is_empty()).map(|id| id.trim().parse().ok()).collect()
        };
        let moving = ["Adding Replicas", "Removing Replicas"];
        if moving.iter().any(|name| fields.get(name).is_some_and(|said| !said.is_empty())) {
            return Err(format!(
                "{topic}-{partition} is being reassigned: let that end, and verify it, before the next one"
            ));
        }
        let sound = |ids: &Vec<u32>| {
            !ids.is_empty() && ids.iter().collect::<BTreeSet<_>>().len() == ids.len()
        };
        let (Ok(partition), Some(replicas)) = (partition.parse(), ids("Replicas").filter(sound))
        else {
            return Err(format!(
                "line {} is not as `kafka-topics --describe` prints it",
                number + 1
            ));
        };
        let led = fields.get("Leader").is_some_and(|leader| leader.parse::<u32>().is_ok());
        found.push(Partition { topic: (*topic).to_owned(), number: partition, led, replicas });
    }
    if found.is_empty() {
        return Err(
            "it has no partition: it must be what `kafka-topics --describe` prints".to_owned()
        );
    }
    found.sort_by(|one, other| (&one.topic, one.number).cmp(&(&other.topic, other.number)));
    let twice = found.windows(2).find_map(|pair| match pair {
        [one, other] if one.topic == other.topic && one.number == other.number => Some(one.name()),
        _ => None,
    });
    match twice {
        Some(name) => Err(format!("{name} is described twice: it must be what one call prints")),
        None => Ok(found),
    }
}

/// Returns how many replicas each broker holds; canaries are not counted.
pub(super) fn loads(partitions: &[Partition]) -> BTreeMap<u32, usize> {
    let mut loads = BTreeMap::new();
    for id in partitions.iter().filter(|it| !is_canary(it)).flat_map(|it| &it.replicas) {
        *loads.entry(*id).or_default() += 1;
    }
    loads
}

fn is_canary(partition: &Partition) -> bool {
    partition.topic.starts_with(CANARY)
}

/// Who may have what while a plan is made.
struct Plan<'a> {
    brokers: BTreeMap<u32, &'a Broker>,
    /// How many replicas each broker that stays has.
    loads: BTreeMap<u32, usize>,
    /// The same, the emptiest first.
    order: BTreeSet<(usize, u32)>,
}

impl Plan<'_> {
    fn put(&mut self, id: u32, more: bool) {
        let Some(load) = self.loads.get_mut(&id) else { return };
        self.order.remove(&(*load, id));
        *load = if more { *load + 1 } else { load.saturating_sub(1) };
        self.order.insert((*load, id));
    }

    fn racks<'b>(&'b self, replicas: impl IntoIterator<Item = &'b u32>) -> BTreeSet<&'b str> {
        let rack = |id: &u32| self.brokers.get(id)?.rack.as_deref();
        replicas.into_iter().filter_map(rack).collect()
    }

    /// Returns the emptiest broker that stays, has no copy, and adds a zone rather than not.
    fn taker(&self, others: &[u32]) -> Option<u32> {
        let used = self.racks(others);
        let mut known = self.order.iter().map(|(_, id)| *id).filter(|id| !others.contains(id));
        let adds = |id: &u32| {
            let rack = self.brokers.get(id).and_then(|broker| broker.rack.as_deref());
            rack.is_none_or(|rack| !used.contains(rack))
        };
        known.clone().find(adds).or_else(|| known.next())
    }
}

/// Returns what moves: away from brokers that go or that are none of the role's, then to those that have least.
///
/// # Errors
///
/// Says of each partition that cannot move why.
pub(super) fn plan(partitions: &[Partition], brokers: &[Broker]) -> Result<Vec<Move>, Vec<String>> {
    let staying = || brokers.iter().filter(|broker| !broker.leaving);
    let mut plan = Plan {
        brokers: brokers.iter().map(|broker| (broker.id, broker)).collect(),
        loads: staying().map(|broker| (broker.id, 0)).collect(),
        order: staying().map(|broker| (0, broker.id)).collect(),
    };
    let moved = || partitions.iter().filter(|it| !is_canary(it));
    moved().flat_map(|it| &it.replicas).for_each(|id| plan.put(*id, true));
    let mut problems = Vec::new();
    let mut after: Vec<(&Partition, Vec<u32>)> = Vec::new();
    for partition in moved() {
        let mut replicas = partition.replicas.clone();
        let stays = |id: &u32| plan.loads.contains_key(id);
        if replicas.len() > plan.loads.len() {
            problems.push(format!(
                "{} has {} replicas, and {} brokers stay",
                partition.name(),
                replicas.len(),
                plan.loads.len()
            ));
        } else if !partition.led && !replicas.iter().all(stays) {
            problems.push(format!(
                "{} has no leader, so that nobody can copy it: bring back a broker that has it first",
                partition.name()
            ));
        } else {
            for position in 0..replicas.len() {
                let Some(id) = replicas.get(position).copied() else { continue };
                if plan.loads.contains_key(&id) {
                    continue;
                }
                let others: Vec<u32> =
                    replicas.iter().copied().filter(|other| *other != id).collect();
                let (Some(taker), Some(place)) = (plan.taker(&others), replicas.get_mut(position))
                else {
                    continue;
                };
                *place = taker;
                plan.put(taker, true);
            }
        }
        after.push((partition, replicas));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    even_out(&mut plan, &mut after);
    let changed = after.into_iter().filter(|(partition, replicas)| partition.replicas != *replicas);
    Ok(changed.map(|(partition, after)| Move { partition: partition.clone(), after }).collect())
}

/// Moves replicas from brokers that have more than their part to those that have less, where no zone is lost by it;
/// then between any two as long as both come nearer to each other, which zones of different sizes need.
fn even_out(plan: &mut Plan<'_>, after: &mut [(&Partition, Vec<u32>)]) {
    let (all, brokers): (usize, usize) = (plan.loads.values().sum(), plan.loads.len().max(1));
    let (least, most) = (all / brokers, all.div_ceil(brokers));
    let beyond =
        |load: usize, taken: usize| load > most && taken < most || load > least && taken < least;
    pass(plan, after, &beyond);
    while pass(plan, after, &|load, taken| load > taken + 1) {}
}

/// Goes through all replicas once; tells whether one has moved.
fn pass(
    plan: &mut Plan<'_>,
    after: &mut [(&Partition, Vec<u32>)],
    gives: &dyn Fn(usize, usize) -> bool,
) -> bool {
    let mut has_moved = false;
    for (_, replicas) in after.iter_mut().filter(|(partition, _)| partition.led) {
        for position in 0..replicas.len() {
            let Some(from) = replicas.get(position).copied() else { continue };
            let load = plan.loads.get(&from).copied().unwrap_or_default();
            let others: Vec<u32> = replicas.iter().copied().filter(|id| *id != from).collect();
            let zones = plan.racks(&*replicas).len();
            let fits = |(_, id): &&(usize, u32)| {
                let with = others.iter().chain([id]);
                !others.contains(id) && *id != from && plan.racks(with).len() >= zones
            };
            // the emptiest come first: behind the first that takes nothing nobody does
            let mut needy = plan.order.iter().take_while(|(taken, _)| gives(load, *taken));
            let Some((_, to)) = needy.find(fits).copied() else { continue };
            if let Some(place) = replicas.get_mut(position) {
                *place = to;
                plan.put(from, false);
                plan.put(to, true);
                has_moved = true;
            }
        }
    }
    has_moved
}

/// Returns what moves, from what `kafka-topics --describe` has printed.
pub(super) fn planned(moving: Moving, held: &str, asked: &Asked<'_>) -> Result<Moves, String> {
    let partitions = read(held)?;
    let Moving { node, describe: _, reassign, brokers } = moving;
    let known: BTreeSet<u32> =
        brokers.iter().map(|it| it.id).chain(asked.gone.iter().copied()).collect();
    if let Some(broker) = brokers.iter().find(|broker| asked.gone.contains(&broker.id)) {
        return Err(format!(
            "`--gone {}` is `{}`, a node of this role: while it is there, it leaves by `cluster.leaving`",
            broker.id, broker.name
        ));
    }
    let strangers: Vec<u32> =
        loads(&partitions).into_keys().filter(|id| !known.contains(id)).collect();
    if let Some(first) = strangers.first() {
        let all: Vec<String> = strangers.iter().map(ToString::to_string).collect();
        return Err(format!(
            "broker {first} is no node of this role, and holds something: if it has gone for good, `--gone {}` moves \
             that away; a broker of another role stays where it is, and is not planned for here",
            all.join(",")
        ));
    }
    let moves = plan(&partitions, &brokers).map_err(|problems| {
        let mut shown: Vec<String> = problems.iter().take(SHOWN).cloned().collect();
        let more = problems.len() - shown.len();
        shown.extend(Some(format!("and {more} more")).filter(|_| more > 0));
        format!("nothing is planned:\n  {}", shown.join("\n  "))
    })?;
    if moves.is_empty() {
        return Ok(Moves::Nothing);
    }
    Ok(Moves::Planned(Planned {
        members: holdings(&brokers, &partitions, &moves),
        changed: (moves.len(), partitions.len()),
        text: to_json(&moves),
        node,
        begin: format!("{reassign} --throttle {} --execute", asked.throttle),
        verify: format!("{reassign} --verify"),
    }))
}

/// Returns what each broker holds, now and then; those that are no node of the role any more come last.
fn holdings(brokers: &[Broker], partitions: &[Partition], moves: &[Move]) -> Vec<Holding> {
    let now = loads(partitions);
    let mut then = now.clone();
    for one in moves {
        for id in &one.partition.replicas {
            then.entry(*id).and_modify(|load| *load = load.saturating_sub(1));
        }
        for id in &one.after {
            *then.entry(*id).or_default() += 1;
        }
    }
    let copies = |id: u32| {
        let of = |loads: &BTreeMap<u32, usize>| loads.get(&id).copied().unwrap_or(0);
        (of(&now), of(&then))
    };
    let known: BTreeSet<u32> = brokers.iter().map(|broker| broker.id).collect();
    let own = brokers.iter().map(|it| Holding {
        id: it.id,
        name: Some(it.name.clone()),
        zone: it.rack.clone(),
        copies: copies(it.id),
        leaves: it.leaving,
    });
    let gone = now.keys().filter(|id| !known.contains(id)).map(|id| Holding {
        id: *id,
        name: None,
        zone: None,
        copies: copies(*id),
        leaves: true,
    });
    own.chain(gone).collect()
}

/// Returns the plan as `kafka-reassign-partitions --reassignment-json-file` reads it.
pub(super) fn to_json(moves: &[Move]) -> String {
    let one = |it: &Move| {
        let Partition { topic, number, .. } = &it.partition;
        json!({ "topic": topic, "partition": number, "replicas": it.after })
    };
    let partitions: Vec<serde_json::Value> = moves.iter().map(one).collect();
    format!("{:#}\n", json!({ "version": 1, "partitions": partitions }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn brokers(count: u32, leaving: &[u32]) -> Vec<Broker> {
        let zones = ["a", "b", "c"];
        let one = |id: u32| Broker {
            id,
            name: format!("kafka-{id}"),
            rack: zones.get((id as usize - 1) % 3).map(|zone| (*zone).to_owned()),
            leaving: leaving.contains(&id),
        };
        (1..=count).map(one).collect()
    }

    fn described(replicas: &[&[u32]]) -> Vec<Partition> {
        let one = |(number, ids): (usize, &&[u32])| Partition {
            topic: "events".to_owned(),
            number: u32::try_from(number).unwrap(),
            led: true,
            replicas: ids.to_vec(),
        };
        replicas.iter().enumerate().map(one).collect()
    }

    /// Returns the partitions after the moves.
    fn done(partitions: &[Partition], moves: &[Move]) -> Vec<Partition> {
        let after = |it: &Partition| {
            let change = moves.iter().find(|one| one.partition == *it);
            let replicas = change.map_or_else(|| it.replicas.clone(), |one| one.after.clone());
            Partition { replicas, ..it.clone() }
        };
        partitions.iter().map(after).collect()
    }

    #[test]
    fn reads_what_kafka_prints() {
        let text = "Topic: b\tTopicId: x\tPartitionCount: 1\tReplicationFactor: 2\tConfigs: min.insync.replicas=1\n\
             \tTopic: b\tPartition: 0\tLeader: none\tReplicas: 2,1\tIsr: \tElr: 1\tLastKnownElr: \n\
             Topic: a.b\tTopicId: y\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n\
             \tTopic: a.b\tPartition: 10\tLeader: 3\tReplicas: 3\tIsr: 3\n";
        let read = read(text).unwrap();
        let shown: Vec<_> =
            read.iter().map(|it| (it.name(), it.led, it.replicas.clone())).collect();
        assert_eq!(
            shown,
            [("a.b-10".to_owned(), true, vec![3]), ("b-0".to_owned(), false, vec![2, 1])]
        );
        for (text, why) in [
            ("", "no partition"),
            ("\tTopic: a\tPartition: 0\tReplicas: 1,1\n", "line 1"),
            ("\tTopic: a\tPartition: 0\tReplicas: \n", "line 1"),
            ("\tTopic: a\tPartition: 0\tReplicas: -1\n", "line 1"),
            (
                "\tTopic: a\tPartition: 0\tReplicas: 1\n\tTopic: a\tPartition: 0\tReplicas: 2\n",
                "a-0 is described twice",
            ),
            ("Topic: a\tPartition: x\tReplicas: 1\n", "line 1"),
            ("\n\tTopic: a\tPartition: 0\tReplicas: 1,\u{e9}\n", "line 2"),
            (
                "\tTopic: a\tPartition: 0\tLeader: 1\tReplicas: 1,2\tAdding Replicas: 2\n",
                "a-0 is being",
            ),
        ] {
            assert!(super::read(text).unwrap_err().contains(why), "{text}");
        }
    }

    #[test]
    fn a_new_broker_gets_its_part_and_nothing_else_moves() {
        let before = described(&[&[1, 2, 3], &[2, 3, 1], &[3, 1, 2], &[1, 2, 3]]);
        let moves = plan(&before, &brokers(4, &[])).unwrap();
        // the fourth is in the zone of the first, and takes that one's place
        assert_eq!(moves.len(), 2);
        for one in &moves {
            assert!(one.after.contains(&4) && !one.after.contains(&1), "{one:?}");
        }
        assert_eq!(plan(&done(&before, &moves), &brokers(4, &[])).unwrap(), []);
    }

    #[test]
    fn a_broker_that_goes_holds_nothing() {
        let mut before = described(&[&[1, 2, 3], &[2, 3, 4], &[3, 4, 2]]);
        before.push(Partition {
            topic: format!("{CANARY}-4"),
            number: 0,
            led: true,
            replicas: vec![4],
        });
        let moves = plan(&before, &brokers(4, &[4])).unwrap();
        let after = done(&before, &moves);
        assert_eq!(loads(&after).get(&4), None);
        assert_eq!(after[1].replicas, [2, 3, 1]);
    }

    #[test]
    fn what_cannot_move_is_told() {
        let mut before = described(&[&[1, 2, 3], &[4]]);
        before[1].led = false;
        let told = plan(&before, &brokers(4, &[3, 4])).unwrap_err();
        assert_eq!(told.len(), 2);
        assert!(
            told[0].contains("3 replicas, and 2 brokers stay") && told[1].contains("no leader")
        );
    }

    proptest! {
        #[test]
        fn no_factor_and_no_zone_is_lost(
            count in 3_u32..9,
            gone in 0_u32..3,
            seeds in proptest::collection::vec((1_u32..9, 1_usize..4), 1..60),
        ) {
            let all = brokers(count + gone, &(count + 1..=count + gone).collect::<Vec<_>>());
            let spread = |(seed, factor): &(u32, usize)| -> Vec<u32> {
                let from = (count + gone).min(6);
                (0..u32::try_from(*factor).unwrap()).map(|it| (seed + it) % from + 1).collect()
            };
            let lists: Vec<Vec<u32>> = seeds.iter().map(spread).collect();
            let before = described(&lists.iter().map(Vec::as_slice).collect::<Vec<_>>());
            let moves = plan(&before, &all).unwrap();
            let after = done(&before, &moves);
            let zones = |ids: &[u32]| ids.iter().map(|id| (id - 1) % 3).collect::<BTreeSet<_>>().len();
            for (old, new) in before.iter().zip(&after) {
                let distinct: BTreeSet<&u32> = new.replicas.iter().collect();
                prop_assert_eq!(distinct.len(), old.replicas.len());
                prop_assert!(new.replicas.iter().all(|id| *id <= count));
                prop_assert!(zones(&new.replicas) >= zones(&old.replicas).min(3));
            }
            // once done, nothing is left to do
            prop_assert_eq!(plan(&after, &all).unwrap(), vec![]);
        }
    }
}
