# Usage: empty-broker ENGINE NAME DIRECTORY, in the environment of the broker's unit. Written by cfgbuild.
# Lets a broker with an empty disk start once no partition counts on what the disk held: while one does, the controller
# makes it the leader, and those that kept their records throw them away.
engine=$1 id=$KAFKA_BROKER_ID said=-60 at=0
[ ! -e "$3/meta.properties" ] || exit 0
ask() { # commands on standard input
    "$engine" run --rm -i --network host --entrypoint zookeeper-shell "$IMAGE" \
        "$KAFKA_ZOOKEEPER_CONNECT" 2>&1
}
# Fails where ZooKeeper does not answer to the end. A partition that nobody else has a replica of has nobody to protect.
counted() {
    declare -A replicas
    said=$(ask <<<'ls -R /brokers/topics') || { grep -q 'not exist: /brokers/topics$' <<<"$said"; return; }
    # The folder itself is the first; all topics come before all partitions.
    mapfile -t all < <(grep -E '^/brokers/topics(/[^/]+(/partitions/[0-9]+/state)?)?$' <<<"$said")
    mapfile -t json < <(printf 'get %s\n' "${all[@]:1}" | ask | grep '^{')
    ((${#all[@]} == ${#json[@]} + 1)) || return
    for path in "${all[@]:1}"; do
        # What is being moved is listed beside, in the same form.
        one=${json[at++]#*\"partitions\":} topic=${path%/partitions/*} path=${path%/state}
        [ "$topic" != "$path" ] || replicas[.$topic]=${one%%\}*}
        [[ ${replicas[.$topic]} == *"\"${path##*/}\":[$id]"* ]] ||
            [[ ! $one =~ \"isr\":\[([0-9]+,)*${id}[],] ]] || echo "$path"
    done
}
until held=$(counted) && [ -z "$held" ]; do
    ((SECONDS - said < 60)) || {
        said=$SECONDS held=${held%%$'\n'*}
        echo "<5>the disk of $2 is blank; waiting for ${held:+others to lead }${held:-ZooKeeper}" >&2
    }
    sleep 3
done
