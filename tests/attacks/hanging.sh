#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A file server that is dead, and hundreds of logins that ask it: users who do not need it log in as on any other day.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/state.sh"

install -d -m 1777 /srv/hang /srv/ours
install -d -m 755 /srv/ours/folder
name_users f 300 4100 33 # of group www-data
name_users other 4 3900 100
name_users plain 4 3950 60 # of group games
small_host "[private]
action = private
target = /tmp
except = user:root, group:games

[dead]
action = readonly
target = /srv/hang/folder
only = group:www-data, service:onto-dead

[ours]
action = readonly
target = /srv/ours/folder
only = user:other1"
build_tool dead-fuse dead-fuse.c
echo 'session required pam_jns.so once=off timeout=20' >/etc/pam.d/daemon
cp /etc/pam.d/daemon /etc/pam.d/onto-dead
# As systemd sets it; the journal's socket holds ten lines otherwise, and a crowd has more to say.
echo 512 >/proc/sys/net/unix/max_dgram_qlen
start_journal

lets_in() { contain "$(./client "$1" "$2" </dev/null 2>&1)" "^open $(stat -Lc %i /proc/self/ns/mnt)$"; }
fifo() { rm -f end said; mkfifo end; }

start_jnsd
in_view daemon other0 >/dev/null || abort "nobody can log in"
in_view daemon other2 >/dev/null || abort "nobody can log in"
./dead-fuse /srv/hang >mounted &
fuse=$!
within 5 test -s mounted || abort "cannot mount a file system: is there no /dev/fuse?"

echo "300 users at once, each of whose logins asks a dead file system"
fifo
./crowd hold daemon f 300 300 <>end >said 2>told &
crowd=$!
# As soon as they are there, before anybody can know that they hang.
in_line() { [ "$(ss -xH state established src /run/jns/jnsd.sock 2>/dev/null | wc -l)" -gt 64 ]; }
within 5 in_line
check "[B3] root gets in at once" in_time 1000 lets_in daemon root
check "[B3] a user without rules gets in" in_time 2000 lets_in daemon plain0
check "[B3] a user with other rules gets a view" in_time 2000 in_view daemon other0
refused_soon() { grep -c 'does not answer: ' told | awk '{ exit !($1 > 40) }'; }
check "[B3] those that come late are refused before their time is up" within 6 refused_soon
check "[B3] and told what hangs" contain "$(cat told)" "the file system at /srv/hang does not answer: [0-9]+ logins hang there"
check "[B3] a user with a path elsewhere gets a view" in_time 2000 in_view daemon other1
check "[B3] a user with a view joins it" in_time 2000 in_view daemon other2
check "[B3] root gets in, though a rule for root is on that file system" in_time 1000 lets_in onto-dead root
check "[B3] and again" in_time 1000 lets_in onto-dead root
check "[B3] one who would hang too is refused at once" in_time 2000 not in_view onto-dead other3
threads=$(ls /proc/$jnsd_pid/task | wc -l)
check "[B3] the daemon has threads left ($threads)" test "$threads" -lt 400
check "[B3] the journal has one line for it" equal "$(journal JNS_EVENT=hangs | wc -l)" 1
check "[B3] metrics count them" contain "$(jnsctl metrics)" "^jns_hanging_logins ([1-9][0-9]+)$"
check "[B3] jnsctl answers" in_time 9000 jnsctl reload

echo "the file server comes back"
kill $fuse
umount -l /srv/hang
check "[B3] nobody is let in by mistake" contain "$(within 30 test -s said; cat said)" "^0 open in 0 views, 300 refused, 0 let in"
echo >end
wait $crowd
none_hang() { jnsctl metrics | grep -qx 'jns_hanging_logins 0'; }
check "[B3] no login hangs any more" within 10 none_hang
check "[B3] the journal says so" in_journal "/srv/hang answers again" JNS_EVENT=answers
mkdir -p /srv/hang/folder
check "[B3] and the user who was refused gets in" in_view onto-dead f0
few_threads() { [ "$(ls /proc/$jnsd_pid/task | wc -l)" -lt 40 ]; }
check "[B3] the threads are gone" within 10 few_threads
finish
