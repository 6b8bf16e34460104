#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every command by which jns is looked after, with sessions open that have one kind of rule each: the list of sessions and views is the same
# afterwards, every session works, and the next login joins. Then an installation in a chroot while the same sessions are open, and a purge.

. "$(dirname "$0")/../lib/packaged.sh"
. "$tests/lib/open-sessions.sh"

# A login waits longer than it should, for a machine that has much to do.
dpkg-deb -R "$deb" $scratch/patient
sed -i 's/pam_jns[.]so.*/& timeout=60/' $scratch/patient/usr/share/pam-configs/jns
deb=$scratch/patient.deb
dpkg-deb -b $scratch/patient $deb >/dev/null
dpkg -i "$deb" >/dev/null 2>&1 || abort "the package does not install"
next=$(newer 0.1.1~newer)

kinds="ipc uts net pid cgroup time"
folders="tmpfs overlay volume hook own" # what a user has besides a private /tmp
users="alice loner $folders $kinds"
# shellcheck disable=SC2086
add_users loner $folders $kinds
mkdir -p /srv/{tmpfs,overlay,own} /srv/shelf
chmod 1777 /srv/{tmpfs,overlay,own} /srv/shelf
printf '#!/bin/sh\ntrue\n' >/usr/local/sbin/hook
chmod 755 /usr/local/sbin/hook
text="$private_tmp

[tmpfs]
action = tmpfs
target = /srv/tmpfs
options = mode=1777
only = user:tmpfs

[overlay]
action = overlay
target = /srv/overlay
upper = discard
only = user:overlay

[volume]
action = fuse
program = /usr/bin/bindfs
arguments = --no-allow-other, /srv/shelf
target = \${home}/shelf
create = yes
only = user:volume

[hook]
action = run
program = /usr/local/sbin/hook
only = user:hook

[own]
action = private
target = /srv/own
per = session
only = user:own"
for kind in $kinds; do
    text+="

[$kind]
action = isolate
isolate = $kind
only = user:$kind"
done
rules "$text"
check "the rules are right" jnsctl check
jnsctl reload >/dev/null
jnsctl enable --trial-user alice >/dev/null || abort "jnsctl enable fails"

place() { case $1 in tmpfs | overlay | own) echo "/srv/$1" ;; volume) echo "/home/volume/shelf" ;; *) echo /tmp ;; esac; }
seen='for kind in mnt ipc uts net pid cgroup time; do readlink /proc/self/ns/$kind; done; cat'
sees() { in_session "$1" "$seen $(place "$1")/mark"; }
declare -A first
begin() { # USER
    open_session "$1" su "$1"
    in_session "$1" "echo of-$1 >$(place "$1")/mark" >/dev/null
    first[$1]=$(sees "$1") || abort "the session of $1 does not see its mark: ${first[$1]}"
}
# Of loner's view nobody knows the key.
cp /etc/jns/jns.conf $scratch/jns.conf
sed -i '/^share *=/d; s/^\[policy\]$/&\nshare = none/' /etc/jns/jns.conf
systemctl restart jnsd.service
begin loner
cp $scratch/jns.conf /etc/jns/jns.conf
systemctl restart jnsd.service
for user in $users; do [ "$user" = loner ] || begin "$user"; done

books() {
    find /run/jns/sessions /run/jns/views -type f -printf '%f ' -exec cat {} + | sort
    jnsctl list 2>&1 | awk 'NF > 5 && $2 != "session" { print $1, $2, $3 }' | sort
}
unchanged() { same_text "$before" "$(books)"; }
# Each has a session of su, and most a user manager. Nobody logs in or out for a moment.
settled() {
    [ "$(jnsctl list | grep -cE '^ +[a-z]+ +[0-9a-f]{16} +su ')" -eq "$(wc -w <<<"$users")" ] || return 1
    before=$(books)
    sleep 0.5
    unchanged
}
within 30 settled || abort "there are other sessions: $(jnsctl list)"

all_work() { for user in $users; do equal "$(sees "$user")" "${first[$user]}" || { echo "in the session of $user"; return 1; }; done; }
all_join() {
    local user now
    for user in $users; do
        now=$(su "$user" -c "$seen $(place "$user")/mark" 2>&1 </dev/null)
        case $user in
        loner | own) differ "$(head -n 1 <<<"$now")" "$(host_namespace)" || return 1 ;; # one that nobody joins
        *) equal "$now" "${first[$user]}" || { echo "as $user"; return 1; } ;;
        esac
    done
}
# over SENTENCE COMMAND...
over() {
    local sentence=$1
    shift
    check "$sentence: it is done" "$@"
    check "$sentence: the sessions and views are those before" within 20 unchanged
    check "$sentence: every session works" all_work
    check "$sentence: the next login of each joins" all_join
}

trigger() { dpkg-trigger --by-package=jns /usr/lib/jvm && dpkg --configure --pending; }
killed() {
    local pid
    pid=$(systemctl show --value --property MainPID jnsd.service)
    kill -KILL "$pid"
    within 20 eval '[ "$(systemctl show --value --property MainPID jnsd.service)" != '"$pid"' ] && systemctl --quiet is-active jnsd.service'
}
stopped() { systemctl stop jnsd.socket jnsd.service && [ ! -e /run/jns/jnsd.sock ]; }
archive() { test -s /var/cache/jns/jns.jsa -o -s /var/cache/jns/jns.aot; }
over "[C1] an upgrade" dpkg -i "$next"
over "[C1] the same again" dpkg -i "$next"
over "[C1] a downgrade" dpkg -i "$deb"
check "[C10] the daemon's start has an archive made" within 60 archive
rm -r /var/cache/jns
over "[C1] another Java" trigger
check "[C10] which has another archive made" within 60 archive
over "[C1] launch --make-archive" /usr/lib/jns/launch --make-archive
for command in gc reload doctor "enable --trial-user alice" "try --minutes 1" confirm; do
    # shellcheck disable=SC2086
    check "jnsctl $command: it is done" jnsctl $command
done
check "the commands of jnsctl: the sessions and views are those before" within 20 unchanged
check "the commands of jnsctl: every session works" all_work
check "jnsctl disable: it is done" jnsctl disable
check "jnsctl disable: the sessions and views are those before" within 20 unchanged
check "jnsctl disable: every session works" all_work
over "jnsctl enable" jnsctl enable --trial-user alice
over "systemctl restart" systemctl restart jnsd.service
over "systemctl stop, with the socket" systemctl stop jnsd.service
over "SIGKILL" killed
over "systemctl stop" stopped
systemctl start jnsd.service

echo "where it can never start"
mkdir -p /run/systemd/system/jnsd.service.d
# Without the unit's own list: systemd 257 cannot take one call from a list of what is allowed with an error of its own.
printf '[Service]\nSystemCallFilter=\nSystemCallFilter=~mount_setattr:ENOSYS\n' >/run/systemd/system/jnsd.service.d/too-old.conf
systemctl daemon-reload
check "[E4] the daemon does not start" not systemctl restart jnsd.service
check "[E4] and is not started again and again" equal "$(systemctl show --value --property NRestarts jnsd.service)" 0
check "[E4] the journal says why" in_journal 'this kernel lacks a system call: .*; start Linux 5.14 or newer' -t jnsd
check "[E4] the socket goes, so that nobody waits" within 10 test ! -e /run/jns/jnsd.sock
check "[E4] each login has a helper of its own, and joins" all_join
rm -r /run/systemd/system/jnsd.service.d
systemctl daemon-reload
over "a start after that" systemctl start jnsd.service

echo "in a chroot"
# A tree whose /run is its own, and one with that of the host, as some who build images have it.
chroots=/srv/chroots
mkdir $chroots
mount -t tmpfs -o mode=755 chroots $chroots
mkdir $chroots/upper $chroots/work $chroots/root
mount -t overlay -o lowerdir=/,upperdir=$chroots/upper,workdir=$chroots/work overlay $chroots/root ||
    abort "cannot make a tree for a chroot"
mount --bind /proc $chroots/root/proc
mount --rbind /dev $chroots/root/dev
cp "$deb" "$next" $chroots/root/root/
files() {
    ls -A /
    find /run/jns /var/cache/jns /usr/lib/jns /etc/jns /etc/pam.d /etc/systemd /var/lib/jns -maxdepth 1 -printf '%p %y %m\n' | sort
    systemctl show --property MainPID jnsd.service jns-archive.service
    cat /proc/self/mountinfo
}
in_chroot() { chroot $chroots/root env -i PATH="$PATH" DEBIAN_FRONTEND=noninteractive "$@"; }
for run in own host; do
    if [ $run = own ]; then mount -t tmpfs -o mode=755 run $chroots/root/run; else mount --rbind /run $chroots/root/run &&
        mount --make-rslave $chroots/root/run; fi
    within 60 eval '! systemctl --quiet is-active jns-archive.service'
    outside=$(files)
    for command in "dpkg -P jns" "dpkg -i /root/${deb##*/}" "dpkg -i /root/${next##*/}" "dpkg -r jns" "dpkg -i /root/${deb##*/}" \
        "dpkg -P jns"; do
        # shellcheck disable=SC2086
        check "[E1] with the ${run/own/tree}'s /run: $command" in_chroot $command
    done
    check "[C10] it makes no archive there" test ! -e $chroots/root/var/cache/jns
    [ $run = host ] || check "[E1] and no state" test ! -e $chroots/root/run/jns
    check "[E1] files, mounts and daemon of the host are those before" same_text "$outside" "$(files)"
    umount -R -l $chroots/root/run 2>/dev/null
done
over "[E1] all that in a chroot" true
umount -R -l $chroots

for user in $users; do close_session "$user"; done
echo "purged"
said=$(dpkg -P jns 2>&1)
check "[C3] a purge says where the private folders are" contain "$said" 'private folders of users are still there, in /var/lib/jns'
check "[C3] and they are" grep -q of-alice "/var/lib/jns/$(id -u alice)/tmp/mark"
check "[C3] what jns kept for itself is gone" equal "$(find /var/lib/jns /var/cache/jns /run/jns -maxdepth 1 -name '[!0-9]*' \
    -not -path /var/lib/jns 2>/dev/null)" ""
finish
