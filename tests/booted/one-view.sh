#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# By whichever way a user comes first: login sessions and the user manager, which is started within the first of them, have
# one view.

. "$(dirname "$0")/../lib/booted.sh"
. "$tests/lib/ways.sh"

# Each user's first session is open until the file "over" is there.
mv /usr/bin/jns-probe /usr/bin/jns-look
cat >/usr/bin/jns-probe <<'END_OF_PROBE'
#!/bin/sh
mine=/srv/jns-tests/first.$(id -un)
if mkdir "$mine" 2>/dev/null; then
    jns-look >"$mine/sees"
    for i in $(seq 200); do [ ! -e "$mine/over" ] || break; sleep 0.1; done
else
    jns-look
fi
END_OF_PROBE
chmod 755 /usr/bin/jns-probe

number=0
for way in $ways; do
    number=$((number + 1))
    user=user$number first=$scratch/first.user$number
    add_users $user
    by_"$way" $user >$scratch/$user.out 2>&1 &
    within 20 grep -qs ^descriptors= $first/sees
    view=$(value namespace "$(cat $first/sees)")
    check "${way//_/ }: is not on the host" differ "$view" "$(host_namespace)" || cat $scratch/$user.out
    check "ssh comes into the same view" equal "$(value namespace "$(by_ssh_key $user)")" "$view"
    check "and so do the user's units" equal "$(value namespace "$(by_user_unit $user)")" "$view"
    touch $first/over
    wait
done

echo "many at once, and nobody was there before"
add_users carol
for i in {1..8}; do
    of_ssh carol@127.0.0.1 'readlink /proc/self/ns/mnt' >$scratch/carol.ssh.$i 2>&1 &
    su carol -c 'readlink /proc/self/ns/mnt' >$scratch/carol.su.$i 2>&1 &
done
wait
check "all come into one view" equal "$(sort -u $scratch/carol.*.*)" "$(namespace "$(user_manager carol)")"
check "of sixteen" equal "$(cat $scratch/carol.*.* | wc -l)" 16

echo "what is mounted in a view"
in_carols() { of_ssh carol@127.0.0.1 "$1"; }
echo 'carol ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/carol
in_carols 'sudo mount -t tmpfs hers /mnt && sudo touch /mnt/file'
check "is there for the next session" equal "$(in_carols 'ls /mnt')" file
check "and for units" equal "$(in_carols 'systemd-run --user --quiet --pipe --wait --collect ls /mnt')" file
check "and not for the host" not test -e /mnt/file
finish
