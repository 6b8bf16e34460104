#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From which login programs the helper gets the user's password, and where it stays. The helper is one that only looks.

. "$(dirname "$(realpath "$0")")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
use_module "auth optional pam_jns.so
session required pam_jns.so once=off"
# One that is found nowhere by chance, and has letters that other programs could take for something else.
printf '%s' "Zq7'%s \\n\$HOME;x9" >"$scratch/secret"
chmod 600 "$scratch/secret"
printf 'bob:%s\nalice:%s\n' "$(cat "$scratch/secret")" "$(cat "$scratch/secret")" | chpasswd
"$tests/lib/secret-listener" /run/jns/jnsd.sock "$scratch/secret" >>"$scratch/seen" 2>"$scratch/listener.log" &
listener=$!
within 5 test -S /run/jns/jnsd.sock || abort "the helper does not listen: $(cat "$scratch/listener.log")"

# seen COMMAND...: what the helper saw of the login.
seen() {
    : >"$scratch/seen"
    "$@" >"$scratch/out" 2>&1 </dev/null
    sort -u "$scratch/seen"
}
by_ssh() {
    local how=$1
    shift
    SSHPASS=$(cat "$scratch/secret") sshpass -e ssh "${ssh_options[@]}" -o PubkeyAuthentication=no -o "PreferredAuthentications=$how" \
        bob@127.0.0.1 "$@"
}
types() { "$tests/lib/typist" "$scratch/secret" 30 "$@"; }
types_as_alice() { types setpriv --reuid alice --regid alice --init-groups "$@"; }

check "su brings it" equal "$(seen types_as_alice su bob -c true)" "bob su password"
check "su - brings it" equal "$(seen types_as_alice su - bob -c true)" "bob su-l password"
check "login brings it" equal "$(seen types login bob)" "bob login password"
check "sshd brings it, for a password" equal "$(seen by_ssh password true)" "bob sshd password"
check "sshd does not for keyboard-interactive: that is asked by another process" equal "$(seen by_ssh keyboard-interactive true)" \
    "bob sshd none"
check "... and the login is none the worse" test ! -s "$scratch/out"
check "sshd has none for a key" equal "$(seen ssh "${ssh_options[@]}" -i "$scratch/key" bob@127.0.0.1 true)" "bob sshd none"
check "su by root has none" equal "$(seen su bob -c true)" "bob su none"
check "a wrong password opens nothing" equal "$(SSHPASS=wrong seen sshpass -e ssh "${ssh_options[@]}" -o PubkeyAuthentication=no \
    -o NumberOfPasswordPrompts=1 bob@127.0.0.1 true)" ""

# sudo asks alice for hers, and opens bob's session.
rm -f /etc/sudoers.d/jns-tests
echo 'alice ALL=(ALL) ALL' >/etc/sudoers.d/jns-secret
check "sudo brings nobody another one's" equal "$(seen types_as_alice sudo -u bob true)" "bob sudo none"
check "... and had asked for it" contain "$(cat "$scratch/out")" "assword"

# Without the entry for auth there is none.
use_module "session required pam_jns.so once=off"
check "without an entry for auth there is none" equal "$(seen by_ssh password true)" "bob sshd none"
use_module "auth optional pam_jns.so
session required pam_jns.so once=off"

use_module "auth optional pam_jns.so
auth optional pam_jns.so
session required pam_jns.so once=off"
check "two entries are as good as one" equal "$(seen by_ssh password true)" "bob sshd password"
# After the modules that ask, or it sees nothing.
{ echo "auth optional pam_jns.so"; cat "$scratch/sshd.before"; echo "session required pam_jns.so once=off"; } >/etc/pam.d/sshd
check "an entry before the modules that ask sees none" equal "$(seen by_ssh password true)" "bob sshd none"
use_module "auth optional pam_jns.so debug
session required pam_jns.so once=off debug"

# Where it stays: a session that goes on, and all that had a part in it.
: >"$scratch/seen"
by_ssh password "sleep 4711" >/dev/null 2>&1 </dev/null &
within 20 pgrep -f '^sleep 4711$' || abort "no session: $(cat "$scratch/seen")"
check "the session that is looked at had brought it" equal "$(cat "$scratch/seen")" "bob sshd password"
sleeper=$(pgrep -f '^sleep 4711$')
monitor=$(ps -o ppid= -p "$(ps -o ppid= -p "$sleeper" | tr -d ' ')" | tr -d ' ')
check "the search finds what is there" not "$tests/lib/secret-search" "$scratch/secret" "$listener"
check "sshd's processes of the session have it nowhere" "$tests/lib/secret-search" "$scratch/secret" "$sleeper" \
    "$(ps -o ppid= -p "$sleeper" | tr -d ' ')" "$monitor"
check "the journal does not" eval 'journalctl --sync; journalctl -o export | "$tests/lib/secret-search" "$scratch/secret" -'
check "nor does a file below /run, /tmp or /var" "$tests/lib/secret-search" "$scratch/secret" /run /tmp /var/log /var/lib/jns /var/tmp
kill "$sleeper"
wait $!
kill $listener
wait $listener 2>/dev/null
rm -rf /run/jns

# The same with jnsd itself, whose heap the password never enters; by the daemon, and by a helper for one login.
rules "$private_tmp"
start_jnsd
use_module "auth optional pam_jns.so debug
session required pam_jns.so"
for way in daemon once; do
    [ $way = daemon ] || stop_jnsd
    by_ssh password "sleep 4712" >/dev/null 2>&1 </dev/null &
    within 20 pgrep -f '^sleep 4712$' || abort "no session by $way: $(journal SYSLOG_IDENTIFIER=sshd | tail -n 5)"
    sleeper=$(pgrep -f '^sleep 4712$')
    monitor=$(ps -o ppid= -p "$(ps -o ppid= -p "$sleeper" | tr -d ' ')" | tr -d ' ')
    check "$way: the session is in a view" differ "$(readlink "/proc/$sleeper/ns/mnt")" "$(readlink /proc/self/ns/mnt)"
    check "$way: the login's processes have the password nowhere" "$tests/lib/secret-search" "$scratch/secret" "$sleeper" "$monitor"
    [ $way = once ] || check "$way: nor has the JVM" "$tests/lib/secret-search" "$scratch/secret" "$jnsd_pid"
    check "$way: nor have journal and files" eval 'journalctl --sync; journalctl -o export | "$tests/lib/secret-search" "$scratch/secret" - /run /tmp /var/log /var/lib/jns "$scratch/jnsd.log"'
    kill "$sleeper"
    wait $!
done

# Packets that no module sends.
start_jnsd
cat >"$scratch/hostile" <<'END'
import os, socket, sys
SOCKET = "/run/jns/jnsd.sock"
OPEN = b"\x01\x01\x00\x03bob\x00\x07jnstest\x00\x00"
RELOAD = b"\x01\x02"
def ask(packet, fds):
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as s:
        s.settimeout(20)
        s.connect(SOCKET)
        socket.send_fds(s, [packet], fds)
        answer, passed, _, _ = socket.recv_fds(s, 4096, 4)
        for fd in passed: os.close(fd)
        return answer[1] if answer else 0
read, write = os.pipe()
os.write(write, b"secret"); os.close(write)
other, end = os.pipe()
pair = socket.socketpair()
file = os.open("/etc/passwd", os.O_RDONLY)
handle = os.open("/etc/passwd", os.O_PATH)
for _ in range(int(sys.argv[1])):
    result = [ask(OPEN, [read]), ask(OPEN, []), ask(OPEN, [read, read]), ask(OPEN, [end]), ask(OPEN, [pair[0].fileno()]), ask(OPEN, [file]),
              ask(OPEN, [handle]), ask(RELOAD, [read]), ask(b"", [read]), ask(b"rubbish", [read]), ask(RELOAD, [])]
print(*result)
END
open_files() { find "/proc/$jnsd_pid/fd" -mindepth 1 | wc -l; }
check "a pipe with an Open is taken, and nothing else with anything" equal "$(python3 "$scratch/hostile" 1)" "129 129 0 0 0 0 0 0 0 0 132"
before=$(open_files)
python3 "$scratch/hostile" 30 >/dev/null
few_more() { [ "$(open_files)" -le $((before + 5)) ]; }
check "nothing of it stays open" within 10 few_more
check "and the journal says why" in_journal 'its descriptor is not the end of a pipe that is read' SYSLOG_IDENTIFIER=jnsd
check "... for other requests" in_journal 'it came with a descriptor' SYSLOG_IDENTIFIER=jnsd
stop_jnsd
finish
