#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Upgrades that go wrong: root gets in, and somebody says what to do.

. "$(dirname "$0")/../lib/packaged.sh"

dpkg -i "$deb" >/dev/null 2>&1 || abort "the package does not install"
jnsctl enable --trial-user alice >/dev/null || abort "jnsctl enable fails"
next=$(newer 0.1.1~newer)
installed=$(version)

# quick COMMAND...: with time limits of the module's, and some for a machine that has much to do.
quick() { local began=$SECONDS; "$@" && [ $((SECONDS - began)) -le 30 ]; }
root_in() { for program in ssh-key su-login sudo login; do by $program root true || { echo "by $program"; return 1; }; done; }

echo "the disk is full"
cp -a /usr/lib/jns $scratch/jns
mount -t tmpfs -o "size=$(du -sm --apparent-size /usr/lib/jns | cut -f 1)m" none /usr/lib/jns
cp -a $scratch/jns/. /usr/lib/jns/
full() {
    dpkg -i "$next" >$scratch/said 2>&1 && { echo "it did install"; return 1; }
    grep -q 'No space left on device' $scratch/said || { cat $scratch/said; return 1; }
}
check "the upgrade fails, and says why" full
check "the version before is there" equal "$(version) $(dpkg-query -W -f '${db:Status-Status}' jns)" "$installed installed"
check "root gets in" quick root_in
check "alice gets in, isolated" isolated ssh-key alice
systemctl restart jnsd.service
check "the daemon starts with what is there" isolated su alice
umount -l /usr/lib/jns
within 60 eval '! systemctl --quiet is-active jns-archive.service'
mkdir -p /var/cache/jns
mount -t tmpfs -o size=1m none /var/cache/jns
no_room_for_archive() {
    dpkg-trigger --by-package=jns /usr/lib/jvm && dpkg --configure --pending &&
        within 60 in_journal "cannot make the JVM.s archive of classes" -u jns-archive.service
}
check "without room for the archive the journal says so" no_room_for_archive
check "half an archive is not left" within 10 eval '[ "$(ls -A /var/cache/jns)" = lock ]'
check "alice gets in without one" isolated su alice
umount -l /var/cache/jns
check "with room again the upgrade works" dpkg -i "$next"
check "alice gets in after it" isolated su alice

echo "Java is gone"
# A login waits that long for each of the two, its session and its user manager's.
sed -i 's/pam_jns\.so.*/pam_jns.so timeout=3/' /etc/pam.d/common-session /etc/pam.d/common-session-noninteractive
systemctl stop jnsd.service
mkdir -p $scratch/empty
mount --bind $scratch/empty /usr/lib/jvm
gone() {
    dpkg -i "$deb" >$scratch/said 2>&1 || { cat $scratch/said; return 1; }
    grep -q 'cannot start: there is no java at .*; install a headless Java runtime, 17 or newer' $scratch/said ||
        { cat $scratch/said; return 1; }
}
check "an upgrade says that there is none, and what to install" gone
for program in ssh-key su-login sudo login; do check "root gets in by $program" quick by $program root true; done
refused() {
    local said
    said=$(quick by "$1" alice 'echo in' 2>&1) && { echo "alice got in: $said"; return 1; }
    ! grep -qx in <<<"$said"
}
check "alice does not, by ssh" refused ssh-key
check "alice does not, by su" refused su
check "the journal says why, and what to do" in_journal 'there is no java at .*; install a headless Java runtime' -t jnsd
umount /usr/lib/jvm
check "Java is back, and so is alice, without a restart" within 20 isolated su alice
check "and the daemon" within 20 systemctl --quiet is-active jnsd.service
check "the package can be removed and purged after all that" dpkg -P jns
check "everybody gets in" not_isolated su alice
finish
