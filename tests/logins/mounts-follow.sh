#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the host mounts later appears inside of a live session; what is mounted inside never appears on the host.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"
mkdir -p /srv/early /srv/later /srv/inside
mount -t tmpfs early /srv/early

# A session that lives until its standard input ends. Its shell says which process it is.
exec 8> >(exec su alice -c 'echo $$ >/srv/jns-tests/live; exec cat >/dev/null')
within 10 test -s "$scratch/live" || abort "alice's session does not start"
live=$(cat "$scratch/live")
inside() { nsenter --target "$live" --mount "$@"; }

check "the session is not in the host's namespace" differ "$(readlink "/proc/$live/ns/mnt")" "$(host_namespace)"
check "a mount from before the login is there" inside mountpoint -q /srv/early

if [ "$JNS_VIEW" = shared ]; then
    mount -t tmpfs later /srv/later
    touch /srv/later/file
    check "a mount that the host makes later appears in the session" inside test -e /srv/later/file
    umount /srv/early
    check "a mount that the host takes away goes from the session" not inside mountpoint -q /srv/early
else
    mount -t tmpfs later /srv/later
    check "where the host's mounts are private, later ones stay the host's" not inside mountpoint -q /srv/later
fi

before=$(host_mounts)
inside mount -t tmpfs inside /srv/inside
check "(a mount was made inside)" inside mountpoint -q /srv/inside
check "a mount made inside does not appear on the host" same_text "$before" "$(host_mounts)"
inside umount /srv/inside
inside mount --make-rshared /
inside mount -t tmpfs inside /srv/inside
check "nor does one made after the inside was made shared" same_text "$before" "$(host_mounts)"
inside umount -l /dev/shm
check "a mount that is unmounted inside stays on the host" mountpoint -q /dev/shm
check "no mount of the session has the host as its peer" \
    equal "$(comm -12 <(peers $$) <(peers "$live"))" ""

exec 8>&-
check "the session ends with its input" within 5 not test -e "/proc/$live"
finish
