#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# jnsctl check: what it says is what the daemon says, it needs no root, and no file keeps it waiting.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp, user:carol, group:guests"

as_alice() { setpriv --reuid alice --regid alice --init-groups "$@"; }
before=$(host_etc)

said=$(as_alice jnsctl check)
check "an ordinary user can check the rules in force" equal $? 0
check "a user that there is not is told with file, line and column" contain "$said" \
    "^/etc/jns/rules\.d/test\.conf:4:21: warning: there is no user 'carol' on this machine$"
check "a group that there is not too" contain "$said" \
    "^/etc/jns/rules\.d/test\.conf:4:33: warning: there is no group 'guests' on this machine$"
check "the last line counts" contain "$(tail -n 1 <<<"$said")" '^1 rule, no errors$'
daemon_said() { contain "$(journal _PID="$jnsd_pid" JNS_EVENT=rules-problem)" "^/etc/jns/rules\.d/test\.conf:4:$1: warning: there is no"; }
check "the daemon said it when it read the rules" within 5 daemon_said 21
check "both of it" within 5 daemon_said 33
check "nothing in /etc is changed" same_text "$before" "$(host_etc)"

echo "colours"
terminal() { TERM=xterm script -qec "$1" /dev/null; }
escape=$'\e['
coloured() { case $1 in *"$escape"*) ;; *) echo "no colours in: $1"; return 1 ;; esac; }
check "a terminal gets them" coloured "$(terminal "jnsctl check")"
check "but not with NO_COLOR" not coloured "$(terminal "NO_COLOR=1 jnsctl check")"
check "and nothing else does" not coloured "$said"

echo "several things wrong at once"
rules "[a]
action = privat
target = tmp

[b]
action = hide
target = /b
only = group:guests"
echo '[c]' >/etc/jns/rules.d/zz.conf
chmod 666 /etc/jns/rules.d/zz.conf
install -d -m 1777 /tmp/open
printf '[daemon]\ninstances = /tmp/open/jns\nfrob = 1\n' >/etc/jns/jns.conf
said=$(jnsctl check)
check "check fails" equal $? 1
for line in '/etc/jns/jns\.conf:3:1: unknown key' '/etc/jns/jns\.conf:2:13: warning: somebody other than root can change /tmp' \
    '/etc/jns/rules\.d/zz\.conf:1:1: cannot use this file' '/etc/jns/rules\.d/test\.conf:2:10: unknown action' \
    '/etc/jns/rules\.d/test\.conf:3:10: ' '/etc/jns/rules\.d/test\.conf:8:8: warning: there is no group' \
    '/etc/jns/rules\.d/test\.conf:5:1: warning: rule \[b\] is for nobody'; do
    check "one run says $line" contain "$said" "^$line"
done
check "the settings file is checked by its name too" contain "$(jnsctl check /etc/jns/jns.conf)" '^/etc/jns/jns\.conf:3:1: unknown key'
rm /etc/jns/jns.conf /etc/jns/rules.d/zz.conf

echo "what is no rules file"
# refuse_folder SECONDS MESSAGE: check and reload both refuse the folder, and neither hangs, however busy the machine is.
refuse_folder() {
    local output
    output=$(timeout "$1" jnsctl check) && { echo "check found nothing"; return 1; }
    contain "$output" "$2" || return 1
    output=$(timeout "$1" jnsctl reload 2>&1) && { echo "reload took it"; return 1; }
    contain "$output" "$2"
}
rules "$private_tmp"
mkfifo /etc/jns/rules.d/x.conf
check "a FIFO is refused" refuse_folder 60 'x\.conf:1:1: cannot use this file: it is not a regular file'
rm /etc/jns/rules.d/x.conf
mknod /etc/jns/rules.d/x.conf c 1 5
check "a device is refused" refuse_folder 60 'x\.conf:1:1: cannot use this file: it is not a regular file'
rm /etc/jns/rules.d/x.conf
mkdir /etc/jns/rules.d/x.conf
check "a folder is refused" refuse_folder 60 'x\.conf:1:1: cannot use this file: it is not a regular file'
rmdir /etc/jns/rules.d/x.conf
truncate -s 100M /etc/jns/rules.d/x.conf
check "a file of 100 MB is refused" refuse_folder 60 'x\.conf:1:1: '
yes "[section]" | head -c 100M >/etc/jns/rules.d/x.conf
check "so is one that is full of text" refuse_folder 60 'x\.conf:1:1: '
rm /etc/jns/rules.d/x.conf
for i in {1..100}; do printf '#%01048000d\n' 0 >/etc/jns/rules.d/long-$i.conf; done
check "so are too many long files" refuse_folder 120 'there are more than 4 MiB'
rm /etc/jns/rules.d/long-*.conf
ln -s test.conf /etc/jns/rules.d/x.conf
check "a symbolic link is refused" refuse_folder 60 'x\.conf:1:1: cannot read this file: .*symbolic link'
rm /etc/jns/rules.d/x.conf
check "the daemon has lived through all of it" jnsctl reload
check "and alice's session is her own" equal "$(value tmp "$(by su alice jns-probe)")" root:root:1777
finish
