registered() { # URL
    local text
    text=$(curl -sf -m 5 "$1") && { grep -o '"value":"[^"]*"' <<<"$text" | cut -d '"' -f 4 || :; }
}
begin() { flags "--discovery=$3" --discovery-fallback=exit; }
