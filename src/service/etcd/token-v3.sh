# Of its own in the member's file: token, endpoints.
# shellcheck disable=SC2154,SC2034 # read in the file of the member, or by what this is put together with
registered() {
    local endpoint text key end from="/_etcd/registry/$token/members"
    key=$(printf %s "$from/" | base64 -w 0) end=$(printf %s "${from}0" | base64 -w 0)
    for endpoint in "${endpoints[@]}"; do
        text=$(curl -sf -m 5 -X POST -d "{\"key\":\"$key\",\"range_end\":\"$end\"}" "$endpoint/v3/kv/range") || continue
        grep -o '"value":"[^"]*"' <<<"$text" | cut -d '"' -f 4 | while read -r text; do base64 -d <<<"$text" && echo; done
        return 0
    done
    return 1
}
begin() {
    local list
    printf -v list %s, "${endpoints[@]}"
    flags "--discovery-token=$token" "--discovery-endpoints=${list%,}" \
        "$([[ $list != *https://* ]] || echo --discovery-insecure-transport=false)"
}
