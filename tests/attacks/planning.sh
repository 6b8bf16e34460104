#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Rules that would keep people out are found before they are in force, and nothing that hangs keeps good rules out.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

start_patience=60
jns_host "$private_tmp"
add_users carol
host=$(host_namespace)
second='[second]
action = tmpfs
target = /tmp
only = user:alice'
folder=/etc/jns/rules.d
isolated() { differ "$(by su "$1" 'readlink /proc/self/ns/mnt' 2>&1 | grep '^mnt')" "$host"; }
refused_by() { # COMMAND...: the command fails, and says whom the rules would refuse
    local said
    said=$("$@" 2>&1) && { echo "it succeeds: $said"; return 1; }
    contain "$said" 'alice would be refused: cannot use target /tmp twice.*test.conf:[0-9]+:[0-9]+'
}
generation() { jnsctl metrics | sed -n 's/^jns_rules_generation //p'; }

echo "a second rule for a target"
echo "$second" >$folder/zz.conf
check "[C4] check names who is refused, and the rule with its place" contain "$(jnsctl check 2>&1)" \
    "^$folder/zz.conf:1:1: alice would be refused: cannot use target /tmp twice"
check "and fails" not jnsctl check
check "as JSON" contain "$(jnsctl check --json | python3 -c 'import json, sys
for one in json.load(sys.stdin)["refused"]: print(one["user"], one["rule"], one["file"], one["line"], one["column"], one["certain"])')" \
    "^alice second $folder/zz.conf 1 1 True$"
check "[C4] reload does not take the rules" contain "$(jnsctl reload 2>&1)" 'alice would be refused: cannot use target /tmp twice'
check "[C4] try does not take them" contain "$(jnsctl try 2>&1)" 'alice would be refused'
check "doctor tells of them" contain "$(jnsctl doctor 2>&1)" 'alice would be refused'
check "alice gets in" isolated alice
check "SIGHUP does not bring them in" bash -c "kill -HUP $jnsd_pid"
check "and is told of in the journal" in_journal 'are not taken: alice would be refused' JNS_EVENT=rules-refused
check "alice still gets in" isolated alice
use_module ""
check "[C4] enable does not enable them" contain "$(jnsctl enable su 2>&1)" 'alice would be refused'
check "and leaves the stack as it is" not grep -q pam_jns /etc/pam.d/su
use_module "session required pam_jns.so"
check "--force takes them" contain "$(jnsctl reload --force 2>&1)" 'rules read'
check "and alice is refused" contain "$(by su alice true 2>&1)" "$refusal"
check "rules that refuse alice as those before do are no news" contain "$(jnsctl reload 2>&1)" 'rules read'
rm $folder/zz.conf
check "and those that let her in are welcome" contain "$(jnsctl reload 2>&1)" 'rules read'
check "alice gets in again" isolated alice

echo "a missing target"
printf '[gone]\naction = readonly\ntarget = /srv/none\nonly = user:bob\n' >$folder/zz.conf
check "[C4] check" contain "$(jnsctl check 2>&1)" "zz.conf:1:1: bob would be refused: .*/srv/none"
check "reload" contain "$(jnsctl reload 2>&1)" "bob would be refused"
check "try --force takes them" contain "$(jnsctl try --force 2>&1)" "on trial"
rm $folder/zz.conf
jnsctl reload >/dev/null
jnsctl confirm >/dev/null

echo "what users do in their own homes keeps no change of the rules out"
printf '[work]\naction = private\ntarget = ${home}/work\nonly = user:carol\n' >$folder/zz.conf
install -d -o carol -g carol /home/carol/work
check "the rule is taken" contain "$(jnsctl reload 2>&1)" 'rules read'
by su carol true
within 30 without_view carol || abort "carol's view stays"
setpriv --reuid carol --regid carol --clear-groups sh -c 'rmdir /home/carol/work; ln -s / /home/carol/work'
check "carol has shut herself out" contain "$(by su carol true 2>&1)" "$refusal"
printf '[more]\naction = hide\ntarget = /opt\nonly = user:bob\n' >$folder/zzz.conf
check "[C4] the next rules are taken nevertheless" contain "$(jnsctl reload 2>&1)" 'rules read'
rm $folder/zz.conf $folder/zzz.conf
jnsctl reload >/dev/null

echo "a file server that is dead"
gcc -std=gnu11 -O1 -o dead-fuse "$tests/lib/dead-fuse.c" || abort "cannot build dead-fuse.c"
mkdir /srv/dead
./dead-fuse /srv/dead &
dead=$!
within 10 grep -q ' /srv/dead ' /proc/self/mountinfo || abort "no dead file server"
printf '[dead]\naction = readonly\ntarget = /srv/dead/x\nonly = user:bob\n' >$folder/zz.conf
begun=$SECONDS
said=$(timeout 60 jnsctl check 2>&1)
check "check tells that it could not find out" contain "$said" "could not find out about everybody: bob: its folders do not answer"
check "and refuses nobody" lack "$said" "would be refused"
said=$(timeout 60 jnsctl reload 2>&1) &
reloading=$!
check "logins go on while reload waits" isolated alice
wait $reloading
check "[C4] reload takes the rules" contain "$(timeout 60 jnsctl reload 2>&1)" "rules read.*could not find out about everybody: bob"
check "all of it in time" test $((SECONDS - begun)) -lt 120
rm $folder/zz.conf
check "the rules without it are taken" contain "$(timeout 60 jnsctl reload 2>&1)" "rules read"
kill -9 $dead
umount -l /srv/dead 2>/dev/null

echo "a start with such rules"
cp /var/lib/jns/last-good-rules kept
printf '[second]\naction = private\ntarget = /tmp\nonly = user:alice\n' >$folder/zz.conf
stop_jnsd
start_jnsd
check "the start puts them in force" contain "$(by su alice true 2>&1)" "$refusal"
check "the journal says what is wrong with them" in_journal 'are in force, but alice would be refused: cannot use target /tmp twice' -t jnsd
check "so does doctor" within 5 eval 'jnsctl doctor | grep -q "^error  *daemon  *there is no copy of the rules in force"'
check "the copy of the confirmed rules is that of before" cmp kept /var/lib/jns/last-good-rules
check "a reload does not take them either" contain "$(jnsctl reload 2>&1)" 'alice would be refused'
check "and the copy stays" cmp kept /var/lib/jns/last-good-rules
printf '[second]\naction = hide\ntarget = /opt\nonly = user:alice\n' >$folder/zz.conf
stop_jnsd
start_jnsd
check "one with rules that shut nobody out keeps them" within 10 grep -q '^target = /opt$' /var/lib/jns/last-good-rules
check "alice gets in" by su alice true
rm $folder/zz.conf
jnsctl reload >/dev/null

echo "an ordinary user checks"
printf '[closed]\naction = readonly\ntarget = ${home}/x\nonly = user:alice\n' >$folder/zz.conf
chmod 700 /home/alice
install -d -o alice /home/alice/x
said=$(setpriv --reuid bob --regid bob --clear-groups jnsctl check 2>&1)
check "where bob may not look there is no refusal" lack "$said" "would be refused"
check "but a doubt" contain "$said" "could not find out about everybody: alice: only root may look"
rm $folder/zz.conf

echo "a thousand rules, ten thousand users"
for ((i = 0; i < 10000; i++)); do echo "mass$i:x:$((20000 + i)):20000::/nowhere:/bin/sh"; done >>/etc/passwd
for ((i = 0; i < 1000; i++)); do
    printf '[r%d]\naction = hide\ntarget = /usr/share/r%d\nrequired = no\nonly = user:mass%d\n' $i $i $i
done >$folder/zz.conf
begun=$SECONDS
said=$(timeout 100 jnsctl check 2>&1)
took=$((SECONDS - begun))
check "check ends" contain "$said" "1001 rules, no errors"
# Five seconds for the planning; the rest is the machine's.
check "in time ($took s)" test $took -lt 40
check "and reload" contain "$(timeout 100 jnsctl reload 2>&1)" "rules read"
finish
