#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Units of the system's that run as a user: by PAM they are in the user's view, whatever else the unit asks for, or do not
# run at all.

. "$(dirname "$0")/../lib/booted.sh"

touch /tmp/of-the-host
open_session alice ssh "${ssh_options[@]}" -i $scratch/key alice@127.0.0.1 bash
in_session alice 'touch /tmp/of-alice'
view=$(in_session alice 'readlink /proc/self/ns/mnt')
as_alice() { systemd-run --quiet --pipe --wait --collect --property=User=alice "$@"; }

echo "with PAMName="
check "it is in alice's view" equal "$(as_alice --property=PAMName=login readlink /proc/self/ns/mnt)" "$view"
for property in NoNewPrivileges=yes ProtectSystem=strict PrivateDevices=yes ProtectHome=tmpfs BindPaths=/srv PrivateNetwork=yes; do
    check "$property: sees her /tmp" equal "$(as_alice --property=PAMName=login --property=$property ls -A /tmp)" of-alice
done
seen=$(as_alice --property=PAMName=login --property=PrivateTmp=yes sh -c 'echo ran; ls -A /tmp' 2>&1)
check "PrivateTmp=yes, which is made in the host's /tmp, lets it not start" equal "$?:$seen" "226:"
check "but does where the rules leave /tmp alone" equal "$(systemd-run --quiet --pipe --wait --collect --property=User=root \
    --property=PAMName=login \
    --property=PrivateTmp=yes ls -A /tmp)" ""

echo "without"
check "nobody asks the module: it is on the host" equal "$(as_alice readlink /proc/self/ns/mnt)" "$(host_namespace)"

echo "a service that fails, and is tried again and again"
rules "$private_tmp

[broken]
action = bind
source = /srv/absent
target = /srv
only = user:bob"
# Rules that refuse somebody are taken by force alone.
jnsctl reload --force >/dev/null
printf '[Unit]\nStartLimitIntervalSec=0\n[Service]\nUser=bob\nPAMName=login\nExecStart=/bin/sleep 4711\nRestart=always\nRestartSec=100ms\n' \
    >/run/systemd/system/bobs.service
systemctl daemon-reload
systemctl start bobs.service 2>/dev/null
tries() { [ "$(property NRestarts bobs.service)" -ge 5 ]; }
check "is refused each time" within 20 tries
check "and never runs" not pgrep -u bob
in_books() { grep -rqw bob /run/jns/sessions && grep -rqw bob /run/jns/views; }
check "nothing of it is in the books" not grep -rqw bob /run/jns/sessions /run/jns/views
check "nor is there a session for logind" lack "$(loginctl list-sessions --no-legend)" ' bob '
mkdir /srv/absent
runs() { pgrep -u bob -f 'sleep 4711' >/dev/null; }
check "until the rule can be carried out" within 10 runs
check "then it is in the books" in_books
systemctl stop bobs.service

echo "jnsenter into a unit"
systemd-run --quiet --unit=apart --property=PrivateTmp=yes sh -c 'sleep 4712 & touch /tmp/of-unit; wait'
within 5 pgrep -f 'sleep 4712' || abort "no unit"
main=$(property MainPID apart.service)
check "by its name" equal "$(jnsenter unit:apart -m ls /tmp)" of-unit
check "by its main process" equal "$(jnsenter unit:apart.service readlink /proc/self/ns/mnt)" "$(readlink "/proc/$main/ns/mnt")"
check "with its environment" contain "$(jnsenter unit:apart -e env)" "^INVOCATION_ID=$(property InvocationID apart.service)"
check "in its cgroup, with the input kept" equal "$(echo hi |
    jnsenter unit:apart -c sh -c 'grep -E "^0::|name=systemd" /proc/self/cgroup >/srv/cgroup; cat')" hi
check "which is the unit's" contain "$(cat /srv/cgroup)" apart.service
check "a slice has processes, too" equal "$(jnsenter unit:system.slice true; echo $?)" 0
in_session alice 'systemd-run --user --quiet --unit=hers sleep 4713; sleep 1'
check "a user's own unit is none of the system's" contain "$(jnsenter unit:hers true 2>&1)" 'nothing runs in it'
systemctl stop apart.service
check "one that was stopped" contain "$(jnsenter unit:apart true 2>&1)" 'nothing runs in it'
finish
