#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An encfs volume for one command, as root and as an ordinary user: what is in it is seen by the command and its children, by nobody else,
# and the program that serves it ends with the command, however that ends.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
for home in /root /home/alice; do
    mkdir -p $home/raw $home/clear
    printf 'Secret.1\nSecret.1\n' | encfs --standard -S $home/raw $home/clear >/dev/null 2>&1 || abort "cannot make a volume"
    echo "$home in clear" >$home/clear/file
    fusermount -u $home/clear
done
chown -R alice:alice /home/alice
chmod 700 /home/alice/raw /home/alice/clear
as() {
    local who=$1
    shift
    if [ "$who" = root ]; then (cd /root && "$@" 2>&1); else runuser -u "$who" -- sh -c 'cd; "$@"' sh "$@" 2>&1; fi
    local status=$?
    [ $status -eq 0 ] || echo "status $status"
}
volume="--encfs raw:clear"
with() { local who=$1; shift; printf 'Secret.1\n' | as "$who" jnsrun $volume --password-stdin "$@"; }
serving() { pgrep -x encfs; }
for who in root alice; do
    home=$([ $who = root ] && echo /root || echo /home/alice)
    check "$who: what is in it" equal "$(with $who cat clear/file)" "$home in clear"
    check "$who: the program has ended" within 5 not serving
    check "$who: what is written is there the next time" equal "$(with $who sh -c 'echo new >clear/new'; with $who cat clear/new)" new
    check "$who: and is not in clear on the host" lack "$(ls -A $home/clear; ls $home/raw)" 'new|file'
    check "$who: nobody else sees it" equal "$(with $who sh -c "echo here; ls -A /proc/$$/root$home/clear")" \
        "here$([ $who = root ] || echo $'\n'"ls: cannot access '/proc/$$/root/home/alice/clear': Permission denied"$'\n'"status 2")"
    check "$who: nor is it in the host's mounts" equal "$(with $who sh -c 'sleep 1' & sleep 0.7; grep -c encfs /proc/self/mountinfo; \
        wait)" 0
    check "$who: children see it" equal "$(with $who sh -c '(cat clear/file) & wait')" "$home in clear"
    check "$who: the command is who it was" equal "$(with $who id -u)" "$(id -u $who)"
    check "$who: the status is the command's" equal "$(with $who sh -c 'exit 7')" "status 7"
    check "$who: and its signal" equal "$(with $who sh -c 'kill -KILL $$' | grep -v Killed)" "status 137"
    check "$who: in a PID namespace" contain "$(with $who -pf --mount-proc sh -c 'echo $$ $(cat clear/file); ps -e')" "^1 $home in clear"
    check "$who: where the program is not to be seen" lack "$(with $who -pf --mount-proc ps -e)" encfs
    check "$who: what follows the password is the command's input" \
        equal "$(printf 'Secret.1\nfor cat\n' | as $who jnsrun $volume --password-stdin cat)" "for cat"
    check "$who: a wrong password" equal "$(echo wrong | as $who jnsrun $volume --password-stdin touch ran | tail -n 1)" "status 125"
    check "$who: no password" contain "$(as $who jnsrun $volume --password-stdin touch ran </dev/null)" 'there is no password'
    check "$who: no terminal to ask on" contain "$(as $who setsid jnsrun $volume touch ran </dev/null)" \
        'there is no terminal; give it by --password-stdin'
    check "$who: nothing at the raw place" contain "$(echo x | as $who jnsrun --encfs nothing:clear --password-stdin touch ran)" \
        'cannot use the volume nothing: No such file'
    check "$who: the command ran at none of these" not test -e $home/ran
    check "$who: nothing is served any more" within 5 not serving
done

echo "on a terminal"
typed() { # KEYS...: what a terminal shows when this is typed at the prompt
    rm -f keys screen && mkfifo keys
    # For reading, too: the other end never finds an end.
    (exec 9<>keys; : >screen; within 20 grep -q 'Password of raw' screen; printf "$1" >&9; within 20 grep -q '^status' screen) >/dev/null &
    within 5 test -e screen
    runuser -u alice -- sh -c "cd; script -qec 'trap : INT; jnsrun --encfs raw:clear sh -c \"cat clear/file; stty -a | grep -o .echo\\ \"; echo status \$?; stty -a | grep -o \"[- ]echo \"' /dev/null" <keys | tee -a screen | tr -d '\r'
    wait $!
}
shown=$(typed 'Secret.1\n')
check "the password is asked for" contain "$shown" '^Password of raw: '
check "the volume is opened" contain "$shown" '^/home/alice in clear$'
check "it is not shown" lack "$shown" 'Secret'
check "the terminal is as it was" contain "$shown" '^ echo *$'
shown=$(typed '\003')
check "interrupted there" contain "$shown" '^status 130$'
check "the terminal is as it was then, too" contain "$shown" '^ echo *$'

echo "when one of them ends"
printf 'Secret.1\n' >password
chmod 644 password
begin() { # the command's number, and that of jnsrun
    rm -f number
    (cd /home/alice && exec setpriv --reuid alice --regid alice --clear-groups jnsrun $volume \
        --password-stdin sh -c 'echo $$; exec sleep 100') <password >number &
    jnsrun=$!
    within 10 test -s number || abort "the command does not start"
    command=$(cat number)
}
begin
kill -KILL $jnsrun
check "if jnsrun is killed, the program ends" within 5 not serving
kill "$command"
wait $jnsrun 2>/dev/null
begin
kill -TERM $jnsrun
check "a signal for jnsrun is the command's" within 5 not test -d "/proc/$command"
wait $jnsrun
check "which is what it ends by" equal $? 143
check "and the program ends" within 5 not serving
begin
kill -KILL "$(serving)"
check "if the program dies, the command goes on" test -d "/proc/$command"
kill "$command"
wait $jnsrun 2>/dev/null

echo "on a place that a program serves already"
for who in root alice; do
    home=$([ $who = root ] && echo /root || echo /home/alice)
    mkdir -p $home/plain $home/served
    [ $who = root ] || chown -R alice: $home/plain $home/served
    as $who bindfs --no-allow-other $home/plain $home/served >bindfs.log
    check "(it does: $who)" equal "$(as $who stat -fc %T served)" fuseblk
    volume="--encfs raw:served"
    check "$who: the command sees the volume" equal "$(with $who cat served/file)" "$home in clear"
    check "$who: what it writes is not written there" equal "$(with $who sh -c 'echo secret >served/secret'; find $home/plain -type f)" ""
    check "$who: without the volume it does not run" equal "$(echo wrong | as $who jnsrun $volume --password-stdin touch ran | tail -n 1)" \
        "status 125"
    check "$who: it did not" not test -e $home/ran
    mkdir $home/plain/clear && chown $who: $home/plain/clear
    volume="--encfs raw:served/clear"
    check "$who: it sees it further down, too" equal "$(with $who cat served/clear/file)" "$home in clear"
    check "$who: the program ends" within 5 not serving
    umount -l $home/served
done
volume="--encfs raw:clear"

check "--rootfs: the volume is in the new root" equal "$(mkdir -p tree/{bin,lib,lib64,usr,v}; for f in bin lib lib64 usr; do mount \
    --rbind /$f tree/$f; done
    printf 'Secret.1\n' | as root jnsrun --rootfs $scratch/tree --encfs raw:/v --password-stdin cat /v/file)" "/root in clear"
check "and its program ends" within 5 not serving
finish
