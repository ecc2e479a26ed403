# What an etcd member finds on its disk. Of its own in the member's file: client_port. Its words: its name and its peer
# URL, and the discovery URL where there is one.
# shellcheck disable=SC2154,SC2034 # read in the file of the member, or by what this is put together with
used() { compgen -G "${data[0]}/member/wal/*.wal" >/dev/null; }
formed() { return 1; }
mine() { :; }
ask_etcd() { # HOST PATH BODY
    curl -sf -m 5 -X POST -H 'Content-Type: application/json' -d "$3" "http://$1:$client_port/v3/$2"
}
# One member to a line, without blanks.
members_at() { ask_etcd "$1" cluster/member/list '{}' | tr -d ' ' | sed 's/.*"members":\[//; s/},{/}\n{/g'; }
value_of() { grep -o "\"$1\":\[\{0,1\}\"[^\"]*\"" <<<"$2" | cut -d '"' -f 4; }
# The first of the others that a majority stands behind.
voice() {
    for host in "${hosts[@]}"; do
        curl -sf -m 3 "http://$host:$client_port/health" | grep -q '"health": *"true"' && return
    done
    return 1
}
join() { # NAME URL [DISCOVERY]
    local host line list known='' named url own hosts=()
    for line in "${peers[@]}"; do hosts+=("${line#*=}"); done
    look_up "$@"
    voice || { by_token "$@" && return; return 1; }
    waits="etcd on $host to let it in"
    list=$(members_at "$host")
    [ -n "$list" ] || return 1
    own=$(grep -F "\"$2\"" <<<"$list")
    if [ -n "$own" ] && [ -z "${added:-}" ]; then
        say "<5>$host forgets the lost disk of $1"
        ask_etcd "$host" cluster/member/remove "{\"ID\":\"$(value_of ID "$own")\"}" >/dev/null
        return 1
    elif [ -z "$own" ]; then
        ask_etcd "$host" cluster/member/add "{\"peerURLs\":[\"$2\"],\"isLearner\":true}" >/dev/null || return 1
        added=yes
        list=$(members_at "$host")
    fi
    while read -r line; do
        url=$(value_of peerURLs "$line") named=$(value_of name "$line")
        [ "$url" = "$2" ] && named=$1
        known+="${known:+,}${named:-unstarted-$(value_of ID "$line")}=$url"
    done <<<"$list"
    [[ ,$known, == *",$1=$2,"* ]] && flags "--initial-cluster=$known" --initial-cluster-state=existing
}
fits() { :; }
bear() { flags "--initial-cluster=$1=$2" --initial-cluster-state=new; }
# The one survivor of a lost majority, told so by hand, begins a cluster of its own with what it has.
resume() {
    if [ -e "$mark/alone" ]; then
        rm -f "$mark/alone" && sync "$mark" && flags --force-new-cluster
    else
        flags
    fi
}
# A learner becomes a voter once it has what the others have; others are asked, since it cannot say itself.
settle() {
    local host line own hosts=()
    for line in "${peers[@]}"; do hosts+=("${line#*=}"); done
    while kill -0 "${MAINPID:-$$}" 2>/dev/null; do
        for host in 127.0.0.1 "${hosts[@]}"; do
            own=$(members_at "$host" | grep -F "\"$2\"") || continue
            [[ $own == *'"isLearner":true'* ]] || return 0
            [ "$host" = 127.0.0.1 ] || ask_etcd "$host" cluster/member/promote "{\"ID\":\"$(value_of ID "$own")\"}" >/dev/null
        done
        sleep 2
    done
}
