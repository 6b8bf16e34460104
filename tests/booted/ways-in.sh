#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Whichever way somebody gets in on a machine with systemd, they are in their own view, and root is on the host.

. "$(dirname "$0")/../lib/booted.sh"
. "$tests/lib/ways.sh"

echo "/tmp on the host" >/tmp/of-the-host
open_session alice ssh "${ssh_options[@]}" -i $scratch/key alice@127.0.0.1 bash
in_session alice 'touch /tmp/of-alice'
view=$(in_session alice 'readlink /proc/self/ns/mnt')
of_ssh bob@127.0.0.1 'touch /tmp/of-bob'
check "alice's first session is not on the host" differ "$view" "$(host_namespace)"
for way in $ways; do
    echo "${way//_/ }"
    seen=$(by_"$way" alice 2>&1)
    check "is alice" equal "$(value user "$seen")" alice || { echo "$seen"; continue; }
    check "in her view" equal "$(value namespace "$seen")" "$view"
    check "with her /tmp" equal "$(value files "$seen")" "of-alice "
done

echo "jnsctl"
inode=${view//[^0-9]/}
check "knows what is in her view" equal "$(jnsctl list | awk '$1 == "alice" { print $3, $7 }' | sort)" "sshd $inode
systemd-user $inode"
check "that the user manager is in it, by which rule" contain "$(jnsctl why "$(user_manager alice)")" 'private-tmp'

echo "root"
at_home() { equal "$("$@" readlink /proc/self/ns/mnt </dev/null | grep -o 'mnt:.*\]')" "$(host_namespace)"; }
check "is on the host by ssh" at_home of_ssh root@127.0.0.1
check "by sudo" at_home sudo -i
check "by su" at_home su - root -c 'exec "$0" "$@"' --
check "by machinectl" at_home machinectl --quiet shell root@.host /usr/bin/env

echo "from one into another"
echo 'bob ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/bob
check "root, from alice's session, stays in her view" equal "$(in_session alice 'sudo -i ls -A /tmp')" of-alice
check "bob, from alice's session, has his own" equal "$(in_session alice 'sudo su bob -c "ls -A /tmp"')" of-bob
in_session alice 'sudo mount -t tmpfs hers /mnt'
check "without what is mounted in hers" equal "$(in_session alice 'mountpoint /mnt; sudo su bob -c "mountpoint /mnt"')" \
    "/mnt is a mountpoint
/mnt is not a mountpoint"
check "and alice, from there, hers" equal "$(in_session alice 'sudo su bob -c "sudo -u alice readlink /proc/self/ns/mnt"')" "$view"
sed -i 's/^#root = .*/root = host/' /etc/jns/jns.conf
systemctl restart jnsd.service
check "root comes out, where the policy says so" contain "$(in_session alice 'sudo -i ls /tmp')" of-the-host
close_session alice

echo "afterwards"
check "the system is up, and nothing has failed" equal "$(systemctl is-system-running)" running
check "the host's /tmp has what it had" equal "$(ls -I 'systemd-private-*' /tmp)" of-the-host
finish
