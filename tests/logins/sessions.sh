# SPDX-License-Identifier: Apache-2.0
# All sessions of a user share one view; it lasts as long as anybody is in it, whatever happens to the daemon.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

rules_of_this_test="$private_tmp

[own]
action = private
target = /srv/own
only = group:loners
share = none

[gone]
action = private
target = /srv/gone
keep = logout
except = user:root, user:carol"
private_tmp_of_most=${private_tmp/user:root/user:root, user:carol}
rules_of_this_test=${rules_of_this_test/"$private_tmp"/"$private_tmp_of_most"}

install -d -m 1777 /srv/own /srv/gone
groupadd loners
jns_host "$rules_of_this_test"
add_users carol dave
usermod -aG loners dave
gcc -O1 -o "$scratch/pins" "$tests/lib/pins.c" || abort "cannot build pins.c"
uid=$(id -u alice)
host=$(host_namespace)
mounts_before=$(host_mounts)

pins() { "$scratch/pins" | sort; }
pins_of() { pins | grep -c "^$(id -u "$1")\\."; }
views() { ls /run/jns/views | sort; }
sessions() { ls /run/jns/sessions; }
count() { "$@" | grep -c .; }
no_sessions() { [ -z "$(sessions)" ]; }
no_views() { [ -z "$(pins)$(views)" ]; }
no_drafts() { ! compgen -G '/run/jns/*s/.new-*' >/dev/null; }
namespace_of() { readlink "/proc/$1/ns/mnt"; }

# stay PROGRAM USER: begins a session that lasts until `leave`. Sets $namespace, $shell (a process in it) and $stays.
stay() {
    local folder
    folder=$(mktemp -d "$scratch/stay.XXXXXX")
    chmod 1777 "$folder"
    mkfifo -m 666 "$folder/end"
    by "$1" "$2" "readlink /proc/self/ns/mnt >$folder/namespace; echo \$\$ >$folder/pid; read end <$folder/end" >/dev/null 2>&1 &
    stays=$folder
    within 20 test -s "$folder/pid" || abort "a session of $2 by $1 does not begin"
    namespace=$(cat "$folder/namespace") shell=$(cat "$folder/pid")
}
leave() { echo >"${1:-$stays}/end"; }
see() { by "$1" "$2" "readlink /proc/self/ns/mnt"; }

echo "sharing"
stay ssh-key alice
first=$namespace first_stays=$stays
check "a session is isolated" differ "$first" "$host"
for program in $programs; do
    check "a session by $program is in the same mount namespace" equal "$(see "$program" alice)" "$first"
done
check "one view is pinned, and one is recorded" equal "$(pins) $(views)" "$(views) $(pins)"
check "it is one" equal "$(count pins)" 1
check "bob is in another" differ "$(see su bob)" "$first"
stay su dave
dave_stays=$stays dave=$namespace
check "explain says so" contain "$(jnsctl explain dave)" '^each session has a view of its own$'
check "also to programs" contain "$(jnsctl explain --json dave)" '"shared" : false'
check "and of alice the opposite" contain "$(jnsctl explain --json alice)" '"shared" : true'
check "share = none: the next session is in another" differ "$(see su dave)" "$dave"
one_of() { [ "$(pins_of "$1")" = 1 ]; }
check "whose view goes with it" within 15 one_of dave
leave "$dave_stays"

rules "${rules_of_this_test}
options = noexec"
check "rules change" /usr/bin/jnsctl reload
stay su alice
second=$namespace second_stays=$stays
check "by other rules there is another view" differ "$second" "$first"
check "which further sessions join" equal "$(see sudo alice)" "$second"
check "both are pinned" equal "$(pins_of alice)" 2
leave "$first_stays"
check "with its last session the old one ends" within 15 one_of alice
rules "# the same rules in another file, with another name for whom they are
${rules_of_this_test/except = user:root, user:carol/except = user:carol, user:root}
options = noexec"
check "rules that do the same are read" /usr/bin/jnsctl reload
check "and are no reason for another view" equal "$(see su alice)" "$second"

echo "the end of a session"
outlives() { su alice -c "echo kept >/srv/gone/file; setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo \$!"; }
sleeper=$(outlives)
leave "$second_stays"
check "sessions end with their programs" within 10 no_sessions
check "a process that stays keeps the view" equal "$(namespace_of "$sleeper")" "$second"
sleep 3
check "also when it was looked at meanwhile" equal "$(pins_of alice)" 1
check "and what is kept until logout" equal "$(see su alice; by su alice "cat /srv/gone/file")" "$second
kept"
kill "$sleeper"
check "without it the view ends" within 15 no_views
check "and what was kept until logout is gone" within 40 test ! -e "/var/lib/jns/$uid/srv-gone"
check "the journal says so" in_journal "alice: view $uid\\..* ended" JNS_EVENT=view-end

stay su alice
leader=$(ps -o ppid= -p "$shell" | tr -d ' ')
[ "$(ps -o comm= -p "$leader")" = su ] || leader=$shell
kill -9 "$leader"
check "a session ends when its leader is killed" within 5 no_sessions
kill -9 "$shell" 2>/dev/null
check "and the view when the last process is" within 15 no_views

echo "64 at once, with a daemon that has just started"
stop_jnsd
start_jnsd
install -d -m 777 "$scratch/crowd"
# together COUNT NAME: the end of a command of which COUNT run at once, with a file NAME... each: they stay until all are there.
together() { echo "i=0; until [ \$(ls $scratch/crowd/$2* | wc -l) -ge $1 ] || [ \$((i += 1)) -gt 200 ]; do sleep 0.5; done"; }
seq 64 | xargs -P 64 -I{} su alice -c "readlink /proc/self/ns/mnt >$scratch/crowd/a{}; test -d /srv/gone && touch /tmp/{} && $(together 64 \
    a)"
check "all are in" equal "$(count ls "$scratch/crowd")" 64
check "one namespace" equal "$(cat "$scratch"/crowd/* | sort -u | count cat)" 1
check "which is whole" equal "$(by su alice "ls /tmp | grep -c '^[0-9]*$'")" 64
check "it ends" within 15 no_views

echo "the daemon is killed"
stay ssh-key alice
first=$namespace first_stays=$stays
stay su bob
bob=$namespace bob_stays=$stays
pins_before=$(pins)
stop_jnsd KILL
check "a helper for one login joins the view" equal "$(see su alice)" "$first"
stay su alice
once_stays=$stays
# The one that has looked at the namespace has nobody who takes its record away.
check "and is written down" equal "$(count sessions)" 4
start_jnsd
# The daemon still rehearses then, and pins root's views for a moment.
pinned_as_before() { [ "$(pins)" = "$pins_before" ]; }
check "a daemon started again finds the views" within 10 pinned_as_before
so_many_sessions() { [ "$(count sessions)" = "$1" ]; }
# Answered before the session of the process that is gone has been removed.
check "and the sessions" within 10 so_many_sessions 3
check "further sessions join" equal "$(see sudo alice)$(see su bob)" "$first$bob"
leave "$once_stays"
check "the session of the helper for one login ends" within 10 so_many_sessions 2
leave "$first_stays"
leave "$bob_stays"
check "those of the daemon that was killed end" within 10 no_sessions
check "and their views" within 20 no_views

stay su alice
first=$namespace
stop_jnsd TERM
start_jnsd
check "a daemon that was stopped in order: the same" equal "$(see su alice)" "$first"
leave
check "the session ends" within 10 no_sessions
check "and the view" within 20 no_views

echo "without a daemon"
stop_jnsd
stay su alice
first=$namespace
check "helpers for one login share a view" equal "$(see ssh-key alice)" "$first"
seq 16 | xargs -P 16 -I{} su bob -c "readlink /proc/self/ns/mnt >$scratch/crowd/b{}; $(together 16 b)"
check "16 at once make one" equal "$(cat "$scratch"/crowd/b* | sort -u | count cat)" 1
leave
start_jnsd
check "a daemon clears away what they left" within 20 no_views

echo "what is left half done"
stop_jnsd
touch /run/jns/views/.new-1 /run/jns/sessions/.new-2
echo nonsense >"/run/jns/sessions/0123456789abcdef"
echo nonsense >"/run/jns/views/$uid.0123456789abcdef"
mkdir /run/jns/views/folder
nsenter --mount=/run/jns/keeper/namespace true 2>/dev/null
start_jnsd
no_false_records() { [ -z "$(views | grep -v folder)$(sessions)" ]; }
check "records that are none are removed" within 5 no_false_records
check "logins go on" equal "$(value user "$(by su alice jns-probe)")" alice
rmdir /run/jns/views/folder
within 15 no_views
stay su alice
first=$namespace
stop_jnsd
umount /run/jns/keeper/namespace
start_jnsd
check "a keeper that somebody else unmounted is made again" differ "$(see su alice)" "$first"
all_are_pinned() { [ "$(views)" = "$(pins)" ]; }
check "what was only there is not recorded any more" within 5 all_are_pinned
leave
within 15 no_views

echo "other people"
stay su alice
first=$namespace
touch /tmp/of-the-host
in_session() { nsenter --mount="/proc/$shell/ns/mnt" -- "$@"; }
check "su to bob inside of alice's session: his own view" differ "$(in_session su bob -c 'readlink /proc/self/ns/mnt')" "$first"
check "which is based on the host's" equal "$(in_session su bob -c 'ls -d /srv/jns-tests')" "/srv/jns-tests"
check "su to carol, for whom no rule is: the host's view" equal \
    "$(in_session su carol -c 'readlink /proc/self/ns/mnt; ls /tmp/of-the-host')" "$host
/tmp/of-the-host"
check "root stays where it is" equal "$(in_session su root -c 'readlink /proc/self/ns/mnt')" "$first"
mkdir -p /etc/jns
printf '[policy]\nroot = host\n' >/etc/jns/jns.conf
stop_jnsd
start_jnsd
check "root = host: root comes out" equal "$(in_session su root -c 'readlink /proc/self/ns/mnt; ls /tmp/of-the-host')" "$host
/tmp/of-the-host"
stop_jnsd
check "the same by a helper for one login" equal "$(in_session su root -c 'readlink /proc/self/ns/mnt')
$(in_session su carol -c 'readlink /proc/self/ns/mnt')" "$host
$host"
start_jnsd
rm /etc/jns/jns.conf
mkdir -p /srv/fake
echo 'passwd: evil' >/srv/fake/nsswitch.conf
chmod -R a+rX /srv/fake
su bob -c 'unshare -Urm sh -c "mount --bind /srv/fake/nsswitch.conf /etc/nsswitch.conf && echo \$\$ >/srv/jns-tests/fake && exec sleep 1000"' </dev/null >/dev/null 2>&1 &
within 10 test -s "$scratch/fake" || abort "bob cannot make a namespace of his own"
bob=$(see su bob)
check "a namespace that bob made is none that he is given" differ "$(namespace_of "$(cat "$scratch/fake")")" "$bob"
check "and what he has put there is not read" lack "$(by su bob 'cat /etc/nsswitch.conf')" evil
kill "$(cat "$scratch/fake")"
leave

printf '[policy]\nshare = none\n' >/etc/jns/jns.conf
stop_jnsd
start_jnsd
rm /etc/jns/jns.conf
stay su alice
check "share = none in jns.conf: each session is in its own" differ "$(see su alice)" "$namespace"
leave

echo "afterwards"
check "no session is left" within 10 no_sessions
check "no view is left" within 30 no_views
# A jnsd --once may be writing a draft that is younger than half a minute. The daemon looks 31 seconds after its start.
check "drafts are removed when nobody can be writing them" within 40 no_drafts
check "two mounts keep views" equal "$(grep -c ' /run/jns/keeper' /proc/self/mountinfo)" 2
check "which are nobody's peers" lack "$(grep ' /run/jns/keeper' /proc/self/mountinfo)" ' shared:'
check "a second daemon does not start" in_journal "another jnsd holds /run/jns/jnsd.lock" \
    "_PID=$(sh -c "echo \$\$; exec /usr/sbin/jnsd" 2>/dev/null)"
check "the host's mount table is as before" same_text "$mounts_before" "$(host_mounts)"
finish
