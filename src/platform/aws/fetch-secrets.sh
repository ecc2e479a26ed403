#!/usr/bin/bash
# Usage: fetch-secrets CONTAINER [NAME=] [text TEXT] [ssm PARAMETER] [secretsmanager SECRET[#KEY]] …
# Writes the variables of a container, each made of the parts that follow its name, where systemd reads them: in memory,
# for root alone. Waits as long as it takes, unless there are values from before. Written by cfgbuild.
set -u
export LC_ALL=C
. /etc/cfgbuild/lib.sh
umask 077
file=/run/cfgbuild/secrets/$1.env
shift

# Fetches a secret into $value.
fetch() {
    case $1 in
    ssm) ask ssm get-parameter --with-decryption --name "$2" --query Parameter.Value --output text ;;
    *) ask secretsmanager get-secret-value --secret-id "${2%%#*}" --query "not_null(SecretString, '')" --output text ;;
    esac || return
    value=$answer
    [[ -n $value ]] || { say "<3>$1:$2 is empty, or no text"; return 1; }
    [[ $1 != secretsmanager || $2 != *#* ]] && return
    . /etc/cfgbuild/json-key.sh
    json_key "$value" "${2#*#}" || { say "<3>$1:$2: the secret is no JSON object with this key and a text, a number, true or false behind it"; return 1; }
}

written() {
    local text='' open='' value
    while (($#)); do
        case $1 in
        *=) text+=$open$1'"' open=$'"\n' && shift && continue ;;
        text) value=$2 ;;
        *) fetch "$1" "$2" || return ;;
        esac
        if [[ $value == *[$'\001'-$'\010'$'\013'-$'\037'$'\177']* ]]; then
            say "<3>$1:$2 holds a control character, with which systemd would leave the variable out"
            return 1
        fi
        value=${value//\\/\\\\} && text+=${value//\"/\\\"} && shift 2
    done
    mkdir -p "${file%/*}" && printf '%s"\n' "$text" >"$file.new" && mv "$file.new" "$file"
}

tries=6
until written "$@"; do
    if ((--tries <= 0)) && [[ -e $file ]]; then
        echo "<4>the values of before are kept" >&2
        exit
    fi
    sleep 10
done
