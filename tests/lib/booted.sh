# SPDX-License-Identifier: Apache-2.0
# Source this first in a test that wants systemd as process 1. Such a test runs in a system of its own (tests/lib/boot):
# started outside of one, it starts itself again inside. It begins with users alice and bob, jnsd enabled, and rules that
# give everyone but root a private /tmp.

if [ -z "${JNS_VIEW:-}" ]; then
    lib=$(realpath "$(dirname "${BASH_SOURCE[0]}")")
    exec "$lib/booted" "$(basename "$0" .sh)"
fi
# shellcheck disable=SC1091
. "$(dirname "${BASH_SOURCE[0]}")/check.sh"
# shellcheck disable=SC1091
. "$tests/lib/host.sh"
# shellcheck disable=SC1091
. "$tests/lib/login.sh"
cd $scratch || abort "cannot enter $scratch"

if [ "${JNS_BOOT:-1}" -gt 1 ]; then read -r passed failed </root/sentences; fi

# reboot: what follows is for the next boot; a file of sentences that uses it looks at JNS_BOOT.
reboot() {
    echo "$passed $failed" >/root/sentences
    finished=yes
    exit 133
}

property() { systemctl show --value --property "$1" "$2"; } # NAME UNIT
namespace() { readlink "/proc/$1/ns/mnt"; }                 # PID
of_ssh() { ssh "${ssh_options[@]}" -i $scratch/key "$@" </dev/null; } # USER@127.0.0.1 COMMAND
user_manager() { property MainPID "user@$(id -u "$1").service"; }

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
    exec {session_keys[$1]}>&-
    rm -f "$scratch/$1.keys"
}
