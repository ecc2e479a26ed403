#!/bin/bash
# The cloud-config of this node is too big for user data: this fetches it and applies it, at every boot.
set -uo pipefail
source=s3://cfg-assets/prod/9ebf78b96e54287c1c01e3fe1b577c112ba160c8a2129d0644c7ecdfca900322/cloud-config.yaml
sha512=72a01d9ed764e636ea68e50c5faeee2a7461d78d05445ef868c77b8c06b4c1d963ae335b026fdf94553d48a422040cb630756139c6ec902f7c136aa2179d890f
image=public.ecr.aws/aws-cli/aws-cli:2.36.44
part=/var/lib/cfgbuild/user-data/9ebf78b96e54287c1c01e3fe1b577c112ba160c8a2129d0644c7ecdfca900322.yaml

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
