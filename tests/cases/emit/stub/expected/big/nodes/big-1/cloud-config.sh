#!/bin/bash
# The cloud-config of this node is too big for user data: this fetches it and applies it, at every boot.
set -uo pipefail
source=s3://cfg-assets/prod/0b6703353ab4c0484a899f83dc1a6a267d9536a1ec8ac19d45f5b907721052f0/cloud-config.yaml
sha512=5f828fb315920214d920b0045abb93585fce8391603002e88fbe400fe11429e5e48d5e40d2e770279e049df3d286b8469cbaf2e770d8d5b99151db11fa391db7
image=public.ecr.aws/aws-cli/aws-cli:2.36.44
part=/var/lib/cfgbuild/user-data/0b6703353ab4c0484a899f83dc1a6a267d9536a1ec8ac19d45f5b907721052f0.yaml

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
