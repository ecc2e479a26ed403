# What a ZooKeeper server finds on its disks: data, the snapshots, and beside it the log.
# shellcheck disable=SC2154,SC2034 # read in the file of the member, or by what this is put together with
used() {
    compgen -G "${data[0]}/version-2/snapshot.*" >/dev/null || compgen -G "${data[1]}/version-2/log.*" >/dev/null
}
formed() { return 1; }
mine() { :; } # the unit compares myid
# Without its database a server has no vote: it follows those that have one. Only a birth makes an empty one, and only
# on the disks that it was told of: one that is lost since then is not among them.
join() {
    local peer born=no have=0 known
    known=$(newest)
    for peer in "${!answer[@]}"; do
        # a disk whose place another has taken since is no newcomer
        ((${known% *} == 0)) && [[ ,$(born_of "$peer"), == *",$id=$(get "$mark/disk"),"* ]] && put "$mark/born" "$(born_of "$peer")" && bear && return
        [ "$(state_of "$peer")" = used ] || continue
        ((have += 1))
        [[ $(born_of "$peer") == *=* ]] && born=yes
    done
    [ "$born" = yes ] || ((have * 2 > ${#peers[@]} + 1))
}
fits() { # CERTIFICATE: those in it alone have votes
    local disks
    IFS=, read -ra disks <<<"$1"
    ((${#disks[@]} * 2 > ${#peers[@]} + 1)) || { waits="a majority, which a birth needs" && return 1; }
}
bear() {
    local file=${data[1]}/initialize
    : >"$file" && chown --reference="${data[1]}" "$file" && sync "${data[1]}"
}
resume() { :; }
# Before it has the database it has not joined.
settle() {
    until used; do
        kill -0 "${MAINPID:-$$}" || return
        sleep 1
    done
}
