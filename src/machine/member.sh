# Usage: member start|form|joined|answer NAME [WORD…]
# Decides what a member of a cluster becomes: it goes on, joins, is born, or waits. Written by cfgbuild.
# shellcheck disable=SC2154,SC2034 # read in the file of the member, or by what this is put together with
set -o pipefail
# User data says who it is and who the others are; its own disk and the others' answers say the rest.
# start: before the service starts, for ever where nobody can say what is right. form: the same for a disk that another
# unit starts on. joined: once the service runs. answer: to another member, on standard input and output.
verb=$1 name=$2
shift 2
# shellcheck source=/dev/null
. "/etc/cfgbuild/$name.member"
# shellcheck source=/dev/null
. "/etc/cfgbuild/member-$kind"
mark=${marks[0]} env=/run/cfgbuild/$name.member said=-60
declare -A answer

say() { echo "$@" >&2; }
# At most once a minute.
repeat() { ((SECONDS - said < 60)) || { said=$SECONDS && say "$@"; }; }
get() { cat "$1" 2>/dev/null; }
# Whole or not at all, and on the disk before anything stands on it.
put() {
    printf '%s\n' "$2" >"$1.$$" && sync "$1.$$" && mv "$1.$$" "$1" && sync "${1%/*}" && return
    rm -f "$1.$$"
    exit 1
}
flags() { mkdir -p "${env%/*}" && printf 'MEMBER_FLAGS=%s\n' "$*" >"$env" || exit 1; }
number() { [[ ${1:-} =~ ^[0-9]{1,15}$ ]] && echo "$1" || echo 0; }

hear() { # WORD HOST: one line of another member
    # shellcheck disable=SC2016
    timeout 3 bash -c 'exec 3<>"/dev/tcp/$0/$1" && echo "$2" >&3 && IFS= read -r -n 2000 line <&3 && echo "$line"' \
        "$2" "$port" "$1 $cluster $id" 2>/dev/null
}
remember() { # ID GENERATION: the newest start of another member
    (($(number "$2") > $(number "$(get "$mark/heard/$1")"))) || return 0
    mkdir -p "$mark/heard" && put "$mark/heard/$1" "$2"
}
ask() { # WORD: all others at once; who does not answer in three seconds, or for another cluster, has not answered
    local peer line folder
    folder=$(mktemp -d) || exit 1
    for peer in "${peers[@]}"; do hear "$1" "${peer#*=}" >"$folder/${peer%%=*}" & done
    wait
    answer=()
    for peer in "${peers[@]}"; do
        peer=${peer%%=*}
        line=$(<"$folder/$peer")
        [[ $line == "cfgbuild-member 1 $cluster $peer "* ]] && answer[$peer]=$line
    done
    rm -rf "$folder"
}
field() { # INDEX ID: a word of an answer
    local words
    read -ra words <<<"${answer[$2]:-}"
    echo "${words[$1]:-}"
}
state_of() { field 4 "$1"; }
disk_of() { field 5 "$1"; }
generation_of() { field 6 "$1"; }
heard_by() { number "$(field 7 "$1")"; }
formed_of() { field 8 "$1"; }
born_of() { field 9 "$1"; }
newest() { # the member that knows of my newest start, and which it was
    local peer best=0 who=
    for peer in "${peers[@]}"; do
        (($(heard_by "${peer%%=*}") > best)) && best=$(heard_by "${peer%%=*}") who=${peer#*=}
    done
    echo "$best $who"
}
told() { # who said what
    local peer
    for peer in "${peers[@]}"; do
        printf ' %s: %s,' "${peer#*=}" "$(state_of "${peer%%=*}" | grep . || echo silent)"
    done
}

# Both halves of a state that lies on two disks are of one age, and of this member.
whole() {
    local one disks=() generations=()
    for one in "${marks[@]}"; do
        disks+=("$(get "$one/disk")") generations+=("$(number "$(get "$one/generation")")")
        [[ ${disks[-1]} == "${disks[0]}" ]] && ((generations[-1] >= generations[0])) &&
            ((generations[-1] <= generations[0] + 1)) || return 1
        [[ $(get "$one/id" || echo "$id") == "$id" ]] || return 1
    done
}
mounted() {
    local one
    for one in "${mounts[@]}"; do mountpoint -q "$one" || return 1; done
}
raise() { # GENERATION
    local index
    for ((index = ${#marks[@]} - 1; index >= 0; index--)); do put "${marks[index]}/generation" "$1"; done
}
draw() { # makes the disk one that has never held anything
    local one drawn highest=0
    drawn=$(tr -d - </proc/sys/kernel/random/uuid) || exit 1
    rm -f "$mark/born" "$mark/formed" "$mark/token"
    for one in "${marks[@]}"; do
        mkdir -p "$one" && chmod 0700 "$one"
        (($(number "$(get "$one/generation")") > highest)) && highest=$(get "$one/generation")
    done
    raise "$highest"
    for one in "${marks[@]}"; do
        put "$one/id" "$id"
        put "$one/disk" "$drawn"
    done
}

answer() {
    local word whose from peer state=unready
    read -r -t 3 -n 300 word whose from || exit 0
    if mounted && { ! used || whole; }; then
        if used; then state=used; elif [ -e "$mark/disk" ]; then state=blank; fi
    fi
    [ "$whose" = "$cluster" ] && [[ $from =~ ^[0-9]+$ ]] || exit 0
    # What a stranger says is not kept: the member is asked where it lives, and answered once it is remembered.
    if [ "$word" = started ] && [ "$state" != unready ]; then
        for peer in "${peers[@]}"; do
            [ "${peer%%=*}" = "$from" ] || continue
            answer[$from]=$(hear look "${peer#*=}")
            [[ ${answer[$from]} == "cfgbuild-member 1 $cluster $from used "* ]] && remember "$from" "$(generation_of "$from")"
        done
    fi
    printf '%s ' cfgbuild-member 1 "$cluster" "$id" "$state" "$(get "$mark/disk" || echo -)" \
        "$(number "$(get "$mark/generation")")" "$(number "$(get "$mark/heard/$from")")" \
        "$( ([ "$state" = used ] && formed) || echo -)" "$(get "$mark/born" || echo -)" "${birth:--}"
    echo
}

# Nobody has data that is not of this very birth, and nobody has known this member before: everybody has said so, or
# somebody takes the responsibility for those who are silent.
may_be_born() {
    local peer born all=yes known
    known=$(newest)
    ((${known% *} == 0)) || [ -e "$mark/permit" ] || return 1
    born=$(get "$mark/born")
    for peer in "${peers[@]}"; do
        peer=${peer%%=*}
        [ -n "$born" ] && [ "$(born_of "$peer")" = "$born" ] && continue
        case $(state_of "$peer") in
        used) return 1 ;;
        # with whoever knows of another founder nothing is founded
        blank) [ "$(field 10 "$peer")" = "${birth:--}" ] || return 1 ;;
        *) all='' ;;
        esac
    done
    [ -e "$mark/permit" ] || { [ "$id" = "$birth" ] && [ -n "$all" ]; }
}
certificate() { # the disks that are known to be blank at the birth
    local peer text
    text="$id=$(get "$mark/disk")"
    for peer in "${peers[@]}"; do
        peer=${peer%%=*}
        [ "$(state_of "$peer")" = blank ] && text+=",$peer=$(disk_of "$peer")"
    done
    echo "$text"
}
form() {
    local known said_all hint
    # A disk that was started on and is blank now was emptied: it has forgotten what it voted for.
    if ! whole || [ ! -e "$mark/disk" ] || (($(number "$(get "$mark/generation")"))); then draw; fi
    until used; do
        ask look
        if may_be_born && { [ -s "$mark/born" ] || fits "$(certificate)"; }; then
            if [ ! -s "$mark/born" ]; then
                say "<5>$name is born here;$(told)"
                put "$mark/born" "$(certificate)"
            fi
            bear "$@" && break
        elif join "$@"; then
            known=$(newest)
            # Above all that anybody can have heard of the disk before.
            ((${known% *})) && raise $(((${known% *} / 1000 + 1) * 1000))
            break
        fi
        said_all=$(told) hint="${permits- If nobody has data any more: touch $mark/permit, on this node alone}"
        [[ $said_all == *": used,"* ]] && hint=
        repeat "<5>the disk of $name is blank;$said_all waiting for ${waits:-node $birth, or a majority}.$hint"
        sleep 2
    done
    # Used up, whatever has become of it.
    rm -f "$mark/permit" && sync "$mark"
}

start() {
    local peer own known anew="To join without its data: rm -rf ${marks[*]} ${data[*]}"
    anew+=" && systemctl restart ${apart:+$apart }$name"
    until ! used || whole; do
        repeat "<3>the disks of $name are of two ages, or another node's. Not started. $anew"
        sleep 10
    done
    if ! used; then
        if [ -n "$apart" ]; then say "<5>$name waits for $apart" && exit 1; fi
        form "$@"
        used || return 0
    fi
    [ -e "$mark/disk" ] || draw
    until mine; do sleep 60; done
    own=$(number "$(get "$mark/generation")")
    while ask look && known=$(newest) && ((${known% *} > own)); do
        repeat "<3>the disk of $name is old: start $own, and ${known#* } knows of ${known% *}. Not started. $anew"
        sleep 10
        used || exit 1
    done
    for peer in "${!answer[@]}"; do
        [ "$(state_of "$peer")" = used ] && remember "$peer" "$(generation_of "$peer")"
    done
    # Before the first start: what formatted the disk has not waited until it was on it.
    ((own)) || sync -f "$mark"
    raise $((own + 1))
    ask started
    resume "$@"
}
joined() {
    settle "$@"
    used || return 0
    local one own
    own=$(number "$(get "$mark/generation")")
    # The first life of a disk: what makes it a member is on the platter, and the others know.
    if ((own % 1000 == 0)); then
        for one in "${marks[@]}"; do sync -f "$one"; done
        raise $((own + 1))
    fi
    ask started
}
"$verb" "$@"
