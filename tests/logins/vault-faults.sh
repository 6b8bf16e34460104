#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What may go wrong with volumes: each has an outcome, within the deadline, and nobody else is kept waiting.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"
. "$tests/lib/vault.sh"

prepare_host
install_jns
add_users carol erin
target='target = ${home}/Vault'
vault="[clear]
action = encfs
source = \${home}/.vault
$target
create = yes
only = user:alice"
papers="[papers]
action = gocryptfs
source = \${home}/.papers
target = \${home}/Papers
create = yes
only = user:carol"
idle="[idle]
action = encfs
source = \${home}/.vault
$target
create = yes
idle = 1m
only = user:erin"
rules "$vault

$papers

$idle

$private_tmp"
start_jnsd
use_module "$with_password"
# Looked at in the end.
stay_by_password su erin
idle_stays=$stays idle_shell=$shell
by su erin 'echo secret >~/Vault/note' || abort "erin's volume cannot be written to"
by_password su alice 'echo secret >~/Vault/note' || abort "no volume can be made"
by_password su carol 'echo clear >~/Papers/note' || abort "no gocryptfs volume can be made"
within 15 nothing_stays alice || abort "it stays"
within 15 nothing_stays carol || abort "it stays"

tell_daemon() { /usr/bin/jnsctl reload >/dev/null || abort "the rules cannot be reloaded"; }

# refused USER PATTERN SECONDS: such a login is refused for that reason, in time, and nothing of it stays. A machine that runs other tests
# may take four times as long, as "within" allows.
refused() {
    local begin=$SECONDS out
    out=$(by_password su "$1" 'echo inside' 2>&1)
    contain "$out" "$refusal.*$2" && lack "$out" inside && less $((SECONDS - begin)) $((4 * $3)) && within 5 no_processes "$1" &&
        within 5 without_view "$1"
}
opens() { equal "$(by_password su alice 'cat ~/Vault/note')" secret && within 15 nothing_stays alice; }

echo "the password, the volume"
password=Other.2
echo "alice:Other.2" | chpasswd
echo "carol:Other.2" | chpasswd
check "encfs: another password is refused" refused alice 'cannot mount a volume on /home/alice/Vault: .*password incorrect' 6
check "gocryptfs: so it is" refused carol 'cannot mount a volume on /home/carol/Papers: .*Password incorrect' 6
check "the journal has the reason and the rule" in_journal 'refused: cannot mount a volume on /home/alice/Vault.*rule \[clear\]' \
    JNS_USER=alice
unset password
echo "alice:Secret.1" | chpasswd
echo "carol:Secret.1" | chpasswd
cp -a /home/alice/.vault kept-vault && cp -a /home/carol/.papers kept-papers
back() { rm -rf /home/alice/.vault /home/carol/.papers; cp -a kept-vault /home/alice/.vault; cp -a kept-papers /home/carol/.papers; }
for damage in 'echo damaged >FILE' 'head -c 300 FILE >x; cat x >FILE; rm x' ': >FILE' 'tr A-Z B-ZA <FILE >x; cat x >FILE; rm x'; do
    chmod u+w /home/alice/.vault/.encfs6.xml /home/carol/.papers/gocryptfs.conf
    (cd /home/alice/.vault && eval "${damage//FILE/.encfs6.xml}")
    (cd /home/carol/.papers && eval "${damage//FILE/gocryptfs.conf}")
    check "encfs: damaged ($damage)" refused alice 'cannot mount a volume on /home/alice/Vault: ' 10
    check "gocryptfs: damaged ($damage)" refused carol 'cannot mount a volume on /home/carol/Papers: ' 10
    back
done
rm /home/alice/.vault/.encfs6.xml /home/carol/.papers/gocryptfs.conf
check "encfs: its file is away" refused alice 'look whether there is a volume in /home/alice/.vault' 6
check "and no new volume is made there" not test -e /home/alice/.vault/.encfs6.xml
check "gocryptfs: its file is away" refused carol 'no such file' 6
back
rules "${vault/create = yes/}

${papers/create = yes/}

$private_tmp"
tell_daemon
rm -rf /home/alice/.vault /home/carol/.papers
check "encfs: without create no volume is made" refused alice '/home/alice/.vault' 6
check "gocryptfs: neither" refused carol '/home/carol/.papers' 6
mkdir -m 700 /home/alice/.vault && chown alice: /home/alice/.vault
check "nor in a folder that is empty" refused alice '/home/alice/.vault' 6
check "the folder stays empty" equal "$(ls -A /home/alice/.vault)" ""
back
check "what was put back opens" opens

echo "the target"
tried_target() {
    rm -rf /home/alice/Vault
    eval "$2"
    check "$1" refused alice "$3" 6
    rm -rf /home/alice/Vault
}
tried_target "it is missing" : '/home/alice/Vault'
tried_target "it is not empty" 'mkdir -p /home/alice/Vault/x; chown -R alice: /home/alice/Vault' 'not empty|is not an? empty'
tried_target "it is a file" 'touch /home/alice/Vault; chown alice: /home/alice/Vault' '/home/alice/Vault'
tried_target "it is a link to a folder of hers" 'mkdir -p /home/alice/real; chown alice: /home/alice/real; ln -s real /home/alice/Vault; chown -h alice: /home/alice/Vault' '/home/alice/Vault'
tried_target "it is a link to /etc" 'ln -s /etc /home/alice/Vault' '/home/alice/Vault'
tried_target "it is somebody else's" 'mkdir /home/alice/Vault; chown bob: /home/alice/Vault' '/home/alice/Vault'
tried_target "it is a FIFO" 'mkfifo /home/alice/Vault; chown alice: /home/alice/Vault' '/home/alice/Vault'
mkdir -m 700 /home/alice/Vault && chown alice: /home/alice/Vault
check "as it should be, it serves" opens

echo "what is needed"
mv /usr/bin/encfs /usr/bin/encfs.away
check "encfs is missing" refused alice 'encfs: No such file' 6
check "check says so" contain "$(jnsctl check 2>&1)" 'warning: rule \[clear\] cannot mount with /usr/bin/encfs: there is nothing of that name'
mv /usr/bin/encfs.away /usr/bin/encfs
mv /dev/fuse /dev/fuse.away
check "/dev/fuse is missing" refused alice 'fuse' 6
check "check says so" contain "$(jnsctl check 2>&1)" 'there is no /dev/fuse; load the kernel module fuse'
mv /dev/fuse.away /dev/fuse
helper=$(realpath "$(command -v fusermount3)")
chmod u-s "$helper"
check "fusermount has lost its bit" refused alice 'cannot mount a volume' 10
chmod u+s "$helper"
mv /usr/lib/jns/jns-volume /usr/lib/jns/away
check "jns-volume is missing" refused alice 'jns-volume' 6
mv /usr/lib/jns/away /usr/lib/jns/jns-volume
check "with all of it, it opens" opens

echo "programs"
mkdir -p /usr/local/libexec
program() { printf '#!/bin/sh\n%s\n' "$2" >"/usr/local/libexec/$1"; chmod 755 "/usr/local/libexec/$1"; }
program hangs 'sleep 1000'
program hangs-on 'trap "" TERM INT HUP; while :; do sleep 1; done'
program leaves-a-crowd 'for i in 1 2 3 4 5 6 7 8; do setsid sh -c "trap \"\" TERM; sleep 1000" & done; sleep 1000'
program ends 'echo nothing today >&2; exit 3'
program is-killed 'kill -9 $$'
program mounts-nothing 'exit 0'
program floods 'yes | head -c 3000000; exit 1'
program asks 'read line; exit 7'
fuse() {
    rules "[fuse]
action = fuse
program = /usr/local/libexec/$1
$target
timeout = 2s
password = $2
only = user:alice

$papers

$private_tmp"
    tell_daemon
}
alone=$(milliseconds by su bob true)
for name in hangs hangs-on leaves-a-crowd; do
    fuse "$name" no
    by_password su alice 'echo inside' >slow 2>&1 &
    slow=$!
    within 5 pgrep -u alice -f "/$name" || echo "        $name is not seen"
    meanwhile=$(milliseconds by su bob true)
    # Its time is over after two seconds.
    check "$name: bob's login meanwhile takes $meanwhile ms, and $alone ms else" less "$meanwhile" $((3 * alone + 1200))
    wait $slow
    check "$name: the login is refused when its time is over" refused alice '2000 ms' 8
    check "$name: no process of it stays" within 5 not pgrep -u alice .
done
fuse ends no
check "ends: refused with what it said" refused alice 'status is? ?3.*nothing today|3.*nothing today' 6
fuse is-killed no
check "is killed: refused" refused alice 'signal 9' 6
fuse mounts-nothing no
check "mounts nothing: refused" refused alice 'cannot mount a volume' 6
fuse floods no
check "says too much: refused" refused alice 'it said: y / y / y' 6
fuse asks yes
check "has the password on its standard input" refused alice 'status is? ?7|7' 6
program not-roots 'exit 0'
chown alice /usr/local/libexec/not-roots
fuse not-roots no
check "is not root's: refused" refused alice 'not-roots' 6
rules "[fuse]
action = fuse
program = /usr/local/libexec/ends
$target
required = no
only = user:alice"
tell_daemon
check "one that may fail: the login goes on" equal "$(by_password su alice 'echo inside' 2>/dev/null)" inside
check "and the user is told" contain "$(by_password su alice true 2>&1)" 'jns: cannot mount a volume on /home/alice/Vault'
within 15 nothing_stays alice || abort "alice's view stays"

# They are root's; the words they were called with tell whose volume it is.
supervisor_of() { pgrep -f "^jns-volume .* $1 "; }

echo "during the session"
rules "$vault

$papers

$private_tmp"
tell_daemon
stay_by_password su alice
first_stays=$stays first=$shell
kill -9 "$(pgrep -u alice -x encfs)"
gone() { ! pgrep -u alice -x encfs; }
within 5 gone || abort "encfs is not dead"
check "encfs is killed: nothing can be read or written there" not nsenter -t "$first" -m -S "$(id -u alice)" -G "$(id -g alice)" touch \
    /home/alice/Vault/x
check "the folder below has stayed empty" equal "$(ls -A /home/alice/Vault)" ""
within 5 no_processes alice || abort "its supervisor stays"
check "a login by key joins nothing broken" contain "$(by ssh-key alice true 2>&1)" "$refusal.*no password"
check "the next login by password has it again" equal "$(by_password su alice 'cat ~/Vault/note')" secret
leave "$first_stays"
check "all of it goes" within 20 nothing_stays alice
for signal in STOP KILL; do
    stay_by_password su alice
    kill -$signal "$(pgrep -u alice -x encfs)"
    leave
    begin=$SECONDS
    check "SIG$signal to encfs: with the last session all of it goes" within 20 nothing_stays alice
    check "within limits" less $((SECONDS - begin)) 60
    check "encfs is gone" not pgrep -u alice -x encfs
done
stay_by_password su alice
kill -STOP "$(pgrep -u alice -x encfs)"
alone=$(milliseconds by su bob true)
check "while a volume hangs, others log in" less "$alone" 8000
check "and so does she" contain "$(by su alice 'echo in')" in
kill -CONT "$(pgrep -u alice -x encfs)"
leave
check "and all goes" within 20 nothing_stays alice
stay_by_password su alice
kill -9 "$(supervisor_of alice)"
check "its supervisor is killed by root: the next login has a view of its own" equal "$(by_password su alice 'cat ~/Vault/note')" secret
pkill -9 -x encfs -u alice
leave
check "and all goes" within 20 nothing_stays alice

echo "crashes of the daemon"
rules "[fuse]
action = fuse
program = /usr/local/libexec/hangs
$target
timeout = 5s
only = user:alice"
tell_daemon
by_password su alice true >/dev/null 2>&1 &
sleep 0.7
stop_jnsd KILL
wait $!
check "killed while a volume is being mounted: nothing of it stays" within 15 no_processes alice
start_jnsd
rules "$vault

[slow]
action = run
program = /usr/local/libexec/hangs
timeout = 6s
only = user:alice"
tell_daemon
by_password su alice true >/dev/null 2>&1 &
sleep 2
stop_jnsd KILL
wait $!
start_jnsd
check "killed when it was mounted and not yet written down: it goes" within 30 no_processes alice

echo "idle"
rules "$idle

$private_tmp"
tell_daemon
check "a volume that nobody uses ends by itself" within 90 no_processes erin
check "its folder is empty in the session that is still open" equal "$(nsenter -t "$idle_shell" -m ls -A /home/erin/Vault)" ""
check "the next login has it again" equal "$(by_password su erin 'cat ~/Vault/note')" secret
leave "$idle_stays"
check "and all goes" within 20 nothing_stays erin
finish
