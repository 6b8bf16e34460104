# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2034,SC2154 # variables of the files that source this, and for them
# Sessions that stay open, and what they print. Source it after host.sh.

# open_session NAME COMMAND...: a session whose shell reads what in_session writes. The shell's name is the last word.
declare -A session_keys session_program
open_session() {
    local name=$1 keys
    shift
    mkfifo "$scratch/$name.keys"
    exec {keys}<>"$scratch/$name.keys"
    session_keys[$name]=$keys
    "$@" <"$scratch/$name.keys" >>"$scratch/$name.screen" 2>&1 &
    session_program[$name]=$!
    in_session "$name" true >/dev/null || abort "no session $name: $(cat "$scratch/$name.screen")"
}

# in_session NAME COMMAND: what the command prints there.
in_session() {
    local screen=$scratch/$1.screen end="<$RANDOM$RANDOM"
    : >"$screen"
    printf '%s\necho "%s $?>"\n' "$2" "$end" >&"${session_keys[$1]}"
    within 20 grep -q "^$end" "$screen" || { cat "$screen"; return 1; }
    sed "/^$end/,\$d" "$screen"
    return "$(sed -n "s/^$end \([0-9]*\)>/\1/p" "$screen")"
}

close_session() {
    echo exit >&"${session_keys[$1]}"
    wait "${session_program[$1]}"
    # shellcheck disable=SC1083,SC2093 # it closes that descriptor
    exec {session_keys[$1]}>&-
    rm -f "$scratch/$1.keys"
}
