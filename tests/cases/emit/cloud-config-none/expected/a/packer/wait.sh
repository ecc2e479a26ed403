#!/usr/bin/env bash
# Waits until every image of the role is pulled. Written by cfgbuild.
set -euo pipefail
journalctl --follow --output cat --unit cfgbuild-bake.service &
follower=$!
trap 'kill "$follower"' EXIT
# Waits for a start that is under way, and tries again what has failed.
systemctl start cfgbuild-bake.service
