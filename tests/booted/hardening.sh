#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What of systemd.exec(5) the unit leaves out: each directive that docs/threat-model.md calls impossible breaks what its line says, and
# systemd misses no other.

. "$(dirname "$0")/../lib/booted.sh"

hooks=/opt/jns-tests
install -d -m 755 $hooks
cat >$hooks/probe <<'EOF'
#!/bin/bash
# What administrators' programs do. The first that fails has the login refused, by its name.
must() { timeout 3 "${@:2}" >/dev/null 2>&1 || { echo "cannot do: $1"; exit 1; }; }
cd /srv/jns-tests || exit 1
must folder test "$(stat -c %a /var/mail)" = 2770
must tcp bash -c 'exec 3<>/dev/tcp/127.0.0.1/22 && read -r line <&3'
must netlink ip link show lo
must node bash -c 'rm -f disk && mknod disk b 7 0'
must block dd if=disk of=/dev/null count=0
must kill bash -c 'setpriv --reuid=bob --regid=bob --clear-groups sleep 9 & sleep 0.2; kill $!'
must usr bash -c 'touch /usr/local/jns-tests && rm /usr/local/jns-tests'
must etc bash -c 'touch /etc/jns-tests && rm /etc/jns-tests'
must home bash -c 'touch /home/jns-tests && rm /home/jns-tests'
must cgroup bash -c 'mkdir /sys/fs/cgroup/jns-tests && rmdir /sys/fs/cgroup/jns-tests'
must processes test -r /proc/1/cmdline -a -r /proc/meminfo
grep -c '^Seccomp:.*2$' /proc/self/status >confined
EOF
chmod 755 $hooks/probe
mkdir -p /srv/data /srv/shelf
mount -t tmpfs -o mode=700 instances /var/lib/jns # an overlay cannot lie on another one, which / is here
echo text >/srv/shelf/book
use_profile timeout=60
groupadd tried
rules "$private_tmp

[owned]
action = private
target = /var/mail
options = mode=2770, gid=$(getent group games | cut -d : -f 3)
only = group:tried

[data]
action = overlay
target = /srv/data
upper = discard
only = group:tried

[shelf]
action = fuse
program = /usr/bin/bindfs
arguments = --no-allow-other, /srv/shelf
target = \${home}/Shelf
create = yes
only = group:tried

[probe]
action = run
program = $hooks/probe
timeout = 20s
only = group:tried

[apart]
action = isolate
isolate = net, pid, ipc, uts, cgroup, time
hostname = exam
only = group:tried
except = service:systemd-user"
check "the rules are right" jnsctl check

# with DIRECTIVE...: starts the daemon again so. It fails if that does.
drop_in=/etc/systemd/system/jnsd.service.d/tried.conf
mkdir -p "${drop_in%/*}"
with() {
    printf '%s\n' '[Service]' TimeoutStartSec=10 "$@" >$drop_in
    systemctl daemon-reload
    systemctl restart jnsd.service 2>/dev/null
}
# log_in: as a new user, because nothing is done in a view that is there. What su says is in $scratch/said.
log_in() {
    local user=u${EPOCHREALTIME//[^0-9]/}
    useradd --create-home --groups tried "$user"
    rm -f $scratch/confined
    su "$user" -c 'cat ~/Shelf/book; hostname' >$scratch/said 2>&1 </dev/null
}
# A busy machine's daemon is passed over for a helper that the unit does not confine.
logged_in_by_daemon() { log_in && [ "$(cat $scratch/confined)" = 1 ]; }
refused_by_daemon() { ! log_in && contain "$(cat $scratch/said)" "$1"; }
not_started() {
    ! with "${@:2}" && { journalctl --sync
    contain "$(journalctl --quiet --unit=jnsd.service --lines=15 --output=cat)" "$1"
    }
}
no_start() { check "$2: the daemon does not start" not_started "$1" "${@:2}"; }
no_login() {
    with "${@:2}" || abort "no start with ${*:2}"
    check "$2: no login, as $1" within 15 refused_by_daemon "$1"
}

echo "as it is"
with || abort "the daemon does not start"
check "all of it works" within 15 logged_in_by_daemon
check "in a session" equal "$(cat $scratch/said)" "text
exam"

echo "what would keep the daemon from starting"
no_start 'status=1' MemoryDenyWriteExecute=yes
no_start 'lacks a system call.*openat2' RestrictSUIDSGID=yes
no_start 'cannot start: .*setns' PrivateUsers=yes
no_start 'cannot start: .*mount_setattr' SystemCallFilter=~@mount
no_start 'cannot start: .*chown' SystemCallFilter=~@privileged
no_start 'cannot tell the service manager' RestrictAddressFamilies=~AF_UNIX
no_start 'cannot start: .*setns' RestrictNamespaces=~mnt
no_start 'cannot start: .*setns' CapabilityBoundingSet=~CAP_SYS_ADMIN
no_start 'cannot start: .*ns/mnt' CapabilityBoundingSet=~CAP_SYS_PTRACE
no_start 'cannot start: .*setns' CapabilityBoundingSet=~CAP_SYS_CHROOT

echo "what would break rules"
no_login 'fusermount' NoNewPrivileges=yes
no_login '/dev/fuse' PrivateDevices=yes
# ProtectClock=yes implies such a list, as systemd.exec(5) says.
no_login '/dev/fuse' 'DeviceAllow=/dev/rtc r' 'DeviceAllow=/dev/null rw'
no_login 'cannot do: node' DevicePolicy=closed 'DeviceAllow=/dev/fuse rw'
no_login 'cannot set the host name' ProtectHostname=yes
no_login 'cannot do: tcp' PrivateNetwork=yes
no_login 'cannot do: tcp' IPAddressDeny=any
no_login 'cannot do: tcp' 'RestrictAddressFamilies=~AF_INET AF_INET6'
no_login 'cannot do: netlink' RestrictAddressFamilies=~AF_NETLINK
no_login 'fchownat' CapabilityBoundingSet=~CAP_CHOWN
no_login 'Permission denied' CapabilityBoundingSet=~CAP_DAC_OVERRIDE
no_login 'cannot do: folder' CapabilityBoundingSet=~CAP_FSETID
no_login 'cannot do: node' CapabilityBoundingSet=~CAP_MKNOD
no_login 'cannot do: kill' CapabilityBoundingSet=~CAP_KILL
no_login 'cannot become uid' CapabilityBoundingSet=~CAP_SETUID
no_login 'cannot become uid' CapabilityBoundingSet=~CAP_SETGID
no_login 'loopback' CapabilityBoundingSet=~CAP_NET_ADMIN
for kind in ipc uts net pid cgroup; do no_login "cannot make an? $kind namespace" "RestrictNamespaces=~$kind"; done

with SystemCallFilter=~@resources
cannot_go_last() {
    journalctl --sync
    contain "$(journalctl --quiet --unit=jnsd.service --lines=15 --output=cat)" 'cannot give logins precedence'
}
check "SystemCallFilter=~@resources: what the daemon removes slows logins" within 15 cannot_go_last

echo "what would do nothing: the daemon and its hooks leave the mount namespace that it makes"
with PrivateMounts=yes PrivateTmp=yes ProtectSystem=strict ProtectHome=yes ProtectControlGroups=yes ProtectKernelLogs=yes \
    ProtectKernelModules=yes ProtectKernelTunables=yes ProtectProc=invisible ProcSubset=pid || abort "no start with all of it"
check "hooks do everything that they did" within 15 logged_in_by_daemon

echo "systemd and the documents"
rm $drop_in
systemctl daemon-reload
missed() { systemd-analyze security --no-pager jnsd.service | sed -n 's/^✗ \([^ ]*\) .*/\1/p' | sort; }
# shellcheck disable=SC1003 # a backslash
listed() {
    sed -n '/^## Hardening, and where it ends/,/^## What is not/p' "$source_root/docs/threat-model.md" |
        grep -o '`[A-Z][A-Za-z/=]*=[^`]*`' | tr -d '`\\' | sort
}
check "what systemd misses is in the threat model" equal "$(comm -23 <(missed) <(listed))" ""
finish
