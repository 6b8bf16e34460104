#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An admin installs from the sources, again and again, on full disks too; and a package goes, whatever the stacks look like by then.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
mkdir -p $scratch && cd $scratch || abort "cannot enter $scratch"

# install_below FOLDER [ARGUMENT...]: all but what only a machine's own / gets.
install_below() {
    local below=$1
    shift
    "$source_root/packaging/install" --destdir "$below" --security /usr/lib/security "$@"
}
sums() { (cd "$1" && find . -type f -exec sha256sum {} + | LC_ALL=C sort -k 2 && find . -type l -printf '%p %l\n' | LC_ALL=C sort); }

echo "folders"
check "a relative folder is one of the caller's" install_below here \
    --jdk "$(realpath --relative-to=. "$(dirname "$(dirname "$(readlink -f /usr/bin/java)")")")"
check "what was installed is there" test -s here/usr/lib/security/pam_jns.so
check "and the JVM is the one that the caller named" test -x "$(readlink here/usr/lib/jns/jvm)/bin/java"
check "nothing unfinished is left" equal "$(find here -name '*.jns-new')" ""
said=$("$source_root/packaging/install" --destdir here --security security 2>&1)
check "a folder of modules that is a part of a path is refused" contain "$said" \
    'cannot use the folder security: it is a part of a path; begin it with /'

echo "rules"
mv here/etc/jns/rules.d/private-tmp.conf here/etc/jns/rules.d/own.conf
said=$(install_below here)
check "a rules file that the admin has replaced does not come back" equal "$(ls here/etc/jns/rules.d)" own.conf
check "and that is said" contain "$said" 'left .*/here/etc/jns/rules.d/private-tmp.conf out: '
rm here/etc/jns/rules.d/own.conf
install_below here >/dev/null
check "nor does one that was removed" equal "$(ls here/etc/jns/rules.d)" ""

# As rpm does it: its own scripts, and between them all files of the package.
mkdir -p /etc/jns/rules.d
rpm_brings() { # HOW-MANY-ARE-INSTALLED
    sh "$source_root/target/rpm/beforeInstallation.sh" "$1"
    [ -e /etc/jns/rules.d/private-tmp.conf ] || echo '[private-tmp]' >/etc/jns/rules.d/private-tmp.conf
    sh "$source_root/target/rpm/afterInstallation.sh" "$1" >/dev/null 2>&1
}
rm -f /etc/jns/rules.d/private-tmp.conf
rpm_brings 2
check "nor does an upgrade of the rpm bring it back" test ! -e /etc/jns/rules.d/private-tmp.conf
rpm_brings 1
check "the first installation does bring it" test -e /etc/jns/rules.d/private-tmp.conf
rpm_brings 2
check "and an upgrade leaves it where it is" test -e /etc/jns/rules.d/private-tmp.conf

echo "libraries"
echo old >here/usr/lib/jns/lib/of-an-earlier-version.jar
install_below here >/dev/null
check "a library that is not needed any more goes" test ! -e here/usr/lib/jns/lib/of-an-earlier-version.jar
check "and the others stay" test -s here/usr/lib/jns/lib/slf4j-api-*.jar

echo "no room"
mkdir full
mount -t tmpfs -o size=64m full full
cp -a here/. full/
find full -type f -exec sh -c 'echo "of before" >>"$1"' sh {} ';'
sums full >before
free() { df --output=avail -B 1024 full | tail -n 1; }
for left in 64 1024 4096; do
    rm -f full/ballast
    dd if=/dev/zero of=full/ballast bs=1024 count=$(($(free) - left)) status=none
    said=$(install_below full 2>&1; echo "status $?")
    rm -f full/ballast
    check "with $left KiB left nothing is installed" contain "$said" 'status 1'
    check "that is said" contain "$said" 'install: cannot write .*; nothing was changed'
    sums full >after
    check "and everything that existed is whole" diff before after
done
check "with room it works" install_below full
check "and the module is the new one" cmp full/usr/lib/security/pam_jns.so here/usr/lib/security/pam_jns.so
umount full

echo "stacks"
# As the rpm's removal does it, with nothing of the package but its script. It says what it says, then its status.
removal() { # HOW-MANY-ARE-LEFT
    sh "$source_root/target/rpm/beforeRemoval.sh" "$1" 2>&1
    echo "status $?"
}
fresh_stacks() {
    rm -rf /etc/pam.d /usr/lib/pam.d /usr/local/etc/stacks /etc/stacks
    mkdir -p /etc/pam.d/more /usr/lib/pam.d /usr/local/etc/stacks /etc/stacks
    printf 'auth required pam_unix.so\nsession required pam_jns.so\n' >/etc/pam.d/su
}
in_use() { grep -rl '^[^#]*pam_jns\.so' /etc/pam.d /usr/lib/pam.d /usr/local/etc/stacks /etc/stacks | sort | tr '\n' ' '; }
with_module='session required pam_unix.so\nsession required pam_jns.so\n'

fresh_stacks
printf '@include /usr/local/etc/stacks/one\n' >/etc/pam.d/sshd
printf '%b-session optional \\\n  pam_jns.so timeout=3\nsession substack /etc/stacks/two words # not the name\n' "$with_module" \
    >/usr/local/etc/stacks/one
printf "$with_module" >/etc/stacks/two
printf 'session  include\t../stacks/three\n' >/etc/pam.d/login
printf "$with_module" >/etc/stacks/three
printf 'session include more/four\n' >/etc/pam.d/cron
printf "$with_module" >/etc/pam.d/more/four
printf "$with_module" >/usr/lib/pam.d/vendors
printf 'session [success=1 default=ignore] pam_unix.so\nsession substack login\n@include sshd\n' >/etc/pam.d/round
printf '@include round\n' >>/etc/pam.d/sshd
before=$(cat /etc/pam.d/sshd)
said=$(removal 0)
check "the removal of the package finds the module wherever a stack includes it" equal "$(in_use)" ""
check "and succeeds" contain "$said" '^status 0$'
check "each file is named" equal "$(grep -c '^jns: took pam_jns.so out of ' <<<"$said")" 6
check "everything else in them stays" equal "$(cat /usr/local/etc/stacks/one)" 'session required pam_unix.so
session substack /etc/stacks/two words # not the name'
check "a file without the module is the same" equal "$(cat /etc/pam.d/sshd)" "$before"
check "nothing is left in their folders" equal "$(find /etc/pam.d /usr/lib/pam.d /usr/local/etc/stacks /etc/stacks -name '.*.jns-*')" ""

fresh_stacks
printf '@include /usr/local/etc/stacks/link\n' >/etc/pam.d/zz-last
printf "$with_module" >/etc/stacks/target
ln -s /etc/stacks/target /usr/local/etc/stacks/link
before=$(sums /etc/pam.d)
said=$(removal 0)
check "one that is a link keeps the package" contain "$said" '^status 1$'
check "that is said, with what to do" contain "$said" 'out of /usr/local/etc/stacks/link: it is a link to /etc/stacks/target, .*; take the line out there, and try again'
check "then all stacks are as they were, and everybody is still isolated" equal "$(sums /etc/pam.d)" "$before"

fresh_stacks
printf '@include /usr/local/etc/stacks/fixed\n' >/etc/pam.d/zz-last
mount -t tmpfs fixed /usr/local/etc/stacks
printf "$with_module" >/usr/local/etc/stacks/fixed
mount -o remount,ro /usr/local/etc/stacks
before=$(sums /etc/pam.d)
said=$(removal 0)
check "so does one that cannot be written" contain "$said" '^status 1$'
check "and that is said" contain "$said" 'cannot take pam_jns.so out of /usr/local/etc/stacks/fixed: see above; take the line out by hand, and try again'
check "then all stacks are as they were, too" equal "$(sums /etc/pam.d)" "$before"
umount /usr/local/etc/stacks
finish
