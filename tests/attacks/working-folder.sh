#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The folder in which somebody runs su, sudo or jnsenter leads nobody anywhere in the view of somebody else.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp

[shown]
action = bind
source = /srv/other
target = /srv/scratch
only = user:mine"
add_users mallory mine
echo 'mallory ALL=(mine) NOPASSWD: ALL' >>/etc/sudoers.d/jns-tests
cp /etc/pam.d/su /etc/pam.d/runuser
install -d -m 1777 /srv/scratch /srv/plain
install -d -m 755 /srv/other
install -d -m 700 -o alice /srv/other/alice
install -d -m 777 /srv/other/alice/secret
echo hidden >/srv/other/alice/secret/file
as() { local user=$1; shift; setpriv --reuid "$user" --regid "$user" --init-groups env HOME="/home/$user" "$@"; }

# A view goes a moment after its last session; jnsenter needs one.
su mine -c 'exec sleep 600' &
su alice -c 'umask 077; echo private >/tmp/answers; mkdir -m 700 /tmp/deep; mkdir -m 777 /tmp/deep/below'
instance=/var/lib/jns/$(id -u alice)/tmp
[ -e "$instance/answers" ] || abort "alice's private folder is not $instance"
by_su() { su mine -c "$1" </dev/null; }
by_su_login() { su - mine -c "$1" </dev/null; }
by_runuser() { runuser -u mine -- sh -c "$1" </dev/null; }
by_sudo() { sudo -u mine sh -c "$1" </dev/null; }
by_mallorys_su() { as mallory sh -c "echo Secret.1 | su mine -c '$1'" 2>/dev/null; }
by_mallorys_sudo() { as mallory sudo -u mine sh -c "$1" </dev/null; }
ways="su runuser sudo mallorys_su mallorys_sudo"

echo "a link where the folder is in the view"
mkdir -m 1777 /tmp/x /tmp/y
su mine -c "ln -s $instance /tmp/x; ln -s $instance/deep/below /tmp/y"
for way in $ways; do
    out=$(cd /tmp/x && "by_$way" 'pwd -P; cat answers; touch planted-$$' 2>/dev/null)
    check "[A1] by $way, in a planted link: the session is in /" equal "$out" /
    out=$(cd /tmp/y && "by_$way" 'pwd -P; touch planted-$$' 2>/dev/null)
    check "[A1] by $way, in a link to below a folder that is closed: the session is in /" equal "$out" /
done
check "[A1] and nothing was planted" equal "$(find "$instance" -name 'planted*')" ""
su mine -c "rm /tmp/x; mkdir /tmp/z; ln -s $instance/deep /tmp/z/deep"
mkdir -p /tmp/z/deep/below
check "[A1] a link further up is none either" equal "$(cd /tmp/z/deep/below && by_su 'pwd -P')" /
for shell in "jnsenter mine -S mine" "jnsenter mine"; do
    check "[A1] $shell goes through no link" equal "$(cd /tmp/y && $shell pwd -P)" /
    check "[A1] nor through one further up" equal "$(cd /tmp/z/deep/below && $shell pwd -P)" /
done
check "[A1] jnsenter --wdns has the rights of whom it becomes" contain "$(jnsenter mine -S mine --wdns=/tmp/z/deep/below pwd -P 2>&1)" \
    'cannot change the working folder to /tmp/z/deep/below: Permission denied'
su mine -c "mkdir /tmp/own; chmod 700 /tmp/own"
check "and has those" equal "$(jnsenter mine -S mine --wdns=/tmp/own pwd -P 2>&1)" /tmp/own
sed -i 's,:/home/mine:,:/tmp/y:,' /etc/passwd
check "[A1] jnsenter --login too, for a home that is a link" equal "$(jnsenter mine --login pwd -P 2>&1)" /
sed -i 's,:/tmp/y:,:/home/mine:,' /etc/passwd

echo "another folder under the same path"
as mallory mkdir -p /srv/scratch/alice/secret
check "(the view has another)" equal "$(su mine -c 'ls /srv/scratch; ls /srv/scratch/alice' 2>/dev/null)" alice
for way in $ways; do
    out=$(cd /srv/scratch/alice/secret && "by_$way" 'pwd; cat file' 2>/dev/null)
    check "[A1] by $way: nobody comes below a closed folder" equal "$out" /
done

echo "the same folder"
cd /srv/plain || abort "no folder"
for way in $ways; do
    check "by $way: it is kept" equal "$("by_$way" pwd)" /srv/plain
done
check "a login has its home" equal "$(by_su_login pwd)" /home/mine
check "jnsenter keeps it" equal "$(jnsenter mine pwd)" /srv/plain
check "and one that the view has under the same path" equal "$(cd /tmp && jnsenter mine ls -d own)" own
ln -s plain /srv/link
check "it is kept where its name was a link" equal "$(cd /srv/link && by_su 'pwd -P')" /srv/plain
mkdir gone && cd gone && rmdir ../gone
check "a folder that was removed becomes /" equal "$(by_su pwd)" /
cd / || abort "no /"
check "/ is /" equal "$(by_su pwd)" /

echo "a folder of a file system that somebody's program serves"
mkdir /srv/fuse
gcc -O1 -o "$scratch/dead-fuse" "$tests/lib/dead-fuse.c" || abort "cannot build dead-fuse.c"
gcc -O1 -o "$scratch/old-kernel" "$tests/lib/old-kernel.c" || abort "cannot build old-kernel.c"
# Python, as a shell looks at its working folder before it runs anything.
cat >"$scratch/su-there" <<'END'
import os, sys
os.chdir("/srv/fuse")
os.execv("/bin/su", ["su"] + sys.argv[1:])
END
# serve TIMES: a program that answers TIMES questions whether the folder may be entered. su-there itself asks the first one.
serve() {
    "$scratch/dead-fuse" /srv/fuse "$1" >"$scratch/mounted" &
    fuse=$!
    within 5 test -s "$scratch/mounted" || abort "cannot mount a file system: is there no /dev/fuse?"
}
end_serving() {
    kill $fuse
    wait $fuse 2>/dev/null
    umount -l /srv/fuse
    rm "$scratch/mounted"
}
# Who hangs there does so for ever.
there() { timeout -s KILL 20 $kernel python3 "$scratch/su-there" mine -c "$1"; }
mkfifo "$scratch/fifo"
# Before Linux 6.8 a process that may hang has to ask what kind of file system it is.
for kernel in "" "$scratch/old-kernel"; do
    for times in 1 2 3 99; do
        serve $times
        out=$(there 'cd -P . && pwd')
        end_serving
        check "[A1] of one that answers $times times${kernel:+, on an old kernel}: the session is in /" equal "$out" /
    done
    serve 1
    there true 7>"$scratch/fifo" >/dev/null &
    check "[A1] nobody keeps the descriptors of a login that has ended" timeout -s KILL 15 cat "$scratch/fifo"
    wait $!
    end_serving
done
check "no process stays behind" within 5 lack "$(ps -o stat=,comm= --ppid 1 | grep '^Z.* su')" .
finish
