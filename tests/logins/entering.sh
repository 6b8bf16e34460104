#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Entering a view from outside, as the ordinary user whose it is: by the program with file capabilities, which takes a view
# from the daemon alone, and brings none of its rights into it. The rules in force say who may, and the kernel
# says who asks.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

open_to_alice="$private_tmp
only = user:alice, user:bob
enter = owner"
on_demand='
[memory]
action = tmpfs
target = /srv
only = service:jnsrun
except = user:bob
enter = owner

[logins-only]
action = tmpfs
target = /srv
only = service:jnsrun

[own-folder]
action = private
target = /srv
keep = logout
only = service:jnsrun
enter = owner'
jns_host "$open_to_alice"
add_users carol

# as USER COMMAND...: in the host's view, as somebody who came there by no login.
as() {
    local user=$1
    shift
    (cd / && PATH=/usr/sbin:/usr/bin:/sbin:/bin setpriv --reuid="$user" --regid="$user" --init-groups --inh-caps=-all "$@" </dev/null)
}
# joined USER COMMAND [KIND [NAME]]
joined() { as "$1" /usr/lib/jns/jns-join "${3:-view}" "${4:-}" /bin/sh sh -c "$2" 2>&1; }
# live USER: a session that stays until it is ended. Its namespace and its number are in $scratch.
live() {
    local marks=$scratch/live.$1
    rm -rf "$marks"
    install -d -m 1777 "$marks"
    su "$1" -c "touch /tmp/of-$1; readlink /proc/self/ns/mnt >$marks/namespace.new; mv $marks/namespace.new $marks/namespace; exec sleep 600" </dev/null &
    echo $! >"$marks/pid"
    within 10 test -e "$marks/namespace" || abort "$1 cannot log in"
    basename "$(grep -lx "user $1" /run/jns/sessions/* | head -n 1)" >"$marks/session"
}
of() { cat "$scratch/live.$1/$2"; }
end_live() {
    kill "$(of "$1" pid)"
    wait "$(of "$1" pid)" 2>/dev/null
    within 15 without_view "$1"
}
# cannot STATUS PATTERN COMMAND...: it ends so, and says so.
cannot() {
    local status=$1 pattern=$2 said
    shift 2
    said=$("$@" 2>&1)
    equal $? "$status" && contain "$said" "$pattern"
}

check "the program has three capabilities, and none of them takes effect by itself" \
    equal "$(getcap /usr/lib/jns/jns-join)" "/usr/lib/jns/jns-join cap_dac_override,cap_sys_chroot,cap_sys_admin=p"
check "without a view there is nothing to enter" cannot 125 'you have no view; a login makes one' joined alice 'echo in'

live alice
check "the owner enters the view of the live session" equal "$(joined alice 'readlink /proc/self/ns/mnt; ls /tmp')" "$(of alice namespace)
of-alice"
check "as who they are" equal "$(joined alice id)" "$(as alice id)"
check "without any capability" equal "$(joined alice "grep '^Cap[IPEA]' /proc/self/status")" "CapInh:	0000000000000000
CapPrm:	0000000000000000
CapEff:	0000000000000000
CapAmb:	0000000000000000"
check "with the environment as it was, what the C library takes from such programs too" \
    equal "$(as alice env -i LD_LIBRARY_PATH=/mine TMPDIR=/theirs A=b /usr/lib/jns/jns-join view '' /usr/bin/env env)" \
    "LD_LIBRARY_PATH=/mine
TMPDIR=/theirs
A=b"
check "in the folder in which they were" equal "$(cd /usr/share &&
    setpriv --reuid=alice --regid=alice --clear-groups /usr/lib/jns/jns-join view '' /bin/pwd pwd)" /usr/share
check "with the status of the command" equal "$(joined alice 'exit 7'; echo $?)" 7
check "what the command writes is there for the session" sh -c "$(declare \
    -f as); as alice /usr/lib/jns/jns-join view '' /bin/touch touch /tmp/from-outside && su alice -c 'ls /tmp/from-outside'"
check "the journal names who came in" in_journal "^alice: pid [0-9]+ enters view $(id -u alice)\." JNS_EVENT=entered
check "the session can be named by its number" equal "$(joined alice 'ls /tmp | head -n 1' session "$(of alice session)")" from-outside
check "others cannot name it" cannot 125 "no session $(of alice session) of yours is open" joined bob 'echo in' session \
    "$(of alice session)"
check "and have no view" cannot 125 'you have no view' joined bob 'echo in'
live bob
check "each enters their own" equal "$(joined bob 'ls /tmp')" of-bob
check "nobody enters another's" cannot 125 "no session" joined alice 'echo in' session "$(of bob session)"

# A view for one command.
rules "$open_to_alice$on_demand"
jnsctl reload >/dev/null
command_of() {
    local user=$1 rule=$2
    shift 2
    as "$user" jnsrun --rule "$rule" -- "$@" 2>&1
}
check "a rule that lets its users is there for one command" equal \
    "$(command_of carol memory sh -c 'stat -f -c %T /srv; id -un; touch /srv/x 2>&1 | wc -l')" "tmpfs
carol
1"
check "which has nothing of what made it" equal "$(command_of carol memory sed -n 's/^Cap[EP][a-z]*:.//p' /proc/self/status)" \
    "0000000000000000
0000000000000000"
check "and nobody else sees any of it" equal "$(stat -f -c %T /srv)" "$(stat -f -c %T /)"
check "it has the command's status" equal "$(command_of carol memory sh -c 'exit 9'; echo $?)" 9
check "a rule that does not apply to the caller is like a missing rule" cannot 125 'no rule memory is for you' command_of bob memory true
check "so is a missing rule" cannot 125 'no rule nothing is for you' command_of carol nothing true
check "nor does a rule of logins serve for that" cannot 125 "rule logins-only is for logins alone" command_of carol logins-only true
check "a private folder is there instead of the host's" equal "$(command_of carol own-folder ls -A /srv)" ''
no_folders() { ! compgen -G "/var/lib/jns/$(id -u carol)/*srv*" >/dev/null; }
check "and goes when the command has ended" within 40 no_folders
check "the journal says who made what" in_journal "^uid $(id -u carol): pid [0-9]+ enters a view of its own, of rule memory" \
    JNS_EVENT=entered
check "many at once are made, or told to try again" equal "$(for i in $(seq 20); do command_of carol memory true & done 2>/dev/null |
    grep -v '; try again in a moment'; wait)" ""
no_commands() { ! cat /proc/$jnsd_pid/task/*/comm | grep -qx command; }
check "and the daemon has nothing of them left" within 10 no_commands

# What could give somebody more than that.
check "without new privileges there is nothing to enter with" cannot 125 'cannot connect to /run/jns/jnsd.sock: Permission denied' \
    as alice setpriv --no-new-privs /usr/lib/jns/jns-join view '' /bin/true true
check "nor from the caller's user namespace, whatever is mounted there" cannot 125 'Permission denied' as alice unshare -Urm sh -c \
    'mount -t tmpfs tmpfs /run && mkdir /run/jns && python3 -c "
import os, socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind(\"/run/jns/jnsd.sock\")
s.listen()
os.execv(\"/usr/lib/jns/jns-join\", [\"jns-join\", \"view\", \"\", \"/bin/true\", \"true\"])" || { status=$?; umount /run; /usr/lib/jns/jns-join view "" /bin/true true; exit $status; }'
check "a copy of the program has no capabilities" sh -c "cp /usr/lib/jns/jns-join $scratch/copy && chmod 755 $scratch/copy && ! setpriv --reuid=alice --regid=alice --clear-groups $scratch/copy view '' /bin/true true"
check "the socket is out of reach without it" cannot 1 'PermissionError' as alice python3 -c "
import socket
socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET).connect('/run/jns/jnsd.sock')"
check "the program cannot be traced into it" cannot 125 'Permission denied' as alice strace -f -o /dev/null /usr/lib/jns/jns-join view '' \
    /bin/true true

# With the right to connect and nothing else, a user who speaks for themselves.
speaker() {
    (cd / && PATH=/usr/bin setpriv --reuid=alice --regid=alice --init-groups --inh-caps=+dac_override --ambient-caps=+dac_override python3 \
        -c "
import os, random, socket, sys, time
def connect():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    s.settimeout(5)
    s.connect('/run/jns/jnsd.sock')
    return s
def ask(packet):
    s = connect()
    try:
        s.send(packet)
        return s.recv(4096)
    except OSError as e:
        return b''
$1" </dev/null 2>&1)
}
check "what is root's to ask gets no answer" equal "$(speaker "
for t in (2, 3, 4, 5, 6, 7):
    assert ask(bytes([1, t])) == b'', t
assert ask(b'\1\1\0\5alice\0\2su\0\0') == b''
assert ask(b'\1\10\0\4rule\0\0')[1] == 0x83
print('good')")" good
check "and is in the journal, as a dropped connection" in_journal \
    'connection dropped: pid [0-9]+ of uid [0-9]+: only root may ask for this' JNS_EVENT=dropped
check "noise gets none either" equal "$(speaker "
r = random.Random(1)
for i in range(300):
    packet = bytearray(b'\1\10\0\4view\0\0')
    for j in range(r.randrange(1, 4)):
        packet[r.randrange(len(packet))] = r.randrange(256)
    answer = ask(bytes(packet[:r.randrange(1, len(packet) + 1)]))
    assert answer == b'' or answer[1] in (0x83, 0x87), answer
print('good')")" good
lines() { journal "JNS_EVENT=$1" | wc -l; }
check "and fills nobody's journal" test "$(lines dropped)" -lt 50
speaker "
all = []
for i in range(300):
    try:
        all.append(connect())
    except OSError:
        pass
time.sleep(4)
ended = 0
for s in all:
    s.setblocking(False)
    try:
        # The end, or a word before it.
        s.recv(1)
        ended += 1
    except BlockingIOError:
        pass
print(len(all) - ended, 'stay')" >"$scratch/silent" &
speaking=$!
sleep 0.5
took() { local start=$EPOCHREALTIME; "$@" >/dev/null || return; awk -v a="$start" -v b="$EPOCHREALTIME" 'BEGIN { exit b - a > 1.5 }'; }
check "hundreds who say nothing keep nobody waiting: a login of another" took su carol -c true
check "and one with a view" took su bob -c true
wait $speaking
check "they are sent away" equal "$(cat "$scratch/silent")" "0 stay"

# A view with more than mounts of its own.
rules "$open_to_alice

[apart]
action = isolate
isolate = ipc, uts, net, pid, cgroup, time
hostname = inner
only = user:carol
enter = owner"
jnsctl reload >/dev/null
live carol
spaces() { sed -n "s|^$1 ||p" <<<"$2" | sort; }
inside=$(joined carol 'for kind in mnt ipc uts net pid cgroup time user; do echo "$kind $(readlink /proc/self/ns/$kind)"; done; uname -n; ps -e -o comm= | sort -u | tr "\n" " "')
for kind in mnt ipc uts net pid cgroup time; do
    check "of a view with all namespaces, $kind is entered" differ "$(spaces $kind "$inside")" "$(readlink /proc/self/ns/$kind)"
done
check "but no other for users" equal "$(spaces user "$inside")" "$(readlink /proc/self/ns/user)"
check "it is the session's" contain "$inside" 'jns-init .*sleep'
check "with its name" contain "$inside" '^inner$'
killed_inside() {
    joined carol 'kill -9 $$' >/dev/null
    equal $? 137
}
check "and the command's own end" killed_inside
end_live carol

# The rules in force decide, not those of the time when the view was made.
rules "$private_tmp
only = user:alice, user:bob"
jnsctl reload >/dev/null
check "a view that the rules close is closed at once" cannot 125 'your view is not to be entered from outside; ask your administrator' \
    joined alice 'echo in'
# Alice has had her lines for this minute.
joined bob 'echo in' >/dev/null
check "the journal says who tried" in_journal "^uid $(id -u bob): pid [0-9]+ may not enter a view: your view is not to be entered" \
    JNS_EVENT=not-entered
sed -i 's/^#enter = root/enter = owner/' /etc/jns/jns.conf
jnsctl reload >/dev/null
stop_jnsd
start_jnsd
check "the settings may open all of them, and a new daemon knows the views" equal "$(joined alice 'ls /tmp | tail -n 1')" of-alice
rules "${open_to_alice/private-tmp/renamed}"
jnsctl reload >/dev/null
check "a view of a rule that is gone is nobody's to enter" cannot 125 'not to be entered' joined alice 'echo in'
rules "$open_to_alice"
jnsctl reload >/dev/null

end_live alice
check "after the last session there is nothing to enter" cannot 125 'you have no view' joined alice 'echo in'
stop_jnsd
check "without a daemon there is none either" cannot 125 'cannot connect to /run/jns/jnsd.sock: .*; jnsd does not run' joined bob 'echo in'
finish
