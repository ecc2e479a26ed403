# Usage: empty-broker ENGINE NAME DIRECTORY, in the environment of the broker's unit. Written by cfgbuild.
# Lets a broker with an empty disk start once no partition counts on what the disk held: while one does, the controller
# makes it the leader, and those that kept their records throw them away.
engine=$1 id=$KAFKA_BROKER_ID said=-60
[ ! -e "$3/meta.properties" ] || exit 0
ask() { # commands on standard input
    timeout 120 "$engine" run --rm -i --network host --entrypoint zookeeper-shell "$IMAGE" \
        "$KAFKA_ZOOKEEPER_CONNECT" 2>&1
}
# Fails where ZooKeeper does not answer. A partition that nobody else has a replica of has nobody to protect.
counted() {
    all=$(ask <<<'ls -R /brokers/topics')
    [[ $all != *'Node does not exist'* ]] || return 0
    grep -qx /brokers/topics <<<"$all" || return
    all=$(grep -E '/topics/[^/]+(/partitions/[0-9]+/state)?$' <<<"$all")
    # shellcheck disable=SC2001 # a word before each line
    json=$(sed 's/^/get /' <<<"$all" | ask | grep '^{')
    [ "$(wc -l <<<"$all")" = "$(wc -l <<<"$json")" ] || return
    while read -r path json; do
        path=${path%/state}
        [[ $path == */partitions/* ]] || replicas=$json
        [[ $replicas == *"\"${path##*/}\":[$id]"* ]] ||
            [[ ! $json =~ \"isr\":\[([0-9]+,)*${id}[],] ]] || echo "$path"
    done < <(paste -d ' ' <(echo "$all") <(echo "$json"))
}
until held=$(counted) && [ -z "$held" ]; do
    ((SECONDS - said < 60)) || {
        said=$SECONDS held=${held%%$'\n'*}
        echo "<5>the disk of $2 is blank; waiting for ${held:+others to lead }${held:-ZooKeeper}" >&2
    }
    sleep 3
done
