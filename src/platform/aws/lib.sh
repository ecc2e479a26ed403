# What the scripts beside this one share. Written by cfgbuild.
errors=$(mktemp) && trap 'rm -f "$errors"' EXIT
said='' again=0

# Says to the journal what is new, and every five minutes what has not changed.
say() {
    [[ $* == "$said" ]] && ((SECONDS < again)) && return
    said=$* again=$((SECONDS + 300))
    echo "$*" >&2
}

# Prints a value of the instance's metadata.
imds() {
    local at=http://169.254.169.254/latest token
    local get=(curl --silent --fail --noproxy '*' --connect-timeout 2 --max-time 5)
    token=$("${get[@]}" -X PUT -H 'X-aws-ec2-metadata-token-ttl-seconds: 60' "$at/api/token") &&
        "${get[@]}" -H "X-aws-ec2-metadata-token: $token" "$at/meta-data/$1"
}

# Sets a variable to a value of the instance's metadata, or says that there is none.
know() {
    local found
    found=$(imds "$2") && [[ -n $found ]] || { say "<4>the instance's metadata has no $2 yet"; return 1; }
    printf -v "$1" %s "$found"
}

# Asks AWS: what it answers is in $answer, to the last byte, why it does not is said.
ask() {
    if answer=$(/etc/cfgbuild/aws "$@" 2>"$errors" && echo .); then
        answer=${answer%.} answer=${answer%$'\n'}
        return
    fi
    say "<3>aws $1 $2: $(tail -n 1 "$errors")"
    return 1
}
