#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Hooks: programs that run in the user's view before the session. Once per login, as whom and where the rule says, with
# nothing from the daemon or the caller; and any fault of one refuses the login in time, except root's.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

hooks=/opt/jns-tests # root's, on the whole way
install -d -m 755 $hooks /srv/replaced
# hook NAME: the script on stdin becomes a hook.
hook() { { echo '#!/bin/sh'; cat; } >$hooks/$1; chmod 755 $hooks/$1; }

hook note <<'END_OF_HOOK'
{
    echo "ids=$(id -u):$(id -g):$(id -G)"
    echo "arguments=$# $*"
    echo "namespace=$(readlink /proc/self/ns/mnt)"
    echo "tmp=$(stat -c %U:%G:%a /tmp)"
    echo "environment=$(tr '\0' ' ' </proc/$$/environ)"
    echo "descriptors=$(ls /proc/self/fd | tr '\n' ' ')"
    echo "privileges=$(sed -n 's/NoNewPrivs:\t//p' /proc/$$/status)"
    echo "place=$(pwd) $(umask)"
    echo "end="
} >>"/srv/jns-tests/ran-$1"
END_OF_HOOK
hook seven <<'END_OF_HOOK'
echo 'no licence is free'
exit 7
END_OF_HOOK
hook hang <<'END_OF_HOOK'
trap '' TERM HUP INT
sleep 4711 &
sleep 4711
END_OF_HOOK
hook words <<'END_OF_HOOK'
echo 'good morning'
END_OF_HOOK
hook writable </dev/null
hook replaced </dev/null

hook_rules="$private_tmp

[note]
action = run
program = $hooks/note
arguments = root, \${user} of \${group}, \${home}/x, -\${uid}
only = user:alice
# Hooks are run when a view is made: here for each session.
share = none

[note-as-user]
action = run
program = $hooks/note
arguments = user
run-as = user
only = user:alice

[seven]
action = run
program = $hooks/seven
only = user:bob, user:root

[hang]
action = run
program = $hooks/hang
timeout = 1s
only = user:carol

[writable]
action = run
program = $hooks/writable
only = user:dave

[replacement]
action = bind
source = /home/erin/programs
target = /srv/replaced
only = user:erin

[replaced]
action = run
program = /srv/replaced/replaced
only = user:erin

[absent]
action = run
program = $hooks/absent
only = user:frank

[may-fail]
action = run
program = $hooks/seven
required = no
only = user:alice

[says-something]
action = run
program = $hooks/words
only = user:alice"

jns_host "$hook_rules"
add_users carol dave erin frank
chmod 666 $hooks/writable
cp $hooks/replaced /srv/replaced/
install -d -o erin -g erin /home/erin/programs
install -o erin -g erin -m 755 $hooks/replaced /home/erin/programs/replaced
usermod -G games alice
jnsctl reload >/dev/null || abort "the daemon does not read the rules"

milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }
ran() { value "$2" "$(cat "$scratch/ran-$1" 2>/dev/null)"; }
times() { ran "$1" end | grep -c ''; }
refused() { in_journal "$2" JNS_EVENT=refused JNS_USER="$1"; }
gone() { not pgrep -x jns-hook && not pgrep -f 'sleep 4711'; }

echo "once per login"
for program in $programs; do
    rm -f "$scratch"/ran-*
    seen=$(by $program alice "jns-probe; true")
    check "$program: alice gets in" equal "$(value user "$seen")" alice
    check "$program: each hook has run once" equal "$(times root) $(times user)" "1 1"
    check "$program: in the session's own view" equal "$(ran root namespace) $(ran user namespace)" \
        "$(value namespace "$seen") $(value namespace "$seen")"
    check "$program: when all was mounted" equal "$(ran root tmp)" "$(value tmp "$seen")"
done

check "what may fail is a warning" in_journal 'cannot run /opt/jns-tests/seven: its exit status is 7' JNS_EVENT=login JNS_USER=alice \
    PRIORITY=4
check "the others' words are in the journal" in_journal '/opt/jns-tests/words said: good morning' JNS_EVENT=login JNS_USER=alice

echo "as whom, with what"
check "as root, without groups of others" equal "$(ran root ids)" "0:0:0"
check "as alice, with her groups" equal "$(ran user ids | tr ' ' '\n' | sort | tr '\n' ' ')" \
    "$(echo "$(id -u alice):$(id -g alice):$(id -G alice)" | tr ' ' '\n' | sort | tr '\n' ' ')"
check "as alice there are no new privileges" equal "$(ran root privileges) $(ran user privileges)" "0 1"
check "the arguments are those of the rule" equal "$(ran root arguments)" "4 root alice of alice /home/alice/x -$(id -u alice)"
check "in /, with a plain umask" equal "$(ran root place) $(ran user place)" "/ 0022 / 0022"
rm -f "$scratch"/ran-*
env LD_PRELOAD=/nowhere.so BASH_ENV=/nowhere IFS=/ JAVA_TOOL_OPTIONS=-Dx JNS_USER=root PATH="/srv:$PATH" su alice -c true 3</etc/shadow \
    7</etc/shadow 2>/dev/null
check "the environment is a fixed list" equal "$(ran root environment)" \
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 JNS_USER=alice JNS_UID=$(id -u alice) JNS_SERVICE=su "
check "for both" equal "$(ran user environment)" "$(ran root environment)"
# ls itself has the folder open.
check "there are no descriptors but 0, 1 and 2" equal "$(ran root descriptors)$(ran user descriptors)" "0 1 2 3 0 1 2 3 "

# refusals: the same with a daemon and without.
refusals() {
    local began
    : >"$scratch/session"
    by ssh-key bob "echo ran >>$scratch/session" >"$scratch/said" 2>&1
    check "$1: exit status 7 refuses" contain "$(cat "$scratch/said")" "$refusal"
    check "$1: and the journal has status and words" refused bob \
        'cannot run /opt/jns-tests/seven: its exit status is 7; it said: no licence is free \(rule \[seven\]'
    began=$(milliseconds)
    by su carol "echo ran >>$scratch/session" >"$scratch/said" 2>&1
    check "$1: a hook that hangs refuses" contain "$(cat "$scratch/said")" "$refusal"
    check "$1: soon after its limit" test $(($(milliseconds) - began)) -lt 9000
    check "$1: and says so" refused carol 'hang: it has not ended within 1000 ms'
    check "$1: nothing of it stays behind" within 5 gone
    by su dave "echo ran >>$scratch/session" >"$scratch/said" 2>&1
    check "$1: a program that others can write refuses" refused dave 'writable: others than root can write it'
    by su erin "echo ran >>$scratch/session" >"$scratch/said" 2>&1
    check "$1: a program that the view has replaced refuses" refused erin 'cannot run /srv/replaced/replaced: [a-z]+: its owner is not root'
    by su frank "echo ran >>$scratch/session" >"$scratch/said" 2>&1
    check "$1: a missing program refuses" refused frank 'absent: No such file or directory'
    check "$1: no session has run" equal "$(cat "$scratch/session")" ""
    check "$1: root gets in, whatever its hook says" equal "$(by su root "id -un")" root
}

echo "refusals, by the daemon"
refusals daemon
check "no process of the daemon's stays behind" equal "$(ps --ppid "$jnsd_pid" -o pid=,args=)" ""
rules "${hook_rules/timeout = 1s/timeout = 8s}"
jnsctl reload >/dev/null || abort "the daemon does not read the rules"
by su carol true >/dev/null 2>&1 &
hanging=$!
within 5 pgrep -f 'sleep 4711' || abort "carol's hook does not begin"
check "while a hook hangs, others log in" equal "$(by su alice "id -un")" alice
check "(it did hang)" pgrep -f 'sleep 4711'
wait $hanging
rules "$hook_rules"
jnsctl reload >/dev/null || abort "the daemon does not read the rules"

echo "refusals, by a helper for the one login"
stop_jnsd
refusals once
rm -f "$scratch"/ran-*
check "alice gets in" equal "$(by su alice "id -un")" alice
check "with each hook run once" equal "$(times root) $(times user)" "1 1"
check "as before" equal "$(ran root ids) $(ran user privileges) $(ran root descriptors)" "0:0:0 1 0 1 2 3 "

echo "the module's deadline is over before the hook's"
rules "${hook_rules/timeout = 1s/timeout = 30s}"
use_module "session required pam_jns.so timeout=2"
by su carol true >"$scratch/said" 2>&1
check "carol is refused" contain "$(cat "$scratch/said")" "$refusal"
check "her hook is ended with the helper" within 5 gone
finish
