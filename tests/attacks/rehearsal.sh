#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The JVM's archive is made while sessions are open, and in a chroot: it rehearses with separate state.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

rm -rf /var/cache/jns
jns_host "$private_tmp

[processes]
action = isolate
isolate = pid
only = user:bob"

# What jns knows, and what the host has mounted.
state() {
    find /run/jns/sessions /run/jns/views /var/lib/jns -printf '%p %y %m %u %s\n' | sort
    host_mounts | sort
    ls /
}
stay() { # USER
    su "$1" -c "touch /tmp/of-$1; readlink /proc/self/ns/mnt >$scratch/$1.namespace; exec sleep 4711" </dev/null &
    within 10 test -s "$scratch/$1.namespace" || abort "the session of $1 does not begin"
}
chmod 1777 "$scratch"
stay alice
stay bob
living() { pgrep -cx -U "$1" sleep; }
joins() { equal "$(su "$1" -c 'readlink /proc/self/ns/mnt; ls /tmp')" "$(cat "$scratch/$1.namespace")
of-$1"; }

before=$(state)
check "[C1] the archive is made while people are logged in" /usr/lib/jns/launch --make-archive
check "[C1] the sessions and the views are those before" same_text "$before" "$(state)"
check "[C1] nobody's processes were ended, where they have a process 1 of their own, either" equal "$(living alice) $(living bob)" "1 1"
for user in alice bob; do check "[C1] the next login of $user joins" joins $user; done
stop_jnsd
check "[C1] while no daemon runs it is made, too" /usr/lib/jns/launch --make-archive
start_jnsd
for user in alice bob; do check "[C1] and after that $user joins" joins $user; done

echo "in a chroot"
tree=$scratch/tree
mkdir "$tree"
mount -t tmpfs -o mode=755 tree "$tree"
for folder in bin sbin lib lib32 lib64 libx32; do [ ! -L "/$folder" ] || cp -a "/$folder" "$tree/"; done
for folder in usr etc dev proc; do mkdir "$tree/$folder" && mount --rbind "/$folder" "$tree/$folder"; done
mkdir -p "$tree/run" "$tree/tmp" "$tree/var/lib" "$tree/var/cache"
mounts() { cat /proc/self/mountinfo; }
before=$(state; mounts)
in_chroot() { # COMMAND...: what it says
    timeout 20 chroot "$tree" "$@" </dev/null 2>&1
}
check "[E1] the archive is not made, and it is said why" contain "$(in_chroot /usr/lib/jns/launch --make-archive)" \
    'cannot start: this runs in a chroot'
check "[E1] the daemon does not start" contain "$(in_chroot /usr/sbin/jnsd; echo "status $?")" 'status 69'
check "[E1] a login there is refused" contain "$(in_chroot su alice -c id)" "$refusal"
check "[E1] root gets in there" equal "$(in_chroot su root -c 'ls -d /srv /run')" "$(in_chroot ls -d /srv /run)"
mkdir "$tree/run/jns"
mount --bind /run/jns "$tree/run/jns"
check "with the host's socket in it, too" contain "$(in_chroot su alice -c 'ls -d /srv')" "$refusal"
check "and root gets in there" equal "$(in_chroot su root -c 'ls -d /srv /run')" "$(in_chroot ls -d /srv /run)"
umount "$tree/run/jns"
rmdir "$tree/run/jns"
check "[E1] nothing outside has changed" same_text "$before" "$(state; mounts)"
check "[E1] and nothing was made inside" equal "$(find "$tree/run" "$tree/var" -mindepth 1 | sort)" "$tree/var/cache
$tree/var/cache/jns
$tree/var/cache/jns/lock
$tree/var/lib"

echo "whose archive"
# What is planted must not be read: the JVM believes what it says.
planted() { # SENTENCE COMMAND: makes /var/cache/jns something that root must not believe
    rm -rf /var/cache/jns
    eval "$2"
    rm -f "$scratch/read"
    strace -f -qq -e trace=openat -o "$scratch/read" /usr/lib/jns/launch jnsctl --version >/dev/null 2>&1
    check "$1" eval "grep -q 'jns.jar' '$scratch/read' && lack \"\$(cat '$scratch/read')\" 'jns\\.(jsa|aot)'"
}
/usr/lib/jns/launch --make-archive
cp -a /var/cache/jns "$scratch/archive"
planted "an archive that a user has put there is not read" "cp -a $scratch/archive /var/cache/jns; chown alice /var/cache/jns/*"
planted "nor one in a folder of a user's" "cp -a $scratch/archive /var/cache/jns; chown alice /var/cache/jns"
planted "nor one behind a link" "mkdir /var/cache/jns; ln -s $scratch/archive/* /var/cache/jns"

echo "an archive that is damaged"
archives=/var/cache/jns
whole() { rm -rf $archives && cp -a "$scratch/archive" $archives; }
cut_off() { for file in $archives/jns.jsa $archives/jns.aot; do [ ! -e $file ] || truncate -s 2000000 $file; done; }
# As a disk damages it: no time tells.
secretly() { cut_off && for file in "$archives"/jns.*; do touch -r "$scratch/archive/${file##*/}" "$file"; done; }
as_alice() { setpriv --reuid alice --regid alice --clear-groups "$@"; }
mkdir -m 1777 "$scratch/here" && cd "$scratch/here" || abort "cannot enter $scratch/here"
whole && cut_off
check "root's commands work with one that was cut off" equal "$(jnsctl --version 2>&1 | sed 's/ .*//')" jns
check "a user's, too" equal "$(as_alice jnsctl --version 2>&1 | sed 's/ .*//')" jns
whole && secretly
check "a user's command works where nobody could see it" equal "$(as_alice jnsctl --version 2>&1 | sed 's/ .*//')" jns
check "so does jnsrun of a user's" equal "$(as_alice jnsrun --tmpfs /srv echo in 2>&1)" in
jnsctl --version >/dev/null 2>&1
check "root's first command removes it" equal "$(ls $archives | grep -E '^(jns|sources)')" ""
check "root's next command works" equal "$(jnsctl --version 2>&1 | sed 's/ .*//')" jns
whole && secretly
check "jnsrun by root works at once" equal "$(jnsrun --tmpfs /srv echo in 2>&1)" in
check "and removes it" equal "$(ls $archives | grep -E '^(jns|sources)')" ""
check "no JVM has written into the working folder" equal "$(ls -A)" ""
cd "$scratch" || abort "cannot enter $scratch"
whole
check "a whole one is not made again" /usr/lib/jns/launch --renew-archive
check "it is the same" diff -r "$scratch/archive" $archives
for file in "$archives"/jns.*; do
    printf damaged | dd of="$file" bs=1 seek=1000000 conv=notrunc status=none
    touch -r "$scratch/archive/${file##*/}" "$file"
done
check "one with other bytes is" /usr/lib/jns/launch --renew-archive
check "then it is whole" eval 'sha256sum <$(ls $archives/jns.*) | cmp - $archives/sum'
rm -rf /var/cache/jns; install -d -o alice /var/cache/jns
check "what is not root's is not written to, either" not /usr/lib/jns/launch --make-archive
finish
