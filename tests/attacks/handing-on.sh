#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Rules change while a user's programs run: what a new view has in memory is what the older view has, where its own rule is the same, and
# nothing else is.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

tmp='[tmp]
action = tmpfs
target = /tmp
except = user:root'
over='[over]
action = overlay
lower = /srv/lower
target = /srv/over
upper = discard
except = user:root'
hide='[hide]
action = hide
target = /srv/hidden
except = user:root'
mkdir -p /srv/lower /srv/over /srv/hidden
touch /srv/lower/of-host /srv/hidden/file
chmod 1777 /srv/lower /srv/over
jns_host "$tmp
$over"
gcc -std=gnu11 -O1 -Wall -Wextra -o "$scratch/pins" "$tests/lib/pins.c" || abort "cannot build pins"

# now_rules TEXT: they are in force, and no login has come by them.
now_rules() {
    rules "$1"
    jnsctl reload >"$scratch/reload.log" 2>&1 || abort "no reload: $(cat "$scratch/reload.log")"
}
declare -A holders=()
# hold NAME USER COMMAND: a session that stays, after the command.
hold() {
    rm -f "$scratch/held.$1"
    su "$2" -c "$3; readlink /proc/self/ns/mnt >$scratch/held.$1; exec sleep 4711" </dev/null 2>"$scratch/hold.log" &
    holders[$1]=$!
    within 20 test -s "$scratch/held.$1" || abort "the session $1 does not begin"
}
release() { kill "$(pgrep -P "${holders[$1]}" -x sleep)"; wait "${holders[$1]}" 2>/dev/null; } # NAME
in_tmp() { su "${1:-alice}" -c 'ls /tmp'; }
kept() { "$scratch/pins" | grep -c "^memory $(id -u "$1")/"; }
all_gone() { without_view alice && without_view bob && [ -z "$("$scratch/pins")" ]; }
# fresh_start RULES: nobody has a view, and these are the rules.
fresh_start() {
    local name
    for name in "${!holders[@]}"; do release "$name"; done
    holders=()
    within 70 all_gone || abort "views stay: $("$scratch/pins")"
    now_rules "$1"
}

echo "tmux, and a rule that has nothing to do with it"
if command -v tmux >/dev/null; then
    su alice -c 'tmux -f /dev/null new-session -d -s work; touch /tmp/of-alice; mkdir /tmp/d; chmod 700 /tmp/d; touch /srv/over/changed' ||
        abort "tmux does not start"
    before=$(su alice -c 'readlink /proc/self/ns/mnt; stat -c %d /tmp')
    now_rules "$tmp
$over
$hide"
    after=$(su alice -c 'readlink /proc/self/ns/mnt; stat -c %d /tmp')
    check "the new login has another view" differ "$(head -n 1 <<<"$before")" "$(head -n 1 <<<"$after")"
    check "by the new rule" su alice -c '[ ! -e /srv/hidden/file ]'
    check "[C6] with the same tmpfs" equal "$(tail -n 1 <<<"$after")" "$(tail -n 1 <<<"$before")"
    attached() { TERM=xterm timeout 60 script -qec "su alice -c 'tmux attach-session -t work \\; detach-client'" /dev/null </dev/null; }
    check "[C6] so tmux is found again" contain "$(attached)" 'detached \(from session work\)'
    check "[C6] and what was changed in an overlay" equal "$(su alice -c 'ls /srv/over')" "changed
of-host"
    pkill -u alice -x 'tmux: server'
else
    skip "tmux is found again" "there is no tmux"
    su alice -c 'touch /tmp/of-alice; mkdir /tmp/d' || abort "no login"
fi
fresh_start "$tmp"
check "nothing of it is there when all views have ended" equal "$(in_tmp)" ""

echo "how long it lasts"
hold first alice 'touch /tmp/x'
now_rules "$tmp
$hide"
hold second alice true
check "[C6] a file that was there" equal "$(in_tmp)" x
of_second() { [ "$(kept alice)" -eq 1 ]; }
release first
unset "holders[first]"
check "when the first view has ended, the second keeps it" within 70 of_second
check "with what is in it" equal "$(in_tmp)" x
now_rules "$tmp"
check "[C6] a third one gets it from the second" equal "$(in_tmp)" x
check "nobody else gets it" equal "$(in_tmp bob)" ""

echo "who made the view does not matter"
fresh_start "$tmp"
hold first alice 'touch /tmp/x'
stop_jnsd KILL
rules "$tmp
$hide"
start_jnsd
check "[C6] a daemon that was killed" equal "$(in_tmp)" x
fresh_start "$tmp"
stop_jnsd
hold first alice 'touch /tmp/y'
rules "$tmp
$hide"
check "[C6] no daemon, before and after" equal "$(in_tmp)" y
rules "$hide
$tmp"
start_jnsd
check "[C6] a daemon right after a daemon for one login" equal "$(in_tmp)" y
jnsctl gc >/dev/null

echo "what is not handed on"
not_handed_on() { # WHAT BEFORE AFTER
    fresh_start "$2"
    hold first alice 'touch /tmp/x'
    now_rules "$3"
    check "$1" su alice -c '[ ! -e /tmp/x ]'
}
not_handed_on "a tmpfs of another size" "$tmp" "$tmp
options = size=1M"
not_handed_on "one of another mode" "$tmp" "$tmp
options = mode=1770"
not_handed_on "one with other flags" "$tmp" "$tmp
options = noexec"
not_handed_on "what is a session's own" "$tmp" "$tmp
share = none"
not_handed_on "what was a session's own" "$tmp
share = none" "$tmp"
not_handed_on "what a program may expect to be empty" "$tmp" "$tmp
[prepare]
action = run
program = /usr/bin/true
except = user:root"
not_handed_on "what something else lies in now" "$tmp" "$tmp
[inside]
action = private
target = /tmp/inside/folder
except = user:root"
fresh_start "$tmp
[of-sudo]
action = hide
target = /srv/hidden
only = service:sudo"
hold first alice 'touch /tmp/x'
check "to a service with rules of its own" equal "$(by sudo alice 'ls /tmp')" ""
now_rules "$tmp
$hide
[of-sudo]
action = readonly
target = /srv/lower
only = service:sudo"
check "after a change neither" equal "$(by sudo alice 'ls /tmp')" ""
check "[C6] but to the service that it was for" equal "$(in_tmp)" x

echo "an overlay whose lower folder is another"
fresh_start "$over"
hold first alice 'touch /srv/over/changed'
mv /srv/lower /srv/lower.old
install -d -m 1777 /srv/lower
now_rules "$over
$hide"
check "shows the new folder" equal "$(su alice -c 'ls /srv/over')" ""
rmdir /srv/lower && mv /srv/lower.old /srv/lower

echo "a hostile user, and a careless root"
fresh_start "$tmp
options = noexec,ro
[inside]
action = bind
source = /srv/lower
target = /tmp/inside
except = user:root"
hold first alice true
now_rules "$tmp
options = noexec,ro
[inside]
action = bind
source = /srv/lower
target = /tmp/inside
except = user:root
$hide"
check "flags are those of the rule" contain "$(su alice -c 'cat /proc/self/mountinfo')" ' /tmp ro,[^ ]*noexec'
check "what lies inside is there" equal "$(su alice -c 'ls /tmp/inside')" of-host
home="[home]
action = tmpfs
target = /home/alice
only = user:alice
[inside]
action = bind
source = /srv/lower
target = /home/alice/.config/inside
only = user:alice"
fresh_start "$home"
hold first alice 'mv /home/alice/.config /home/alice/moved; ln -s /etc /home/alice/.config'
now_rules "$home
$hide"
check "a link above a mount point refuses nobody, and leads root nowhere" equal "$(su alice -c 'ls /home/alice/.config/inside')" of-host
check "the folder that it names is untouched" test ! -e /etc/inside
inside="$tmp
[data]
action = bind
source = /srv/data
target = /tmp/data
except = user:root"
echo of-file >/srv/data
fresh_start "$inside"
hold first alice true
rm /srv/data && mkdir /srv/data && touch /srv/data/of-folder
now_rules "$inside
$hide"
check "a mount point of another kind refuses nobody" equal "$(su alice -c 'ls /tmp/data' 2>&1)" of-folder
fresh_start "$tmp"
mkdir /srv/evil
touch /srv/evil/planted
hold first alice 'touch /tmp/x; ln -s /etc /tmp/link; sudo mount --bind /srv/evil /tmp; touch /tmp/through'
now_rules "$tmp
$hide"
check "what root has mounted over it is not handed on, what is below is" equal "$(in_tmp)" "link
x"
on_tmp=$(su alice -c 'grep " /tmp " /proc/self/mountinfo')
check "one mount more than the host's is on the target" equal "$(wc -l <<<"$on_tmp")" $(($(grep -c ' /tmp ' /proc/self/mountinfo) + 1))
check "it is cut off from the host and from the older view" lack "$(tail -n 1 <<<"$on_tmp")" 'shared:|master:'
check "the host's folder is untouched" lack "$(ls /tmp)" '^x$'

fresh_start "$tmp"
now_rules ""
check "at the end nothing is kept" equal "$("$scratch/pins")" ""
finish
