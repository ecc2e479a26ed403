//! The script that is user data where a cloud-config does not fit: it fetches the real one and applies it.
//!
//! coreos-cloudinit runs it at every boot, as it would apply a cloud-config. The part is kept on the root disk, so that
//! only a node's first boot needs the network; it is used only if its digest is the one that is written here.

use crate::emit::asset::Asset;
use crate::emit::filled::Filled;
use crate::model::Image;
use crate::model::machine::{Body, File};

/// Where the part is kept.
const FOLDER: &str = "/var/lib/cfgbuild/user-data";
/// What ends the text of a file in the script; no file of the stack holds it as a line.
const END: &str = "CFGBUILD_END_OF_FILE";

/// Returns the script. A file whose contents only the stack knows is written by it, for the part is the same in all
/// stacks.
pub(super) fn print(asset: &Asset, image: &Image, stack: Option<&File>) -> Filled {
    let Asset { path: _, source, sha256, sha512, bytes: _ } = asset;
    let mut script = format!(
        "#!/bin/bash\n\
         # The cloud-config of this node is too big for user data: this fetches it and applies it, at every boot.\n\
         set -uo pipefail\n\
         source={source}\n\
         sha512={sha512}\n\
         image={image}\n\
         part={FOLDER}/{sha256}.yaml\n"
    );
    script.push_str(FETCH);
    let mut script = Filled::from(script);
    if let Some(File { path, mode, user: _, group: _, contents }) = stack {
        let (path, mode) = (&path.value, mode.value);
        script.push_str(&format!(
            "mkdir -p \"$(dirname {path})\"\n\
             cat >{path}.new <<'{END}'\n"
        ));
        script.push(&match &contents.body {
            Body::Late(parts) => Filled::of(parts, str::to_owned),
            Body::Bytes(bytes) => Filled::from(String::from_utf8_lossy(bytes).into_owned()),
        });
        script.push_str(&format!(
            "{END}\n\
             chmod {mode:04o} {path}.new && mv {path}.new {path}\n"
        ));
    }
    script.push_str("exec coreos-cloudinit --from-file=\"$part\"\n");
    script
}

/// Fetches the part until it is whole: the network may be late, and without it there is no machine.
const FETCH: &str = r#"
whole() { echo "$sha512  $1" | sha512sum --check --status 2>/dev/null; }

install -d -m 0700 "${part%/*}"
wait=1
until whole "$part"; do
    docker run --rm --network host "$image" s3 cp --only-show-errors "$source" - >"$part.new"
    if whole "$part.new"; then
        mv "$part.new" "$part"
    else
        echo "cannot fetch $source, or it is not what was published; again in $wait s" >&2
        sleep "$wait"
        wait=$((wait < 16 ? wait * 2 : 30))
    fi
done
for old in "${part%/*}"/*; do
    [[ $old == "$part" ]] || rm -f "$old"
done
"#;
