#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A daemon that is there and does not run, a helper that never ends, a socket that nobody serves: root is in within a second.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"
host=$(host_namespace)
useradd --non-unique --uid 0 --gid 0 --home-dir /root --shell /bin/bash toor
printf '#!/bin/sh\nexec sleep 60\n' >/usr/local/sbin/never-ends
chmod 755 /usr/local/sbin/never-ends
cp /etc/pam.d/su /etc/pam.d/runuser
milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }
by_all() {
    case $1 in
    runuser) runuser -u "$2" -- sh -c "$3" ;;
    *) by "$@" ;;
    esac
}

# timed COMMAND...: runs it; out has what it prints, took the milliseconds beyond what it takes otherwise.
timed() {
    local start
    start=$(milliseconds)
    out=$("$@" 2>"$scratch/said")
    took=$(($(milliseconds) - start))
}
root_gets_in() { # TAG SENTENCE
    local program before
    for program in su sudo ssh-key runuser; do
        before=${before_of[$program]}
        timed by_all "$program" root 'id -un'
        check "[$1] $2: root is in by $program" equal "$out" root
        check "[$1] $2: by $program within a second ($took ms, $before without jns)" test $((took - before)) -lt $((before + 1900))
    done
    timed su toor -c 'id -u'
    check "[$1] $2: so is any other name with uid 0 ($took ms)" test "$out" = 0 -a $((took - before_of[su])) -lt $((before + 1900))
}
declare -A before_of
use_module ""
for program in su sudo ssh-key runuser; do
    by_all $program root true >/dev/null 2>&1
    timed by_all $program root 'id -un'
    before_of[$program]=$took
done
# What the helper for one login takes on this machine, busy as it is.
use_module "session required pam_jns.so socket=/run/jns/nobody"
su bob -c true
timed su bob -c true
in_time=$((1600 + 2 * took))
use_module "session required pam_jns.so"
cp /etc/pam.d/su /etc/pam.d/runuser

echo "a daemon that is stopped"
su alice -c 'readlink /proc/self/ns/mnt >/srv/jns-tests/view; exec sleep 600' &
held=$!
within 5 test -s "$scratch/view" || abort "alice has no session"
first=$(cat "$scratch/view")
freeze_jnsd
root_gets_in B8 "a stopped daemon"
timed su alice -c 'readlink /proc/self/ns/mnt'
check "[B8] alice is in within a second more than --once takes ($took ms)" test $took -lt $in_time
check "[B8] in the view that she had" equal "$out" "$first"
for program in ssh-key sudo; do
    timed by_all $program bob 'readlink /proc/self/ns/mnt'
    check "[B8] by $program somebody else is in within a second more than that ($took ms)" test $((took - before_of[$program])) -lt $in_time
    check "[B8] by $program: in a view" contain "$out" '^mnt:'
    check "[B8] by $program: not in the host's" differ "$out" "$host"
done
check "the journal says why" in_journal 'cannot ask jnsd: it does not take the request.*starting /usr/sbin/jnsd --once' -t su
sessions_before=$(ls /run/jns/sessions | wc -l)
kill -CONT "$jnsd_pid"
check "[B8] when it goes on, it drops what was given up" in_journal 'did not wait for its answer' -t jnsd
check "and makes no session of it" equal "$(ls /run/jns/sessions | wc -l)" "$sessions_before"
check "and serves" equal "$(su alice -c 'readlink /proc/self/ns/mnt')" "$first"

echo "a helper that does not end either"
freeze_jnsd
use_module "session required pam_jns.so once=/usr/local/sbin/never-ends timeout=3"
cp /etc/pam.d/su /etc/pam.d/runuser
root_gets_in B8 "neither daemon nor helper"
timed su bob -c true
check "bob is refused in time ($took ms)" test $took -gt 2000 -a $took -lt 4500
check "and told so" contain "$(cat "$scratch/said")" "$refusal"
check "no helper stays" within 5 not pgrep -f never-ends
kill -CONT "$jnsd_pid"
stop_jnsd
root_gets_in B8 "no daemon, and a helper that does not end"

echo "a socket that nobody serves, as while a service manager starts the daemon"
rm -f /run/jns/jnsd.sock
cat >"$scratch/listen" <<'END'
import socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind("/run/jns/jnsd.sock")
s.listen(int(sys.argv[1]))
waiting = []
for _ in range(int(sys.argv[2])):
    c = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    c.setblocking(False)
    try:
        c.connect("/run/jns/jnsd.sock")
    except BlockingIOError:
        pass
    waiting.append(c)
time.sleep(600)
END
python3 "$scratch/listen" 128 0 &
listener=$!
within 5 listens || abort "nobody listens"
use_module "session required pam_jns.so"
cp /etc/pam.d/su /etc/pam.d/runuser
root_gets_in B8 "a socket without a daemon"
timed su bob -c 'readlink /proc/self/ns/mnt'
check "[E4] bob is in, by --once ($took ms)" differ "$out" "$host"
check "[E4] within a second more than it takes" test $took -lt $in_time
kill $listener
rm -f /run/jns/jnsd.sock
python3 "$scratch/listen" 0 3 &
listener=$!
within 5 listens || abort "nobody listens"
root_gets_in B8 "a full queue"
timed su bob -c 'readlink /proc/self/ns/mnt'
check "[B8] a full queue: bob is in, by --once ($took ms)" differ "$out" "$host"
kill -9 $listener $held
finish
