#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the host mounts while people are logged in is there for them, and nothing of theirs keeps it from being unmounted.

. "$(dirname "$0")/../lib/booted.sh"

unit() { printf '%s\n' "$2" >"/run/systemd/system/$1"; }
mkdir /srv/media /srv/net /srv/share
install -d /run/systemd/system
unit srv-media.mount '[Mount]
What=media
Where=/srv/media
Type=tmpfs'
unit srv-net.mount '[Mount]
What=/srv/share
Where=/srv/net
Type=none
Options=bind'
unit srv-net.automount '[Automount]
Where=/srv/net'
systemctl daemon-reload
echo shared >/srv/share/file

open_session alice ssh "${ssh_options[@]}" -i $scratch/key alice@127.0.0.1 bash
of_ssh bob@127.0.0.1 true
echo "a mount of the host's"
check "is not there yet" not in_session alice 'mountpoint -q /srv/media'
systemctl start srv-media.mount
echo film >/srv/media/film
check "is there for a session that began before" equal "$(in_session alice 'cat /srv/media/film')" film
check "for its user manager" equal "$(cat "/proc/$(user_manager alice)/root/srv/media/film")" film
check "and for one that begins after" equal "$(of_ssh bob@127.0.0.1 'cat /srv/media/film')" film
check "the host can unmount it" systemctl stop srv-media.mount
check "then it is gone for all" not in_session alice 'mountpoint -q /srv/media'
check "and its file system is free" within 2 not grep -qs ' /srv/media ' /proc/[0-9]*/mountinfo

echo "one that is made when somebody looks"
systemctl start srv-net.automount
check "is not made yet" equal "$(property ActiveState srv-net.mount)" inactive
check "is made for a user who looks" equal "$(in_session alice 'cat /srv/net/file')" shared
check "for all" equal "$(cat /srv/net/file)" shared
systemctl stop srv-net.mount
check "and again for one who comes after" equal "$(of_ssh bob@127.0.0.1 'cat /srv/net/file')" shared
systemctl stop srv-net.automount srv-net.mount

echo "a mount made in a session"
echo 'alice ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/alice
in_session alice 'sudo mount -t tmpfs -o mode=755 hers /srv/media && sudo touch /srv/media/hers'
check "is there for her" equal "$(in_session alice 'ls /srv/media')" hers
check "and not for the host" equal "$(ls /srv/media)" ""
check "nor for bob" equal "$(of_ssh bob@127.0.0.1 'ls /srv/media')" ""
close_session alice
finish
