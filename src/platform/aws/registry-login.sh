#!/usr/bin/bash
# Usage: registry-login IMAGE…
# Logs in to the ECR registry of each image that is not here yet. Written by cfgbuild.
set -u
. /etc/cfgbuild/lib.sh
umask 077
client=@CLIENT@ known=' '
mkdir -p /run/cfgbuild/registry
for image; do
    registry=${image%%/*}
    "$client" image inspect "$image" >/dev/null 2>&1 && continue
    [[ $known == *" $registry "* ]] && continue
    region=${registry#*.dkr?ecr} region=${region#-fips} region=${region#.} region=${region%%.*}
    tries=6
    until ask ecr get-login-password --region "$region" &&
        "$client" login --username AWS --password-stdin "$registry" <<<"$answer" >"$errors" 2>&1; do
        ((--tries > 0)) || { echo "<3>no login to $registry: $(tail -n 1 "$errors")" >&2; exit 1; }
        sleep 10
    done
    known+="$registry "
done
