# Usage: empty-broker ENGINE NAME DIRECTORY, in the environment of the broker's unit. Written by cfgbuild.
# Lets a broker with an empty disk start once no partition counts on what the disk held: while one does, the controller
# makes it the leader, and those that kept their records throw them away.
engine=$1 name=$2 id=$KAFKA_BROKER_ID said=-60 lost=/run/cfgbuild/$2.lost
if [ -e "$3/meta.properties" ]; then
    rm -f "$lost"
    exit
fi
mkdir -p "${lost%/*}"
ask() { # commands on standard input
    timeout 120 "$engine" run --rm -i --network host --entrypoint zookeeper-shell "$IMAGE" \
        "$KAFKA_ZOOKEEPER_CONNECT" 2>&1
}
# Fails where ZooKeeper does not answer. A partition that nobody else has a replica of has nobody to protect.
counted() {
    local all path json replicas=
    all=$(ask <<<'ls -R /brokers/topics')
    if [[ $all == *'Node does not exist'* ]]; then return; fi
    grep -qx /brokers/topics <<<"$all" || return
    all=$(grep -E '^/brokers/topics/[^/]+(/partitions/[0-9]+/state)?$' <<<"$all")
    # shellcheck disable=SC2001 # a word before each line
    json=$(sed 's/^/get /' <<<"$all" | ask | grep '^{')
    [ "$(wc -l <<<"$all")" = "$(wc -l <<<"$json")" ] || return
    while read -r path json; do
        if [[ $path != */state ]]; then
            replicas=$json
            continue
        fi
        path=${path#/brokers/topics/} path=${path%/state}
        [[ $replicas != *"\"${path##*/}\":[$id]"* ]] || continue
        [[ $json =~ \"isr\":\[([0-9]+,)*${id}[],] ]] && echo "${path/\/partitions\//-}"
    done < <(paste -d ' ' <(echo "$all") <(echo "$json"))
    return 0
}
until found=$(counted) && [ -z "$found" ] || [ -e "$lost" ]; do
    if ((SECONDS - said >= 60)); then
        said=$SECONDS
        if [ -n "$found" ]; then
            echo "<5>the disk of $name is empty, and partitions count on what it held, as $(head -n 3 <<<"$found" | paste -s -d ' '):" \
                "waiting until others lead them. If nobody has those records any more: touch $lost" >&2
        else
            echo "<5>$name, whose disk is empty, waits for ZooKeeper to say whether anybody counts on it" >&2
        fi
    fi
    sleep 3
done
