#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# How long a session lasts: as long as the process that opened it, whatever forks, execs, closes or is killed there.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"

# sessions SERVICE: their numbers, oldest first.
sessions() {
    journalctl --sync
    journalctl --quiet --no-pager --output=cat --output-fields=JNS_SESSION JNS_EVENT=login JNS_SERVICE="$1"
}
opened() { [ "$(sessions "$1" | wc -l)" = "$2" ]; }
session_of() { sessions "$1" | tail -n 1; }
ends() { journal JNS_EVENT=session-end JNS_SESSION="${1:-none}" | wc -l; }
has_ended() { [ "$(ends "$1")" = 1 ]; }

# begin PROGRAM: a session of alice that stays until `release PROGRAM`. Its shell is $scratch/shell.PROGRAM.
begin() {
    rm -f "$scratch/shell.$1" "$scratch/go.$1"
    by "$1" alice "echo \$\$ >$scratch/new.$1; mv $scratch/new.$1 $scratch/shell.$1; until [ -e $scratch/go.$1 ]; do sleep 0.05; done" \
        >"$scratch/out.$1" 2>&1 &
    started[$1]=$!
    within 30 test -e "$scratch/shell.$1" || abort "$1 does not log in: $(cat "$scratch/out.$1")"
}
release() {
    touch "$scratch/go.$1"
    wait "${started[$1]}"
}
declare -A started
all="ssh-key su su-login sudo login cron"

echo "as long as the login program"
for program in $all; do begin $program; done
sleep 1
declare -A session
for program in $all; do
    session[$program]=$(session_of "$(service_of $program)")
    check "$program: the session is open" equal "${#session[$program]} $(ends "${session[$program]}")" "16 0"
done
for program in $all; do
    release $program
    check "$program: it ends with it" within 5 has_ended "${session[$program]}"
done

# opener SERVICE SHELL: the nearest ancestor of the shell's that is root's.
opener() {
    local pid=$1
    while [ "$(stat -c %u "/proc/$pid")" != 0 ]; do pid=$(awk '/^PPid/ { print $2 }' "/proc/$pid/status"); done
    echo "$pid"
}

# killed PROGRAM: begins a session and kills what opened it.
killed() {
    begin "$1"
    shell=$(cat "$scratch/shell.$1")
    number=$(session_of "$(service_of "$1")")
    namespace=$(readlink "/proc/$shell/ns/mnt")
    check "$1: the session is open" equal "$(ends "$number")" 0
    kill -KILL "$(opener "$shell")"
}

echo "the login program is killed"
for program in ssh-key su sudo cron; do
    killed $program
    check "$program: that ends it" within 5 has_ended "$number"
    check "$program: what it left is where it was" equal "$(readlink "/proc/$shell/ns/mnt")" "$namespace"
    release $program 2>/dev/null
done

echo "what a session leaves running does not keep it"
su alice -c "setsid sleep 60 >/dev/null 2>&1 & echo \$! >$scratch/sleeper"
check "it ends" within 5 has_ended "$(session_of su)"
check "what it left runs on" kill -0 "$(cat "$scratch/sleeper")"
kill "$(cat "$scratch/sleeper")"

echo "the module twice in one stack"
echo 'session required pam_jns.so' >>/etc/pam.d/su-l
before=$(sessions su-l | wc -l)
check "su-l includes su" grep -qE '^(session|@)[[:space:]]*include[[:space:]]+su$' /etc/pam.d/su-l
check "a login is one session" equal "$(su - alice -c 'ls -A /tmp' >/dev/null; within 5 has_ended "$(session_of su-l)"; sessions su-l |
    wc -l)" $((before + 1))

echo "one program, many sessions"
before=$(sessions jnstest | wc -l)
pamtester jnstest alice open_session open_session close_session close_session open_session close_session >"$scratch/out" 2>&1
check "opening what is open, and closing what is closed, succeeds" equal $? 0
check "two sessions were opened" within 5 opened jnstest $((before + 2))
for number in $(sessions jnstest); do check "each has ended, once" within 5 has_ended "$number"; done
finish
