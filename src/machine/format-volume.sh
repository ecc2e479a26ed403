#!/usr/bin/bash
# Usage: format-volume DEVICE TYPE LABEL, or format-volume DEVICE to see whether it is blank
# Formats a blank disk. Lets the right file system pass. Touches nothing else. Written by cfgbuild.
set -u
device=$1 type=${2-} label=${3-}

refuse() {
    echo "<3>$device: $1; not touched. Wanted: blank${type:+, or $type with the label $label}." >&2
    exit 1
}

[[ -b $device ]] || refuse "no such disk"

# -p reads the disk itself, not a cache. It ends with 2 and says nothing where it finds nothing.
found=$(blkid -p -o export "$device" 2>&1)
code=$?
# Of a partition it also says where it lies; that is no signature.
signs=$(grep -v -e '^DEVNAME=' -e '^PART_ENTRY_' <<<"$found")

case $code in
2) [[ -z $found ]] || refuse "unreadable (${found//$'\n'/ })" ;;
0) ;;
8) refuse "more than one signature" ;;
*) refuse "blkid failed with $code (${found//$'\n'/ })" ;;
esac

if [[ -z $signs && ($code == 2 || $found == *PART_ENTRY_*) ]]; then
    # What blkid does not know is not nothing, and what cannot be read is not known.
    bytes=$(set -o pipefail && head -c 16M "$device" | tr -d '\0' | wc -c) || refuse "cannot be read"
    ((bytes == 0)) || refuse "holds data of no known kind"
    [[ -n $type ]] || exit 0
    echo "$device: blank, making $type with the label $label"
    exec "mkfs.$type" -q -L "$label" "$device" </dev/null
fi

[[ -n $type && $(blkid -p -s TYPE -o value "$device") == "$type" &&
    $(blkid -p -s LABEL -o value "$device") == "$label" ]] || refuse "holds ${signs//$'\n'/ }"
