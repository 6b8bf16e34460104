#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# jnsctl list, show, why, gc and metrics: who is in which view, which rule put a mount there, what goes, and how much there was of it. What
# they say is compared with the kernel's word.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp

[scratch]
action = tmpfs
target = /srv/scratch
only = user:alice

[inside]
action = bind
source = /usr/share
target = /tmp/shared
only = user:alice"
mkdir -p /srv/scratch
ln -s /srv/scratch /srv/link

# stays PROGRAM USER NAME: a session of that user that stays until `leave NAME`. Its shell's number is in $shell.
declare -A opened
stays() {
    mkfifo -m 666 "$scratch/end.$3"
    by "$1" "$2" "echo \$\$ >$scratch/new.$3; mv $scratch/new.$3 $scratch/shell.$3; read -r _ <$scratch/end.$3" &
    opened[$3]=$!
    within 10 test -s "$scratch/shell.$3" || abort "no session of $2"
    shell=$(cat "$scratch/shell.$3")
}
leave() { echo >"$scratch/end.$1"; wait "${opened[$1]}"; }
fails_with() {
    local said
    said=$("${@:2}" 2>&1) && { echo "it succeeded: $said"; return 1; }
    contain "$said" "$1"
}
namespace_of() { readlink "/proc/$1/ns/mnt" | tr -dc 0-9; }
json() { python3 -c "import json, sys; d = json.load(sys.stdin); print($1)"; }

check "without sessions the list says so" equal "$(jnsctl list)" "no sessions"
check "so does its JSON" equal "$(jnsctl list --json | json 'd["sessions"], d["views"]')" "[] []"

stays ssh-key alice one
alice_shell=$shell
stays su bob two
bob_shell=$shell
by su alice "head -c 3000000 /dev/zero >/tmp/large; mkdir /tmp/folder; ln -s /usr /tmp/folder/link"

echo "list"
two_sessions() { contain "$(jnsctl list)" '^2 sessions in 2 views$'; }
within 5 two_sessions
list=$(jnsctl list)
view=$(namespace_of "$alice_shell")
check "each session has a row" contain "$list" "^  alice  [0-9a-f]{16}  sshd     ssh  [0-9:]{8}  [0-9]+ +$view  [0-9]+ +3 +2\.9 MiB$"
check "with the service" contain "$list" "^  bob    [0-9a-f]{16}  su       .*  $(namespace_of "$bob_shell") "
check "the last line counts" contain "$list" '^2 sessions in 2 views$'
processes=$(find /proc -maxdepth 1 -name '[0-9]*' -exec readlink {}/ns/mnt \; 2>/dev/null | grep -c "$view")
check "the processes are those that the kernel has there" equal "$(jnsctl list --json |
    json "[len(v['processes']) for v in d['views'] if v['namespace'] == $view][0]")" "$processes"
leader=$(jnsctl list --json | json '[s["leader"] for s in d["sessions"] if s["user"] == "bob"][0]')
check "the leader is the login program" equal "$(cat "/proc/$leader/comm")" su
check "an ordinary user may not look" fails_with '^jnsctl: cannot look at /run/jns: Permission denied; run it as root$' setpriv \
    --reuid bob --regid bob --init-groups jnsctl list
stays su alice three
check "a second session of the same rules is in the same view" equal "$(jnsctl list | grep -c " $view ")" 2
check "which counts once" contain "$(jnsctl list)" '^3 sessions in 2 views$'
leave three

echo "show"
shown=$(jnsctl show alice)
check "the view has its namespace" contain "$shown" "^view $view of alice \(uid $(id -u alice)\), since [0-9:]{8}"
check "its rules" contain "$shown" '^rules: private-tmp, scratch, inside$'
check "its sessions" contain "$shown" '^  [0-9a-f]{16}  by sshd  on ssh  since [0-9:]{8}  leader [0-9]+$'
check "each mount with its rule" contain "$shown" '^  tmpfs +/srv/scratch +\[scratch\] /etc/jns/rules\.d/test\.conf:6$'
check "inner ones too" contain "$shown" '^  bind +/tmp/shared +\[inside\] /etc/jns/rules\.d/test\.conf:11$'
check "its processes" contain "$shown" "^  $alice_shell +bash$"
check "and the user's private folders" contain "$shown" '^  tmp  2\.9 MiB  kept for ever$'
check "nobody else's" lack "$shown" bob
session=$(jnsctl list --json | json '[s["id"] for s in d["sessions"] if s["user"] == "alice"][0]')
check "a session shows its view" equal "$(jnsctl show "$session" | head -n 1)" "$(head -n 1 <<<"$shown")"
check "nobody is nobody" fails_with '^jnsctl: cannot show carol: there is no such session, and no view of such a user' jnsctl show carol

echo "why a process"
check "a process is in its user's view" contain "$(jnsctl why "$alice_shell")" \
    "^process $alice_shell \(bash\) is in the view of alice \(uid $(id -u alice)\), namespace $view$"
check "by those rules" contain "$(jnsctl why "$alice_shell")" '^rules: private-tmp, scratch, inside$'
check "init is in the host's" contain "$(jnsctl why 1)" "^process 1 \(.*\) is in the host's own view, namespace $(namespace_of 1)$"
unshare -m sleep 60 &
apart=$!
check "who has a namespace of somebody else's is in no view" \
    contain "$(within 5 not equal "$(namespace_of $apart)" "$(namespace_of $$)"; jnsctl why $apart)" "is in a view that is not of jns"
kill $apart
by su alice "unshare -Urm sleep 60 & echo \$! >$scratch/apart; wait" &
apart_in=$!
within 5 test -s "$scratch/apart"
apart=$(cat "$scratch/apart")
left() { differ "$(namespace_of "$apart")" "$view"; }
check "one that has left alice's" within 5 left
check "was started from within it" contain "$(jnsctl why "$apart")" \
    "^it was started from within the view of alice \(uid $(id -u alice)\), namespace $view$"
kill "$apart"
wait $apart_in
check "what is no process is told" fails_with '^jnsctl: cannot tell of process 4194304: there is no such process$' jnsctl why 4194304

echo "why a path"
why() { jnsctl why "$alice_shell" "$1"; }
check "in a private folder" equal "$(why /tmp/a/b)" "/tmp/a/b in the view of alice (uid $(id \
    -u alice)): private on /tmp, by rule [private-tmp] /etc/jns/rules.d/test.conf:1"
check "in a mount inside of it" contain "$(why /tmp/shared/x)" ': bind on /tmp/shared, by rule \[inside\] /etc/jns/rules\.d/test\.conf:11$'
check "behind a link" contain "$(why /srv/link/file)" '^/srv/link/file \(/srv/scratch/file\) in .*: tmpfs on /srv/scratch, by rule \[scratch\] /etc/jns/rules\.d/test\.conf:6$'
check "behind a link that alice made" contain "$(why /tmp/folder/link/bin)" "^/tmp/folder/link/bin \(/usr/bin\) in .*: the host's own"
check "elsewhere it is the host's own" contain "$(why /etc/passwd)" \
    "^/etc/passwd in the view of alice \(uid [0-9]+\): the host's own, mount /"
check "in the caller's view, if no process is named" contain "$(jnsctl why /tmp)" "^/tmp in the host's own view: the host's own, mount /"
check "there, by where one is" contain "$(cd /srv && jnsctl why ./link/../scratch)" \
    "^\./link/\.\./scratch \(/srv/scratch\) in the host's own view"
check "in her own view root sees it without naming a process" contain "$(nsenter --mount="/proc/$alice_shell/ns/mnt" jnsctl why /tmp/x)" \
    ': private on /tmp, by rule \[private-tmp\]'
nsenter --mount="/proc/$alice_shell/ns/mnt" mount -t tmpfs later /tmp/folder
check "what was mounted since is told" contain "$(why /tmp/folder/x)" '^  but a mount on /tmp/folder covers it \(tmpfs later\)'
nsenter --mount="/proc/$alice_shell/ns/mnt" umount /tmp/folder
nsenter --mount="/proc/$alice_shell/ns/mnt" umount /srv/scratch
check "so is what was unmounted" contain "$(why /srv/scratch/x)" '^  but somebody has taken that mount away since$'
check "JSON says the same" equal "$(jnsctl why --json "$alice_shell" /tmp/a |
    json 'd["in"], d["rule"], d["target"], d["mount"], d["view"]["user"]')" "view private-tmp /tmp /tmp alice"
check "what is no path is told" fails_with '^jnsctl: cannot tell of x: it is not an absolute path$' jnsctl why "$alice_shell" x

echo "what outlives its session"
by su bob "setsid sleep 60 >/dev/null 2>&1 & echo \$! >$scratch/sleeper"
sleeper=$(cat "$scratch/sleeper")
leave two
without_session() { contain "$(jnsctl list)" '^  bob +- +- +- +[0-9:]{8}  - +[0-9]+ +1 +1 '; }
check "a view in which a process is left has a row" within 5 without_session
check "why knows the view" contain "$(jnsctl why "$sleeper")" '^no session in it is open any more$'
kill "$sleeper"
within 5 not test -e "/proc/$sleeper"
removed=$(jnsctl gc)
check "gc removes a view that nobody is in, at once" lack "$(jnsctl list)" '^  bob '
check "and says so, unless somebody was quicker" contain "$removed" '^(removed [0-9]+: .*view [^ ]+ of bob|nothing to remove)'

echo "gc"
bobs=/var/lib/jns/$(id -u bob)
sed -i '3a keep = 1h' /etc/jns/rules.d/test.conf
jnsctl reload >/dev/null
by su bob "touch /tmp/file"
check "a private folder that is kept for an hour is there" test -e "$bobs/tmp/file"
without_bob() { lack "$(jnsctl list)" '^  bob '; }
within 5 without_bob
check "and has not gone with the session" lack "$(jnsctl gc)" 'private folder'
# Ages are measured by the machine's time, which goes on here.
read -r seconds boot up <<<"$(readlink /var/lib/jns/.time)"
ln -sfn "$((seconds + 7200)) $boot $up" /var/lib/jns/.time
check "when the hour is over, gc removes it" equal "$(jnsctl gc)" \
    "removed 1: private folder of uid $(id -u bob): tmp, kept for 1h after its last use"
check "it is gone" not test -e "$bobs/tmp"
check "then there is nothing left to remove" equal "$(jnsctl gc)" "nothing to remove"
check "an ordinary user may not ask" fails_with 'are you root' setpriv --reuid bob --regid bob --init-groups jnsctl gc

echo "metrics"
metric() { jnsctl metrics | sed -n "s/^$1 //p"; }
before=$(metric 'jns_logins_total{result="new"}')
by su bob true
within 5 without_bob
counted() { equal "$(metric "$1")" "$2"; }
check "a login with a new view counts" within 5 counted 'jns_logins_total{result="new"}' $((before + 1))
check "and is in the histogram" within 5 counted 'jns_login_seconds_bucket{result="new",le="+Inf"}' $((before + 1))
joined=$(metric 'jns_logins_total{result="joined"}')
stays su alice four
by su alice true
check "so does one that joins" within 5 counted 'jns_logins_total{result="joined"}' $((joined + 1))
as_listed() { equal "$(metric "jns_$1")" "$(jnsctl list --json | json "len(d['$1'])")"; }
check "the sessions are those of the list" within 5 as_listed sessions
check "so are the views" within 5 as_listed views
leave four
cp /etc/jns/rules.d/test.conf "$scratch/rules"
printf '\n[broken]\naction = bind\nsource = /srv/not-there\ntarget = /mnt\nonly = user:bob\n' >>/etc/jns/rules.d/test.conf
generation=$(metric jns_rules_generation)
jnsctl reload --force >/dev/null
check "the generation of the rules counts" equal "$(metric jns_rules_generation)" $((generation + 1))
by su bob true 2>/dev/null
check "a refusal counts" within 5 counted 'jns_logins_total{result="refused"}' 1
check "with its reason" counted 'jns_failed_logins_total{reason="plan"}' 1
cp "$scratch/rules" /etc/jns/rules.d/test.conf
check "the text ends as it should" equal "$(jnsctl metrics | tail -n 1)" "# EOF"
check "the file is root's alone" equal "$(stat -c '%U %a' /run/jns/metrics)" "root 600"
check "an ordinary user may not ask" fails_with 'are you root' setpriv --reuid bob --regid bob --init-groups jnsctl metrics
install -d -o bob "$scratch/collector"
ln -s /etc/shadow "$scratch/collector/jns.prom"
printf '[daemon]\nmetrics-file = %s/collector/jns.prom\n' "$scratch" >/etc/jns/jns.conf
stop_jnsd
start_jnsd
shadow=$(cat /etc/shadow)
written() { contain "$(cat "$scratch/collector/jns.prom")" '^jns_sessions '; }
check "the file for others is written" within 5 written
check "in place of a link, not through it" equal "$(stat -c '%F %U %a' "$scratch/collector/jns.prom")" "regular file root 644"
check "and what that led to is as it was" equal "$(cat /etc/shadow)" "$shadow"
by su bob true
check "it is written again when something has changed" within 20 grep -qx 'jns_logins_total{result="new"} 1' "$scratch/collector/jns.prom"
check "nothing else is left next to it" equal "$(ls -A "$scratch/collector")" jns.prom

echo "without the daemon"
stop_jnsd
check "the sessions are known" contain "$(jnsctl list)" '^  alice  [0-9a-f]{16}  sshd '
by su bob "sleep 3" &
bob=$!
of_once() { contain "$(jnsctl list)" '^  bob +[0-9a-f]{16}  su '; }
check "and those that began without it" within 5 of_once
wait $bob
leave one
finish
