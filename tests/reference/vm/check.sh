#!/usr/bin/env bash
# Runs on the machine once it is up; each line is a fact the test compares.
source_of() { findmnt --noheadings --output SOURCE,FSTYPE,LABEL --mountpoint "$1" | tr -s ' '; }
echo "state=$STATE"
echo "failed=$(systemctl --failed --plain --no-legend | cut -d' ' -f1 | tr '\n' ' ')"
echo "errors=$(journalctl --boot --priority err --output cat --identifier systemd | tr '\n' ';')"
echo "hostname=$(cat /proc/sys/kernel/hostname)"
echo "machine_id=$(cat /etc/machine-id)"
echo "ignition=$(journalctl --boot --output cat --identifier ignition | wc -l)"
echo "flag=$(test -e /boot/flatcar/first_boot && echo there)"
echo "kept=$(source_of /var/lib/kept)"
echo "fast=$(source_of /var/lib/fast)"
echo "second=$(source_of /var/lib/second)"
echo "parts=$(lsblk --noheadings --output PARTLABEL /dev/disk/by-id/virtio-parts | tr -s '\n' ' ')"
echo "array=$(cat /sys/block/md*/md/level 2>/dev/null)"
echo "format=$(journalctl --boot --output cat --unit cfgbuild-format-kept.service | grep 'making' | tr '\n' ' ')"
echo "keeper=$(systemctl is-active keeper.service)"
echo "image=$(docker image ls --format '{{.Repository}}:{{.Tag}}' | tr '\n' ' ')"
echo "bake=$(find /etc/systemd/system -mindepth 1 -maxdepth 1 -name '*cfgbuild-bake*' | wc -l)"
echo "masked=$(find /etc/systemd/system -lname /dev/null -printf '%f ')"
for place in fast second; do
    cat /proc/sys/kernel/random/boot_id >>"/var/lib/$place/boots"
    echo "${place}_boots=$(wc -l <"/var/lib/$place/boots")"
done
echo "starts=$(curl --silent --max-time 60 http://127.0.0.1:8080/starts | wc -l)"
echo "uuid=$(blkid --output value --match-tag UUID /dev/disk/by-id/virtio-kept)"
echo "up=$(cut -d' ' -f1 /proc/uptime)"
echo "slowest=$(systemd-analyze blame --no-pager | head -4 | tr -s ' \n' ' ')"
