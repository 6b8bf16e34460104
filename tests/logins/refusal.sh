#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# All or nothing: when a later rule cannot be carried out, alice is refused by every program and nothing runs, half
# isolated or not. Bob, whom the rule does not name, and root get in.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp

[impossible]
action = bind
source = /srv/is-not-there
target = /mnt
only = user:alice"

mounts_before=$(host_mounts) tmp_before=$(host_tmp)
export cron_patience=3

for program in $programs; do
    echo "$program"
    said=$(by $program alice "touch $scratch/ran-by-$program" 2>&1)
    status=$?
    check "$program: nothing has run" not test -e "$scratch/ran-by-$program"
    case $program in
    login) ;; # script(1) tells its own status
    *) check "$program: the login fails" differ $status 0 ;;
    esac
    case $program in
    cron) ;;
    # sudo asks modules to be silent, unless sudoers says !pam_silent, and has words of its own.
    sudo) check "$program: the user is told so" contain "$said" 'pam_open_session' ;;
    *) check "$program: the user is told so" contain "$said" "$refusal" ;;
    esac
    refusal_of=(JNS_EVENT=refused JNS_USER=alice "JNS_SERVICE=$(service_of $program)")
    check "$program: the journal names the source that is missing" in_journal '/srv/is-not-there' "${refusal_of[@]}"
    check "$program: and the rule, by file and line" in_journal 'test\.conf:[0-9]+' "${refusal_of[@]}"
    check "$program: bob gets in" equal "$(value user "$(by $program bob "jns-probe; true")")" bob
done

echo "the login program's own namespace"
strace -f -qq -o "$scratch/calls" -e trace=setns,unshare,mount,move_mount,open_tree,umount2 su alice -c true 2>/dev/null
check "su has entered nothing and mounted nothing" equal "$(grep -c -v 'SIG\|exited' "$scratch/calls")" 0
strace -f -qq -o "$scratch/calls" -e trace=setns su bob -c true
check "(the same trace shows bob's su entering his view)" contain "$(cat "$scratch/calls")" 'setns\(.*= 0'

echo "root"
for program in ssh-key su su-login sudo login; do
    check "root gets in by $program" equal "$(value user "$(by $program root "jns-probe; true")")" root
done

echo "afterwards"
check "the host's mount table is as before" same_text "$mounts_before" "$(host_mounts)"
check "the host's /tmp is as before" same_text "$tmp_before" "$(host_tmp)"
finish
