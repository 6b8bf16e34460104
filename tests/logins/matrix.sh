#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Two users log in by every program: each has a /tmp of their own, and the host stays as it was. With JNS_DAEMON=off no
# daemon runs, and the module starts a helper for each login.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
host=$(host_namespace)
touch /tmp/of-the-host

# What each program gives its shell without jns: descriptors, working directory.
use_module
declare -A plain
for program in $programs; do
    plain[$program]=$(by $program alice "jns-probe; true")
    check "without jns, $program runs a command" equal "$(value user "${plain[$program]}")" alice
done

if [ "${JNS_STANDIN:-}" = pam_namespace ]; then
    # The tests can be tried on what people use today: JNS_STANDIN=pam_namespace tests/logins/matrix.sh
    mkdir -m 000 /srv/inst
    echo '/tmp /srv/inst/ user root' >/etc/security/namespace.conf
    use_module "session required pam_namespace.so"
else
    install_jns
    rules "$private_tmp"
    [ "${JNS_DAEMON:-}" = off ] || start_jnsd
    use_module "session required pam_jns.so"
fi

mounts_before=$(host_mounts) tmp_before=$(host_tmp) etc_before=$(host_etc)

for program in $programs; do
    echo "$program"
    seen=$(by $program alice "jns-probe alice-by-$program; true")
    check "$program logs alice in" equal "$(value user "$seen")" alice || continue
    check "$program: the session is in a mount namespace of its own" differ "$(value namespace "$seen")" "$host"
    check "$program: the host's file in /tmp is not to be seen" lack "$(value files "$seen")" of-the-host
    check "$program: /tmp belongs to root and is open to all, with the sticky bit" equal "$(value tmp "$seen")" root:root:1777
    check "$program: the shell has the descriptors that it has without jns" \
        equal "$(value descriptors "$seen")" "$(value descriptors "${plain[$program]}")"
    check "$program: the shell starts in the folder where it starts without jns" \
        equal "$(value directory "$seen")" "$(value directory "${plain[$program]}")"
    check "$program: the session's file is not in the host's /tmp" not test -e "/tmp/alice-by-$program"
    again=$(by $program alice jns-probe)
    check "$program: alice's next session finds the file" contain "$(value files "$again")" "alice-by-$program"
    other=$(by $program bob jns-probe)
    check "$program: bob does not see alice's file" lack "$(value files "$other")" alice
    check "$program: bob is not in the host's mount namespace" differ "$(value namespace "$other")" "$host"
    case $program in
    login | cron) ;; # these two do not tell the status of what they ran
    *)
        by $program alice 'exit 37'
        check "$program: the command's exit status comes through" equal $? 37
        ;;
    esac
done

echo "from one program to the next"
check "a file left by ssh is there in the console login" \
    contain "$(value files "$(by login alice jns-probe)")" alice-by-ssh-key
check "a session inside of a session: bob by sudo from alice's login does not see alice's files" \
    lack "$(value files "$(by ssh-key alice "sudo -u bob jns-probe")")" alice

echo "pamtester"
check "one process can open and close a session" \
    pamtester jnstest alice authenticate acct_mgmt open_session close_session
check "and twice in a row" \
    pamtester jnstest alice open_session close_session open_session close_session

echo "root"
check "root by ssh sees the host's /tmp" contain "$(value files "$(by ssh-key root jns-probe)")" of-the-host
check "root by su sees the host's /tmp" contain "$(value files "$(by su root jns-probe)")" of-the-host

echo "afterwards"
check "the host's mount table is as before" same_text "$mounts_before" "$(host_mounts)"
check "the host's /tmp is as before" same_text "$tmp_before" "$(host_tmp)"
check "the host's /etc is as before" same_text "$etc_before" "$(host_etc)"
finish
