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
# shellcheck disable=SC1091
. "$tests/lib/open-sessions.sh"
