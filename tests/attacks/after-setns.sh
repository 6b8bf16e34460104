#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What real login programs do between the move into a view and the module's return, against the list of what may be.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"
grep -v '^#' "$source_root/pam-shim/tests/pam_jns/after-setns.calls" >"$scratch/calls"
# Tells the end of the module by a call that nobody makes otherwise. The host's folder of modules is a place that sessions see.
gcc -shared -fPIC -o /usr/lib/pam_marker.so "$source_root/pam-shim/tests/pam_jns/pam_marker.c" || abort "cannot build the marker"
use_module "session required pam_jns.so
session required /usr/lib/pam_marker.so"
cp /etc/pam.d/su /etc/pam.d/runuser
install -d -m 755 /srv/plain
cd /srv/plain || abort "no folder"

by_all() { # PROGRAM: one login of alice, by those that tests/lib/login.sh does not know too
    case $1 in
    runuser) runuser -u alice -- true ;;
    pamtester) pamtester jnstest alice open_session ;;
    *) by "$1" alice true ;;
    esac
}

# entered: the calls of each thread that moved into a view, from then on to the module's end; and "end" if there is one.
entered() {
    sed -E 's/^[0-9]+ +//' "$1" |
        awk '/^setns\([0-9]+, CLONE_NEWNS\) += 0/ { on = 1; next } on && /^close\(-12345\)/ { print "end"; on = 0 } on'
}

for program in $programs runuser pamtester; do
    rm -f "$scratch"/trace*
    # One file a process, as their calls mix otherwise.
    case $program in
    ssh-*) strace -ff -qq -o "$scratch/trace" -p "$(cat /run/sshd.pid)" 2>"$scratch/strace.log" & tracer=$!
        within 10 grep -q "TracerPid:.[1-9]" "/proc/$(cat /run/sshd.pid)/status" || abort "cannot trace sshd: $(cat "$scratch/strace.log")"
        by_all "$program" >/dev/null 2>&1
        kill $tracer
        wait $tracer 2>/dev/null ;;
    *) export -f by_all by by_login by_cron within
        export programs scratch
        strace -ff -qq -o "$scratch/trace" bash -c "by_all $program" >/dev/null 2>&1 ;;
    esac
    moved=0 done=
    for trace in "$scratch"/trace.*; do
        grep -q '^setns(' "$trace" || continue
        calls=$(entered "$trace")
        [ -n "$calls" ] || continue
        moved=$((moved + 1))
        done+=$calls$'\n'
    done
    check "$program enters a view" test $moved -ge 1 || continue
    check "[A1] $program: after it there are the listed calls alone" equal "$(grep -avxE -f "$scratch/calls" -e end <<<"${done%$'\n'}")" ""
    check "$program: and the module ends" equal "$(grep -cx end <<<"$done")" $moved
done
finish
