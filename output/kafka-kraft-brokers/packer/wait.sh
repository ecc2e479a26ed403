#!/usr/bin/env bash
# Waits until every image of the role is pulled. Written by cfgbuild.
set -euo pipefail
journalctl --follow --output cat --unit cfgbuild-bake.service &
follower=$!
trap 'kill "$follower"' EXIT
# Waits for a start that is under way, and tries again what has failed.
systemctl start cfgbuild-bake.service
/usr/bin/docker image inspect docker.io/apache/kafka:4.3.1 >/dev/null
/usr/bin/docker image inspect public.ecr.aws/aws-cli/aws-cli:2.36.44 >/dev/null
/usr/bin/docker image inspect quay.io/prometheus/node-exporter:v1.9.1 >/dev/null
