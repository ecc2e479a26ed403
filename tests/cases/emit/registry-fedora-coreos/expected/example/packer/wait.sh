#!/usr/bin/env bash
# Waits until every image of the role is pulled. Written by cfgbuild.
set -euo pipefail
# In memory, and gone with the machine.
install -d -m 0700 /run/cfgbuild-registry
(umask 077 && printf '{"auths":{"%s":{"auth":"%s"}}}' registry.example.net:5000 "${REGISTRY_AUTH:?}" \
    >/run/cfgbuild-registry/config.json)
journalctl --follow --output cat --unit cfgbuild-bake.service &
follower=$!
trap 'kill "$follower"' EXIT
# Waits for a start that is under way, and tries again what has failed.
systemctl start cfgbuild-bake.service
/usr/bin/podman image inspect registry.example.net:5000/mirror/docker-hub/library/nginx:1.29.1 >/dev/null
