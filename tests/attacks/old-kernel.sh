#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Rules of each kind on Linux 5.14, the oldest kernel that jns supports, as far as a seccomp filter can play it (tests/lib/old-kernel.c):
# what came later is refused with 5.14's own error, in the daemon, the login programs and the commands alike.

. "$(dirname "$0")/../lib/check.sh"
if [ -z "${OLD_KERNEL:-}" ]; then
    old_kernel=$(mktemp /var/old-kernel.XXXXXX)
    gcc -std=gnu11 -O1 -Wall -Wextra -o "$old_kernel" "$tests/lib/old-kernel.c" || abort "cannot build old-kernel.c"
    trap - EXIT
    OLD_KERNEL=yes exec "$old_kernel" bash "$(realpath "$0")"
fi
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

mkdir -p /srv/{course/base,course/extra,ro,hidden,shown,scratch,work,kept} /course
echo base >/srv/course/base/b
echo extra >/srv/course/extra/e
echo secret >/srv/hidden/f
echo shown >/srv/shown/f
chmod 777 /srv/kept /srv/work /course
start_patience=60
jns_host "[course]
only = user:alice
action = overlay
lower = /srv/course/extra, /srv/course/base
target = /course
upper = discard

[kept]
only = user:alice
action = overlay
target = /srv/kept
upper = keep

[private]
only = user:alice
action = private
target = /srv/work

[scratch]
only = user:alice
action = tmpfs
target = /srv/scratch
options = size=1M, noexec

[shown]
only = user:alice
action = bind
source = /srv/shown
target = /opt

[fixed]
only = user:alice
action = readonly
target = /srv/ro

[hidden]
only = user:alice
action = hide
target = /srv/hidden

[processes]
only = user:alice
action = proc
options = hidepid=invisible

[apart]
only = user:alice
action = isolate
isolate = net, pid, ipc, uts

[note]
only = user:alice
action = run
program = /usr/bin/true"

check "the rules are good" jnsctl check
# The folder of private folders must take an upper layer: the view's own files, an overlay, do not.
stop_jnsd
rm -rf /var/lib/jns
mkdir -m 700 /var/lib/jns
mount -t tmpfs -o mode=700 instances /var/lib/jns
start_jnsd
host=$(host_namespace)
of() { by su alice "$1" 2>&1; }

in_this_kernel() { python3 -c 'import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
tree = libc.syscall(430, b"overlay", 1)
assert libc.syscall(431, tree, 5, b"lowerdir+", 0, os.open("/", 0)) == -1 and ctypes.get_errno() == 95, os.strerror(ctypes.get_errno())'; }
check "this kernel takes no descriptors for an overlay" in_this_kernel
check "alice is in a view" differ "$(of 'readlink /proc/self/ns/mnt')" "$host"
check "[E3] an overlay of two folders whose changes are thrown away" \
    equal "$(of 'cat /course/b /course/e; echo n >/course/n && ls /course' | paste -sd ' ')" "base extra b e n"
check "the folders below are as they were" equal "$(ls /srv/course/base /srv/course/extra | paste -sd ' ')" \
    "/srv/course/base: b  /srv/course/extra: e"
of 'echo mine >/srv/kept/mine' >/dev/null
within 20 without_view alice || abort "alice's view stays"
check "[E3] an overlay whose changes are kept" equal "$(of 'cat /srv/kept/mine')" mine
check "and that the host does not see" test ! -e /srv/kept/mine
check "a private folder" equal "$(of 'touch /srv/work/x && ls /srv/work')" x
check "a tmpfs with its flags" contain "$(of 'findmnt -no FSTYPE,OPTIONS /srv/scratch')" "tmpfs.*noexec.*size=1024k"
check "a bind" equal "$(of 'cat /opt/f')" shown
check "a folder read-only" contain "$(by su root 'true'; of 'findmnt -no OPTIONS /srv/ro')" "^ro,"
check "a folder hidden" contain "$(of 'ls /srv/hidden')" "Permission denied"
check "a proc" contain "$(of 'findmnt -no OPTIONS /proc')" "hidepid"
check "namespaces of other kinds" differ "$(of 'readlink /proc/self/ns/net')" "$(readlink /proc/self/ns/net)"
check "somebody without a rule" equal "$(by su bob 'readlink /proc/self/ns/mnt')" "$host"
sleep 60 | su alice -c 'cat >/dev/null' 2>/dev/null &
within 10 view_of alice || abort "alice has no view"
check "root enters the view" equal "$(jnsenter alice cat /opt/f </dev/null 2>&1)" shown
kill %% 2>/dev/null
check "jnsrun" equal "$(jnsrun --tmpfs /srv/ro ls /srv/ro </dev/null 2>&1)" ""
finish
