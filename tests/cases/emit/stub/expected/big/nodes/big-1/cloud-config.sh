#!/bin/bash
# The cloud-config of this node is too big for user data: this fetches it and applies it, at every boot.
set -uo pipefail
source=s3://cfg-assets/prod/b4b657994bc2844623e474c0379885212370e20c1887cf4c1c449e88dff61da7/cloud-config.yaml
sha512=92a13c8dc2ede4157cfe67a96042bd5ae2eb8a6522684e69544b03e6fc17b955093981d0f88f1f7da54d9d7e0acc32729d0804fbe105d5c85f81fa90c5774cc8
image=public.ecr.aws/aws-cli/aws-cli:2.36.44
part=/var/lib/cfgbuild/user-data/b4b657994bc2844623e474c0379885212370e20c1887cf4c1c449e88dff61da7.yaml

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
mkdir -p "$(dirname /etc/cfgbuild/stack.env)"
cat >/etc/cfgbuild/stack.env.new <<'CFGBUILD_END_OF_FILE'
CFGBUILD_STACK=
CFGBUILD_STACK_GROUP=Big1Group
CFGBUILD_STACK_READY=Ready
CFGBUILD_END_OF_FILE
chmod 0644 /etc/cfgbuild/stack.env.new && mv /etc/cfgbuild/stack.env.new /etc/cfgbuild/stack.env
exec coreos-cloudinit --from-file="$part"
