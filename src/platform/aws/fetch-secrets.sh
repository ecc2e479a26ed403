#!/usr/bin/bash
# Usage: fetch-secrets CONTAINER [NAME=|file NAME MODE UID GID] [text TEXT] [ssm PARAMETER] [secretsmanager SECRET[#KEY]] …
# Writes the variables and the files of a container, each made of the parts that follow its name: in memory, variables
# where systemd reads them, for root alone. Waits as long as it takes, unless there are values from before. Written by
# cfgbuild.
set -u
export LC_ALL=C
. /etc/cfgbuild/lib.sh
umask 077
variables=/run/cfgbuild/secrets/$1.env new=/run/cfgbuild/secrets/$1.files files=/run/cfgbuild/secret-files/$1
shift
trap 'rm -rf "$errors" "$new"' EXIT

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

# Fetches everything first: what is there changes as a whole or not at all.
written() {
    local text='' open='' file='' value made=()
    rm -rf "$new"
    mkdir -p "$new" || return
    while (($#)); do
        case $1 in
        *=) text+=$open$1'"' open=$'"\n' file='' && shift && continue ;;
        file)
            file=$new/$2 && made+=("$file")
            install -m "$3" -o "$4" -g "$5" /dev/null "$file" && shift 5 || return
            continue
            ;;
        text) value=$2 ;;
        *) fetch "$1" "$2" || return ;;
        esac
        if [[ -n $file ]]; then
            printf %s "$value" >>"$file" && shift 2 || return
            continue
        fi
        if [[ $value == *[$'\001'-$'\010'$'\013'-$'\037'$'\177']* ]]; then
            say "<3>$1:$2 holds a control character, with which systemd would leave the variable out"
            return 1
        fi
        value=${value//\\/\\\\} && text+=${value//\"/\\\"} && shift 2
    done
    if ((${#made[@]})); then
        mkdir -p "$files" && mv "${made[@]}" "$files" || return
    fi
    [[ -z $text ]] || { printf '%s"\n' "$text" >"$variables.new" && mv "$variables.new" "$variables"; }
}

# Tells whether all of it is there from before.
kept() {
    while (($#)); do
        case $1 in
        *=) [[ -e $variables ]] && shift || return ;;
        file) [[ -e $files/$2 ]] && shift 5 || return ;;
        *) shift 2 ;;
        esac
    done
}

tries=6
until written "$@"; do
    if ((--tries <= 0)) && kept "$@"; then
        echo "<4>the values of before are kept" >&2
        exit
    fi
    sleep 10
done
