#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# jnsctl doctor: finds what is broken on a machine, each with what mends it, and what it says is so.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"

doctor() { jnsctl doctor "$@"; }
# finds PATTERN: as a finding. Errors, and they alone, make it fail.
finds() {
    local output status
    output=$(doctor)
    status=$?
    contain "$output" "$1" || return 1
    if grep -q '^error' <<<"$output"; then equal $status 1; else equal $status 0; fi
}
# mend PATTERN: runs what it says below the first finding that matches.
mend() {
    local command
    command=$(doctor | grep -A 1 -E -e "$1" | sed -n 's/^ *-> //p' | head -n 1)
    echo "mending by: $command"
    bash -c "$command"
}

ours() { host_etc | grep -e '^/etc/pam\.d' -e '^/etc/jns'; }
before=$(ours)
check "a machine where jns works has no errors" doctor
check "and the module is missing where nobody put it" finds '^warning +pam +sessions by runuser are not isolated: /etc/pam\.d/runuser has no line with the module$'
check "it changes nothing" same_text "$before" "$(ours)"
sessions() { journal JNS_EVENT=login | wc -l; }
count=$(sessions)
dropped=$(journal JNS_EVENT=dropped)
doctor >/dev/null
check "and asks the daemon for no session" equal "$(sessions)" "$count"
check "nor for anything that it does not understand" equal "$(journal JNS_EVENT=dropped)" "$dropped"

echo "PAM"
mend 'by runuser are not' >/dev/null
check "what it says mends a stack" lack "$(doctor)" 'by runuser are not'
check "and the next login is isolated" differ "$(runuser -u alice -- readlink /proc/self/ns/mnt)" "$(host_namespace)"
for service in $services; do sed -i '/pam_jns/d' "/etc/pam.d/$service"; done
sed -i '/pam_jns/d' /etc/pam.d/runuser
check "a module that nothing calls is an error" finds '^error +pam +no login program calls the module: nobody is isolated$'
mend 'no login program calls' >/dev/null
check "what it says mends it" lack "$(doctor)" '^error'
use_module "session required pam_jns.so"
rules "$private_tmp
[vault]
action = encfs
source = \${home}/.vault
target = \${home}/Vault
only = user:alice"
check "volumes without a password are a warning" finds '^warning +pam +rules have volumes that the password opens, and sessions by .*sshd.* bring none'
sed -i '1i auth optional pam_jns.so' /etc/pam.d/sshd
check "an entry for auth that sees no password is one, too" finds \
    '^warning +pam +/etc/pam.d/sshd:1: the module sees no password here: it is asked for by pam_unix.so at /etc/pam.d/common-auth'
use_module "auth optional pam_jns.so
session required pam_jns.so"
check "with an entry for auth all is well" lack "$(doctor)" 'password'
rules "$private_tmp"
use_module "session required pam_jns.so"
cp /etc/pam.d/su-l "$scratch/su-l"
echo "session required pam_jns.so" >>/etc/pam.d/su-l
check "twice in a stack is told" finds '^warning +pam +logins by su-l call the module twice, at /etc/pam\.d/su:[0-9]+ and /etc/pam\.d/su-l:[0-9]+'
cp "$scratch/su-l" /etc/pam.d/su-l

use_module "session optional pam_jns.so"
check "a refusal that does not count is told" finds "^warning +pam +/etc/pam\.d/sshd:[0-9]+: with 'optional' a session that is refused goes on"
use_module "session required pam_jns.so frob"
check "an option that the module does not take is an error" finds \
    '^error +pam +/etc/pam\.d/su:[0-9]+: the module does not take frob: expected one of socket='
check "it is: alice is refused" not by su alice true
use_module "@include no-such-file"
check "an include of nothing is an error" finds '^error +pam +/etc/pam\.d/su:[0-9]+: PAM refuses every session by su: there is no file no-such-file to include'
check "it is" not by su alice true
use_module "session required pam_jns.so \\"
check "a last line that goes on is an error" finds '^error +pam +/etc/pam\.d/su:[0-9]+: PAM refuses every session by su: the file ends in a line that is continued'
check "it is" not by su alice true
use_module "session sufficient pam_permit.so
session required pam_jns.so"
check "a line that PAM may pass over is told" finds '^warning +pam +/etc/pam\.d/su:[0-9]+: sessions by su may go on without isolation: /etc/pam\.d/su:[0-9]+, pam_permit\.so'
check "it is passed over" equal "$(by su alice "readlink /proc/self/ns/mnt")" "$(host_namespace)"
use_module "session [success=1 default=ignore] pam_permit.so
session required pam_jns.so
session required pam_permit.so"
check "so is one that is jumped over" finds '^warning +pam +/etc/pam\.d/su:[0-9]+: sessions by su may go on without isolation'
check "it is" equal "$(by su alice "readlink /proc/self/ns/mnt")" "$(host_namespace)"
use_module "session [success=1 default=ignore] pam_permit.so
session required pam_permit.so
session required \\
# a comment
pam_jns.so"
check "nothing is said of a jump that does not lead over it" lack "$(doctor)" 'may go on without isolation'
check "and it is called, though its line goes on after a comment" differ "$(by su alice "readlink /proc/self/ns/mnt")" "$(host_namespace)"
use_module "session required pam_jns.so
session optional pam_systemd.so"
check "an order other than the recommended one is a note" finds \
    '^note +pam +/etc/pam\.d/sshd:[0-9]+: when a session by sshd is refused, pam_systemd at /etc/pam\.d/sshd:[0-9]+ starts the user manager'
use_module "session required pam_jns.so"$'\r'
check "a carriage return is part of the module's name" finds \
    '^error +pam +/etc/pam\.d/su:[0-9]+: PAM cannot take pam_jns\.so.u000d: it is missing'
check "it is" not by su alice true
use_module "session required pam_jns.so"
module=$(find /usr/lib /lib -name pam_jns.so -path '*security*' | head -n 1)
mv "$module" "$scratch/"
check "a module that is gone is an error" finds '^error +pam +/etc/pam\.d/sshd:[0-9]+: PAM cannot take pam_jns\.so: it is missing; nobody gets in'
check "it is: not even root gets in" not by su root true
mv "$scratch/pam_jns.so" "$module"
check "all is well again" doctor

echo "the daemon"
stop_jnsd
check "a daemon that does not run is told" finds '^warning +daemon +no daemon runs: '
start_jnsd
chmod 666 /run/jns/jnsd.sock
check "so is a socket that is open to others" finds '^warning +daemon +/run/jns/jnsd\.sock is open to others'
mend 'jnsd.sock is open' >/dev/null
check "what it says mends it" lack "$(doctor)" 'jnsd.sock is open'

freeze_jnsd
check "a daemon that does not answer is an error" finds '^error +daemon +the daemon does not answer as it should: .*the daemon does not answer'
kill -CONT "$jnsd_pid"
prlimit --nofile=1024:1024 --pid "$jnsd_pid"
check "few open files are a note" finds '^note +daemon +the daemon may have 1024 files open'
stop_jnsd
start_jnsd
check "many are none" lack "$(doctor)" 'files open'
touch -d '+1 minute' /usr/lib/jns/jns.jar
check "a daemon that is older than what is installed is told" finds \
    '^warning +daemon +the daemon that runs was started before what is installed now'
touch -d '-1 minute' /usr/lib/jns/jns.jar

echo "files and folders"
touch /usr/lib/jns/jns.jar
check "an archive that does not fit is told" finds '^warning +program +the JVM.s archive of classes is of another'
rm /var/cache/jns/jns.jsa
check "so is none" finds '^warning +program +the JVM has no archive'
mend 'has no archive' >/dev/null 2>&1
check "what it says mends it" lack "$(doctor)" 'archive'
mv /usr/lib/jns/jns-hook "$scratch/"
check "a program that is missing is an error" finds '^error +program +/usr/lib/jns/jns-hook: it is missing'
mv "$scratch/jns-hook" /usr/lib/jns/
chmod 755 /var/lib/jns
check "a folder that is open is an error" finds '^error +folders +/var/lib/jns is open to others \(mode 755\)'
check "it is: alice is refused" not by su alice true
chmod 700 /var/lib/jns

echo "the kernel and the rules"
mount --make-private /
check "mounts that are not shared are a note" finds '^note +kernel +mounts of the host are not shared'
mend 'mounts of the host are not' >/dev/null
check "what it says mends it" lack "$(doctor)" 'not shared'
mount -o remount,hidepid=2 /proc
check "hidden processes are a note" finds '^note +kernel +/proc has hidepid='
mount -o remount,hidepid=0 /proc
rules "[a]
action = frob"
check "an error in the rules is one, as check has it" finds '^error +rules +/etc/jns/rules\.d/test\.conf:2:10: unknown action'
rules "$private_tmp"
jnsctl try --minutes 5 >/dev/null
check "rules on trial are told" finds '^warning +rules +/etc/jns/rules\.d:1:1: the rules in the files are on trial'
jnsctl confirm >/dev/null
check "all is well again" doctor

echo "without root"
said=$(setpriv --reuid alice --regid alice --init-groups jnsctl doctor)
check "an ordinary user can run it" equal $? 0
check "and is told what could not be looked at" contain "$said" '^could not look at: .*/run/jns/jnsd\.sock'
check "a daemon that runs is seen" lack "$said" 'no daemon'

echo "output"
terminal() { TERM=xterm script -qec "$1" /dev/null; }
escape=$'\e['
coloured() { case $1 in *"$escape"*) ;; *) echo "no colours in: $1"; return 1 ;; esac; }
check "a terminal gets colours" coloured "$(terminal "jnsctl doctor")"
check "but not with NO_COLOR" not coloured "$(terminal "NO_COLOR=1 jnsctl doctor")"
check "and nothing else does" not coloured "$(doctor)"
python=$(command -v python3)
if [ -n "$python" ]; then
    check "JSON is JSON, and complete" equal "$(doctor --json | "$python" -c '
import json, sys
d = json.load(sys.stdin)
print(d["errors"], d["warnings"] + d["notes"] == len(d["findings"]), sorted(d["findings"][0]))')" \
    "0 True ['about', 'mend', 'severity', 'what']"
else
    skip "JSON is JSON" "there is no python3"
fi
finish
