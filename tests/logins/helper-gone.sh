#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The daemon is absent, stopped, killed or restarted: a login is isolated or refused, in time, and never simply let in.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
rules "$private_tmp"
host=$(host_namespace)

# A session prints its namespace; what else there is to read goes to a file.
namespace_by_su() { su alice -c 'readlink /proc/self/ns/mnt' 2>>"$scratch/said"; }

# one_after_the_other N FILE: logins, each leaving "isolated", "LET IN" or "refused".
one_after_the_other() {
    local i namespace
    for ((i = 0; i < $1; i++)); do
        namespace=$(namespace_by_su)
        case $namespace in
        "$host") echo "LET IN" ;;
        mnt:*) echo isolated ;;
        *) echo refused ;;
        esac
    done >"$2"
}

# first_logins USER N: of a user that is made for it, all at once.
first_logins() {
    local i pids=()
    useradd --create-home --shell /bin/bash "$1"
    for ((i = 0; i < $2; i++)); do
        su "$1" -c "jns-probe mark-$i" >"$scratch/first.$i" 2>&1 &
        pids+=($!)
    done
    wait "${pids[@]}"
    echo "$(cat "$scratch"/first.* | grep -c '^tmp=root:root:1777$') whole, $(su "$1" -c 'ls /tmp | grep -c mark-') marks"
}

milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

echo "no daemon: the module starts a helper for the one login"
use_module "session required pam_jns.so"
check "alice is isolated" contain "$(namespace_by_su)" "^mnt:"
check "and not in the host's namespace" differ "$(namespace_by_su)" "$host"
check "by ssh as well" differ "$(value namespace "$(by ssh-key alice jns-probe)")" "$host"
check "no helper stays behind" within 5 not pgrep -f jns.jar

check "eight first logins at once, each with its helper, share one whole /tmp" equal "$(first_logins erin 8)" "8 whole, 8 marks"

echo "no daemon and no helper"
use_module "session required pam_jns.so once=off timeout=10"
start=$(milliseconds)
namespace_by_su >"$scratch/out"
check "alice is refused" equal "$(cat "$scratch/out")" ""
check "before the time is up" test $(($(milliseconds) - start)) -lt 9000
check "and told why" contain "$(cat "$scratch/said")" "$refusal"
check "root gets in by su" equal "$(su root -c 'id -un')" root
check "root gets in by ssh" equal "$(by ssh-key root 'id -un')" root

echo "a helper that cannot be run"
use_module "session required pam_jns.so once=/usr/sbin/is-not-there timeout=3"
check "alice is refused" equal "$(namespace_by_su)" ""
check "root gets in" equal "$(su root -c 'id -un')" root

echo "a daemon that never answers"
use_module "session required pam_jns.so timeout=2 once=off"
start_jnsd
freeze_jnsd
start=$(milliseconds)
namespace_by_su >"$scratch/out"
took=$(($(milliseconds) - start))
check "alice is refused where there is no helper" equal "$(cat "$scratch/out")" ""
check "when the time is up, and soon after it ($took ms)" test $took -ge 1800 -a $took -lt 4000
check "root gets in" equal "$(su root -c 'id -un')" root
use_module "session required pam_jns.so timeout=20"
check "with one, alice is isolated by it" contain "$(namespace_by_su)" "^mnt:"
kill -CONT "$jnsd_pid"
check "it goes on where it stopped" differ "$(namespace_by_su)" "$host"
check "and alice is isolated" contain "$(namespace_by_su)" "^mnt:"

echo "a daemon killed again and again, with no helper to replace it"
use_module "session required pam_jns.so once=off timeout=3"
one_after_the_other 60 "$scratch/load.1" &
loads=$!
one_after_the_other 60 "$scratch/load.2" &
loads="$loads $!"
isolated() { cat "$scratch"/load.[12] 2>/dev/null | grep -c isolated; }
more_isolated() { [ "$(isolated)" -gt "$1" ]; }
for _ in 1 2 3 4; do
    # Until it has served somebody, where anybody still comes.
    within 1 more_isolated "$(isolated)"
    stop_jnsd KILL
    start_jnsd
done
# shellcheck disable=SC2086 # a list
wait $loads
tally=$(sort "$scratch/load.1" "$scratch/load.2" | uniq -c)
echo "        $(tr -s ' \n' ' ' <<<"$tally")"
check "nobody was let in" lack "$tally" "LET IN"
check "some logins were isolated" contain "$tally" isolated
check "and now they all are" differ "$(namespace_by_su)" "$host"
stop_jnsd TERM

echo "a daemon killed at each kind of step of a user's first login"
gone() { ! kill -0 "$jnsd_pid"; }
# Or gone: the threads that wait for logins prepare their views with the same calls.
traced() { grep -q "TracerPid:.[1-9]" "/proc/$jnsd_pid/status" || gone; }
for call in accept4 recvmsg openat2 mkdirat open_tree mount_setattr move_mount sendmsg; do
    user=first-$call
    useradd --create-home "$user"
    start_jnsd
    strace -f -qq -o "$scratch/kill" -p "$jnsd_pid" -e trace="$call" -e inject="$call:signal=KILL" 2>"$scratch/strace.log" &
    tracer=$!
    within 5 traced || abort "cannot trace jnsd: $(cat "$scratch/strace.log")"
    su "$user" -c jns-probe >"$scratch/out" 2>/dev/null
    check "killed at $call: the daemon is gone" within 5 gone || stop_jnsd KILL
    wait "$tracer" 2>/dev/null
    check "killed at $call: the user is refused" equal "$(cat "$scratch/out")" ""
    start_jnsd
    check "killed at $call: the next daemon gives the user a whole /tmp" \
        equal "$(value tmp "$(su "$user" -c jns-probe)")" root:root:1777
    check "killed at $call: and a namespace" differ "$(value namespace "$(su "$user" -c jns-probe)")" "$host"
    stop_jnsd TERM
done

echo "a daemon on a socket that is handed to it, restarted under load"
# A Java machine that starts while others do may take its time.
use_module "session required pam_jns.so once=off timeout=30"
rm -f /run/jns/jnsd.sock
# What a service manager does: it keeps the socket, and gives it to one daemon after another. Like the manager's, the
# supervisor's own copy stays open, so that those who call in between wait.
cat >"$scratch/supervisor" <<'END'
#!/bin/bash
start() { (LISTEN_PID=$BASHPID exec /usr/sbin/jnsd 7<&- </dev/null >>/srv/jns-tests/jnsd.log 2>&1) & daemon=$!; }
start
trap 'kill -TERM $daemon; exit' TERM
exec 7<>/srv/jns-tests/restart
while read -r _ <&7; do
    kill -TERM $daemon
    wait $daemon
    echo "$?" >>/srv/jns-tests/restarts
    start
done
END
mkfifo "$scratch/restart"
systemd-socket-activate --seqpacket --listen=/run/jns/jnsd.sock /bin/bash "$scratch/supervisor" 2>"$scratch/activate.log" &
supervisor=$!
within 5 test -S /run/jns/jnsd.sock
check "the first login starts the daemon" differ "$(namespace_by_su)" "$host"
restarted() { [ "$(wc -l <"$scratch/restarts")" -ge "$1" ]; }
one_after_the_other 80 "$scratch/load.1" &
loads=$!
one_after_the_other 80 "$scratch/load.2" &
loads="$loads $!"
for n in 1 2 3; do
    sleep 0.3
    echo >"$scratch/restart"
    within 10 restarted $n
done
# shellcheck disable=SC2086 # a list
wait $loads
tally=$(sort "$scratch/load.1" "$scratch/load.2" | uniq -c | tr -s ' ')
check "of 160 logins over three restarts, all were isolated" equal "$tally" " 160 isolated"
check "the daemon was restarted three times" equal "$(wc -l <"$scratch/restarts")" 3
kill -TERM "$supervisor"
finish
