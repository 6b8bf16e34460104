#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Whatever one user leaves running, the views and private folders of the others end when it is their time; and those of the user stay as
# long as anything of the user's runs in them.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "[logout]
action = private
target = /tmp
except = user:root
keep = logout

[scratch]
action = tmpfs
target = /srv/scratch
only = user:bob"
install -d -m 1777 /srv/scratch
add_users mallory
instance() { echo "/var/lib/jns/$(id -u "$1")/tmp"; }
gone() { [ ! -e "$(instance "$1")" ] && without_view "$1"; }
# For ten seconds after a login its folder stays in any case, and what could not end is looked at again after 1, 2, 4 seconds and so on.
goes_in_time() { within 40 gone "$1"; }
alive() { kill -0 "$jnsd_pid" && jnsctl metrics >/dev/null; }

echo "the mount tables of one user"
as_mallory() { setpriv --reuid mallory --regid mallory --init-groups "$@"; }
install -d -o mallory /srv/mallory
fill() { # NUMBER MOUNTS
    install -d -o mallory "/srv/mallory/$1"
    mkfifo "$scratch/keep.$1"
    as_mallory "$tests/lib/many-mounts.py" "/srv/mallory/$1" "$2" <>"$scratch/keep.$1" >"$scratch/filled.$1" 2>&1 &
}
for number in 1 2 3 4 5 6 7; do fill $number 3800; done
fill 8 4500
for number in 1 2 3 4 5 6 7 8; do
    within 60 grep -q ready "$scratch/filled.$number" || abort "cannot fill: $(cat "$scratch/filled.$number")"
done
fillers=$(pgrep -u mallory -f many-mounts)
bytes=$(for pid in $fillers; do cat "/proc/$pid/mountinfo"; done | wc -c)
check "they are more than the daemon's memory" test "$bytes" -gt 100000000
su mallory -c 'touch /tmp/x'
su alice -c 'touch /tmp/x'
check "[B1] another user's view and folder end all the same" goes_in_time alice
check "[B1] and the daemon lives" alive
su bob -c 'touch /tmp/x'
answer=$(timeout 60 jnsctl gc)
check "[B2] gc names who has caused a doubt, and what it keeps" contain "$answer" \
    "cannot tell what uid $(id -u mallory) has mounted \(pid [0-9]+\): .*; private folders of that uid stay"
check "[B2] so does the journal" in_journal "cannot tell what uid $(id -u mallory) has mounted" JNS_EVENT=not-removed
check "[B2] and nobody else's stay" goes_in_time bob
check "and the folder stays" test -e "$(instance mallory)"
kill $fillers
check "until the doubt is over" within 70 gone mallory

echo "folders with the names of others' private folders"
install -d -o mallory "/srv/mallory/$(id -u alice)/tmp"
mkfifo "$scratch/keep.fake"
su alice -c 'touch /tmp/x'
as_mallory unshare -Urm sh -c "mount --bind /srv/mallory/$(id -u alice)/tmp /mnt && echo ready && cat" <>"$scratch/keep.fake" \
    >"$scratch/fake" 2>&1 &
within 10 grep -q ready "$scratch/fake" || abort "cannot bind: $(cat "$scratch/fake")"
check "[B2] keep nobody's" goes_in_time alice
pkill -u mallory -x cat

echo "a program whose first thread has ended"
touch "$scratch/run"
su alice -c "touch /tmp/x; setsid '$tests/lib/first-thread-ends.py' '$scratch/run' </dev/null >/dev/null 2>&1 &"
is_there() { ps -o stat= -u alice | grep -q '^Z.*l'; }
within 10 is_there || abort "it does not run: $(ps -fu alice)"
jnsctl gc >/dev/null
jnsctl gc >/dev/null
check "[B6] keeps its view" view_of alice
check "[B6] jnsctl why finds it" contain "$(jnsctl why "$(pgrep -u alice)")" "is in the view of alice"
check "[B6] jnsctl list counts it" contain "$(jnsctl list)" "alice .* 1  +1  "
check "[B6] and its folder" test -e "$(instance alice)/x"
rm "$scratch/run"
check "until it ends" within 70 gone alice

echo "a sandbox that was made of a view"
# What podman leaves behind is such a process, which waits in a user and mount namespace of its own.
su bob -c "touch /srv/scratch/x; setsid unshare -Urm sleep 600 </dev/null >/dev/null 2>&1 &"
sandbox() { pgrep -u bob -x sleep; }
in_sandbox() { [ "$(namespace_of "$(sandbox)")" != "$(namespace_of self)" ] && grep -q ' /srv/scratch ' "/proc/$(sandbox)/mountinfo"; }
namespace_of() { readlink "/proc/$1/ns/mnt"; }
within 10 in_sandbox || abort "there is no sandbox: $(ps -fu bob)"
jnsctl gc >/dev/null
jnsctl gc >/dev/null
check "[B7] keeps it" view_of bob
check "[B7] so the next login finds what is in it" equal "$(su bob -c 'ls -A /srv/scratch')" x
kill "$(sandbox)"
check "until it ends" within 70 without_view bob

finish
