#!/usr/bin/env bash
# Makes the next boot of this disk a first boot, so that Ignition runs with the config of whatever node it becomes.
# Keeps the images that were pulled and whatever other provisioners left. Written by cfgbuild.
set -euo pipefail

# What made this machine the one that bakes; a node brings its own.
systemctl disable --quiet cfgbuild-bake.service
bake=(
    /etc/systemd/system/cfgbuild-bake.service
    /etc/systemd/system/locksmithd.service
    /etc/systemd/system/update-engine.service
    /etc/systemd/system-preset/20-ignition.preset
    /etc/.ignition-result.json
)
rm -f -- "${bake[@]}"

# Who this machine was: identities, keys, leases, seeds, logs.
rm -rf /etc/machine-id /var/lib/dbus/machine-id /etc/ssh/ssh_host_* \
    ~core/.ssh /root/.ssh ~core/.bash_history /root/.bash_history \
    /etc/docker/key.json /var/lib/docker/engine-id \
    /var/lib/NetworkManager/*.lease /var/lib/systemd/network /var/lib/systemd/credential.secret
systemctl stop systemd-random-seed.service || true
rm -f /var/lib/systemd/random-seed
# What is still said goes to memory, not to the image.
journalctl --rotate --quiet || true
journalctl --relinquish-var --quiet || true
rm -rf /var/log/journal/* /var/log/wtmp /var/log/btmp /var/log/lastlog

# What the boot loader looks for.
mkdir -p "$(dirname /boot/flatcar/first_boot)"
touch /boot/flatcar/first_boot
sync
