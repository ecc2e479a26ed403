#!/usr/bin/bash
# Usage: signal-stack
# Tells the stack CFGBUILD_STACK that this node is healthy: its group, and what the stack's creation waits for.
# Says nothing else, ever: a node that is not healthy is silent, and the stack's own patience ends. Written by cfgbuild.
set -u
. /etc/cfgbuild/lib.sh
[[ -n $CFGBUILD_STACK ]] || { echo 'no stack is known: nobody waits' >&2; exit; }

told() {
    local me
    know me instance-id || return
    ask cloudformation signal-resource --stack-name "$CFGBUILD_STACK" --logical-resource-id "$1" \
        --unique-id "$me" --status SUCCESS && { say "$1 of $CFGBUILD_STACK knows"; return; }
    # What is not being created or updated takes no signal, as after an ordinary reboot.
    grep -q ValidationError "$errors" && say "$1 of $CFGBUILD_STACK waits for nobody"
}

for resource in $CFGBUILD_STACK_GROUP $CFGBUILD_STACK_READY; do
    for ((tries = 90; tries > 0; tries--)); do
        told "$resource" && continue 2
        sleep 10
    done
    say "<3>$resource of $CFGBUILD_STACK could not be told"
    exit 1
done
