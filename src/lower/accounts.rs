//! The sections `users` and `groups` → accounts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Group, User};
use crate::profile::Value;
use crate::profile::read;

/// Reads all users.
pub(super) fn users(tree: &Value, diags: &mut Diagnostics) -> Vec<User> {
    let mut found = Vec::new();
    for (name, value) in read::entries_at(tree, "users") {
        let mut keys = Vec::new();
        for key in read::texts_at(value, "ssh_authorized_keys") {
            // a key that comes from an unset variable is no key
            if key.value.is_empty() {
                continue;
            }
            if !is_public_key(&key.value) {
                // the text is not shown: it may be the private half
                let title = format!("user `{}` has an SSH key that is no public key", name.value);
                diags.report(
                    Diagnostic::error("ssh-key", key.span, title, "sshd would ignore this line")
                        .help("paste one line of a `.pub` file: type, base64, comment"),
                );
            }
            keys.push(key.value);
        }
        found.push(User {
            name: name.clone(),
            ssh_authorized_keys: keys,
            password_hash: read::text_at(value, "password_hash"),
            uid: read::number_at(value, "uid"),
            primary_group: read::text_at(value, "primary_group").map(|text| text.value),
            groups: read::words_at(value, "groups"),
            home_dir: read::text_at(value, "home_dir").map(|text| text.value),
            shell: read::text_at(value, "shell").map(|text| text.value),
            system: read::bool_at(value, "system").is_some_and(|system| system.value),
            should_exist: read::bool_at(value, "should_exist"),
        });
    }
    found.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    found
}

/// Tells whether a line is `[options] TYPE BASE64 [comment]` whose base64 names the same type (RFC 4253, 6.6).
fn is_public_key(line: &str) -> bool {
    const TYPES: [&str; 7] = [
        "ssh-ed25519",
        "ssh-rsa",
        "ecdsa-sha2-nistp256",
        "ecdsa-sha2-nistp384",
        "ecdsa-sha2-nistp521",
        "sk-ssh-ed25519@openssh.com",
        "sk-ecdsa-sha2-nistp256@openssh.com",
    ];
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some(at) = words.iter().position(|word| TYPES.contains(word)) else { return false };
    let (Some(kind), Some(body)) = (words.get(at), words.get(at + 1)) else { return false };
    let Ok(bytes) = BASE64.decode(body) else { return false };
    let length = bytes.first_chunk::<4>().map_or(0, |length| u32::from_be_bytes(*length) as usize);
    !line.contains('\n') && bytes.get(4..4 + length) == Some(kind.as_bytes())
}

/// Reads all groups.
pub(super) fn groups(tree: &Value) -> Vec<Group> {
    let mut found: Vec<Group> = read::entries_at(tree, "groups")
        .map(|(name, value)| Group {
            name: name.clone(),
            gid: read::number_at(value, "gid").map(|gid| gid.value),
            system: read::bool_at(value, "system").is_some_and(|system| system.value),
        })
        .collect();
    found.sort_by(|a, b| a.name.value.cmp(&b.name.value));
    found
}
