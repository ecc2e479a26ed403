# Sets $value to what stands behind KEY in the JSON object TEXT, as `json_key TEXT KEY`. Written by cfgbuild.
json_key() {
    local rest=$1 key=$2 name raw found='' blank=$'[ \t\r\n]*' text='"(([^"\\]|\\.)*)"'
    local other='([-+.0-9eE]+|true|false|null)'
    [[ $rest =~ ^$blank\{(.*)\}$blank$ ]] || return
    rest=${BASH_REMATCH[1]}
    while [[ $rest =~ ^$blank$text$blank:$blank(.*)$ ]]; do
        name=${BASH_REMATCH[1]} rest=${BASH_REMATCH[3]}
        if [[ $rest =~ ^$text$blank(,(.*))?$ ]]; then
            raw=${BASH_REMATCH[1]} rest=${BASH_REMATCH[4]}
        elif [[ $rest =~ ^$other$blank(,(.*))?$ ]]; then
            raw=${BASH_REMATCH[1]} rest=${BASH_REMATCH[3]}
            [[ $raw == null ]] && raw=
        else
            return 1
        fi
        json_text "$name"
        [[ $value == "$key" ]] && json_text "$raw" && found=$value key=$'\001'
    done
    [[ -n $found && -z $rest ]] && value=$found
}

# Sets $value to a JSON text without its escapes.
json_text() {
    local rest=$1 code low
    value=
    while [[ $rest == *\\* ]]; do
        value+=${rest%%\\*} rest=${rest#*\\}
        case $rest in
        u*)
            code=$((16#${rest:1:4})) rest=${rest:5}
            if ((code >= 0xd800 && code < 0xdc00)) && [[ $rest == \\u* ]]; then
                low=$((16#${rest:2:4})) rest=${rest:6}
                code=$((0x10000 + ((code - 0xd800) << 10) + low - 0xdc00))
            fi
            json_utf8 "$code"
            ;;
        n*) value+=$'\n' rest=${rest:1} ;;
        t*) value+=$'\t' rest=${rest:1} ;;
        r*) value+=$'\r' rest=${rest:1} ;;
        b*) value+=$'\b' rest=${rest:1} ;;
        f*) value+=$'\f' rest=${rest:1} ;;
        *) value+=${rest:0:1} rest=${rest:1} ;;
        esac
    done
    value+=$rest
}

# Appends a character to $value, in UTF-8.
json_utf8() {
    local bytes
    if (($1 < 0x80)); then
        bytes=("$1")
    elif (($1 < 0x800)); then
        bytes=($((0xc0 | $1 >> 6)) $((0x80 | $1 & 63)))
    elif (($1 < 0x10000)); then
        bytes=($((0xe0 | $1 >> 12)) $((0x80 | $1 >> 6 & 63)) $((0x80 | $1 & 63)))
    else
        bytes=($((0xf0 | $1 >> 18)) $((0x80 | $1 >> 12 & 63)) $((0x80 | $1 >> 6 & 63)) $((0x80 | $1 & 63)))
    fi
    local byte
    for byte in "${bytes[@]}"; do
        printf -v byte '\\x%02x' "$byte"
        printf -v byte %b "$byte"
        value+=$byte
    done
}
