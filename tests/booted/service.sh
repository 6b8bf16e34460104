#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The units: what systemd starts, with which rights, and that no login fails and no session ends, whatever happens to the
# daemon.

. "$(dirname "$0")/../lib/booted.sh"

daemon() { property MainPID jnsd.service; }
active() { [ "$(property ActiveState jnsd.service)" = active ]; }
log_in() { of_ssh "$1@127.0.0.1" "${2:-jns-probe}"; }

echo "after a boot"
check "the system is up, and nothing has failed" equal "$(systemctl is-system-running)" running
check "the daemon runs" active
check "and its socket listens" equal "$(property SubState jnsd.socket)" running
check "root's alone" equal "$(stat -c '%U %a' /run/jns /run/jns/jnsd.sock)" "root 700
root 600"
check "the daemon was ready before users could log in" test \
    "$(property ActiveEnterTimestampMonotonic jnsd.service)" -le "$(property InactiveExitTimestampMonotonic systemd-user-sessions.service)"
check "[E5] it waits for local files, and not for the rest of the boot" \
    lack "$(property After jnsd.service) $(property After jnsd.socket)" \
    '(sysinit|basic|sockets|network|remote-fs)[.]target'
check "but users wait for both" contain "$(property After systemd-user-sessions.service)" \
    '(^| )jnsd[.]service( |$).*remote-fs[.]target|remote-fs[.]target.*jnsd[.]service'
check "no unit waits for itself" lack "$(journalctl --boot --quiet --output=cat)" 'ordering cycle'
check "systemd finds nothing wrong with the units" equal "$(systemd-analyze verify --man=no jnsd.service jnsd.socket jns-archive.service \
    2>&1)" ""
check "and little exposed" systemd-analyze security --threshold=62 --no-pager jnsd.service
# Debian's runuser-l calls pam_systemd before it includes runuser, and of that there is a note.
check "doctor finds nothing wrong with the system" lack "$(jnsctl doctor)" '^(error|warning)' 
check "the daemon has process 1's mounts" equal "$(namespace "$(daemon)")" "$(namespace 1)"
most=$( (ulimit -n 131072; ulimit -Hn) 2>/dev/null) # in a container perhaps no more than that has
check "may open many files" contain "$(cat "/proc/$(daemon)/limits")" "^Max open files +$most +$most"
check "and is confined" contain "$(cat "/proc/$(daemon)/status")" '^Seccomp:.*2$'

echo "the journal"
session=$(log_in alice 'touch /tmp/of-alice; jns-probe')
check "alice is isolated" differ "$(value namespace "$session")" "$(host_namespace)"
entry() { journalctl --sync; journalctl --quiet --boot --output=json JNS_EVENT=login JNS_USER=alice JNS_SERVICE=sshd | tail -n 1; }
inode=$(value namespace "$session") inode=${inode//[^0-9]/}
check "her login is in it" in_journal "alice by sshd" JNS_EVENT=login "JNS_NAMESPACE=$inode"
for field in '_SYSTEMD_UNIT":"jnsd.service' 'SYSLOG_IDENTIFIER":"jnsd' 'JNS_RULES":"private-tmp' 'JNS_SESSION":"[0-9a-f]{16}' \
    "JNS_UID\":\"$(id -u alice)" 'PRIORITY":"6' 'JNS_MOUNTS":"1'; do
    check "with ${field%%\"*}" contain "$(entry)" "\"$field\""
done
systemctl restart systemd-journald
log_in bob true
check "logins are in it also after a restart of journald" in_journal "bob by sshd" JNS_EVENT=login JNS_USER=bob

echo "the daemon does not run"
systemctl stop jnsd.service 2>/dev/null
check "it has ended" equal "$(property ActiveState jnsd.service)" inactive
check "a login starts it, and is isolated" contain "$(log_in alice)" '^files=of-alice $'
# The login did not wait for it: a daemon that takes longer than a second to start is passed over.
check "now it runs" within 30 active
systemctl stop jnsd.socket 2>/dev/null
check "with the socket it ends, too" within 5 test ! -e /run/jns/jnsd.sock
check "a login without either is isolated" contain "$(log_in alice)" '^files=of-alice $'
check "and starts none" equal "$(property ActiveState jnsd.service)" inactive
systemctl start jnsd.service

echo "reload"
log_in alice true
good=$(cat /etc/jns/rules.d/test.conf)
rules "${good/action = private/action = privat}"
check "with broken rules it fails" not systemctl reload jnsd.service
check "the daemon runs on" active
check "and uses the previous rules" contain "$(log_in alice)" '^files=of-alice $'
rules "$good"
check "with good ones it succeeds" systemctl reload jnsd.service

echo "under live sessions"
# A start of the service may take longer than ten seconds while others start.
use_profile timeout=60
open_session alice ssh "${ssh_options[@]}" -i $scratch/key alice@127.0.0.1 bash
open_session bob su bob
alices=$(in_session alice 'readlink /proc/self/ns/mnt')
# logins FILE: logs alice in by su until FILE.stop is there, and notes what she sees.
logins() {
    until [ -e "$1.stop" ]; do su alice -c 'ls -A /tmp' >>"$1" 2>&1 </dev/null || echo refused >>"$1"; done
}
for client in 1 2; do
    logins "$scratch/logins.$client" &
    pid[client]=$!
done
for _ in 1 2 3; do
    check "restart" systemctl restart jnsd.service
    sleep 0.3
    first=$(daemon)
    kill -KILL "$first"
    another() { [ "$(daemon)" != 0 ] && [ "$(daemon)" != "$first" ] && active; }
    check "killed, the daemon comes back" within 10 another
    check "reload" systemctl reload jnsd.service
done
for _ in {1..12}; do
    systemctl kill --kill-who=main --signal=KILL jnsd.service 2>/dev/null # it may not run just now
    sleep 0.1
done
check "killed again and again, it comes back again and again" within 10 active
touch $scratch/logins.{1,2}.stop
wait "${pid[1]}" "${pid[2]}"
check "meanwhile there were logins" test "$(cat $scratch/logins.[12] | wc -l)" -ge 8
check "and each was isolated" equal "$(sort -u $scratch/logins.[12])" of-alice
check "alice's session goes on" equal "$(in_session alice 'ls -A /tmp')" of-alice
check "where it was" equal "$(in_session alice 'readlink /proc/self/ns/mnt')" "$alices"
check "bob's too" in_session bob true
close_session alice
close_session bob
check "no unit of jns has failed" equal "$(systemctl list-units --failed --quiet --plain --no-legend 'jnsd*')" ""

echo "a daemon that cannot start"
use_profile timeout=3
cp /etc/jns/jns.conf $scratch/jns.conf
# Without those of its last start the daemon has no settings to go by.
echo 'nonsense' >>/etc/jns/jns.conf
rm /var/lib/jns/last-good-settings
systemctl stop jnsd.service 2>/dev/null
attempts() { journalctl --sync; journalctl --quiet --boot --output=cat --identifier=jnsd --grep='cannot start' | wc -l; }
before=$(attempts) began=$SECONDS
log_in alice true >$scratch/refused 2>&1 &
refused=$!
check "root gets in" log_in root true
check "alice does not" not wait $refused
check "and is told so" contain "$(cat $scratch/refused)" "$refusal"
tried_again() { [ $(($(attempts) - before)) -ge 2 ]; }
check "it is tried again and again" within 20 tried_again
check "and not all the time" test $(($(attempts) - before)) -le $((SECONDS - began + 2))
cp $scratch/jns.conf /etc/jns/jns.conf
use_profile
check "mended, logins are served again, and nobody has to tell systemd" contain "$(log_in alice)" '^files=of-alice $'
finish
