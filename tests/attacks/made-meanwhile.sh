#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Views that jnsd --once makes while the daemon is stopped or busy: the daemon knows them from the next login on.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"
. "$tests/lib/vault.sh"

jns_host '[private-tmp]
action = private
target = /tmp
only = user:alice, user:bob

[own-network]
action = isolate
isolate = net
only = user:alice

[files]
action = fuse
program = /usr/bin/bindfs
arguments = --no-allow-other, /srv/files, {target}
target = ${home}/files
create = yes
only = user:alice'
add_users carol
install -d -m 755 /srv/files
host=$(host_namespace)
host_net=$(readlink /proc/self/ns/net)
views() { ls /run/jns/views | grep -c "^$(id -u "$1")\\."; }
one_view() { [ "$(views "$1")" = 1 ]; }
seen() { stat -Lc %i "/proc/$1/ns/$2"; }

# A session as alice that runs what it is told, one line at a time, and ends with its input.
freeze_jnsd
mkfifo -m 666 "$scratch/asks"
su alice -c 'echo $$ >/srv/jns-tests/shell; while read -r line; do eval "$line" </dev/null; echo done >>/srv/jns-tests/answered; done' \
    <"$scratch/asks" >"$scratch/held" 2>&1 &
held=$!
exec 8>"$scratch/asks"
within 20 test -s "$scratch/shell" || abort "alice has no session: $(cat "$scratch/held")"
shell=$(cat "$scratch/shell")
view=$(readlink "/proc/$shell/ns/mnt")
volumes=$(volume_processes alice | wc -l)
kill -CONT "$jnsd_pid"
# inside COMMAND: what it prints in that session.
inside() {
    : >"$scratch/answered"
    echo "$1 >/srv/jns-tests/said 2>&1" >&8
    within 20 test -s "$scratch/answered" || abort "the session says nothing: $(cat "$scratch/held")"
    cat "$scratch/said"
}
install -m 666 /dev/null "$scratch/answered"
install -m 666 /dev/null "$scratch/said"

echo "a session that jnsd --once has made, as soon as the daemon goes on"
check "it has a view, with a volume" test "$view" != "$host" -a "$volumes" -gt 0
whose='readlink /proc/self/ns/mnt /proc/self/ns/net'
check "su to a user without rules comes out of it" equal \
    "$(inside "echo Secret.1 | su carol -c \"$whose\"" | sed 's/^Password: //')" "$host
$host_net"
check "sudo does" equal "$(inside "sudo -u carol $whose")" "$host
$host_net"
check "su to a user with a view leaves the network behind" equal "$(inside "sudo -u bob $whose" | tail -n 1)" "$host_net"
check "the next login of the user joins it" equal "$(su alice -c "readlink /proc/self/ns/mnt")" "$view"
check "jnsenter finds it" equal "$(jnsenter alice readlink /proc/self/ns/mnt)" "$view"
check "the user has one view" equal "$(views alice)" 1
check "and each volume once" equal "$(volume_processes alice | wc -l)" "$volumes"
check "the daemon has learned of all" equal "$(ls -A /run/jns/unseen)" ""

echo "when that session ends"
exec 8>&-
wait "$held" 2>/dev/null
check "the view goes" within 120 without_view alice
check "with its volume" within 20 no_processes alice

echo "a login while jnsd --once is at work"
freeze_jnsd
for i in 1 2 3; do su bob -c 'readlink /proc/self/ns/mnt; sleep 5' >"$scratch/bob.$i" & done
within 20 test -e "/run/jns/login-$(id -u bob)"
kill -CONT "$jnsd_pid"
for i in 4 5 6; do su bob -c 'readlink /proc/self/ns/mnt; sleep 5' >"$scratch/bob.$i" & done
for i in 1 2 3 4 5 6; do within 20 test -s "$scratch/bob.$i"; done
check "all have one view" equal "$(cat "$scratch"/bob.* | sort | uniq -c | awk '{ print $1 }')" 6
finish
