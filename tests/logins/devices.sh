#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A device over a device: what counts is who can change the node. Others may write to /dev/null, and it is empty all the same;
# what others write to a terminal or a disk is there.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

mknod -m 666 /dev/jns-test c 1 5
mknod -m 666 /dev/jns-disk b 7 255
mkdir -m 1777 /dev/jns-open
mknod -m 666 /dev/jns-open/null c 1 3
mknod -m 666 /dev/jns-hers c 1 3

# bind_for USER SOURCE
bind_for() { printf '[%s]\naction = bind\nsource = %s\ntarget = /dev/jns-test\nonly = user:%s\n' "$1" "$2" "$1"; }

jns_host "$(for pair in alice:/dev/null carol:/dev/tty dave:/dev/jns-disk erin:/dev/jns-open/null frank:/dev/jns-hers; do
    bind_for "${pair%%:*}" "${pair#*:}"
done)"
add_users carol dave erin frank
chown frank /dev/jns-hers

read_it='echo x >/dev/jns-test && head -c 3 /dev/jns-test | wc -c'
for program in ssh-key su; do
    check "$program: alice has /dev/null in its place" equal "$(by $program alice "$read_it")" 0
    check "$program: bob has what the host has" equal "$(by $program bob "$read_it")" 3
    for user in carol dave erin frank; do
        check "$program: $user is refused" contain "$(by $program $user "$read_it" 2>&1)" "^$refusal"
    done
done
why() { in_journal "root reads there, and somebody other than root can change $2 or a folder above it" JNS_USER="$1"; }
check "a terminal is not taken: others' writes are seen there" why carol /dev/tty
check "a disk is not taken" why dave /dev/jns-disk
check "nor is a device in a folder where anybody can put another" why erin /dev/jns-open/null
check "nor one whose node is somebody else's" why frank /dev/jns-hers
check "the host has its device still" equal "$(head -c 3 /dev/jns-test | wc -c)" 3
finish
