#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What an admin's command could not do, it says: rules that were read and not kept, stacks that another module covers.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"

echo "no room"
# The daemon listens before it has written its copy of the rules.
within 30 test -e /var/lib/jns/last-good-rules || abort "no copy of the rules"
mount -t tmpfs -o mode=700,size=64k,nr_inodes=16 small /var/lib/jns
fill() { while touch "/var/lib/jns/ballast.$((++ballast))" 2>/dev/null; do :; done; }
ballast=0
fill
said=$(jnsctl reload 2>&1)
check "[C7] rules are read when no copy of them can be written" contain "$said" '^rules read, generation [0-9]+; '
check "[C7] and that is said, with what to do" contain "$said" \
    'cannot keep a copy of the rules: .*No space left.*; make room, then: jnsctl reload'
doctor() { jnsctl doctor 2>&1; }
check "[C7] doctor says it" contain "$(doctor)" '^error +daemon +there is no copy of the rules in force: '
check "[C7] so do the numbers" contain "$(jnsctl metrics)" '^jns_rules_kept 0$'
rm -f /var/lib/jns/ballast.*
check "[C7] with room, what is advised mends it" contain "$(jnsctl reload)" '^rules read, generation [0-9]+$'
check "[C7] and nobody speaks of it any more" lack "$(doctor; jnsctl metrics)" 'no copy of the rules in force|^jns_rules_kept 0'
umount -l /var/lib/jns

echo "together with pam_namespace"
use_module
mkdir -m 000 /srv/instances
cp -a /etc/pam.d "$scratch/pam.d"
echo 'session required pam_namespace.so' >>/etc/pam.d/su
cp -a /etc/pam.d/su "$scratch/pam.d/su"
printf '# /tmp is not here\n\n' >/etc/security/namespace.conf
said=$(jnsctl enable --trial-user alice sshd su 2>&1)
check "[C11] one that is configured for nothing is no reason" contain "$said" 'alice is isolated by sshd, su$'
jnsctl disable >/dev/null
echo '/tmp /srv/instances/ user root' >>/etc/security/namespace.conf
said=$(jnsctl enable --trial-user alice sshd su 2>&1; echo "status $?")
check "[C11] one that makes a /tmp of its own is an error" contain "$said" 'status 1'
check "[C11] the line is named, and what to do" contain "$said" \
    '/etc/pam.d/su:[0-9]+: sessions by su get a mount namespace from pam_namespace too'
check "[C11] with a command for its rules" contain "$said" '-> take that line out of /etc/pam.d/su; for its rules: jnsctl import /etc/security/namespace.conf'
check "[C11] nothing was changed" diff -r "$scratch/pam.d" /etc/pam.d
check "[C11] a service without it can be enabled" contain "$(jnsctl enable --trial-user alice sshd 2>&1)" 'alice is isolated by sshd$'
echo 'session required pam_jns.so' >>/etc/pam.d/su
check "[C11] doctor calls it an error, too" contain "$(doctor)" \
    '^error +pam +/etc/pam.d/su:[0-9]+: sessions by su get a mount namespace from pam_namespace too'

echo "a policy that denies"
use_module "session required pam_jns.so"
said=$(strace -f -qq -o /dev/null -e inject=fstatfs:error=EACCES su alice -c id </dev/null 2>&1)
check "[E7] a login is refused where nobody can tell what came with the answer" contain "$said" "$refusal"
check "[E7] the journal has the kernel's reason" in_journal 'cannot find out what descriptor 1 of the answer is: Permission denied; does a security policy deny it' -t su
check "[E7] and no guess" lack "$(journal -t su)" 'it is not a mount namespace'
said=$(strace -f -qq -o /dev/null -e inject=fstatfs:error=EACCES su root -c 'id -u' </dev/null 2>&1)
check "[E7] root is let in" equal "$said" 0

echo "settings"
use_module "session required pam_jns.so"
cp /etc/jns/jns.conf "$scratch/jns.conf"
told='jns.conf was changed after the daemon started: until its next start, the daemon and its logins use the previous'
check "settings that are in force are explained without a word" lack "$(jnsctl explain alice 2>&1; doctor)" "$told"
printf '[policy]\nroot = host\n' >/etc/jns/jns.conf
check "explain tells of settings that are not in force yet" contain "$(jnsctl explain alice 2>&1)" "^jnsctl: .*$told"
check "so does doctor" contain "$(doctor)" "$told"
printf '[policy]\nrot = host\n' >/etc/jns/jns.conf
stop_jnsd
start_jnsd
check "with a typing error in jns.conf the daemon starts" within 10 jnsctl metrics
check "the journal says what is wrong, and what is in force" in_journal \
    "jns.conf:2:1: unknown key 'rot'.*; the settings of the last start are in force" -t jnsd
check "alice gets in" su alice -c true </dev/null
stop_jnsd
check "also without a daemon" su alice -c true </dev/null
cp "$scratch/jns.conf" /etc/jns/jns.conf
start_jnsd

echo "a kernel that is too old"
use_module "session required pam_jns.so"
stop_jnsd
# As after a boot.
umount -l /run/jns/keeper/namespace /run/jns/keeper
rm -rf /run/jns
too_old() { strace -f -qq -o /dev/null -e inject=mount_setattr:error=ENOSYS "$@" </dev/null 2>&1; }
said=$(too_old timeout 30 /usr/sbin/jnsd; echo "status $?")
check "[E4] the daemon ends with a status of its own, which the unit knows" contain "$said" '^status 69$'
check "[E4] and says what to do" in_journal 'cannot start: this kernel lacks a system call: .*; start Linux 5.14 or newer' -t jnsd
check "[E4] a login is refused" contain "$(too_old su alice -c id)" "$refusal"
check "[E4] the reason is in the journal" in_journal 'this kernel lacks a system call: .*; start Linux 5.14 or newer' -t su
finish
