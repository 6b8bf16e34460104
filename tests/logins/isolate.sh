#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Sessions with namespaces of other kinds: what is theirs, what they share, how they are left, and what happens to them
# when anything ends or fails.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

kinds="ipc uts net pid cgroup time"
isolate_rules="$private_tmp

[all]
action = isolate
isolate = ipc, uts, net, pid, cgroup, time
hostname = sandbox
only = user:alice, user:bob

[only-pid]
action = isolate
isolate = pid
only = user:carol

[proc]
action = proc
options = hidepid=invisible
only = user:carol

[covered]
action = hide
target = /proc/version
only = user:carol

[net]
action = isolate
isolate = net
only = user:dave

[names]
action = isolate
isolate = uts, ipc
hostname = names
only = user:erin
except = service:none

[no-view]
action = isolate
isolate = pid
only = user:frank
share = none

[files]
action = fuse
program = /usr/bin/bindfs
arguments = --no-allow-other, /srv/files, {target}
target = \${home}/files
create = yes
only = user:frank

[seen-by-hook]
action = run
program = /opt/jns-tests/look
only = user:alice"

install -d -m 755 /opt/jns-tests /srv/files
echo served >/srv/files/file
cat >/opt/jns-tests/look <<'END_OF_HOOK'
#!/bin/sh
for kind in ipc uts net pid cgroup time; do readlink /proc/self/ns/$kind; done >/srv/jns-tests/hook
END_OF_HOOK
chmod 755 /opt/jns-tests/look

jns_host "$isolate_rules"
add_users carol dave erin frank gail
gcc -O1 -o "$scratch/pins" "$tests/lib/pins.c" || abort "cannot build pins.c"
jnsctl reload >/dev/null || abort "the daemon does not read the rules"

pins() { "$scratch/pins" | sort; }
no_views() { [ -z "$(pins)" ] && [ -z "$(ls -A /run/jns/views)" ]; }
no_init() { not pgrep -x jns-init; }
host_of() { readlink "/proc/self/ns/$1"; }
look='for kind in ipc uts net pid cgroup time; do echo $kind=$(readlink /proc/self/ns/$kind); done; echo mnt=$(readlink /proc/self/ns/mnt)'
# others SEEN: which kinds are not the host's.
others() {
    local kind other=
    for kind in $kinds; do [ "$(value "$kind" "$1")" = "$(host_of "$kind")" ] || other="$other $kind"; done
    echo ${other# }
}

stay() {
    local folder
    folder=$(mktemp -d "$scratch/stay.XXXXXX")
    chmod 1777 "$folder"
    mkfifo -m 666 "$folder/end"
    by "$1" "$2" "($look) >$folder/seen; echo \$\$ >$folder/pid; read end <$folder/end" >/dev/null 2>&1 &
    stays=$folder
    within 20 test -s "$folder/pid" || abort "a session of $2 by $1 does not begin"
    seen=$(cat "$folder/seen")
}
leave() { echo >"${1:-$stays}/end"; }

echo "each program"
stay ssh-key alice
first=$seen first_stays=$stays
check "a session has all kinds of its own" equal "$(others "$first")" "$kinds"
for program in $programs; do
    check "$program: the same ones" equal "$(by "$program" alice "$look")" "$first"
    check "$program: bob has others" equal "$(others "$(by "$program" bob "$look")")" "$kinds"
    check "$program: dave has the network alone" equal "$(others "$(by "$program" dave "$look")")" "net"
    check "$program: erin has two" equal "$(others "$(by "$program" erin "$look")")" "ipc uts"
    [ "$program" = ssh-password ] || check "$program: root has none" equal "$(others "$(by "$program" root "$look")")" ""
done
check "hooks are outside of all of them" equal "$(cat "$scratch/hook")" "$(for kind in $kinds; do host_of $kind; done)"
check "there is one process 1 for alice" equal "$(jnsctl show alice | grep -c 'jns-init')" 1

echo "what is in them"
check "the host name" equal "$(by su alice hostname)" sandbox
check "is not the host's" differ "$(hostname)" sandbox
check "the loopback is up, and there is nothing else" equal "$(by su dave \
    "ip -o link | sed 's/^[0-9]*: \([^:]*\): <\([A-Z]*\).*,UP.*/\1 \2/'")" "lo LOOPBACK"
check "it answers" by su dave 'python3 -c "
import socket
s = socket.create_server((\"127.0.0.1\", 0)); c = socket.create_connection(s.getsockname())
s.accept()[0].send(b\"x\"); assert c.recv(1) == b\"x\""'
check "nothing else does" not by su dave "ip route get 192.0.2.1"
check "the host's ports cannot be reached" not by su dave "exec 3<>/dev/tcp/127.0.0.1/22"
seen_by() { by su "$1" 'ps -eo comm= >~/seen; sort -u ~/seen | tr "\n" " "'; }
check "ps shows the session's own processes and process 1" equal "$(seen_by frank)" "bash jns-init ps "
check "with hidepid its own alone" equal "$(seen_by carol)" "bash ps "
check "/proc is the namespace's" equal "$(by su carol 'test $$ = "$(readlink /proc/self/../$$/root/proc/self | head -c 0; sed -n "s/^NSpid:\t//p" /proc/$$/status)" && echo so')" so
check "with the options of the rule" contain "$(by su carol "grep ' /proc proc' /proc/self/mounts")" hidepid=invisible
check "and what the rules put on it" equal "$(by su carol "cat /proc/version 2>&1 | grep -c denied; wc -c </proc/cmdline | grep -c '^0'")" \
    "1
0"
check "a process that is left is taken" equal "$(by su carol "(sleep 2 &)
    for i in \$(seq 100); do ! ps -eo ppid=,comm= | grep '^ *1 sleep' || break; sleep 0.01; done
    for i in \$(seq 100); do pgrep -x sleep >/dev/null || break; sleep 0.1; done
    ps -eo stat= | grep -c Z" | xargs)" "1 sleep 0"
check "nobody ends process 1 from within" by su alice "sudo sh -c 'kill -9 1; kill 1; sleep 0.2; kill -0 1'" 2>/dev/null
check "nor looks into it" not by su carol "ls /proc/1/root/ || ls -l /proc/1/fd/"
by su alice "ipcmk -M 4096 -p 666" >/dev/null
check "SysV shared memory is the sessions' own" contain "$(by su alice "ipcs -m")" "alice"
check "and not the host's" lack "$(ipcs -m)" alice
check "a cgroup namespace" differ "$(by su alice "readlink /proc/self/ns/cgroup")" "$(host_of cgroup)"
check "who has no rule for it has the host's /proc" equal "$(by su dave "test -d /proc/$$ && echo there")" there

echo "from one to another"
echo 'bob ALL=(ALL) NOPASSWD: ALL
carol ALL=(ALL) NOPASSWD: ALL
dave ALL=(ALL) NOPASSWD: ALL
erin ALL=(ALL) NOPASSWD: ALL' >>/etc/sudoers.d/jns-tests
# into FROM TO: what a session of TO sees that FROM's session begins by sudo.
into() { by su "$1" "sudo -u $2 sh -c '$look'" 2>/dev/null; }
check "from one with less to one with more" equal "$(others "$(into dave erin)")" "ipc uts"
check "from one with the network to one without any" equal "$(others "$(into dave gail)")" ""
check "root stays where it is" equal "$(others "$(into dave root)")" "net"
check "into a PID namespace from without" equal "$(others "$(into dave alice)")" "$kinds"
check "to oneself" equal "$(into alice alice)" "$first"
check "another PID namespace is refused" not into alice bob
check "and why is told" in_journal "which no process can leave; log in again" JNS_EVENT=refused JNS_USER=bob
check "who has none stays in it, and in nothing else" equal "$(others "$(into alice dave)")" "net pid"
check "which the journal tells" in_journal "stays in the PID namespace of alice's view" JNS_USER=dave
sed -i '/^root *=/d' /etc/jns/jns.conf 2>/dev/null
echo "root = host" >>/etc/jns/jns.conf
stop_jnsd
start_jnsd
check "root that goes to the host leaves all but the PID namespace" equal "$(others "$(into alice root)")" "pid"
check "and all where there is none" equal "$(others "$(into dave root)")" ""
check "back by another way" equal "$(by su dave "sudo -u erin sudo -u dave sh -c '$look'" | others "$(cat)")" net

echo "shared, and for one"
stay su frank
frank=$seen frank_stays=$stays
check "share = none: another PID namespace each time" differ "$(value pid "$frank")" "$(value pid "$(by su frank "$look")")"
check "a volume is mounted in it" equal "$(by su frank "cat ~/files/file")" served
check "by a program that the session does not see" equal "$(by su frank "ps -eo comm= | grep -c bindfs")" 0
leave "$frank_stays"
check "which ends with the view" within 30 not pgrep -u frank

echo "jnsctl"
check "list names the kinds" contain "$(jnsctl list)" '\+ipc,uts,net,pid,cgroup,time '
check "show names the namespaces" contain "$(jnsctl show alice)" "^ *net +$(value net "$first" | tr -dc 0-9)"
check "and in JSON" contain "$(jnsctl show --json alice | tr -d '\n ')" "\"namespaces\":\{\"ipc\":$(value ipc "$first" | tr -dc 0-9)"
check "explain tells them" contain "$(jnsctl explain dave)" 'isolate +net +a loopback interface and no other'
check "diff tells them" contain "$(jnsctl diff alice)" '^ *uts +has the host name sandbox'
check "check warns of a user's manager" contain "$(jnsctl check)" "put service:systemd-user into 'except'"

check "root enters all of them from outside" equal "$(jnsenter alice -- sh -c "$look")" "$first"

echo "the daemon"
stop_jnsd KILL
check "--once: a session joins them" equal "$(by su alice "$look")" "$first"
check "--once: a session gets new ones" equal "$(others "$(by su bob "$look")")" "$kinds"
check "--once: from within" equal "$(others "$(into dave erin)")" "ipc uts"
check "--once: from within a PID namespace nobody is let out" not into alice bob
start_jnsd
check "a daemon that is started again finds them" equal "$(by su alice "$look")" "$first"
stop_jnsd
start_jnsd
check "and once more" equal "$(by su alice "$look")" "$first"

echo "the end"
by su alice "setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo; ps -eo comm=" | grep -q sleep
leave "$first_stays"
check "a process that stays keeps the namespaces" equal "$(sleep 3; by su alice "$look")" "$first"
pkill -x sleep -u alice
check "without it they end, and process 1 with them" within 30 no_views
check "all of them" within 5 no_init
check "nothing is left in the keeper" equal "$(pins)" ""

stay su alice
first=$seen
kill -9 "$(pgrep -x jns-init -P 1 | head -n 1)" 2>/dev/null || pkill -9 -x jns-init
check "where process 1 is killed, its sessions are" within 5 not pgrep -u alice
check "the next login gets others" differ "$(value pid "$(by su alice "$look")")" "$(value pid "$first")"
check "they end" within 30 no_views

echo "what fails"
mv /usr/lib/jns/jns-spaces "$scratch/"
check "without jns-spaces alice is refused" not by su alice true
check "and told why" in_journal "cannot make namespaces: No such file or directory" JNS_EVENT=refused JNS_USER=alice
check "erin, too" not by su erin true
check "root is not" by su root true
printf '#!/bin/sh\nexit 1\n' >/usr/lib/jns/jns-spaces
chmod 755 /usr/lib/jns/jns-spaces
check "one that fails" not by su alice true
check "is told of" in_journal "jns-spaces has given no answer" JNS_EVENT=refused JNS_USER=alice
printf '#!/bin/sh\nexec sleep 100\n' >/usr/lib/jns/jns-spaces
started=$SECONDS
check "one that hangs is not waited for" not by su alice true
check "for long" test $((SECONDS - started)) -lt 12
check "nor by others" by su root true
rm /usr/lib/jns/jns-spaces
mv "$scratch/jns-spaces" /usr/lib/jns/
check "afterwards all is well" equal "$(others "$(by su alice "$look")")" "$kinds"
check "and ends" within 30 no_views
check "with nobody left" within 5 no_init
finish
