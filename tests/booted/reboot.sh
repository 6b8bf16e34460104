#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A boot: what is kept until then is gone, everything else is there, and of sessions that were open nothing is left.

. "$(dirname "$0")/../lib/booted.sh"

own=/var/lib/jns/$(id -u alice)
what_she_sees() { of_ssh alice@127.0.0.1 'cd / && ls -A data tmp' | grep . | tr '\n' ' '; }
one_boot_folder() { [ "$(compgen -G "$own/.boot-*" | wc -l)" = 1 ]; }

if [ "$JNS_BOOT" = 1 ]; then
    mkdir -m 1777 /data
    mkdir -p /var/log/journal
    journalctl --flush
    # As a file server's would be: users wait for it, and it comes when the daemon has long been ready.
    mkdir /srv/late
    cat >/etc/systemd/system/srv-late.mount <<'UNIT'
[Unit]
DefaultDependencies=no
After=jnsd.service
Before=umount.target
Conflicts=umount.target
[Mount]
What=late
Where=/srv/late
Type=tmpfs
Options=mode=755
UNIT
    cat >/etc/systemd/system/late.service <<'UNIT'
[Unit]
Requires=srv-late.mount
After=srv-late.mount
Before=systemd-user-sessions.service
[Service]
Type=oneshot
ExecStart=mkdir /srv/late/folder
[Install]
WantedBy=multi-user.target
UNIT
    systemctl --quiet enable late.service
    systemctl start late.service
    rules '[forever]
action = private
target = /tmp
except = user:root

[boot]
action = private
target = /data
except = user:root
keep = boot

[late]
action = bind
source = /srv/late
target = /mnt
only = user:alice'
    systemctl reload jnsd.service
    echo "before"
    loginctl enable-linger alice
    open_session alice ssh "${ssh_options[@]}" -i $scratch/key alice@127.0.0.1 bash
    in_session alice 'touch /tmp/first /data/first'
    check "alice has both" equal "$(what_she_sees)" "data: first tmp: first "
    check "her user manager is in them" equal "$(ls "/proc/$(user_manager alice)/root/data")" first
    check "one folder is this boot's" one_boot_folder
    reboot
fi

if [ "$JNS_BOOT" = 2 ]; then
    echo "after a boot"
    check "the system is up, and nothing has failed" equal "$(systemctl is-system-running)" running
    check "no session of jns exists except those of lingering users" equal "$(journalctl --quiet --boot --output=cat JNS_EVENT=login |
        sed 's/:.*//' | sort -u)" \
        "alice by systemd-user"
    check "and no view except theirs" equal "$(find /run/jns/views -mindepth 1 -printf '%f\n' |
        grep -c "^$(id -u alice)\\.") $(find /run/jns/views -mindepth 1 | wc -l)" "1 1"
    check "it sees what alice keeps" equal "$(ls "/proc/$(user_manager alice)/root/tmp")" first
    check "and a new folder for this boot" equal "$(ls -A "/proc/$(user_manager alice)/root/data")" ""
    check "her login sees the same" equal "$(what_she_sees)" "data: tmp: first "
    check "[E5] the daemon was ready before the file system that comes late" test \
        "$(property ActiveEnterTimestampMonotonic jnsd.service)" -le "$(property InactiveExitTimestampMonotonic srv-late.mount)"
    check "users see it by a rule all the same" equal "$(of_ssh alice@127.0.0.1 'ls /mnt')" folder
    check "and by themselves, and so does a user manager that is there since the boot" equal \
        "$(of_ssh bob@127.0.0.1 'ls /srv/late') $(ls "/proc/$(user_manager alice)/root/mnt" "/proc/$(user_manager alice)/root/srv/late" |
        tr '\n' ' ')" \
        "folder $(printf '%s ' "/proc/$(user_manager alice)/root/mnt:" folder "" "/proc/$(user_manager alice)/root/srv/late:" folder)"
    check "the old folder goes" within 20 one_boot_folder
    echo "before it, the system went down"
    before() { journalctl --quiet --boot=-1 --output=json "$@" | sed -n 's/.*"__MONOTONIC_TIMESTAMP":"\([0-9]*\)".*/\1/p' | tail -n 1; }
    check "the daemon was told to end" test -n "$(before JNS_EVENT=stopped)"
    check "when alice's sessions had ended" test "$(before JNS_EVENT=session-end)" -le "$(before JNS_EVENT=stopped)"
    check "and no login was cut off" contain "$(journalctl --quiet --boot=-1 --output=cat JNS_EVENT=stopped)" \
        '^stopped; 0 sessions go on, 0 logins'
    # Without those of its last start the daemon has no settings to go by.
    echo nonsense >>/etc/jns/jns.conf
    rm /var/lib/jns/last-good-settings
    use_profile timeout=3
    reboot
fi

if [ "$JNS_BOOT" = 3 ]; then
    echo "after a boot with a daemon that cannot start"
    check "users are let in as far as it is up to systemd" equal "$(property ActiveState systemd-user-sessions.service)" active
    check "root gets in" of_ssh root@127.0.0.1 true
    check "and is told what is wrong" contain "$(jnsctl doctor; systemctl status jnsd.service; journalctl \
        --quiet --boot --output=cat --identifier=jnsd)" 'jns.conf:[0-9]+:1: '
    check "alice does not get in" contain "$(of_ssh alice@127.0.0.1 true 2>&1)" "$refusal"
    sed -i '/^nonsense$/d' /etc/jns/jns.conf
    mkdir /etc/systemd/system/jnsd.service.d
    printf '[Service]\nExecStart=\nExecStart=/bin/sleep 4711\nTimeoutStartSec=3\n' >/etc/systemd/system/jnsd.service.d/hang.conf
    use_profile timeout=30
    reboot
fi

echo "after a boot with a daemon that hangs as it starts"
hangs() { pgrep -fx '/bin/sleep 4711'; }
check "it does" within 10 hangs
check "[E5] users are let in as far as it is up to systemd" equal "$(property ActiveState systemd-user-sessions.service)" active
check "after no more than one try of it" test $(($(property ActiveEnterTimestampMonotonic systemd-user-sessions.service) - $(property \
    ActiveEnterTimestampMonotonic local-fs.target))) -le 8000000
check "root gets in" of_ssh root@127.0.0.1 true
check "alice gets in by a helper of her own, and is isolated" equal "$(what_she_sees)" "data: tmp: first "
check "and sees the file system that came late" equal "$(of_ssh alice@127.0.0.1 'ls /mnt')" folder
finish
