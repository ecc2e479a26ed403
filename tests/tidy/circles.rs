//! Files of one room form no import circle: what two files need of each other is a third file.
//!
//! `arrows.rs` says what an arrow is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::arrows::{Arrow, Arrows, Tree};
use crate::code::{Source, sources};

#[test]
fn files_of_a_room_form_no_circle() {
    let faults = circles(Tree::new(&sources()).arrows());
    assert!(
        faults.is_empty(),
        "CIRCLE LAW: files of one room import each other in a circle\n{}\nFix: move what both need into a file that \
         imports neither; a name that a `mod.rs` only re-exports counts as the file's behind it.",
        faults.join("\n")
    );
}

/// Returns circles until none would be left if each lost the arrow that most others share.
fn circles(mut arrows: Arrows) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let all: Vec<_> =
            arrows.keys().filter_map(|file| Some((file, way(&arrows, file, file)?))).collect();
        let Some((file, circle)) = all.iter().min_by_key(|(_, circle)| circle.len()) else {
            return found;
        };
        let shared = |from: &str, to: &str| {
            let has =
                |circle: &[(String, Arrow)]| circle.iter().any(|(f, a)| f == from && a.to == to);
            all.iter().filter(|(_, circle)| has(circle)).count()
        };
        let (from, arrow) =
            circle.iter().max_by_key(|(from, arrow)| shared(from, &arrow.to)).expect("has arrows");
        let (from, to) = (from.clone(), arrow.to.clone());
        let lines = circle.iter().map(|(from, Arrow { line, name, .. })| {
            format!("  {from}:{line} takes `{name}` from\n")
        });
        let text = format!("{}  {file}\n", lines.collect::<String>());
        let in_circles: BTreeSet<String> = all.iter().map(|(file, _)| (*file).clone()).collect();
        arrows.retain(|file, _| in_circles.contains(file));
        if let Some(list) = arrows.get_mut(&from) {
            list.retain(|arrow| arrow.to != to);
        }
        found.push(text);
    }
}

/// Returns the shortest way of at least one arrow from one file to another: each file with the arrow it leaves by.
fn way(arrows: &Arrows, from: &str, to: &str) -> Option<Vec<(String, Arrow)>> {
    let mut came: BTreeMap<&str, (&str, &Arrow)> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        for arrow in arrows.get(at).into_iter().flatten() {
            if came.contains_key(arrow.to.as_str()) {
                continue;
            }
            came.insert(&arrow.to, (at, arrow));
            queue.push_back(&arrow.to);
        }
    }
    let mut way = Vec::new();
    let mut at = to;
    loop {
        let (before, arrow) = came.get(at)?;
        way.push(((*before).to_owned(), (*arrow).clone()));
        at = before;
        if at == from {
            way.reverse();
            return Some(way);
        }
    }
}

#[test]
fn circles_are_found_through_lists_only() {
    let file = |path: &str, bare: &str| Source {
        path: path.to_owned(),
        code: bare.to_owned(),
        bare: bare.to_owned(),
    };
    let list = file("src/r/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::{B, b};\n");
    let busy = file("src/r/mod.rs", "mod a;\nmod b;\npub use b::B;\nfn f() { a::g(); }\n");
    let a = file("src/r/a.rs", "use crate::r::B;\n");
    let a_of_parent = file("src/r/a.rs", "fn g() { super::f(); }\n");
    let b = file("src/r/b.rs", "use super::{a, y};\nfn h() { a::g() }\n");
    let b_alone = file("src/r/b.rs", "use std::fmt;\n");
    for (files, wanted) in [
        (vec![&list, &a, &b], 1),
        (vec![&list, &a, &b_alone], 0),
        (vec![&busy, &a, &b_alone], 0),
        (vec![&busy, &a_of_parent, &b_alone], 1),
    ] {
        let files: Vec<Source> = files.into_iter().map(|s| file(&s.path, &s.bare)).collect();
        let found = circles(Tree::new(&files).arrows());
        assert_eq!(found.len(), wanted, "{found:?}");
    }
}
