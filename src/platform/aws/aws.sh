#!/usr/bin/bash
# Usage: aws SERVICE COMMAND …
# The AWS command line in a container, with the rights of the instance's role. Written by cfgbuild.
set -u
. /etc/cfgbuild/lib.sh
client=@CLIENT@ image=@IMAGE@
region=$(imds placement/region) || { echo "the instance's metadata has no region yet" >&2; exit 1; }
"$client" image inspect "$image" >/dev/null 2>&1 ||
    timeout 600 "$client" pull "$image" >"$errors" 2>&1 || { cat "$errors" >&2; exit 1; }
timeout -k 10 120 "$client" run --rm --network host --log-driver none \
    --env AWS_MAX_ATTEMPTS=5 --env AWS_RETRY_MODE=adaptive --env AWS_EC2_METADATA_V1_DISABLED=true \
    "$image" --region "$region" --cli-connect-timeout 5 --cli-read-timeout 20 "$@"
