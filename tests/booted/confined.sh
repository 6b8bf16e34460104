#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the unit takes from the daemon is not missed: rules of every kind work, overlays do for root in a session what
# files do, and hooks do what file systems of users need; and a drop-in gives a hook more.

. "$(dirname "$0")/../lib/booted.sh"

hooks=/opt/jns-tests # root's, on the whole way
install -d -m 755 $hooks
hook() { { echo '#!/bin/sh'; cat; } >$hooks/$1; chmod 755 $hooks/$1; }
hook setuid <<'END_OF_HOOK'
setpriv --reuid=alice --regid=alice --init-groups sudo -n id -u >/srv/jns-tests/setuid
END_OF_HOOK
hook stays <<'END_OF_HOOK'
setsid sh -c 'echo $$ >/srv/jns-tests/stays; exec sleep 4711' >/dev/null 2>&1 &
until [ -s /srv/jns-tests/stays ]; do sleep 0.05; done
END_OF_HOOK
hook hurry <<'END_OF_HOOK'
renice -n -5 $$ >/dev/null 2>&1; ps -o ni= $$ | tr -d ' ' >/srv/jns-tests/nice
END_OF_HOOK
hook hang <<'END_OF_HOOK'
trap '' TERM
sleep 4712 &
sleep 4712
END_OF_HOOK

mkdir -p /srv/data /srv/closed /srv/scratch /srv/lib /var/lib/jns
cd /srv/data || abort "cannot enter /srv/data"
echo a >owned && chown bob:games owned && chmod 6755 owned
cp /usr/bin/true capable && setcap cap_net_raw+ep capable
mkdir shared && chown bob:games shared && chmod 2775 shared
cd $scratch || abort "cannot enter $scratch"
mount -t tmpfs -o mode=700 instances /var/lib/jns # an overlay cannot lie on another one, which / is here
add_users carol
rules "$private_tmp

[owned]
action = private
target = /var/mail
options = mode=2770, gid=$(getent group games | cut -d : -f 3)
except = user:root

[data]
action = overlay
target = /srv/data
upper = keep

[scratch]
action = tmpfs
target = /srv/scratch
options = size=1M, mode=1777

[lib]
action = bind
source = /usr/share
target = /srv/lib
options = ro

[closed]
action = hide
target = /srv/closed

[etc]
action = readonly
target = /etc
except = user:root

[proc]
action = proc
options = hidepid=invisible
except = user:root

[setuid]
action = run
program = $hooks/setuid
only = user:alice

[stays]
action = run
program = $hooks/stays
only = user:alice

[hurry]
action = run
program = $hooks/hurry
only = user:alice, user:bob

[hang]
action = run
program = $hooks/hang
run-as = user
timeout = 1s
only = user:carol"
check "the rules are right" jnsctl check
systemctl restart jnsd.service

echo "alice"
check "gets in" of_ssh alice@127.0.0.1 true
in_view() { of_ssh alice@127.0.0.1 "$@"; }
check "a private folder with the mode and the group of the rule" equal "$(in_view 'stat -c "%G %a" /var/mail')" "games 2770"
check "an overlay" equal "$(in_view 'cat /srv/data/owned')" a
check "a tmpfs" equal "$(in_view 'stat -f -c %T /srv/scratch')" tmpfs
check "a bind, read-only" not in_view 'touch /srv/lib/x'
check "a hidden folder" not in_view 'ls /srv/closed'
check "a /proc of her own processes" equal "$(in_view 'ls -d /proc/1 2>/dev/null')" ""

echo "root, in an overlay"
in_overlay() { of_ssh root@127.0.0.1 "cd /srv/data && $1"; }
check "is in one" in_overlay 'mountpoint -q .'
check "makes devices" in_overlay 'mknod null c 1 3 && echo >null'
check "changes a file, and owner, group and mode stay" equal "$(in_overlay 'touch owned && stat -c "%U:%G %a" owned')" "bob:games 6755"
check "and the file's capabilities" equal "$(in_overlay 'touch capable && getcap capable')" "capable cap_net_raw=ep"
check "gives capabilities to a file" in_overlay 'cp capable new && setcap cap_chown+ep new'
check "changes the mode of somebody's file" in_overlay 'chmod 600 owned'
check "makes files in a folder for a group" equal "$(in_overlay 'touch shared/new && stat -c %G shared/new')" games

echo "hooks"
check "may start setuid programs" equal "$(cat $scratch/setuid)" 0
left=$(cat $scratch/stays)
check "may leave a process behind" kill -0 "$left"
systemctl restart jnsd.service
check "which outlives the daemon" kill -0 "$left"
check "of a user's, are ended when their time is over" contain "$(of_ssh carol@127.0.0.1 true 2>&1)" 'not ended within'
check "and nothing of them is left" within 5 not pgrep -u carol
check "may not take more of the processors than others" equal "$(cat $scratch/nice)" 0
mkdir -p /etc/systemd/system/jnsd.service.d
printf '[Service]\nCapabilityBoundingSet=CAP_SYS_NICE\n' >/etc/systemd/system/jnsd.service.d/override.conf
systemctl daemon-reload
systemctl restart jnsd.service
of_ssh bob@127.0.0.1 true
check "unless a drop-in says so" equal "$(cat $scratch/nice)" -5
finish
