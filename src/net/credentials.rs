//! Keys and region of a profile of the AWS command line, which `object_store` does not read.
//!
//! Only keys that are written down: what must be fetched (SSO, an assumed role, a program) is left to that command.

#![expect(clippy::disallowed_methods, reason = "the standard AWS environment is what it reads")]

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};

/// Keys and region, as far as they are written down.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Profile {
    pub(super) key_id: Option<String>,
    pub(super) secret: Option<String>,
    pub(super) token: Option<String>,
    pub(super) region: Option<String>,
}

/// Variables that name credentials more directly than a profile does.
const STRONGER: [&str; 4] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];
/// Keys of a profile by which credentials are fetched.
const FETCHED: [&str; 5] =
    ["sso_session", "sso_start_url", "role_arn", "credential_process", "login_session"];

/// Returns the profile that the environment asks for; an empty one where it asks for none and there is no default.
pub(super) fn profile() -> anyhow::Result<Profile> {
    if STRONGER.iter().any(|name| env::var_os(name).is_some())
        && env::var_os("AWS_PROFILE").is_none()
    {
        return Ok(Profile::default());
    }
    let said = env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
    let credentials = text("AWS_SHARED_CREDENTIALS_FILE", ".aws/credentials")?;
    let config = text("AWS_CONFIG_FILE", ".aws/config")?;
    let name = said.as_deref().unwrap_or("default");
    let found = read(&credentials, &config, name)?;
    match (found, said) {
        (Some(profile), _) => Ok(profile),
        (None, Some(name)) => bail!("there is no AWS profile `{name}`, which AWS_PROFILE names"),
        (None, None) => Ok(Profile::default()),
    }
}

fn text(variable: &str, usual: &str) -> anyhow::Result<String> {
    let path = match (env::var_os(variable), env::var_os("HOME")) {
        (Some(path), _) => PathBuf::from(path),
        (None, Some(home)) => PathBuf::from(home).join(usual),
        (None, None) => return Ok(String::new()),
    };
    match fs::read_to_string(&path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(error).with_context(|| format!("cannot read `{}`", path.display())),
    }
}

fn read(credentials: &str, config: &str, name: &str) -> anyhow::Result<Option<Profile>> {
    let mut entries = section(config, &format!("profile {name}")).or_else(|| section(config, name));
    if let Some(keys) = section(credentials, name) {
        entries.get_or_insert_default().extend(keys);
    }
    let Some(mut entries) = entries else { return Ok(None) };
    if !entries.contains_key("aws_access_key_id")
        && let Some(how) = FETCHED.iter().find(|key| entries.contains_key(**key))
    {
        bail!(
            "the AWS profile `{name}` holds no keys (it has `{how}`): \
             run `eval \"$(aws configure export-credentials --profile {name} --format env)\"` first"
        );
    }
    let mut take = |key: &str| entries.remove(key);
    Ok(Some(Profile {
        key_id: take("aws_access_key_id"),
        secret: take("aws_secret_access_key"),
        token: take("aws_session_token"),
        region: take("region"),
    }))
}

/// Returns the entries of a section; nested ones, which are indented, are left out.
fn section(text: &str, name: &str) -> Option<BTreeMap<String, String>> {
    let mut found = None;
    let mut inside = false;
    for line in text.lines() {
        if let Some(title) = line.trim().strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            let words: Vec<&str> = title.split_whitespace().collect();
            inside = words.join(" ") == name;
            if inside {
                found.get_or_insert_with(BTreeMap::new);
            }
            continue;
        }
        let entry =
            line.split_once('=').filter(|_| inside && !line.starts_with([' ', '\t', '#', ';']));
        if let (Some((key, value)), Some(entries)) = (entry, &mut found) {
            entries.insert(key.trim().to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_read_as_the_command_line_reads_them() {
        let credentials = "# mine\n[default]\naws_access_key_id = AK1\naws_secret_access_key=S/1=\n\n\
            [ other ]\naws_access_key_id=AK2\naws_secret_access_key=S2\naws_session_token=T2\n";
        let config = "[default]\nregion = eu-west-1\n[profile other]\nregion=us-east-2\ns3 =\n  region = no\n\
            [profile sso]\nsso_session = x\n";
        let profile = |key: &str, secret: &str, token: Option<&str>, region: &str| Profile {
            key_id: Some(key.to_owned()),
            secret: Some(secret.to_owned()),
            token: token.map(str::to_owned),
            region: Some(region.to_owned()),
        };
        let read = |name| read(credentials, config, name);
        assert_eq!(
            read("default").expect("reads"),
            Some(profile("AK1", "S/1=", None, "eu-west-1"))
        );
        assert_eq!(
            read("other").expect("reads"),
            Some(profile("AK2", "S2", Some("T2"), "us-east-2"))
        );
        assert_eq!(read("none").expect("reads"), None);
        let error = read("sso").expect_err("holds no keys").to_string();
        assert!(error.contains("`sso_session`") && error.contains("--profile sso"), "{error}");
    }
}
