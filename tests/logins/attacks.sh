#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What has broken tools of this kind before, tried on this one. Mallory attacks from outside of his session.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp

[home-target]
action = private
target = \${home}/a/work
only = user:mallory
# Each login examines everything again.
share = none

[home-source]
action = bind
source = \${home}/a/shown
target = /srv/shown
only = user:mallory"
mkdir /srv/shown
add_users mallory
host=$(host_namespace)
home=/home/mallory
as_mallory() { setpriv --reuid mallory --regid mallory --init-groups env HOME=$home /bin/sh -c "$1"; }
milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

# A root-owned folder that must stay as it is, no matter what points at it.
mkdir -m 700 /srv/victim
echo precious >/srv/victim/file
victim() { stat -c '%n %U %G %a %i' /srv/victim /srv/victim/* && cat /srv/victim/file; }
victim_before=$(victim)
mounts_before=$(host_mounts)

# enters: mallory's session, in the time that a login has. Prints what the session prints.
enters() { timeout 15 su mallory -c "${1:-jns-probe}; true" 2>"$scratch/said"; }
refused() { # SENTENCE: that mallory's next login is refused, quickly, and harms nothing
    local start out
    start=$(milliseconds)
    out=$(enters)
    check "$1: refused" equal "$out" "" || return
    check "$1: within five seconds" test $(($(milliseconds) - start)) -lt 5000
    check "$1: told so" contain "$(cat "$scratch/said")" "$refusal"
}

echo "links and oddities in the path of a target in the user's home (CVE-2025-6020, CVE-2024-22365)"
as_mallory "mkdir -p $home/a/work $home/a/shown"
check "plain folders are accepted" differ "$(value namespace "$(enters)")" "$host"
odd() { # SENTENCE COMMAND: mallory sets up x, which becomes the target of one rule, then the source of the other
    local part
    for part in work shown; do
        as_mallory "rm -rf $home/a; mkdir -p $home/a/work $home/a/shown; cd $home/a && rmdir $part && $2 && mv -T x $part" ||
            abort "cannot set up $1"
        refused "$1 as $part"
    done
    check "$1: the victim is as it was" same_text "$victim_before" "$(victim)"
}
odd "a link to root's folder" "ln -s /srv/victim x"
odd "a link to /" "ln -s / x"
odd "a link to /proc/self/root" "ln -s /proc/self/root/srv/victim x"
odd "a dangling link" "ln -s $home/a/nothing x"
odd "a link to itself" "ln -s \$part x"
odd "a FIFO" "mkfifo x"
odd "a socket" "perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => \"x\", Listen => 1) or die'"
as_mallory "rm -rf $home/a; mkdir -p $home/b/work $home/b/shown; ln -s b $home/a"
refused "a link one level up"
as_mallory "rm -rf $home/a $home/b; mkdir $home/a $home/a/shown; touch $home/a/work"
refused "a file where a folder belongs"
as_mallory "rm -rf $home/a"

echo "a link put there while the view is built (CVE-2025-6020)"
# strace holds the daemon before each mount call of the login: long enough to win the race every time.
as_mallory "mkdir -p $home/a/work $home/a/shown $home/e && ln -s /srv/victim $home/e/work && ln -s /srv/victim $home/e/shown"
victim_inode=$(stat -c %i /srv/victim)
for call in openat2 open_tree move_mount; do
    strace -f -qq -o "$scratch/race" -p "$jnsd_pid" -e trace="$call" -e inject="$call:delay_enter=300000" 2>"$scratch/strace.log" &
    tracer=$!
    within 5 grep -q "TracerPid:.[1-9]" "/proc/$jnsd_pid/status" || abort "cannot trace jnsd: $(cat "$scratch/strace.log")"
    for swap_after in 0.15 0.45 0.75 1.05; do
        # The first swap must come before the session does. On a busy machine it may take several logins until one is slow enough.
        for _ in {1..10}; do
            enters "stat -c %i $home/a/work /srv/shown; cat /proc/self/mountinfo" >"$scratch/out" &
            login=$!
            sleep $swap_after
            as_mallory "mv $home/a $home/gone; ln -s e $home/a"
            in_time=no
            [ -s "$scratch/out" ] || in_time=yes
            wait "$login"
            when="swapped $swap_after s after the login began, each $call held"
            check "$when: the victim is as it was" same_text "$victim_before" "$(victim)"
            check "$when: nothing was mounted over the victim" lack "$(cat "$scratch/out")" ' /srv/victim '
            check "$when: the victim is not shown" lack "$(cat "$scratch/out")" "^$victim_inode\$|/srv/victim /srv/shown "
            as_mallory "rm -f $home/a; mv $home/gone $home/a"
            [ $swap_after = 0.15 ] && [ $in_time = no ] || break
        done
        [ $swap_after != 0.15 ] || check "($when: it was in time)" equal $in_time yes
    done
    kill "$tracer"
    wait "$tracer" 2>/dev/null
    check "(calls of $call were held)" contain "$(cat "$scratch/race")" DELAYED
done
as_mallory "rm -rf $home/e"

echo "names (CVE-2014-2583, CVE-2020-27780)"
long=$(printf 'a%.0s' {1..300})
check "(alice is not)" timeout 15 pamtester -- jnstest alice open_session
for name in ../../etc a/b . .. "" "-x" "--help" "%s%n" $'new\nline' "$long" nobody-of-that-name; do
    check "the user name $(printf %q "${name:0:20}") is refused" \
        not timeout 15 pamtester -- jnstest "$name" open_session
done
check "no instance was made for them" equal "$(find /var/lib/jns -mindepth 1 -maxdepth 2 -printf '%f\n' | grep -c '\.\.\|etc\|new\|aaa')" 0

echo "the folder of the instances taken over (CVE-2026-3888, CVE-2021-44731)"
mallory_first=$(enters "jns-probe mark-of-mallory")
check "(mallory has an instance)" contain "$(value tmp "$mallory_first")" root:root:1777
taken() { # SENTENCE COMMAND: whatever the state is, no session gets a /tmp that is not root's
    mv /var/lib/jns /var/lib/jns.good
    eval "$2"
    local out
    out=$(by su bob "jns-probe; true" 2>"$scratch/said")
    if [ -z "$out" ]; then
        check "$1: refused, and told so" contain "$(cat "$scratch/said")" "$refusal"
    else
        check "$1: repaired, and the session's /tmp is root's" equal "$(value tmp "$out")" root:root:1777
        check "$1: and it is not on what mallory made" equal "$(find "$home/trap" -mindepth 1 2>/dev/null)" ""
    fi
    check "$1: root gets in" equal "$(su root -c 'id -un')" root
    rm -rf /var/lib/jns "$home/trap"
    mv /var/lib/jns.good /var/lib/jns
}
taken "gone" true
taken "mallory's own folder" "install -d -o mallory -g mallory -m 755 /var/lib/jns"
taken "open to all" "install -d -m 1777 /var/lib/jns"
taken "a link into mallory's home" "install -d -o mallory $home/trap; ln -s $home/trap /var/lib/jns"
taken "a file" "touch /var/lib/jns"
check "put back, it serves bob again" equal "$(value tmp "$(by su bob jns-probe)")" root:root:1777

echo "a namespace that mallory made, with a forged name service"
as_mallory "echo 'passwd: evil' >$home/nsswitch.conf; unshare -Urm sh -c 'mount --bind $home/nsswitch.conf /etc/nsswitch.conf; sleep 60'" &
disown
within 5 pgrep -u mallory -x sleep
trap_pid=$(pgrep -u mallory -x sleep)
check "(there is one, and root would fall for it)" contain "$(nsenter -t "$trap_pid" -m cat /etc/nsswitch.conf)" evil
check "mallory's next session is not in it" differ \
    "$(value namespace "$(enters)")" "$(readlink "/proc/$trap_pid/ns/mnt")"
check "nor does it see that name service" lack "$(enters "cat /etc/nsswitch.conf")" evil
kill "$trap_pid"

echo "users deleted and made again"
by su bob "echo secret >/tmp/of-the-old-bob"
old=$(id -u bob)
userdel -r bob 2>/dev/null
useradd -m -s /bin/bash -u 4999 bob
check "a new bob with another uid does not see the old bob's files" lack "$(by su bob 'ls -A /tmp')" of-the-old-bob
useradd -m -s /bin/bash -u "$old" carol
check "nor does carol, with the old bob's uid" lack "$(by su carol 'ls -A /tmp' 2>&1)" of-the-old-bob

echo "weaker mount flags (a hardened host's /tmp)"
mount -o remount,nosuid,nodev,noexec /tmp
options=$(by su alice "grep ' /tmp ' /proc/self/mountinfo | tail -n 1 | cut -d ' ' -f 6")
for flag in nosuid nodev noexec; do check "the session's /tmp is $flag too" contain ",$options," ",$flag,"; done
mount -o remount,exec /tmp

echo "64 first logins at once"
useradd -m -s /bin/bash erin
pids=()
for i in {1..64}; do
    su erin -c "jns-probe from-$i; true" >"$scratch/erin.$i" 2>&1 &
    pids+=($!)
done
wait "${pids[@]}"
check "all of them get a whole /tmp" equal "$(cat "$scratch"/erin.* | grep -c '^tmp=root:root:1777$')" 64
check "and it is the same one" equal "$(by su erin 'ls /tmp | grep -c from-')" 64

echo "afterwards"
check "the victim is as it was" same_text "$victim_before" "$(victim)"
check "the daemon serves as before" equal "$(value user "$(by ssh-key alice "jns-probe; true")")" alice
check "the host's mount table is as before" same_text "$mounts_before" "$(host_mounts)"
finish
