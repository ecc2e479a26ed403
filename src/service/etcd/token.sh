# The members find each other by a token, which a birth uses up: it knows who has registered.
# shellcheck disable=SC2154,SC2034 # read in the file of the member, or by what this is put together with
look_up() { # NAME URL [DISCOVERY]: who has, as hosts, and whether this member is among them, as seen
    local line text
    seen=unknown
    text=$(registered "${3:-}" | tr , '\n') || return
    seen=$(grep -e "^$1=" -e "=$2\$" <<<"$text")
    for line in $text; do
        line=${line#*://}
        [ "$2" = "http://$line" ] || hosts+=("${line%:*}")
    done
}
# A disk that the token has not seen, or has seen itself, never held anything.
by_token() {
    local known
    known=$(newest)
    if ((${known% *} == 0)) && { [ -e "$mark/token" ] || [ -z "$seen" ]; }; then
        [ -e "$mark/token" ] || put "$mark/token" "$(get "$mark/disk")"
        begin "$@"
    elif [ "$seen" = unknown ]; then
        waits="the discovery service" && return 1
    else
        waits="the others: the token has seen this member on another disk" && return 1
    fi
}
