#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# jnsrun compared with unshare(1): the same command line through both, and what the command finds: ids, groups, capabilities, namespaces,
# mounts, clocks, signals, descriptors, and the exit status. Where they differ on purpose, the man page says so, and it is a sentence here.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
echo "compared with $(unshare --version)"
echo root:300000:65536 | tee -a /etc/subuid >>/etc/subgid
usermod -aG games,users alice

# What a command finds, with everything replaced that is another number each time.
cat >look <<'END_OF_LOOK'
#!/bin/sh
exec 2>&1
id
grep -E '^(Uid|Gid|Groups|Sig(Blk|Ign|Cgt)|Cap...|NoNewPrivs)' /proc/self/status
for file in uid_map gid_map setgroups timens_offsets; do echo "$file: $(tr -s ' \n' ' ;' </proc/self/$file)"; done
for kind in cgroup ipc mnt net pid pid_for_children time user uts; do
    here=$(readlink /proc/self/ns/$kind)
    if [ "$here" = "$(sed -n "s/^$kind //p" /srv/jns-tests/outside)" ]; then echo "$kind outside"; else echo "$kind own"; fi
done
echo "cwd $(pwd) umask $(umask) limit $(ulimit -n) hard $(ulimit -Hn) name $(uname -n) home $HOME path $PATH"
echo "arguments $# $*"
if [ $$ -eq 1 ]; then echo "process 1"; fi
ls /proc/self/fd | tr '\n' ' '
echo
[ "$(ls -d /proc/[0-9]* 2>/dev/null | wc -l)" -lt 8 ] && echo "few processes"
cut -d ' ' -f 4- /proc/self/mountinfo | sed -E 's/(shared|master|propagate_from):[0-9]+/\1/g'
END_OF_LOOK
chmod 755 look
for kind in cgroup ipc mnt net pid pid_for_children time user uts; do echo "$kind $(readlink /proc/self/ns/$kind)"; done >outside
look=$scratch/look

# What the test itself has open is no part of the question: with -S it is closed.
close_others() {
    local fd
    for fd in "/proc/$BASHPID/fd"/*; do
        fd=${fd##*/}
        [ "$fd" -le 2 ] || [ "$fd" = 255 ] || eval "exec $fd>&-"
    done
}
# as WHO COMMAND...: with its status at the end.
as() {
    local who=$1
    shift
    if [ "$who" = root ]; then (close_others; cd /root && "$@" </dev/null); else runuser -u "$who" -- sh -c 'cd; "$@"' sh "$@" </dev/null; \
        fi
    echo "status $?"
}
# By that name it is unshare, and does no more.
ln -s /usr/lib/jns/jns-start unshare
compare() { # WHO OPTION...
    local who=$1 expected found
    shift
    expected=$(as "$who" unshare "$@" 2>/dev/null) found=$(as "$who" $scratch/unshare "$@" 2>/dev/null)
    check "$who: $*" same_text "$expected" "$found"
    case $wanted,$expected in "status 1,status 1") ;; "status 1",* | *,"status 1") check "$who: $*: is what the table says" false ;; esac
}

mkdir -p root/proc && mkdir -p root/w && for folder in bin lib lib64 usr etc srv; do [ -e /$folder ] &&
    { mkdir -p root/$folder; mount --rbind /$folder root/$folder; }; done

# The user, and the words after the program's name. In all except those after "fails" the programs succeed.
while read -r who words; do
    wanted="status 1"
    [ "$who" = fails ] && read -r who words <<<"$words" || wanted="status .*"
    # The table belongs to this file, and quotes as a shell does.
    for one in ${who//,/ }; do eval "compare $one $words"; done
done <<END_OF_TABLE
root,alice $look
root -m $look a 'b c' --mount
root -u $look
root -i $look
root -n $look
root -p -f $look
root -C $look
root -T $look
root -muinCT $look
root -pf --mount-proc $look
root -fp --mount-proc=/proc $look
root --mount --uts --ipc --net --cgroup --time $look
root,alice -U $look
root,alice -r $look
root,alice -c $look
root,alice -rm $look
root,alice -uUrpfm --mount-proc $look
root,alice -uUrpfmniC --mount-proc $look
root,alice -U --map-user=7 --map-group=9 $look
root,alice --map-user daemon --map-group games $look
root,alice --map-user 7 --map-user 8 $look
fails root,alice -r --setgroups deny $look
root,alice -U --setgroups allow $look
root,alice -U --setgroups deny $look
root,alice -c --keep-caps $look
root,alice -U --keep-caps $look
root,alice --keep-caps $look
alice --map-auto $look
alice -r --map-users 100000,1,1000 --map-groups 100000,1,1000 $look
alice --map-users 100000,0,65536 --map-groups 100000,0,65536 $look
fails alice --map-users 200000,1,1000 $look
root,alice -rT --monotonic 1000 --boottime 2000 $look
root -T --monotonic 5 $look
root -m --propagation slave $look
root -m --propagation shared $look
root -m --propagation unchanged $look
root,alice --propagation slave $look
fails root,alice -rm --propagation slave --mount-proc $look
root -m --propagation unchanged -pf --mount-proc $look
root -R $scratch/root -m --mount-proc $look
root -R $scratch/root -w /w $look
root -R $scratch/root/../root -pf --mount-proc $look
alice -r -R $scratch/root $look
root,alice -w / $look
root,alice -w /srv $look
root -w / -R $scratch/root pwd
root -G 5 $look
root -S 0 -G 0 $look
root -G 1000 -S 1000 $look
root -S 1000 $look
alice -r -S 0 $look
alice --map-auto -S 5 -G 6 $look
fails root,alice -r -G 0 -S 0 $look
root,alice -f $look
root,alice --fork -r $look
root,alice --kill-child -r $look
root,alice --kill-child=TERM $look
root,alice -r -- $look -r
root,alice -r sh -c 'env | grep -v ^_='
root,alice $scratch/nothing-here
root,alice /etc/passwd
root,alice /etc
root,alice nothing-here
root,alice sh -c 'exit 7'
root,alice -f sh -c 'exit 7'
root,alice -r -p -f sh -c 'exit 200'
root,alice -f sh -c 'kill -TERM \$\$'
root,alice sh -c 'kill -TERM \$\$'
root,alice sh -c 'kill -KILL \$\$'
root,alice -f sh -c 'kill -HUP \$\$'
root,alice -rpf sh -c 'kill -TERM \$\$; exit 5'
root,alice -r -p sh -c 'true; exit 5'
END_OF_TABLE

echo "what newer versions of unshare have"
# maps WHO OPTION...: both maps, on one line.
maps() { local who=$1; shift; as "$who" jnsrun "$@" sh -c 'echo $(cat /proc/self/uid_map) / $(cat /proc/self/gid_map)' 2>&1 | head -n 1; }
id=$(id -u alice)
sub=$(sed -n 's/^alice:\([0-9]*\):.*/\1/p' /etc/subuid)
rest=$((65536 - id)) after=$((sub + id))
check "ranges inside first" equal "$(maps root --map-users 0:100000:5 --map-groups 0:200000:6)" "0 100000 5 / 0 200000 6"
check "several, the last one first" equal "$(maps root --map-users 0:100000:5 --map-users 10:7:1 --map-groups all)" \
    "10 7 1 0 100000 5 / 0 0 4294967295"
check "all that there are" equal "$(maps root --map-users all --map-groups all)" "0 0 4294967295 / 0 0 4294967295"
# shellcheck disable=SC2123 # so that no program is found
check "root needs no program to write them" equal "$(PATH=/nowhere; maps root --map-users 5:6:7 2>&1 | sed 's: /.*::')" ""
check "subordinate ids as themselves" equal "$(maps alice --map-subids)" "$sub $sub 65536 / $sub $sub 65536"
check "all of them, and the caller's" equal "$(maps alice -r --map-auto)" "0 $id 1 1 $sub 65536 / 0 $id 1 1 $sub 65536"
check "a hole for one's own" equal "$(maps alice -c --map-auto)" \
    "$id $id 1 0 $sub $id $((id + 1)) $after $rest / $id $id 1 0 $sub $id $((id + 1)) $after $rest"
check "who has no subordinate ids is told" contain "$(as nobody jnsrun --map-auto true 2>&1)" '/etc/subuid has none for you'
check "--clear-env" equal "$(as root env A=b jnsrun --clear-env /usr/bin/env)" "status 0"
check "-S and -G take names" equal "$(as root jnsrun -S alice -G games id -un; as root jnsrun -S alice -G games id -gn)" \
    "$(printf 'alice\nstatus 0\ngames\nstatus 0')"

echo "what is other on purpose"
check "without a namespace that is named there are mounts of its own" \
    equal "$(as root jnsrun sh -c 'mount --bind /etc /srv && ls -d /srv/passwd'; ls /srv/passwd 2>&1)" "/srv/passwd
status 0
ls: cannot access '/srv/passwd': No such file or directory"
check "with one that is named there is that one" equal "$(as root jnsrun -u readlink /proc/self/ns/mnt)" "$(readlink /proc/self/ns/mnt)
status 0"
check "one value that is given twice is refused" equal "$(as root jnsrun -m -w /srv -w /etc true 2>&1)" \
    "jnsrun: --wd: it is given twice, with different values; leave one of them out; see jnsrun --help
status 125"
check "-S alone does not keep root's groups" equal "$(as root jnsrun -S alice id)" "$(id alice; echo status 0)"
check "a number that is nobody's has no group" equal "$(as root jnsrun -S 4242 true 2>&1)" \
    "jnsrun: cannot become user 4242: the user database does not say of which group; add -G
status 125"
check "unless one is given" equal "$(as root jnsrun -S 4242 -G 7 id -G)" $'7\nstatus 0'
check "a failure of its own is 125" equal "$(as root jnsrun --no-such-option true 2>/dev/null)" "status 125"
check "a command that is killed is, with -f too" equal "$(as root jnsrun -f sh -c 'kill -KILL $$' 2>/dev/null)" "status 137"
check "a file's name may follow the short option's place by its long one only" equal "$(as root jnsrun -uFILE true 2>/dev/null)" \
    "status 125"
check "--help is no failure" contain "$(as root jnsrun --help)" '^status 0$'
check "--version names it" contain "$(as alice jnsrun -V)" '^jnsrun, jns '

echo "namespaces that are kept"
mount -t tmpfs kept /media && mount --make-private /media && touch /media/kept
keeps() { [ "$(as root jnsrun --"$1"=/media/kept true)" = "status 0" ]; }
for words in "uts uts" "net net" "ipc ipc" "cgroup cgroup" "mnt mount" "user user"; do
    read -r kind long <<<"$words"
    # A mount namespace can be kept only in an older one. Linux 6.18 gives each processor numbers of its own, so a new namespace may count
    # as older by chance; unshare(1) fails then, too.
    if [ "$kind" = mnt ]; then
        check "--$long=FILE" within 5 keeps "$long"
    else
        check "--$long=FILE" keeps "$long"
    fi
    check "--$long=FILE is what the command was in" differ "$(nsenter "--$long=/media/kept" readlink "/proc/self/ns/$kind" 2>&1)" \
        "$(readlink "/proc/self/ns/$kind")"
    umount /media/kept
done
check "--pid=FILE needs -f, as with unshare" contain "$(as root jnsrun --pid=/media/kept true 2>&1)" \
    'cannot keep pid_for_children on /media/kept: .*needs -f'
check "--pid=FILE -f" equal "$(as root jnsrun -f --pid=/media/kept true)" "status 0"
umount /media/kept
check "a missing file" equal "$(as root jnsrun --uts=/media/kept --mount=/media/nothing touch $scratch/ran 2>/dev/null)" "status 125"
check "the command does not run then" not test -e ran

echo "signals"
# started PID-FILE: a command that writes its number there runs; $jnsrun is who was started, $command the number.
start() { # OPTION... -- COMMAND
    rm -f number
    jnsrun "$@" &
    jnsrun=$!
    within 10 test -s number || abort "the command does not start"
    command=$(cat number)
}
state() { sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$1/status"; }
is() { [ "$(state "$1")" = "$2" ]; }
start sh -c 'echo $$ >number; exec sleep 100'
check "without -f the command is the process that was started" equal "$command" $jnsrun
kill $jnsrun
wait $jnsrun
check "and ends by a signal" equal $? 143
start -f sh -c 'trap "echo got >number; exit 3" TERM; echo $$ >number; while :; do sleep 0.1; done'
check "with -f it is a child" equal "$(sed -n 's/^PPid:\t//p' "/proc/$command/status")" $jnsrun
kill -TERM $jnsrun
kill -INT $jnsrun
sleep 0.3
check "SIGTERM and SIGINT for the parent do nothing" test -d "/proc/$command" -a -d /proc/$jnsrun
kill -STOP "$command"
check "if the command stops, the parent does" within 5 is $jnsrun T
kill -CONT $jnsrun
check "and they continue together" within 5 is "$command" S
kill -TERM "$command"
wait $jnsrun
check "the status is the command's" equal $? 3
start --forward-signals sh -c 'trap "exit 4" TERM; echo $$ >number; while :; do sleep 0.1; done'
kill -TERM $jnsrun
wait $jnsrun
check "--forward-signals" equal $? 4
for program in unshare jnsrun; do
    $program -f sleep 100 &
    sleep 0.7
    kill -HUP $!
    wait $! 2>/dev/null
    check "another signal ends the one who waits: $program" equal $? 129
done
pkill -x sleep
start --kill-child sh -c 'echo $$ >number; exec sleep 100'
kill -KILL $jnsrun
check "--kill-child" within 5 not test -d "/proc/$command"
wait $jnsrun 2>/dev/null
start -f sh -c 'echo $$ >number; exec sleep 100'
kill -KILL $jnsrun
sleep 0.3
check "without it the command stays" test -d "/proc/$command"
kill "$command"

echo "what is inherited"
inherit() { (exec 7</etc/passwd 8</dev/null; trap '' HUP USR2; ulimit -Sn 512; umask 027; cd /srv && "$@" </dev/null); }
for words in "-m" "-f" "-U" "-r"; do
    check "descriptors, ignored signals, limits, umask, folder: $words" same_text "$(inherit unshare "$words" $look)" \
        "$(inherit $scratch/unshare "$words" $look)"
done
check "standard input is the command's" equal "$(echo hello | jnsrun -m cat)" hello
check "also after a child" equal "$(echo hello | jnsrun -f cat)" hello
check "what was closed stays closed" same_text "$(unshare -m ls -l /proc/self/fd <&- 2>&1 | wc -l)" \
    "$(jnsrun -m ls -l /proc/self/fd <&- 2>&1 | wc -l)"
check "arguments are bytes" equal "$(jnsrun -m printf %s $'a\xff\nb c')" $'a\xff\nb c'
check "no command: the shell, as one that logs in" equal "$(SHELL=/bin/sh jnsrun -m <<<'echo $0')" "-sh"

finish
