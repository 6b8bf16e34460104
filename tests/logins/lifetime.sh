#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Private folders go when their rules say so, and not before: at the last logout, with the session, with the boot, after a
# time. Nobody waits for a removal, no crash loses or spares anything, and nothing else is ever removed.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "[logout]
action = private
target = /tmp
only = user:alice, user:bob, user:carol, user:gina, user:henry, user:mallory
keep = logout

[boot]
action = private
target = /tmp
only = user:dave
keep = boot

[hour]
action = private
target = /tmp, /data
only = user:erin
keep = 1h

[session]
action = private
target = /tmp
only = user:frank
per = session"
mkdir -m 1777 /data
add_users carol dave erin frank gina henry mallory

own() { echo "/var/lib/jns/$(id -u "$1")"; }
instance() { echo "$(own "$1")/tmp"; }
gone() { ! compgen -G "$1" >/dev/null; }
all_removed() { gone '/var/lib/jns/.gone/*'; }
folders() { compgen -G "$(own "$1")/.$2-*"; }
count_is() { [ "$(folders "$1" "$2" | wc -l)" = "$3" ]; }
on_behalf() { local user=$1; shift; within "$@" || { ls -lAR "$(own "$user")" | head -n 20; return 1; }; }

# hold USER: a session that stays until `release USER`.
declare -A holder
hold() {
    mkfifo "$scratch/hold.$1.${2:-1}"
    su "$1" -c "touch /tmp/held-${2:-1}; echo begun; exec cat" <>"$scratch/hold.$1.${2:-1}" >"$scratch/held.$1.${2:-1}" 2>&1 &
    holder[$1.${2:-1}]=$!
    within 10 grep -q begun "$scratch/held.$1.${2:-1}" || abort "no session of $1's: $(cat "$scratch/held.$1.${2:-1}")"
}
release() {
    local child
    for child in $(pgrep -P "${holder[$1.${2:-1}]}"); do kill "$child"; done
    wait "${holder[$1.${2:-1}]}" 2>/dev/null
}

echo "what logouts leave"
su alice -c 'touch /tmp/first'
su bob -c 'touch /tmp/first; nohup sleep 300 >/dev/null 2>&1 & echo $! >'"$scratch/sleeper"
hold carol
su carol -c 'touch /tmp/second'
hold frank 1
hold frank 2
su frank -c 'touch /tmp/third'
check "each session has a folder of its own" equal "$(ls -d "$(own frank)"/.session-* | wc -l)" 3
check "and sees nothing of another's" equal "$(ls "$(own frank)"/.session-*/ | grep -c '^held-1$')" 1
check "explain says it" contain "$(jnsctl explain frank)" 'per=session'
check "and how long others' are kept" contain "$(jnsctl explain erin)" 'keep=1h'
check "diff says it in words" contain "$(jnsctl diff alice)" 'until the last logout'

check "alice's folder goes when she has logged out" on_behalf alice 25 gone "$(instance alice)"
check "with everything that was put aside" within 5 all_removed
check "her next login finds an empty one" equal "$(su alice -c 'ls -A /tmp')" ""
check "a session's folder goes with it" on_behalf frank 5 count_is frank session 2
check "the journal says so" in_journal "removed private folder of uid $(id -u alice): tmp, kept until logout" JNS_EVENT=removed
check "bob has left a process: his stays" test -e "$(instance bob)/first"
check "carol has another session: hers stays" test -e "$(instance carol)/second"
release frank 1
kill "$(cat "$scratch/sleeper")"
release carol
check "the next session's folder goes with it" on_behalf frank 25 count_is frank session 1
check "and the one that is open keeps its own" test -e "$(folders frank session)/held-2"
check "bob's goes when the process has ended" on_behalf bob 40 gone "$(instance bob)"
check "carol's goes with her last session" on_behalf carol 25 gone "$(instance carol)"
release frank 2
check "no session, no folder" on_behalf frank 10 count_is frank session 0

echo "a time"
su erin -c 'touch /tmp/x /data/x'
record=$(own erin)/.keep-tmp
# pass SECONDS: the machine has been running for so much longer.
pass() {
    local seconds boot up
    read -r seconds boot up <<<"$(readlink /var/lib/jns/.time)"
    ln -sfn "$((seconds + $1)) $boot $up" /var/lib/jns/.time
}
look() { timeout 60 jnsctl gc >/dev/null; }
check "it is noted next to the folder" equal "$(readlink "$record")" 1h
within 15 without_view erin
look
pass 7200
hold erin
look
check "a login is a use" test -e "$(instance erin)/x"
pass 7200
stop_jnsd
start_jnsd
look
check "a session that is open is a use, also for a daemon that has not seen it begin" test -e "$(instance erin)/x"
release erin
within 15 without_view erin
look
pass 3540
look
check "not before an hour is over" test -e "$(instance erin)/x"
check "what the clock said of the last use does not count" touch -h -d '2000-01-01 00:00:00.5' "$(own erin)/.keep-data"
look
check "a time that jns did not write is taken for a login's" test -e "$(own erin)/data/x"
pass 120
look
check "an hour later it goes" on_behalf erin 10 gone "$(instance erin)"
check "and what was used since stays" test -e "$(own erin)/data/x"

echo "a boot"
su dave -c 'touch /tmp/x'
check "the next login finds what the one before left" equal "$(su dave -c 'ls -A /tmp')" x
stop_jnsd
start_jnsd
check "also after a restart of the daemon" equal "$(su dave -c 'ls -A /tmp')" x
within 15 without_view dave
echo 11111111-2222-3333-4444-555555555555 >"$scratch/boot_id"
mount --bind "$scratch/boot_id" /proc/sys/kernel/random/boot_id
check "after a boot the folder is another, from the first login on" equal "$(su dave -c 'ls -A /tmp; touch /tmp/y')" ""
stop_jnsd
start_jnsd
check "the old one goes" on_behalf dave 10 count_is dave boot 1
check "and the new one stays" test -e "$(folders dave boot)/y"
umount /proc/sys/kernel/random/boot_id

echo "a session of a helper that the daemon does not know"
stop_jnsd
rm -f /run/jns/jnsd.sock
hold henry
start_jnsd
sleep 15
check "it keeps its folder" test -e "$(instance henry)/held-1"
release henry
check "until it ends" on_behalf henry 40 gone "$(instance henry)"

echo "a rule that changes"
su alice -c 'touch /tmp/kept'
sed -i 's/^keep = logout/keep = forever/' /etc/jns/rules.d/test.conf
jnsctl reload >/dev/null
su alice -c true
check "the next login notes it" gone "$(own alice)/.keep-tmp"
sleep 15
check "and the folder stays" test -e "$(instance alice)/kept"
sed -i 's/^keep = forever/keep = logout/' /etc/jns/rules.d/test.conf
jnsctl reload >/dev/null

echo "a daemon killed while it removes"
su gina -c 'cd /tmp; seq 1 60000 | xargs touch; mkdir d; cd d; seq 1 5000 | xargs mkdir'
within 25 gone "$(instance gina)" || ls -l "$(own gina)"
stop_jnsd KILL
left=$(find /var/lib/jns/.gone -mindepth 1 | wc -l)
check "it has not finished ($left files are left)" test "$left" -gt 0
check "a login meanwhile is not delayed by it, and begins empty" equal "$(su gina -c 'ls -A /tmp')" ""
# The next daemon would remove the new folder at the end of the session, as the rule says, when it has time for that.
hold gina
start_jnsd
check "the next daemon finishes it" within 20 all_removed
check "and nothing else" test -e "$(instance gina)"
release gina

echo "somebody who has a folder open changes it while it is removed"
mkdir -p /srv/outside/precious
touch /srv/outside/precious/file
chown -R bob: /srv/outside
su mallory -c 'cd /tmp; mkdir -m 777 shared; ln -s /srv/outside link; cd shared; for i in $(seq 300); do mkdir -p $i/precious; touch $i/precious/file; done; chmod -R 777 .'
(
    cd "$(instance mallory)/shared" || exit
    exec setpriv --reuid bob --regid bob --clear-groups bash -c '
        ln -s /srv/outside out
        while :; do
            for i in *; do
                [ "$i" = out ] || { mv -T "$i" .swap && mv -T out "$i" && mv -T .swap out; }
                [ -e . ] || exit
            done
        done' 2>/dev/null
) &
swapper=$!
check "it is put aside" on_behalf mallory 25 gone "$(instance mallory)"
sleep 2
kill $swapper 2>/dev/null
wait $swapper 2>/dev/null
check "nothing outside is touched" equal "$(ls /srv/outside/precious)" file
stop_jnsd
start_jnsd
check "everything inside is gone" within 15 all_removed
finish
