#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Logins with rules of every action and key that there is: each target that jnsctl explain names is a mount of the session, of the type
# and with the flags that it says, and the user can do there what the rules mean.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns

# The view's own files are an overlay; the changes of another cannot be kept on one. A real host's /var/lib is on a disk.
mkdir -p -m 700 /var/lib/jns
mount -t tmpfs -o mode=700 var-lib-jns /var/lib/jns

mkdir -p /srv/course/base/sub /srv/course/extra /srv/kept /srv/data /srv/later/point /srv/scratch /srv/skel/bin /srv/handed
echo base >/srv/course/base/both
echo base >/srv/course/base/of-base
echo extra >/srv/course/extra/both
echo kept >/srv/kept/of-host
echo data >/srv/data/file
echo text >/srv/skel/bin/tool
chmod 755 /srv/skel/bin/tool
ln -s bin/tool /srv/skel/link
echo secret >/srv/scratch/secret
chmod 1777 /srv/kept
chown alice: /srv/kept/of-host
mkdir -m 1777 /tmp/.X11-unix
touch /tmp/of-the-host
python3 - <<'END' &
import os, socket, time
os.umask(0)
s = socket.socket(socket.AF_UNIX)
s.bind("/tmp/.X11-unix/X0")
t = socket.socket(socket.AF_UNIX)
t.bind("/tmp/agent")
t.listen()
while True:
    t.accept()[0].sendall(b"of the host\n")
END
server=$!
within 5 test -S /tmp/agent || abort "there is no socket to pass through"

rules '[tmp]
action = private
target = /tmp, /var/tmp
share-backing = scratch
options = nosuid, nodev
except = user:root

[through]
action = passthrough
target = /tmp/.X11-unix, /tmp/agent, /tmp/nothing
required = no
except = user:root

[course]
action = overlay
lower = /srv/course/extra, /srv/course/base
target = /course
create = 0755
upper = discard
options = size=1M, mode=0777, nosuid
only = user:alice
# What is discarded ends with each session.
share = none

[kept]
action = overlay
target = /srv/kept
upper = keep
only = user:alice

[proc]
action = proc
options = hidepid=invisible
only = user:alice, !user:root

[desk]
action = private
target = /srv/desks/${user}
create = 0700:${user}
skel = /srv/skel
only = shell:/bin/bash, uid:1-60000
except = user:root

[data]
action = readonly
target = /srv/data
propagation = private
except = user:root

[later]
action = readonly
target = /srv/later
options = noexec
except = user:root

[first]
action = hide
target = /srv/scratch
except = user:root

[second]
action = tmpfs
target = /srv/scratch
options = size=1M, mode=1777, noexec
replace = yes
except = user:root

[handed]
action = bind
source = /srv/data
target = /srv/handed
propagation = private
except = user:root'
mkdir /srv/desks
start_jnsd
use_module "session required pam_jns.so"

check "the rules are without mistakes" jnsctl check
mounts_before=$(host_mounts)

# planned <PLAN: "TARGET TYPE" of each step that is a mount; the type is "any" where it is that of what is shown.
planned() {
    python3 -c '
import json, sys
types = {"overlay": "overlay", "proc": "proc", "tmpfs": "tmpfs"}
for step in json.load(sys.stdin)["steps"]:
    if step["action"] not in ("create", "make"):
        print(step["target"], types.get(step["action"], "any"))
'
}
# missing PLANNED MOUNTINFO: those targets that are no mount of that type in the session.
missing() {
    local target type found
    while read -r target type; do
        found=$(awk -v target="$target" '$5 == target { for (i = 7; $i != "-"; i++); type = $(i + 1) } END { print type }' <<<"$2")
        [ -n "$found" ] && { [ "$type" = any ] || [ "$type" = "$found" ]; } || echo "$target: planned as $type, found ${found:-no mount}"
    done <<<"$1"
}
# flags TARGET MOUNTINFO
flags() { awk -v target="$1" '$5 == target { flags = $6 } END { print flags }' <<<"$2"; }

for user in alice bob; do
    plan=$(jnsctl explain "$user" --service sshd --json)
    mounts=$(by ssh-key $user 'cat /proc/self/mountinfo')
    check "$user logs in" test -n "$mounts" || abort "$user does not get in: $(journal JNS_USER=$user)"
    targets=$(planned <<<"$plan")
    check "$user: the plan has what the rules name" contain "$targets" "^/srv/desks/$user any$"
    check "$user: each target of the plan is a mount of the session" equal "$(missing "$targets" "$mounts")" ""
done
check "alice's plan has the overlays and proc, bob's has not" equal \
    "$(planned <<<"$(jnsctl explain alice --json)" | grep -c 'overlay$\|proc$') $(planned <<<"$(jnsctl explain bob --json)" |
    grep -c 'overlay$\|proc$')" "3 0"
check "what is missing is left out, and the plan says so" contain "$(jnsctl explain alice --json)" '"/tmp/nothing"'

as() { by ssh-key "$@"; }
mounts=$(as alice 'cat /proc/self/mountinfo')

echo "overlay"
check "the topmost layer wins" equal "$(as alice 'cat /course/both /course/of-base')" $'extra\nbase'
check "what is written is gone with the session" equal "$(as alice 'echo x >/course/new && rm -f /course/of-base; ls /course') $(as alice \
    'ls /course')" \
    $'both\nnew\nsub both\nof-base\nsub'
check "it is no larger than the rule says" not as alice 'head -c 2000000 /dev/zero >/course/big'
check "the layers stay as they are" equal "$(ls /srv/course/base /srv/course/extra | tr '\n' ' ')" \
    "/srv/course/base: both of-base sub  /srv/course/extra: both "
check "flags of the rule hold" contain "$(flags /course "$mounts")" nosuid
check "the target was made on the host, with its mode" equal "$(stat -c '%a %U' /course)" "755 root"
as alice 'echo alice >/srv/kept/mine; echo changed >>/srv/kept/of-host; true'
check "what is kept is there at the next login" equal "$(as alice 'cat /srv/kept/mine /srv/kept/of-host')" $'alice\nkept\nchanged'
check "the host has none of it" equal "$(ls /srv/kept) $(cat /srv/kept/of-host)" "of-host kept"
check "bob has none of it" equal "$(as bob 'ls /srv/kept')" of-host
check "a device that means a deletion cannot be made" not as alice 'mknod /srv/kept/forged c 0 0'
check "the folder of the changes cannot be come to" not as alice 'ls /var/lib/jns'

echo "two sessions at once"
exec 8> >(exec su alice -c 'echo $$ >/srv/jns-tests/live; cat >/dev/null; echo first >/srv/kept/first && touch /srv/jns-tests/wrote')
within 10 test -s "$scratch/live" || abort "alice's session does not start"
check "the second can change what is kept" as alice 'echo second >/srv/kept/second'
exec 8>&-
check "and so can the first, after the second has come" within 10 test -e "$scratch/wrote"
check "the next one finds both" equal "$(as alice 'cat /srv/kept/first /srv/kept/second')" $'first\nsecond'

echo "passthrough"
check "a socket of the host answers in a private folder" equal "$(as alice 'python3 -c "
import socket
s = socket.socket(socket.AF_UNIX); s.connect(\"/tmp/agent\"); print(s.recv(20).decode().strip())"')" "of the host"
check "and a folder of sockets is the host's" equal "$(as alice 'stat -c %i /tmp/.X11-unix/X0')" "$(stat -c %i /tmp/.X11-unix/X0)"
check "the rest of the folder is not" lack "$(as alice 'ls -A /tmp')" of-the-host

echo "share-backing"
check "two targets show one folder" equal "$(as alice 'echo one >/tmp/shared; cat /var/tmp/shared')" one
check "but to each user another" not as bob 'cat /var/tmp/shared'

echo "proc"
check "alice does not see processes of others" equal "$(as alice 'stat -c %u /proc/[0-9]* | sort -u')" "$(id -u alice)"
check "bob does" contain "$(as bob 'stat -c %u /proc/[0-9]* | sort -u')" '^0$'
check "her proc has its flags" equal "$(flags /proc "$mounts")" rw,nosuid,nodev,noexec,relatime

echo "create and skel"
check "a missing target is made with mode and owner" equal "$(stat -c '%a %U %G' /srv/desks/alice)" "700 alice alice"
check "the host's folder stays empty" equal "$(ls -A /srv/desks/alice)" ""
check "the private one begins as a copy, and it is the user's" equal \
    "$(as alice 'cd /srv/desks/alice && stat -c "%n %a %U" bin bin/tool && readlink link && cat link')" \
    $'bin 755 alice\nbin/tool 755 alice\nbin/tool\ntext'
as alice 'rm /srv/desks/alice/link'
check "only once" not as alice 'test -L /srv/desks/alice/link'

echo "replace"
check "the later rule has the target" equal "$(as alice 'stat -f -c %T /srv/scratch; stat -c %a /srv/scratch')" $'tmpfs\n1777'
check "its flags too" contain "$(flags /srv/scratch "$mounts")" noexec

echo "propagation"
exec 8> >(exec su alice -c 'echo $$ >/srv/jns-tests/second; exec cat >/dev/null')
within 10 test -s "$scratch/second" || abort "alice's session does not start"
inside() { nsenter --target "$(cat "$scratch/second")" --mount "$@"; }
mkdir -p /srv/data/point
mount -t tmpfs later /srv/later/point
mount -t tmpfs later /srv/data/point
# Not mountpoint(1): it reads the mount table, which also has what lies below a mount of the view.
touch /srv/later/point/of-host /srv/data/point/of-host
if [ "$JNS_VIEW" = shared ]; then
    check "a mount of the host's appears in what is slave" inside test -e /srv/later/point/of-host
else
    check "where the host's mounts are private, none appears" not inside test -e /srv/later/point/of-host
fi
check "(the session sees the folder that it would be in)" inside test -d /srv/data/point
check "and not in what is private" not inside test -e /srv/data/point/of-host
check "nor in what is bound and private" not inside test -e /srv/handed/point/of-host
umount /srv/later/point /srv/data/point
exec 8>&-

echo "a private folder that is not as the rule wants it"
rules '[strict]
action = private
target = /opt
options = mode=0755, uid=0, gid=0
share = none
only = user:bob'
check "the new rules are taken" jnsctl reload
check "bob gets in" as bob true
chmod 777 "/var/lib/jns/$(id -u bob)/opt"
check "where more people could write to it than should, he does not" not as bob true
check "the journal says what to do" in_journal 'opt: it is 0777 0:0, and more people could write to it' JNS_USER=bob
chmod 700 "/var/lib/jns/$(id -u bob)/opt"
check "where fewer could, it is opened" equal "$(as bob 'stat -c %a /opt')" 755

echo "read-only around what is shown"
rules '[other-homes]
action = tmpfs
target = /home
options = ro, mode=0755, uid=0, gid=0
except = user:root

[own-home]
action = passthrough
target = ${home}
except = user:root

[kept]
action = private
target = /opt
options = ro
only = user:alice

[inside]
action = bind
source = /srv/data
target = /opt/data
only = user:alice'
check "the new rules are taken" jnsctl reload
check "each user has the own home, and no other is there" equal "$(as alice 'ls -A /home') $(as bob 'ls -A /home')" "alice bob"
check "it is the host's, and can be changed" as alice 'touch ~/of-the-session'
check "(so it was)" test -e /home/alice/of-the-session
mounts=$(as alice 'cat /proc/self/mountinfo')
check "what is around it is read-only" contain "$(flags /home "$mounts") $(flags /opt "$mounts")" '^ro,.* ro,'
check "for root too" not as alice 'sudo touch /home/x || sudo touch /opt/x'
check "a mount point is made in the private folder" equal "$(as alice 'cat /opt/data/file')" data
check "and is root's" equal "$(stat -c '%a %U' "/var/lib/jns/$(id -u alice)/opt/data")" "755 root"

kill $server
check "the host's mount table is as before" same_text "$mounts_before" "$(host_mounts)"
finish
