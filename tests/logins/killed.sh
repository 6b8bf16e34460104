#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# kill -9 at each system call that changes anything: of the module, of the daemon while sessions begin and end, of a helper for
# one login. The next login succeeds, the same user's and another's, and when all sessions are closed nothing is left of any.
#
# Each kill has a user of its own, so what is left says which it was. JNS_EVERY_CALL=yes also kills at the calls that only
# look, which takes five times as long: who is killed there leaves what is left by who is killed at the next one.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/state.sh"

calls=${JNS_EVERY_CALL:+-a}
most=${JNS_EVERY_CALL:+1000} # kills that one part may need
most=${most:-400}
users=0
start_patience=40 # on a machine that has much else to do

install -d -m 1777 /srv/over /srv/own
touch /srv/over/file
small_host '[kept]
action = private
target = /tmp
except = user:root, group:games

[logout]
action = private
target = /var/tmp
keep = logout
except = user:root, group:games

[changes]
action = overlay
target = /srv/over
upper = keep
except = user:root, group:games

[session]
action = private
target = /srv/own
per = session
only = group:games

[apart]
action = isolate
isolate = uts, pid
only = group:games'
echo '#include <sys/syscall.h>' | gcc -dM -E - | sed -n 's/^#define __NR_\([a-z0-9_]*\) \([0-9]*\)$/[\2] = "\1",/p' >calls.h
build_tool kill-at kill-at.c
name_users k $((4 * most)) 3000 100
name_users s $((4 * most)) 9000 60 # of group games
echo 'session required pam_jns.so once=off' >/etc/pam.d/daemon
echo "session required pam_jns.so socket=$scratch/nobody once=/usr/sbin/jnsd" >/etc/pam.d/once
start_jnsd

# hold USER: a session that stays until `release`. Sets $held to what it says.
hold() {
    rm -f end said
    mkfifo end
    ./client daemon "$1" <>end >said 2>&1 &
    holder=$!
    within 5 grep -q open said || problem "$1 cannot begin a session: $(cat said)"
    held=$(cat said)
}
release() { echo >end; wait $holder; }

problem() { problems+="$1"$'\n'; }

# Both of them log in, and nobody is delayed by what was killed.
next_logins() {
    local why
    why=$(in_view daemon "$user") || problem "$killed: $why"
    why=$(in_view daemon k0) || problem "$killed: $why"
}

# part SENTENCE FEWEST FUNCTION...: the function, with $n = 1, 2, 3... and a $user of its own, kills at the n-th call. It leaves what
# kill-at has written in the file out.
part() {
    local sentence=$1 fewest=$2 prefix=k kills=0
    shift 2
    [ "$1" != --solo ] || { prefix=s; shift; }
    problems=
    for ((n = 1; n <= most; n++)); do
        users=$((users + 1))
        user=$prefix$users
        rm -f out
        killed="before call $n"
        "$@"
        [ -e out ] || { problem "call $n: nothing was traced"; break; }
        read -r how _ <out
        [ "$how" = killed ] || break
        kills=$((kills + 1))
    done
    check "$sentence: killed $kills times, and the next logins succeed" equal "$problems" "" || problems=
    check "$sentence: at as many calls as there must be" test "$kills" -ge "$fewest" -a "$n" -le "$most"
}
outcome() { killed="before call $(cut -d ' ' -f 2- out 2>/dev/null) ($user)"; }

in_view daemon k0 >/dev/null
in_view daemon s0 >/dev/null
burst daemon k 30 >/dev/null
remember
waiting=$(cat /proc/$jnsd_pid/task/*/comm | grep -c '^login$')

echo "the module, which has every call traced"
module() {
    ./kill-at -a -n $n -b "$2" ${3:+-e "$3"} -o out -- ./client "$1" "$user" </dev/null >said 2>&1
    outcome
    next_logins
}
part "while it opens a session" 20 module daemon /mark/open /mark/opened
part "while it closes one" 5 module daemon /mark/close /mark/closed
nothing_left "the module"
check "the daemon has as many descriptors and threads as before" same_size_soon
part "while it opens one without a daemon" 20 module once /mark/open /mark/opened
keeper() {
    ./kill-at -a -c -n $n -b /mark/open -o out -- ./client once "$user" </dev/null >said 2>&1
    outcome
    next_logins
}
part "its process that starts the helper" 5 keeper
stop_jnsd
start_jnsd
nothing_left "the module with a helper of its own"

echo "the daemon"
# Those that a crowd of logins has needed have ended, and no other is about to be started.
calm() { [ "$(cat /proc/$jnsd_pid/task/*/comm | grep -c '^login$')" = "$waiting" ]; }
# at NAME OPTION...: traces threads of the daemon's.
at() {
    local name=$1
    shift
    within 3 calm || problem "$user: the daemon has not $waiting threads for logins"
    rm -f ready
    mkfifo ready
    # shellcheck disable=SC2086 # none or one
    ./kill-at $calls -n $n -o out -p "$jnsd_pid" -t "$name" "$@" >ready &
    tracer=$!
    read -r _ <ready || abort "cannot trace the daemon's threads $name"
}
# Afterwards there is a daemon, the old one or a new one.
untrace() {
    outcome
    if [ "$(cut -d ' ' -f 1 out 2>/dev/null)" = killed ]; then
        { wait "$jnsd_pid" "$tracer"; } 2>/dev/null
        start_jnsd
    else
        kill "$tracer"
        wait "$tracer" 2>/dev/null
    fi
}
traced_login() {
    at login -b accept4 -e sendmsg,epoll_pwait
    ./client daemon "$user" </dev/null >said 2>&1
    within 3 test -s out || problem "$user: the daemon does not come to an end with a login"
}
makes() {
    traced_login
    untrace
    next_logins
}
part "while it makes a view" 30 makes
part "while it makes one for one session" 20 --solo makes
joins() {
    local again
    hold "$user"
    traced_login
    untrace
    again=$(in_view daemon "$user")
    [ "$again" = "$held" ] || problem "$killed: the next session is in another view: $again, not $held"
    next_logins
    release
}
part "while somebody joins one" 5 joins
no_view_of() { [ -s out ] || ! ls /run/jns/views | grep -q "^$(id -u "$1")\\."; }
ends() {
    hold "$user"
    at "$1"
    release
    within 5 no_view_of "$user" || problem "$user: the view does not end"
    [ -s out ] || echo "end" >out
    untrace
    next_logins
}
part "its main thread, while a session ends" 2 ends java
part "its cleaner, while the view ends" 5 ends cleaner
stop_jnsd
start_jnsd
nothing_left "the daemon"
check "no process 1 of a namespace, either" within 20 not pgrep -x jns-init

echo "a helper for one login"
once() {
    # shellcheck disable=SC2086 # none or one
    ./kill-at $calls -n $n -b /run -e sendmsg -o out -- ./client once "$user" </dev/null >said 2>&1
    outcome
    local why
    why=$(in_view once "$user") || problem "$killed: by the next helper: $why"
    next_logins
}
part "while it makes a view" 30 once
stop_jnsd
start_jnsd
nothing_left "helpers"
stop_jnsd
finish
