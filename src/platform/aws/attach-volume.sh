#!/usr/bin/bash
# Usage: attach-volume CLUSTER ROLE NODE VOLUME DEVICE
# Attaches the EBS volume with these tags and links /run/cfgbuild/volumes/VOLUME to its disk. Written by cfgbuild.
# Waits as long as it takes and says for what; forces nothing. What is mended from outside goes on by itself.
set -u
. /etc/cfgbuild/lib.sh
cluster=$1 role=$2 node=$3 volume=$4 device=$5
link=/run/cfgbuild/volumes/$volume
tags="cfgbuild:cluster=$cluster cfgbuild:role=$role cfgbuild:node=$node cfgbuild:volume=$volume"

# Prints the disk of a volume that is attached under a name: Nitro knows its id, Xen its name.
disk() {
    local path
    for path in "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${1/-/}" "${2/#\/dev\/sd//dev/xvd}"; do
        [[ -b $path ]] && readlink -f "$path" && return
    done
    return 1
}

attached() {
    local me zone id at state owner how name here=() there=''
    know me instance-id && know zone placement/availability-zone || return
    ask ec2 describe-volumes --filters "Name=tag:cfgbuild:cluster,Values=$cluster" \
        "Name=tag:cfgbuild:role,Values=$role" "Name=tag:cfgbuild:node,Values=$node" \
        "Name=tag:cfgbuild:volume,Values=$volume" Name=status,Values=creating,available,in-use,error \
        --query 'Volumes[].[VolumeId,AvailabilityZone,State,Attachments[0].InstanceId,Attachments[0].State,Attachments[0].Device]' \
        --output text || return
    while read -r id at state owner how name; do
        [[ -z $id ]] && continue
        if [[ $at == "$zone" ]]; then here+=("$id $state $owner $how $name"); else there+=" $id in $at"; fi
    done <<<"$answer"
    if ((${#here[@]} > 1)); then
        say "<3>several volumes have the tags $tags: ${here[*]%% *}"
        return 1
    elif ((${#here[@]} == 0)); then
        say "<3>no volume in $zone has the tags $tags${there:+; there is$there}"
        return 1
    fi
    read -r id state owner how name <<<"${here[0]}"
    case $state:$owner:$how in
    available:*)
        ask ec2 attach-volume --volume-id "$id" --instance-id "$me" --device "$device" &&
            say "$id: attaching as $device"
        return 1
        ;;
    in-use:"$me":attach*) ;;
    in-use:*) say "<4>$id is still $how at $owner; waiting until it is let go"; return 1 ;;
    *) say "<4>$id is $state"; return 1 ;;
    esac
    at=$(disk "$id" "$name") || { say "<4>$id is attached as $name; waiting for its disk"; return 1; }
    mkdir -p "${link%/*}" && ln -sfn "$at" "$link" && say "$id is attached as $name, its disk is $at"
}

until attached; do sleep 5; done
