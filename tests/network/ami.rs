//! `cfgbuild ami` from files, from a server, and from servers with nothing to offer.

use std::fs;

use tempfile::TempDir;

use crate::server::{Ran, Server, answer, cfgbuild};

const LIST: &str = r#"{"amis":[
    {"name":"us-east-1","hvm":"ami-0aaaaaaaaaaaaaaa1"},
    {"name":"eu-west-1","hvm":"ami-0aaaaaaaaaaaaaaa2"}]}"#;
const JSON: &str = "application/json";

fn workspace(profile: &str) -> TempDir {
    let dir = tempfile::tempdir().expect("temporary folder");
    fs::create_dir_all(dir.path().join("profiles/a")).unwrap();
    fs::write(dir.path().join("profiles/a/profile.yaml"), profile).unwrap();
    dir
}

fn ami(dir: &TempDir, args: &[&str]) -> Ran {
    cfgbuild(dir.path(), &[&["ami", "a"], args].concat(), &[])
}

fn profile(dir: &TempDir) -> String {
    fs::read_to_string(dir.path().join("profiles/a/profile.yaml")).unwrap()
}

const PROFILE: &str = "# ours\ncluster: { nodes: 1 }\naws: { instance_type: m6i.large } # small\n";

#[test]
fn a_list_is_printed_or_written_with_where_it_comes_from() {
    let server = Server::start(|(line, _), _| match line.as_str() {
        "GET /current/list.json" => answer("200 OK", JSON, LIST),
        "GET /current/version.txt" => answer("200 OK", "text/plain", "FLATCAR_VERSION=4459.2.1\n"),
        _ => answer("404 Not Found", "text/plain", ""),
    });
    let url = format!("{}/current/list.json", server.url);
    let dir = workspace(PROFILE);
    let ran = ami(&dir, &["--from", &url, "--region", "eu-west-1"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout.starts_with("aws: { ami: { eu-west-1: ami-0aaaaaaaaaaaaaaa2 } }\nx-ami: {"),
        "{ran:?}"
    );
    assert!(ran.stdout.contains("version: \"4459.2.1\"") && ran.stdout.contains(&url), "{ran:?}");
    assert_eq!(profile(&dir), PROFILE);
    let ran = ami(&dir, &["--from", &url, "--write"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let written = profile(&dir);
    let amis = "{ eu-west-1: ami-0aaaaaaaaaaaaaaa2, us-east-1: ami-0aaaaaaaaaaaaaaa1 }";
    assert!(
        written.starts_with("# ours\ncluster: { nodes: 1 }\n") && written.contains("# small"),
        "{written}"
    );
    assert!(written.contains(amis) && written.contains("x-ami:"), "{written}");
    // the profile still compiles, and its template knows the images
    let built = cfgbuild(dir.path(), &["profile", "a"], &[]);
    assert_eq!(built.code, 0, "{built:?}");
    let template = fs::read_to_string(dir.path().join("output/a/cloudformation.json")).unwrap();
    assert!(template.contains("ami-0aaaaaaaaaaaaaaa2"));
    let ran = ami(&dir, &["--check"]);
    assert!(ran.code == 0 && ran.stderr.contains("(release 4459.2.1) are 0 days old"), "{ran:?}");
}

#[test]
fn a_file_will_do_and_an_old_one_is_said_so() {
    let dir = workspace(PROFILE);
    fs::write(dir.path().join("list.json"), LIST).unwrap();
    let ran = ami(&dir, &["--from", "list.json"]);
    assert!(ran.code == 0 && ran.stdout.contains("version: \"unknown\""), "{ran:?}");
    let amis = "aws: { instance_type: m6i.large, ami: { us-east-1: ami-01234567 } }\n";
    for (about, code, says) in [
        (
            "x-ami: { version: \"1\", date: \"2020-01-02T03:04:05Z\" }\n",
            1,
            "days old, and images are withdrawn",
        ),
        ("", 1, "nothing says how old"),
        ("x-ami: { date: tomorrow }\n", 1, "nothing says how old"),
        ("x-ami: { date: \"2999-01-02T03:04:05Z\" }\n", 0, "are 0 days old"),
    ] {
        let ran = ami(&workspace(&format!("{amis}{about}")), &["--check"]);
        assert!(ran.code == code && ran.stderr.contains(says), "{ran:?}");
    }
    let ran = ami(&workspace(PROFILE), &["--check"]);
    assert!(ran.code == 0 && ran.stderr.contains("lists no AMIs by region"), "{ran:?}");
}

#[test]
fn what_is_no_list_is_refused_and_nothing_is_written() {
    let dir = workspace(PROFILE);
    for (response, says) in [
        (answer("404 Not Found", "text/plain", "gone"), "answers 404"),
        (answer("200 OK", "text/html", "<html>"), "answers 200 with a web page"),
        (
            answer("200 OK", JSON, "{\"amis\":[{\"name\":\"us-east-1\",\"hvm\":\"ami-1 }\"}]}"),
            "which is no AMI in a region",
        ),
        (answer("200 OK", JSON, "{}"), "it is neither Flatcar's"),
    ] {
        let server = Server::start(move |_, _| response.clone());
        let ran = ami(&dir, &["--from", &server.url, "--write"]);
        assert!(ran.code == 2 && ran.stderr.contains(says), "{ran:?}");
    }
    fs::write(dir.path().join("list.json"), LIST).unwrap();
    let ran = ami(&dir, &["--from", "list.json", "--region", "mars-1"]);
    assert!(
        ran.code == 2 && ran.stderr.contains("no image in `mars-1`: it has eu-west-1, us-east-1"),
        "{ran:?}"
    );
    let ran = ami(&dir, &["--from", "missing.json"]);
    assert!(ran.code == 2 && ran.stderr.contains("cannot read `missing.json`"), "{ran:?}");
    assert_eq!(profile(&dir), PROFILE);
}
