#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What a FUSE file system says of its files is its program's word: that of root's program is believed, as with lxcfs, and that of a
# user's program is not, even if it says that all is root's, in a folder that root alone can reach.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
add_users mallory
mkdir -p /opt/roots /opt/hers /usr/share/jns-tests
echo "root's" >/usr/share/jns-tests/uptime
mountpoint -q /sys/fs/fuse/connections || mount -t fusectl fusectl /sys/fs/fuse/connections || abort "cannot mount fusectl"
bindfs /usr/share/jns-tests /opt/roots || abort "root's file system cannot be mounted"
chown mallory /opt/hers
echo user_allow_other >>/etc/fuse.conf
su mallory -c "mkdir ~/src && echo hers >~/src/uptime && bindfs --force-user=root --force-group=root -o allow_other ~/src /opt/hers" ||
    abort "mallory's file system cannot be mounted"
check "(what mallory's says is root's)" equal "$(stat -c %U:%G:%a /opt/hers/uptime)" root:root:644
check "(nobody but root could change the folders on the way)" equal "$(stat -c %U:%a / /opt | sort -u)" root:755

install_jns
rules "[roots]
action = bind
source = /opt/roots/uptime
target = /proc/uptime
only   = user:alice

[hers]
action = bind
source = /opt/hers/uptime
target = /proc/uptime
only   = user:bob"
start_jnsd
use_module "session required pam_jns.so"
for program in ssh-key su; do
    check "$program: alice has what root's program shows" equal "$(by $program alice 'cat /proc/uptime')" "root's"
    check "$program: what mallory's shows is refused" contain "$(by $program bob 'cat /proc/uptime' 2>&1)" "^$refusal"
done
check "with the reason" in_journal 'somebody other than root can change /opt/hers/uptime' JNS_USER=bob
within 30 without_view alice || abort "alice's view stays"
umount /sys/fs/fuse/connections
check "where the kernel does not say whose it is, it is nobody's" contain "$(by su alice 'cat /proc/uptime' 2>&1)" "^$refusal"
finish
