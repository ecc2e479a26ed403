//! The gate: no text with control characters comes in, whichever way.

use std::collections::BTreeMap;

use cfgbuild::diagnostic::Diagnostics;
use cfgbuild::profile::{Inputs, Loader, Source};
use cfgbuild::source::{Door, Sources, Spanned};

/// Returns the codes of what is found in the role `a`.
fn found(files: &[(&str, String)], sources_of_values: Vec<Source>) -> Vec<&'static str> {
    let files = files.iter().map(|(path, text)| ((*path).to_owned(), text.clone().into_bytes()));
    let door = Door::Memory(files.collect::<BTreeMap<_, _>>());
    let (mut sources, mut diags) = (Sources::new(), Diagnostics::new());
    let role = Spanned::new("a".to_owned(), Sources::NOWHERE);
    let inputs = Inputs { sources: sources_of_values, ..Inputs::default() };
    let options = cfgbuild::Options { inputs, ..Default::default() };
    let built =
        cfgbuild::compile(&role, &mut Loader::new(&door), &options, &mut sources, &mut diags);
    assert_eq!(built.is_err(), diags.has_errors());
    diags.sorted().iter().map(|found| found.code).collect()
}

#[test]
fn odd_characters_come_in_by_no_way() {
    let plain = "cluster: { nodes: 1 }\nunits: { a.service: { enabled: true } }\n";
    let with_variable = "vars: { v: { type: string, default: '' }, s: { type: secret, default: '' } }\n\
                         cluster: { nodes: 1 }\nfiles: { /etc/a: { inline: '{{vars.v}}{{vars.s}}' } }\n";
    let profile = "profiles/a/profile.yaml";
    let mut ways = 0;
    for odd in ['\r', '\0', '\u{1b}', '\u{7}', '\u{7f}', '\u{85}', '\u{9b}'] {
        let text = format!("a{odd}b");
        let escaped = format!("{}\\u{:04x}{}", 'a', u32::from(odd), 'b');
        let unit = format!("[Service]\nExecStart=/bin/true{odd}ExecStartPre=/bin/evil\n");
        let local = "cluster: { nodes: 1 }\nfiles: { /etc/a: { local: a.hbs } }\n".to_owned();
        let helper = format!(
            "cluster: {{ nodes: 1 }}\n\
             files: {{ /etc/a: {{ inline: '{{{{#with \"{escaped}\"}}}}{{{{this}}}}{{{{/with}}}}' }} }}\n"
        );
        let values = format!("v: \"{escaped}\"\n");
        let file = |name: &str| Source::File {
            name: name.to_owned(),
            text: values.clone(),
            shared: false,
        };
        let a_unit = "profiles/a/units/a.service";
        let a_dropin = "profiles/a/units/b.service.d/10-a.conf";
        let of = |text: &str| (profile, text.to_owned());
        for (files, given) in [
            (vec![(profile, format!("description: \"{escaped}\"\n{plain}"))], vec![]),
            (vec![of(plain), (a_unit, unit.clone())], vec![]),
            (vec![of(plain), ("profiles/a/units/a.service.hbs", unit.clone())], vec![]),
            (vec![of(plain), (a_dropin, unit.clone())], vec![]),
            (vec![(profile, local), ("profiles/a/files/a.hbs", text.clone())], vec![]),
            (vec![(profile, helper)], vec![]),
            (vec![of(with_variable)], vec![Source::Set("v".to_owned(), text.clone())]),
            (vec![of(with_variable)], vec![Source::Set("s".to_owned(), text.clone())]),
            (vec![of(with_variable)], vec![Source::Environment("v".to_owned(), text.clone())]),
            (vec![of(with_variable)], vec![file("v.yaml")]),
        ] {
            ways += 1;
            let codes = found(&files, given);
            let refused = codes.iter().any(|code| code.ends_with("control-character"));
            assert!(refused, "{odd:?} in {files:?}: {codes:?}");
        }
    }
    assert_eq!(ways, 70);
}

#[test]
fn nothing_from_outside_stands_for_a_fact() {
    let profile = "vars: { v: { type: string, default: '' }, s: { type: secret, from: 'ssm:/p' } }\n\
                   cluster: { nodes: 1 }\ntarget: { platform: aws }\n\
                   containers: { c: { image: 'r.example.net/c:1', env: { A: '{{vars.s}}', B: '{{vars.v}}' } } }\n";
    for key in
        ["\0\u{30}", "\0\u{31}", "\u{f8e0}host.zone\u{f8e1}", "\u{f8e0}secret.ssm:/q\u{f8e1}"]
    {
        let files = [("profiles/a/profile.yaml", profile.to_owned())];
        let codes = found(&files, vec![Source::Set("v".to_owned(), key.to_owned())]);
        // private-use characters mean nothing by now, and arrive
        assert_eq!(
            codes.contains(&"control-character"),
            key.starts_with('\0'),
            "{key:?}: {codes:?}"
        );
    }
}

#[test]
fn files_of_values_are_maps() {
    for text in ["- a: evil\n", "hello\n", "[]\n", "'a: b'\n"] {
        for shared in [false, true] {
            let profile = "description: A\ncluster: { nodes: 1 }\n".to_owned();
            let given = Source::File { name: "v.yaml".to_owned(), text: text.to_owned(), shared };
            let codes = found(&[("profiles/a/profile.yaml", profile)], vec![given]);
            assert_eq!(codes, ["wrong-type"], "{text:?}");
        }
    }
}
