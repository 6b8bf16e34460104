#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Every operation of jnsrun, by the program that is built with the address and undefined-behaviour sanitizers, which end it at the first
# fault.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
echo root:300000:65536 | tee -a /etc/subuid >>/etc/subgid
make -s -C "$source_root/pam-shim" BUILD="$scratch/build" "$scratch/build/asan/jns-start" >/dev/null 2>&1 ||
    abort "cannot build the sanitized program"
install -m 755 "$scratch/build/asan/jns-start" /usr/lib/jns/jns-start
check "it is that one" contain "$(ldd /usr/lib/jns/jns-start)" libasan
# What is in memory at the end is the kernel's to free.
export ASAN_OPTIONS=detect_leaks=0:exitcode=99 UBSAN_OPTIONS=exitcode=99:halt_on_error=1
touch password
mkdir -p tree/{bin,lib,lib64,usr,proc,v} raw clear /media
for folder in bin lib lib64 usr; do mount --bind /$folder tree/$folder; done
printf 'Secret.1\nSecret.1\n' | encfs --standard -S "$scratch/raw" "$scratch/clear" >/dev/null 2>&1 || abort "cannot make a volume"
echo letter >clear/file && fusermount -u clear
chown -R alice raw clear
mount -t tmpfs kept /media && mount --make-private /media && touch /media/kept
printf '[a]\naction = bind\nsource = /usr\ntarget = /srv/place\n[b]\naction = tmpfs\ntarget = /opt\n[c]\naction = passthrough\ntarget = /opt/there\n[d]\naction = readonly\ntarget = /usr/share\n[e]\naction = hide\ntarget = /media\n' >/etc/rules.conf
mkdir -p /srv/place /opt/there

status() { # WHO WORD...: the exit status, and what the sanitizers say
    local who=$1
    shift
    (cd "$scratch" && echo Secret.1 | runuser -u "$who" -- env ASAN_OPTIONS="$ASAN_OPTIONS" UBSAN_OPTIONS="$UBSAN_OPTIONS" "$@" 2>&1 \
        >/dev/null |
        grep -E 'Sanitizer|runtime error|DEADLYSIGNAL'; echo "${PIPESTATUS[1]}")
}
tried=0
while read -r wanted who words; do
    for one in ${who//,/ }; do
        tried=$((tried + 1))
        # shellcheck disable=SC2086 # a list of options
        check "$one: jnsrun $words" equal "$(status $one jnsrun $words)" "$wanted"
    done
done <<'END_OF_TABLE'
0 root,alice true
0 root -muinpCT -f --mount-proc true
0 root,alice -uUrpfm --mount-proc --hostname box true
0 root,alice -rT --monotonic 5 --boottime 7 true
0 root,alice -r --map-auto true
0 root --map-users 0:5:5 --map-groups 0:5:5 true
0 root,alice -c --keep-caps true
0 root,alice -U --setgroups deny true
125 root,alice -r --setgroups allow true
0 root -S alice -G games true
0 root --uts=/media/kept true
0 root --net=/media/kept --pid=/media/kept -f true
125 root --uts=/media/nothing true
0 root,alice -f --kill-child true
0 root,alice --forward-signals true
0 root,alice --bind raw:clear:ro --tmpfs raw:1m --hide clear --hide password --private-tmp true
125 root,alice --bind raw:nothing true
125 root,alice --bind raw:key true
125 root,alice --tmpfs key true
125 root,alice --hide nothing true
0 root,alice -v --rootfs tree -pf --mount-proc -w /usr true
0 root,alice --rootfs tree --bind /dev:/v --hide /v --tmpfs /v ls /
125 root,alice --rootfs key true
0 root,alice --encfs raw:clear --password-stdin cat clear/file
0 root,alice --rootfs tree --encfs raw:/v --password-stdin cat /v/file
125 root,alice --encfs raw:nothing --password-stdin true
125 root,alice --encfs nothing:clear --password-stdin true
0 root,alice --rules /etc/rules.conf true
125 root,alice -R nothing true
0 root,alice --clear-env /bin/true
127 root,alice -f /nothing-here
137 root,alice -f sh -c kill${IFS}-9${IFS}$$
END_OF_TABLE
check "all of them were tried" test $tried -ge 55
finish
