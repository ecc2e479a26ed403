//! Any bytes as the workspace's file of values and as one of `--values`: into variables of every type, and every
//! finding drawn.
#![no_main]

use std::collections::BTreeMap;

use cfgbuild::diagnostic::{Diagnostics, render};
use cfgbuild::profile::{Inputs, Loader, Source};
use cfgbuild::source::{Door, Sources, Spanned};
use libfuzzer_sys::fuzz_target;

/// Most findings that are drawn, as by the program.
const MOST: usize = 50;
const PROFILE: &str = r#"
vars:
  a: { type: string, default: a, pattern: "[a-z]+( [a-z]+)*" }
  b: { type: int, default: 1 }
  c: { type: bool, default: false }
  d: { type: memory, default: 1GiB }
  e: { type: size, default: 1GiB }
  f: { type: duration, default: 1s }
  g: { type: url, default: "https://a.example/" }
  h: { type: port, default: 80 }
  i: { type: enum, values: [small, large], default: small }
  j: { type: secret, from: "ssm:/a" }
target: { platform: qemu }
cluster: { nodes: 1 }
files:
  /etc/a:
    inline: "{{vars.a}} {{vars.b}} {{vars.c}} {{vars.d}} {{vars.e}} {{vars.f}} {{vars.g}} {{vars.h}} {{vars.i}}"
  /etc/b: { inline: "{{#if vars.c}}{{vars.j}}{{/if}}" }
"#;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let profile = |role: &str| (format!("profiles/{role}/profile.yaml"), PROFILE.into());
    let door = Door::Memory(BTreeMap::from([profile("role"), profile("other")]));
    for shared in [true, false] {
        let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
        let role = Spanned::new("role".to_owned(), Sources::NOWHERE);
        let values = Source::File { name: "values.yaml".to_owned(), text: text.to_owned(), shared };
        let inputs = Inputs { sources: vec![values], ..Inputs::default() };
        let options = cfgbuild::Options { inputs, ..Default::default() };
        let mut loader = Loader::new(&door);
        let built = cfgbuild::compile(&role, &mut loader, &options, &mut sources, &mut diags);
        assert_eq!(built.is_err(), diags.has_errors(), "a build that fails says why");
        render(&sources, diags.sorted().into_iter().take(MOST), 100);
    }
});
