//! Units with a hostile text that was taken, beside the same with a harmless one: for systemd itself to read, in
//! `tests/reference/structure`.

use std::collections::BTreeMap;
use std::fs;

use cfgbuild::output::Tree;
use serde_json::{Value as Json, json};

/// Names the file that the units are handed over in.
const FILE: &str = "CFGBUILD_UNITS";

/// Returns every unit that differs from what it is with the harmless text.
pub(crate) fn changed(place: &str, text: &str, plain: &Tree, hostile: &Tree) -> Option<Json> {
    std::env::var_os(FILE)?;
    let (mut before, mut after) = (units(plain), units(hostile));
    before.retain(|name, contents| after.get(name) != Some(contents));
    let before_all = units(plain);
    after.retain(|name, contents| before_all.get(name) != Some(contents));
    let some = !after.is_empty();
    some.then(|| json!({ "place": place, "text": text, "plain": before, "hostile": after }))
}

/// Returns the units of the only node by their names.
fn units(tree: &Tree) -> BTreeMap<String, String> {
    let ignition = tree.iter().find(|(path, _)| path.ends_with("/ignition.json"));
    let (_, artefact) = ignition.expect("is written as Ignition");
    let config: Json = serde_json::from_slice(&artefact.bytes).expect("is JSON");
    let units = config["systemd"]["units"].as_array().cloned().unwrap_or_default();
    let text = |unit: &Json, key: &str| unit[key].as_str().map(str::to_owned);
    units.iter().filter_map(|unit| Some((text(unit, "name")?, text(unit, "contents")?))).collect()
}

/// Writes them where somebody asks for them.
pub(crate) fn hand_over(units: &[Json]) {
    if let Some(path) = std::env::var_os(FILE) {
        fs::write(path, serde_json::to_vec(units).expect("is JSON")).expect("can be written");
    }
}
