#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Where private folders are kept there is no room left, or no inode, and everybody hears of it in time.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"
su alice -c 'touch /tmp/x'
stop_jnsd
cp -a /var/lib/jns "$scratch/kept"
mount -t tmpfs -o "mode=700,nr_inodes=500" tmpfs /var/lib/jns
cp -a "$scratch/kept/." /var/lib/jns
# What one user has made, say.
(cd "/var/lib/jns/$(id -u alice)/tmp" && seq 500 | xargs touch 2>/dev/null)
check "no inode is free" equal "$(df --output=iavail /var/lib/jns | tail -n 1 | tr -d ' ')" 0
start_jnsd

echo "no inodes"
said=$(su bob -c true 2>&1)
check "[B11] a new user is told why nothing can be made" contain "$said" \
    "cannot make /var/lib/jns/[0-9]+/tmp: No space left on device \(.*\); the file system of /var/lib/jns has no room or no free inodes left"
check "who has a folder gets in" contain "$(su alice -c 'ls -A /tmp')" "^x$"
check "[B11] doctor says it" contain "$(jnsctl doctor)" "^error +folders +the file system of /var/lib/jns has no inodes left"
jnsctl gc >/dev/null
free() { [ "$(jnsctl metrics | sed -n 's/^jns_private_folders_free_inodes //p')" -eq 0 ]; }
check "[B11] so do the numbers" within 5 free
check "nothing half-made stays" equal "$(find /var/lib/jns -name '.new-*')" ""

echo "the same with room"
mount -o "remount,nr_inodes=1000" /var/lib/jns
check "the user gets in" su bob -c true
check "doctor has nothing to say of it" lack "$(jnsctl doctor)" "inodes left"


echo "a disk that is not mounted"
stop_jnsd
start_jnsd
umount -l /var/lib/jns
find /var/lib/jns -mindepth 1 -maxdepth 1 -name '[0-9]*' -exec rm -rf {} +
add_users erin
without_view() { [ -z "$(find /run/jns/views -name "$(id -u "$1").*")" ]; }
for user in alice bob; do within 30 without_view $user; done
said=$(su erin -c 'touch /tmp/x' 2>&1)
check "a user gets no empty folder on the disk below" contain "$said" \
    "cannot make /var/lib/jns/[0-9]+: /var/lib/jns was on a disk of its own, and that is not mounted; mount it, or, .*rm /var/lib/.jns-is-mounted"
check "nothing is made there" equal "$(find /var/lib/jns -mindepth 1 -maxdepth 1 -name '[0-9]*')" ""
check "doctor says it" contain "$(jnsctl doctor)" "^error +folders +/var/lib/jns was on a disk of its own, and that is not mounted"
check "so does check" contain "$(jnsctl check 2>&1)" "users without private folders are refused: /var/lib/jns was on a disk of its own"
check "root gets in" su root -c true
stop_jnsd
start_jnsd
check "a start says it, too" in_journal "users without private folders are refused: /var/lib/jns was on a disk of its own" -t jnsd
tr -d - </proc/sys/kernel/random/uuid >"$scratch/machine-id"
touch /etc/machine-id
mount --bind "$scratch/machine-id" /etc/machine-id
ln -sfn "$(tr -d - </proc/sys/kernel/random/uuid)" /var/lib/.jns-is-mounted
stop_jnsd
start_jnsd
check "another machine's mark, on a copy of its disk, is no mark" test ! -L /var/lib/.jns-is-mounted
check "with the mark away the folders are made on this disk" su erin -c true
finish
