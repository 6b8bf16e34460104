#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Several names of one uid are one user: nobody loses private folders, and nobody comes past a rule, by another name.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/state.sh"

name_users alice 1 3900 100
name_users second 1 3900 100 # another name of alice0
name_users carl 1 6000 100
name_users only 1 3950 100
name_users other 1 3950 100 # another name of only0
small_host "[private]
action = private
target = /tmp
except = user:root, user:other0

[bound]
action = hide
target = /srv/hidden
only = user:alice0"
mkdir -p /srv/hidden
touch /srv/hidden/file
gcc -std=gnu11 -O1 -Wall -Wextra -shared -fPIC -o /usr/lib/libnss_jnstest.so.2 "$tests/lib/nss-test.c" ||
    abort "cannot build the name service"
ldconfig
sed -i 's/^\(passwd\|group\):.*/\1: files jnstest/' /etc/nsswitch.conf
echo up >/run/nss-test
echo 'session required pam_jns.so once=off timeout=20' >/etc/pam.d/daemon
echo 512 >/proc/sys/net/unix/max_dgram_qlen
start_journal
start_jnsd

aside() { find /var/lib/jns -maxdepth 1 -name 'aside-*' | wc -l; }
# has_rules USER RULES: the user's last login, as the journal has it.
has_rules() {
    last_rules() { journal JNS_EVENT=login JNS_LOGIN="$1" --output=json | tail -n 1 | grep -qF "\"JNS_RULES\":\"$2\""; }
    within 10 last_rules "$1" "$2" || { journal JNS_LOGIN="$1" | tail -n 3; return 1; }
}

echo "two names of one uid, and names as they are typed"
in_view daemon alice0 >/dev/null || abort "alice0 cannot log in"
touch /var/lib/jns/3900/tmp/mark
in_view daemon carl0 >/dev/null || abort "carl0 cannot log in"
touch /var/lib/jns/6000/tmp/mark
for name in second0 alice0 Carl0 carl0@example.org CARL0 carl0; do
    check "[C2] $name gets a view" in_view daemon $name
done
check "[C2] nothing is put aside" equal "$(aside)" 0
check "[C2] alice0's file is where it was" test -e /var/lib/jns/3900/tmp/mark
check "[C2] carl0's file is where it was" test -e /var/lib/jns/6000/tmp/mark
check "[C2] the folder is recorded for the name that the uid has" \
    equal "$(readlink /var/lib/jns/3900/owner) $(readlink /var/lib/jns/6000/owner)" "alice0 carl0"
check "[C2] the journal has both names" in_journal '^second0 \(alice0\) by daemon: ' JNS_LOGIN=second0
check "[C2] a rule that binds a user binds under the other name" has_rules second0 private,bound
in_view daemon other0 >/dev/null
check "[C2] a rule that frees another name frees nobody under it" has_rules other0 private
check "[C2] check warns of a rule for another name" contain "$(jnsctl check 2>&1)" "'other0' is another name of only0"

echo "a folder that was made for another name"
ln -sfn second0 /var/lib/jns/3900/owner
check "[C2] is the user's all the same" in_view daemon alice0
ln -sfn oldname /var/lib/jns/3900/owner
sed -i 's|^\(alice0:[^:]*:[^:]*:[^:]*:[^:]*:\)[^:]*|\1/home/oldname|' /etc/passwd
within 30 without_view alice0
check "so is one of a user who was renamed, and has the home still" in_view daemon alice0
check "nothing is put aside for that" equal "$(aside) $(readlink /var/lib/jns/3900/owner)" "0 alice0:/home/oldname"
no_view() { [ -z "$(find /run/jns/views -name '3900.*')" ]; }
for name in newname oldname alice0; do
    within 30 no_view
    sed -i "s|^[^:]*\\(:[^:]*:3900:.*:/home/oldname:\\)|$name\\1|" /etc/passwd
    check "renamed to $name, the user has the folders still" in_view daemon $name
    check "and nothing is put aside ($name)" equal "$(aside) $(test -e /var/lib/jns/3900/tmp/mark && echo mark)" "0 mark"
done
within 30 without_view alice0
ln -sfn nobody-has-this /var/lib/jns/3900/owner
within 30 without_view alice0
in_view daemon alice0 >/dev/null
check "[C2] one whose name is gone is put aside" within 10 equal "$(aside)" 1
check "[C2] and doctor says so" contain "$(jnsctl doctor 2>&1)" "aside-3900-"
finish
