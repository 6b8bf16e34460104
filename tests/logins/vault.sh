#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Volumes of a user: encfs and gocryptfs opened with the login's password, and any other FUSE program. Only the user's sessions see
# them, all of them do, and the last one ends them.
# propagation: both

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"
. "$tests/lib/vault.sh"

prepare_host
add_users carol dave erin
mkdir -p /srv/shelf
echo text >/srv/shelf/book
install_jns
vault='action = encfs
source = ${home}/.vault
target = ${home}/Vault
create = yes
only = '
rules_of_this_test="$private_tmp

[clear]
${vault}user:alice, user:bob

[papers]
action = gocryptfs
source = \${home}/.papers
target = \${home}/Papers
create = yes
without-password = skip
only = user:bob, user:carol

[shelf]
action = fuse
program = /usr/bin/bindfs
arguments = --no-allow-other, /srv/shelf
target = \${home}/Shelf
create = yes
only = user:dave"
rules "$rules_of_this_test"
check "the rules are good" /usr/bin/jnsctl check
start_jnsd
use_module "$with_password"
host=$(host_mounts)

mounts_of() { by_password "$1" "$2" "grep -c ' /home/$2/' /proc/self/mountinfo"; }

echo "the first login makes it"
for program in su ssh login; do
    check "$program: what is written there is there" equal "$(by_password $program alice 'echo secret >~/Vault/note; cat ~/Vault/note')" \
        secret
    check "$program: it is encfs's" contain "$(by_password $program alice 'stat -f -c %T ~/Vault; grep /Vault /proc/self/mountinfo')" \
        'fuse.encfs'
    check "$program: with the last session it goes, and its processes go" within 15 nothing_stays alice
    check "$program: the next login finds it again" equal "$(by_password $program alice 'cat ~/Vault/note; rm ~/Vault/note')" secret
    within 15 nothing_stays alice || abort "alice's volume stays: $(volume_processes alice)"
done
check "on the disk it is not to be read" lack "$(grep -r secret /home/alice/.vault; ls /home/alice/.vault)" 'secret|note'
check "folders and files are hers alone" equal "$(stat -c '%U %a' /home/alice/.vault /home/alice/Vault | sort -u)" "alice 700"

echo "sessions share it"
stay_by_password ssh alice
first_stays=$stays first=$shell
by su alice 'echo secret >~/Vault/note' || abort "a second session does not see it"
# The first process of a program that goes into the background ends a moment after the volume is there.
one_encfs() { equal "$(pgrep -cx encfs)" 1; }
check "processes are there once" within 5 one_encfs
for program in su ssh-key cron sudo; do
    check "$program: a login without a password finds it mounted" equal "$(by $program alice 'cat ~/Vault/note')" secret
done
check "one with a password too, and mounts it no second time" equal "$(mounts_of su alice)" 1
check "still once" within 5 one_encfs
check "the host sees an empty folder" equal "$(ls -A /home/alice/Vault)" ""
check "its mounts are as before" same_text "$host" "$(host_mounts)"
check "bob sees no note" lack "$(by su bob 'ls -A /home/alice/Vault' 2>&1)" note
check "root sees nothing, not even in her view" lack "$(nsenter -t "$first" -m ls -A /home/alice/Vault 2>&1)" note
check "show names it" contain "$(jnsctl show alice)" '^ *encfs +/home/alice/Vault +\[clear\]'
check "why says by which rule" contain "$(jnsctl why "$first" /home/alice/Vault/note 2>&1)" '\[clear\]'
check "it runs as alice" equal "$(ps -o user= -C encfs)" alice
stay ssh-key alice
leave "$first_stays"
sleep 3
check "it stays for the sessions that are still there" equal "$(by su alice 'cat ~/Vault/note')" secret
leave
check "and goes with the last" within 15 nothing_stays alice

echo "the daemon"
stay_by_password su alice
first_stays=$stays
stop_jnsd KILL
start_jnsd
check "one that was killed: the next finds the volume" equal "$(by ssh-key alice 'cat ~/Vault/note')" secret
leave "$first_stays"
check "and ends it" within 20 nothing_stays alice
stop_jnsd
check "without a daemon a login mounts it" equal "$(by_password su alice 'cat ~/Vault/note')" secret
stay ssh-key alice 2>/dev/null
check "and the next one finds it" equal "$(by su alice 'cat ~/Vault/note')" secret
check "it is mounted once" within 5 one_encfs
leave
start_jnsd
check "the daemon ends what is left of that" within 20 nothing_stays alice

echo "without a password"
refused=$(by ssh-key alice true 2>&1)
check "the login is refused where there is no view" contain "$refused" "$refusal.*this login has no password"
check "and the journal says why" in_journal 'this login has no password' JNS_USER=alice
check "root gets in" equal "$(by ssh-key root 'echo in')" in
check "skip: carol is let in" equal "$(by ssh-key carol 'ls -A ~/Papers 2>/dev/null; echo in' 2>/dev/null)" in
check "and is told" contain "$(by su carol true 2>&1)" 'not mounted, as this login has no password'
stay ssh-key carol
without=$stays
check "one with a password has a view with it" equal "$(by_password su carol 'echo clear >~/Papers/a; cat ~/Papers/a')" clear
leave "$without"
check "nothing stays" within 15 nothing_stays carol

echo "two with one password"
check "bob has both" equal "$(by_password ssh bob 'echo 1 >~/Vault/a; echo 2 >~/Papers/b; cat ~/Vault/a ~/Papers/b | tr -d "\n"')" 12
check "nothing stays" within 15 nothing_stays bob
check "he has both again" equal "$(by_password su bob 'cat ~/Vault/a ~/Papers/b | tr -d "\n"')" 12
check "on the disk neither can be read" lack "$(ls /home/bob/.vault /home/bob/.papers)" '^[ab]$'
within 15 nothing_stays bob || abort "bob's volumes stay"

echo "with other rules"
rules "[clear]
${vault}user:alice

$private_tmp

[inside-tmp]
action = fuse
program = /usr/bin/bindfs
arguments = --no-allow-other, /srv/shelf
target = /tmp/shelf
create = yes
only = user:alice

[apart]
action = isolate
isolate = ipc, uts, net, pid
only = user:alice

[look]
action = run
program = /usr/bin/cp
arguments = \${home}/Vault/note, \${home}/Vault/copy
run-as = user
only = user:alice"
by_password su alice 'echo secret >~/Vault/note' || true
check "the rules are read" /usr/bin/jnsctl reload
check "with namespaces of her own, a private /tmp and a hook" \
    equal "$(by_password su alice 'cat ~/Vault/copy /tmp/shelf/book | tr "\n" " "')" "secret text "
check "which saw the volume, because it runs later" equal "$(by_password ssh alice 'rm ~/Vault/copy; ls ~/Vault')" note
check "in /tmp only the folder is there" equal "$(ls -A /tmp/shelf 2>/dev/null)" ""
check "its processes are not to be seen from inside" equal "$(by_password su alice 'pgrep -c encfs')" 0
check "nothing stays" within 15 nothing_stays alice
rules "$rules_of_this_test"
check "the rules are back" /usr/bin/jnsctl reload

echo "another program"
check "it needs no password" equal "$(by ssh-key dave 'cat ~/Shelf/book')" text
check "nothing stays" within 15 nothing_stays dave
check "the host's mounts are as before" same_text "$host" "$(host_mounts)"
check "carol, of whom no rule but her own is, never had another's" equal "$(by_password su carol 'ls ~')" Papers

echo "the example"
groupadd vault
usermod -aG vault erin
cp /usr/share/doc/jns/examples/vault.conf /etc/jns/rules.d/
check "the example is read" /usr/bin/jnsctl reload
check "it does what it says" equal "$(by_password ssh erin 'echo mine >~/Vault/a; cat ~/Vault/a')" mine
check "nothing stays" within 15 nothing_stays erin
finish
