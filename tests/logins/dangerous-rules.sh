#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Rules that hide /usr/lib, /etc and /proc from a session: the daemon, which carries them out on its own threads, must be
# as well after a thousand logins as it was before the first.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

sources=/usr/share/jns-tests
mkdir -p $sources/lib $sources/etc $sources/proc
jns_host "[lib]
action = bind
source = $sources/lib
target = /usr/lib
only = user:carol

[etc]
action = bind
source = $sources/etc
target = /etc
only = user:carol

[proc]
action = bind
source = $sources/proc
target = /proc
only = user:carol

[others]
action = tmpfs
target = /usr/share, /usr/bin, /sys
only = user:carol

$private_tmp"
add_users carol

# The mounts of a thread without what differs between equal namespaces: numbers, and the names of peer groups.
mounts_of() {
    sed -E 's/^[0-9]+ [0-9]+ //; s/ (shared|master|propagate_from):[0-9]+//g; s/ unbindable//' "$1/mountinfo" |
        grep -v ' /run/jns/keeper' | sort
}
strangers() {
    local task
    for task in /proc/"$jnsd_pid"/task/*; do
        [ "$(readlink "$task/ns/mnt")" = "$host" ] || same_text "$(mounts_of /proc/self)" "$(mounts_of "$task")" || echo "$task"
    done
}
host=$(host_namespace)
mounts_before=$(host_mounts)

# logins USER N: by a process of its own each, as login programs are.
logins() {
    local i good=0
    for ((i = 0; i < $2; i++)); do
        pamtester jnstest "$1" open_session close_session >/dev/null 2>&1 && good=$((good + 1))
    done
    echo $good
}

check "a session with /usr/lib, /etc and /proc replaced can be opened" equal "$(logins carol 20)" 20
check "the journal says that they were" in_journal 'lib' JNS_USER=carol JNS_EVENT=login
check "a thousand more logins succeed" equal "$(logins carol 100) $(logins alice 800) $(logins carol 100)" "100 800 100"
check "alice's session is a whole one" equal "$(value tmp "$(by ssh-key alice jns-probe)")" root:root:1777
check "the daemon is the same process" kill -0 "$jnsd_pid"
check "it still reads new rules" jnsctl reload
no_strangers() { [ -z "$(strangers)" ]; }
# A thread that has answered may not have come back yet.
check "each of its threads sees what the host sees" within 5 no_strangers || strangers
check "a user that was not there before is found" equal \
    "$(useradd -m dave && value user "$(by su dave "jns-probe; true")")" dave
check "the host's mount table is as before" same_text "$mounts_before" "$(host_mounts)"
finish
