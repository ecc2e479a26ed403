# What a node of a KRaft cluster finds on its disk. Of its own in the member's file: cluster_id, votes, controllers,
# brokers, and fellows: who the brokers are where the controllers are other nodes.
# shellcheck disable=SC2154,SC2034 # read in the file of the member, or by what this is put together with
# Whoever has no vote founds nothing, and no permit changes that.
[ -n "${votes:-}" ] || { waits="the controllers" && permits=; }
used() { [ -e "${data[0]}/meta.properties" ]; }
property() { sed -n "s/^$1=//p" "${data[0]}/meta.properties"; }
formed() { property cluster.id; }
mine() {
    local found
    found=$(property node.id)
    if [ "$found" != "$id" ]; then
        repeat "<3>${data[0]} is of node $found, not of $id: attach the volume of this node"
        return 1
    fi
    found=$(formed)
    if [ "${cluster_id:-$found}" != "$found" ]; then
        repeat "<3>${data[0]} is of cluster $found, not of $cluster_id"
        return 1
    fi
}
# Formatted without voters, a controller elects nobody until those that have a majority let it in.
join() { # CLIENT
    local peer one found=$cluster_id seen=
    for peer in "${!answer[@]}"; do
        one=$(formed_of "$peer")
        if [ "$(state_of "$peer")" != used ] || [ "${#one}" != 22 ]; then continue; fi
        if [ "${found:-$one}" != "$one" ]; then
            repeat "<3>member $peer is of cluster $one, not of $found"
            return 1
        fi
        found=$one seen=$peer
    done
    [ -n "$seen" ] && free "$1" && flags "--cluster-id=$found" ${votes:+--no-initial-controllers}
}
# No partition counts on what this broker's disk held: while one does, the controllers may make it the leader with an
# empty log, and those that kept their records throw them away. Where nobody else has a replica there is nobody to
# protect.
free() { # CLIENT
    local shown held
    [ -n "${brokers:-}" ] || return 0
    if [ -n "${fellows:-}" ]; then fresh; case $? in 0) return ;; 1) ;; *) return 1 ;; esac; fi
    shown=$(timeout 120 "$1" run --rm --network host --entrypoint /opt/kafka/bin/kafka-topics.sh "$IMAGE" \
        --bootstrap-server "$brokers" --describe 2> >(tail -n 1 >&2)) || {
        repeat "<5>the disk of $name is blank; the brokers do not answer: ${shown##*$'\n'}"
        return 1
    }
    mapfile -t held < <(sed -nE "/\tReplicas: $id\t/d
        /Isr: ([0-9]+,)*$id([,\t]|\$)|Leader: none.*Elr: ([0-9]+,)*$id([,\t]|\$)/s/.*Topic: (\S+)\s+Partition: ([0-9]+).*/\1-\2/p" <<<"$shown")
    [ "${#held[@]}" = 0 ] || {
        repeat "<5>the disk of $name is blank; waiting for others to lead ${held[0]}"
        return 1
    }
}
# Brokers beside controllers are born among brokers that have nothing: while all are blank there is nobody to ask, and
# nothing to lose. 0: so it is. 1: somebody has data, and is asked. 2: somebody is silent, who may have.
fresh() {
    local peer silent=
    for peer in "${fellows[@]}"; do
        case $(state_of "$peer") in
        used) return 1 ;;
        blank) ;;
        *) silent=yes ;;
        esac
    done
    [ -z "$silent" ] || [ -e "$mark/permit" ] || {
        repeat "<5>the disk of $name is blank;$(told) waiting for the silent brokers, which may have data." \
            "If they have none: touch $mark/permit"
        return 2
    }
}
fits() { [ -n "${votes:-}" ]; }
bear() {
    local drawn
    drawn=$(get "$mark/formed")
    until [[ ${drawn:=$cluster_id} =~ ^[A-Za-z0-9_][A-Za-z0-9_-]{21}$ ]]; do
        drawn=$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | tr -d =)
    done
    put "$mark/formed" "$drawn"
    flags "--cluster-id=$drawn" --standalone
}
resume() { :; }
settle() { :; }

# Waits until this node votes. Before Kafka 4.2 nobody lets a controller in that does not ask: `help` does so.
voter() { # CLIENT [help]
    local status seen own tool=("$1" exec "$name" env -u KAFKA_HEAP_OPTS -u KAFKA_OPTS -u KAFKA_JMX_OPTS -u JMX_PORT
        -u KAFKA_LOG4J_OPTS /opt/kafka/bin/kafka-metadata-quorum.sh --bootstrap-controller "$controllers")
    while sleep 5; do
        own=$(property directory.id)
        status=$("${tool[@]}" describe --status | sed -n 's/^CurrentVoters://p')
        seen=$(grep -o "\"id\": *$id, *\"directoryId\": *\"[^\"]*\"" <<<"$status" | cut -d '"' -f 6)
        [ -n "$own" ] && [ "$seen" = "$own" ] && return
        if [ -z "${2:-}" ] || [ -z "$own" ] || [ -z "$status" ]; then continue; fi
        if [ -n "$seen" ]; then
            say "<5>the quorum forgets disk $seen of controller $id, which is lost"
            "${tool[@]}" remove-controller --controller-id "$id" --controller-directory-id "$seen"
        else
            "${tool[@]}" --command-config "/etc/cfgbuild/$name/server.properties" add-controller
        fi
    done
}
