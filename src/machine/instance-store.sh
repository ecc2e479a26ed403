#!/usr/bin/bash
# Usage: instance-store VOLUME LABEL --model MODEL, or instance-store VOLUME LABEL DISK…
# Links /run/cfgbuild/volumes/VOLUME to the disk of the instance, or to an array of its disks by the name of LABEL.
# Blank disks become an array, disks of the array are put together, anything else is left alone. Written by cfgbuild.
set -u
volume=$1 label=$2 link=/run/cfgbuild/volumes/$1 said='' disks=()
shift 2

say() { [[ $1 == "$said" ]] || echo "$1"; said=$1; }
refuse() { echo "<3>$volume: $1" >&2; exit 1; }

# Disks of a model, in an order that does not depend on which of them answers first.
find_all() {
    local place model serial lines=''
    # The bus is known before any program runs, the disks behind it are not.
    for place in /sys/bus/pci/devices/*; do
        [[ $(<"$place/class") == 0x0108* ]] || continue
        compgen -G "$place/nvme/nvme*/nvme*n*" >/dev/null ||
            { say "<4>$volume: waiting for the disk of ${place##*/}"; return 1; }
    done 2>/dev/null
    for place in /sys/class/block/nvme*n*; do
        [[ -b /dev/${place##*/} && -r $place/device/model ]] || continue
        read -r model <"$place/device/model"
        [[ $model == "$1" ]] || continue
        read -r serial <"$place/device/serial"
        lines+="$serial /dev/${place##*/}"$'\n'
    done
    [[ -n $lines ]] || { say "<4>$volume: waiting for a disk that is called $1"; return 1; }
    mapfile -t disks < <(sort <<<"${lines%$'\n'}" | sed 's/.* //')
}

# Prints the array that a disk is in use by.
user() {
    local place
    for place in /sys/class/block/"${1##*/}"/holders/md*; do
        [[ -e $place ]] && echo "/dev/${place##*/}" && return
    done
    return 1
}

publish() { mkdir -p "${link%/*}" && ln -sfn "$1" "$link" && echo "$volume: its disk is $1"; }

udevadm settle
if [[ $1 == --model ]]; then
    until find_all "$2"; do sleep 2; done
else
    for disk; do disks+=("$(readlink -f "$disk")"); done
fi
count=${#disks[@]}
if ((count == 1)); then
    publish "${disks[0]}"
    exit
fi

blank=() own=() array=''
for disk in "${disks[@]}"; do
    told=$(mdadm --examine --export "$disk" 2>/dev/null)
    uuid=$(sed -n 's/^MD_UUID=//p' <<<"$told")
    if [[ -z $uuid ]]; then
        bash /etc/cfgbuild/format-volume "$disk" || refuse "no array is made of ${disks[*]}"
        blank+=("$disk")
        continue
    fi
    name=$(sed -n 's/^MD_NAME=//p' <<<"$told")
    [[ ${name##*:} == "$label" && ${array:-$uuid} == "$uuid" ]] ||
        refuse "$disk is of the array $name ($uuid)${own:+, and ${own[0]} of $array}; not touched"
    grep -qxF "MD_DEVICES=$count" <<<"$told" ||
        refuse "$disk is of an array of $(sed -n 's/^MD_DEVICES=//p' <<<"$told") disks, and there are $count: ${disks[*]}"
    array=$uuid own+=("$disk")
done
((${#blank[@]} == 0 || ${#own[@]} == 0)) ||
    refuse "${own[*]} is of the array $label and ${blank[*]} is blank, so what was there is lost;\
 to begin anew: mdadm --stop --scan; mdadm --zero-superblock ${own[*]}"

if ((${#blank[@]})); then
    echo "$volume: ${disks[*]} are blank, making the array $label"
    mdadm --create "/dev/md/$label" --run --homehost=any --level=raid0 --raid-devices="$count" "${disks[@]}" </dev/null ||
        refuse "mdadm could not make the array"
elif ! at=$(user "${disks[0]}") || [[ $(<"/sys/class/block/${at##*/}/md/array_state") == @(clear|inactive) ]]; then
    # Disks that came one by one may have been left half put together.
    [[ -z $at ]] || mdadm --stop "$at"
    mdadm --assemble "/dev/md/$label" "${disks[@]}" || refuse "mdadm could not put ${disks[*]} together"
fi
at=$(user "${disks[0]}") || refuse "the array of ${disks[*]} is not there"
udevadm settle
publish "$at"
