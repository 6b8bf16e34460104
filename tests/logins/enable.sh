#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# jnsctl enable and disable: into the stacks and out again, and never so that somebody does not get in.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
rules "$private_tmp"
start_jnsd
cp -a /etc/pam.d "$scratch/pam.d"

unchanged() { diff -r "$scratch/pam.d" /etc/pam.d; }
lines_in() { grep -c pam_jns "/etc/pam.d/$1"; }
isolated() { differ "$(by "$1" "$2" 'readlink /proc/self/ns/mnt')" "$(host_namespace)"; }
not_isolated() { equal "$(by "$1" "$2" 'readlink /proc/self/ns/mnt')" "$(host_namespace)"; }
# says PATTERN COMMAND...: it fails, and says so in one line or two.
says() {
    local pattern=$1 said
    shift
    said=$("$@" 2>&1) && { echo "it did not fail, and said: $said"; return 1; }
    grep -q -e "$pattern" <<<"$said" && ! grep -q 'Exception\|	at ' <<<"$said" ||
        { printf 'expected: %s\nfound: %s\n' "$pattern" "$said"; return 1; }
}

check "only root enables anything" says "only root can change /etc/pam.d" setpriv --reuid alice --clear-groups jnsctl enable sshd
check "a service that there is not is an error" says "there is no service ssdh" jnsctl enable ssdh
check "a name that leads elsewhere is none" says "is no name of a service" jnsctl enable ../shadow
check "a user that there is not is an error" says "there is no user alcie" jnsctl enable --trial-user alcie sshd
check "nothing was changed by all that" unchanged

said=$(jnsctl enable --trial-user alice sshd su su-l 2>&1)
check "services are enabled by their names" grep -q 'tried: root gets in; alice is isolated by sshd, su, su-l$' <<<"$said" || echo "$said"
check "how to go back is said" grep -q '^back: jnsctl disable; what was changed is kept in /var/lib/jns/pam.d.before$' <<<"$said"
check "sshd's stack has the module once" equal "$(lines_in sshd)" 1
check "su-l includes su, and gets no line" equal "$(lines_in su) $(lines_in su-l)" "1 0"
check "a copy is kept" cmp "$scratch/pam.d/sshd" /var/lib/jns/pam.d.before/sshd
for program in ssh-key su su-login; do check "alice is isolated by $program" isolated $program alice; done
check "sudo was not named, and is as it was" not_isolated sudo alice
check "root gets in" by ssh-key root true
check "what is enabled already is left alone" grep -q 'nothing to do' <<<"$(jnsctl enable su-l sshd)"
check "the trials leave no folder" equal "$(find /run -maxdepth 1 -name 'jns-enable-*')" ""

jnsctl disable sshd >/dev/null
check "one service is disabled by its name" not_isolated ssh-key alice
check "its file is as it was" cmp "$scratch/pam.d/sshd" /etc/pam.d/sshd
check "the others stay" isolated su alice
check "what comes by an include cannot be disabled alone" says "have the module still" jnsctl disable su-l
echo 'session required pam_jns.so' >>/etc/pam.d/login
check "all are disabled, also what an admin wrote" jnsctl disable
check "all files are as they were" unchanged

check "without a name somebody is tried whom a rule is for" grep -qE 'tried: root gets in; [a-z0-9_-]+ is isolated by sshd$' \
    <<<"$(jnsctl enable sshd)"
jnsctl disable >/dev/null
check "who calls sudo is who is tried" grep -q 'bob is isolated by sshd' <<<"$(SUDO_USER=bob jnsctl enable sshd)"
jnsctl disable >/dev/null

# What speaks against it is seen before anything is changed.
rules 'no rule'
check "rules with an error are not enabled" says "test.conf:1:1" jnsctl enable sshd
rules '[gone]
action = bind
source = /usr/no-such-folder
target = /mnt
only = user:alice'
jnsctl reload --force >/dev/null
check "a user who would not get in is seen before anything is tried" says "alice would be refused: .*no-such-folder" jnsctl enable sshd
check "and by the trial, where that is passed over" says "nothing was changed: alice would not get in by sshd: .*no-such-folder" jnsctl \
    enable --force sshd
check "the one who is named is the one who is tried" jnsctl enable --force --trial-user bob sshd
jnsctl disable >/dev/null
rules "$private_tmp"
jnsctl reload >/dev/null
module=$(find /usr/lib -name pam_jns.so)
cp "$module" "$scratch/module"
echo "no module" >"$module"
check "a module that cannot be loaded is seen before" says "nothing was changed: .* would not get in" jnsctl enable sshd
cp "$scratch/module" "$module"
check "nothing was changed by all that either" unchanged

# And what only the real stack shows is taken back.
sed -i '1i session sufficient pam_permit.so' /etc/pam.d/su
cp /etc/pam.d/su "$scratch/pam.d/su"
check "a stack that passes over the module is seen" says "all is as it was: .*not isolated: a line above the module" jnsctl enable su sshd
check "it is taken back, and so is the other one" unchanged
# Stopped after the change and before all was tried. The stack takes its time.
sed -i 's/^session sufficient pam_permit.so$/session optional pam_exec.so quiet \/bin\/sleep 4/' /etc/pam.d/su
cp /etc/pam.d/su "$scratch/pam.d/su"
jnsctl enable --trial-user alice sshd su >"$scratch/said" 2>&1 &
enabling=$!
check "(it has come to its change)" within 40 grep -q pam_jns /etc/pam.d/su
kill -TERM $enabling
wait $enabling
check "stopped halfway, it takes all back" unchanged
sed -i 's/^session optional pam_exec.so .*sleep 4$/session sufficient pam_permit.so/' /etc/pam.d/su
mv /etc/pam.d/su "$scratch/linked-su"
ln -s "$scratch/linked-su" /etc/pam.d/su
check "a link is left to who made it" says "it is a link" jnsctl enable sshd su
check "and nothing else is changed then" cmp "$scratch/pam.d/sshd" /etc/pam.d/sshd
rm /etc/pam.d/su
grep -v pam_permit "$scratch/linked-su" >/etc/pam.d/su
rm -rf "$scratch/pam.d"
cp -a /etc/pam.d "$scratch/pam.d"

# Where Debian's tool knows the module, it does it.
install -m 644 "$source_root/packaging/pam/jns" /usr/share/pam-configs/jns
said=$(jnsctl enable --trial-user bob 2>&1)
check "without a name pam-auth-update does it" grep -q "bob is isolated by login, sshd, su, su-l, sudo, sudo-i, cron" <<<"$said" ||
    echo "$said"
check "the shared stacks have the module once each" equal "$(lines_in common-session) $(lines_in common-session-noninteractive)" "1 1"
check "the one for authentication has it, after those that ask" contain "$(grep -v '^#' /etc/pam.d/common-auth | tr '\n\t' '; ')" \
    'pam_unix.*pam_permit.so;.*auth +optional +pam_jns.so'
check "no other file was changed" equal "$(diff -rq "$scratch/pam.d" /etc/pam.d | sort)" \
    "Files $scratch/pam.d/common-auth and /etc/pam.d/common-auth differ
Files $scratch/pam.d/common-session and /etc/pam.d/common-session differ
Files $scratch/pam.d/common-session-noninteractive and /etc/pam.d/common-session-noninteractive differ"
for program in $programs; do check "alice is isolated by $program" isolated "$program" alice; done
check "it is said that all is enabled" grep -q 'nothing to do' <<<"$(jnsctl enable)"
check "a service of the shared stacks cannot be disabled alone" says "jnsctl disable without a name" jnsctl disable sshd
jnsctl disable >/dev/null
check "disabled, all files are as they were" unchanged
sed -i 's/pam_unix.so.*/& # by hand/' /etc/pam.d/common-session
cp -a /etc/pam.d/common-session "$scratch/pam.d/"
jnsctl enable >"$scratch/said" 2>&1 && jnsctl disable >/dev/null
# The tool writes the blanks its own way.
check "what an admin changed in the shared stacks by hand stays" diff -rb "$scratch/pam.d" /etc/pam.d
finish
