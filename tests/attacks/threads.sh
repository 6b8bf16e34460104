#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Nobody depends on a broken thread of the daemon: the service manager hears whether all of them do, what ends one of them ends
# the daemon, and a daemon that is killed at any time loses nothing.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "[private-tmp]
action = private
target = /tmp
except = user:root

[scratch]
action = tmpfs
target = /srv/scratch
only = user:bob"
mkdir -p /srv/scratch
words() { wc -l <"$scratch/words"; }
more_words() { [ "$(words)" -gt "$1" ]; }

echo "a watchdog"
stop_jnsd
python3 - "$scratch/notify" "$scratch/words" <<'END' &
import socket, sys
listening = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
listening.bind(sys.argv[1])
with open(sys.argv[2], "w", buffering=1) as words:
    while True:
        words.write(listening.recv(100).decode() + "\n")
END
within 10 test -S "$scratch/notify"
export NOTIFY_SOCKET=$scratch/notify WATCHDOG_USEC=600000
start_jnsd
check "is told by a daemon that works" within 10 more_words 5
check "in the words of sd_notify(3)" equal "$(sort -u "$scratch/words")" "READY=1
WATCHDOG=1"
freeze_jnsd
sleep 0.3 # what is under way
before=$(words)
sleep 1
check "and not by one that hangs" equal "$(words)" "$before"
kill -CONT "$jnsd_pid"
check "which is told again as soon as it works again" within 10 more_words "$before"
unset WATCHDOG_USEC
busy() { jnsctl metrics | grep -c "^jns_thread_busy_seconds{thread=\"$1\"} [0-9.]*$"; }
for thread in main cleaner names; do check "the numbers have thread $thread" equal "$(busy $thread)" 1; done
check "memory that runs out ends the process" contain "$(tr '\0' ' ' <"/proc/$jnsd_pid/cmdline")" "-XX:\+ExitOnOutOfMemoryError"

echo "a daemon that ends at any time"
for user in alice bob; do
    mkfifo "$scratch/hold.$user"
    su "$user" -c 'readlink /proc/self/ns/mnt; exec cat' <>"$scratch/hold.$user" >"$scratch/view.$user" 2>&1 &
    within 10 grep -q mnt "$scratch/view.$user" || abort "no session of $user's: $(cat "$scratch/view.$user")"
done
before=$(jnsctl list --json | grep -v '"since"\|processes')
stop_jnsd KILL
start_jnsd
check "the next one knows the same sessions and views" same_text "$before" "$(jnsctl list --json | grep -v '"since"\|processes')"
for user in alice bob; do
    check "and $user's next login joins" equal "$(su "$user" -c 'readlink /proc/self/ns/mnt')" "$(cat "$scratch/view.$user")"
done

finish
