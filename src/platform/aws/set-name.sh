#!/usr/bin/bash
# Usage: set-name NAME
# Points NAME at this machine in the hosted zone CFGBUILD_ZONE_ID, by its private address.
# Waits as long as it takes, unless NAME is right already. Written by cfgbuild.
set -u
. /etc/cfgbuild/lib.sh
name=$1 done=/run/cfgbuild/name
[[ -n $CFGBUILD_ZONE_ID ]] || { echo "<4>no hosted zone is known: $name is left as it is" >&2; exit; }

right() { [[ $(getent ahostsv4 "$name" | awk '{ print $1 }' | sort -u) == "$address" ]]; }

pointed() {
    local address
    know address local-ipv4 || return
    # Asked for before it is there, a name may stay unknown for minutes: the first time it is set unseen.
    [[ $(cat "$done" 2>/dev/null) == "$address" ]] && right && return
    ask route53 change-resource-record-sets --hosted-zone-id "$CFGBUILD_ZONE_ID" --change-batch \
        "{\"Changes\":[{\"Action\":\"UPSERT\",\"ResourceRecordSet\":{\"Name\":\"$name\",\"Type\":\"A\",\"TTL\":30,\"ResourceRecords\":[{\"Value\":\"$address\"}]}}]}" \
        --query ChangeInfo.Id --output text || {
        right && say "<4>$name could not be set, but is $address already"
        return
    }
    local change=$answer tries=12
    while ((tries--)) && ask route53 get-change --id "$change" --query ChangeInfo.Status --output text &&
        [[ $answer != INSYNC ]]; do sleep 5; done
    mkdir -p "${done%/*}" && echo "$address" >"$done"
    say "$name is $address"
}

until pointed; do sleep 10; done
