# SPDX-License-Identifier: Apache-2.0
# jnsenter does what nsenter does: the same command lines through both, and what they do compared. Where this machine's nsenter is too
# old for an option, and where jnsenter means to differ (jnsenter(1), "DIFFERENCES"), the expected values stand here.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"

jns_host "$private_tmp"
export LC_ALL=C
echo "compared with $(nsenter --version)"
cd /srv/jns-tests || abort "no folder"

# What can be told of where one is. Nothing in it changes from one call to the next.
cat >/usr/local/bin/place <<'END'
#!/bin/sh
id
pwd
hostname
for kind in mnt uts ipc net pid cgroup user time; do readlink /proc/self/ns/$kind; done
sed 's/^\([0-9]* \)\{2\}//' /proc/self/mountinfo | cksum
cat /srv/jns-tests/mark/* 2>/dev/null
ip -o link | cut -d' ' -f2
grep -E '^(Cap|Sig[BIC]|Groups|NoNewPrivs)' /proc/self/status
ulimit -Sn
(cd /proc/self/fd && echo *)
env | grep -v '^\(PWD\|OLDPWD\|_\)=' | sort
END
chmod 755 /usr/local/bin/place

# Processes to be entered. Each has a mark of its own.
mkdir -p mark /srv/otherroot
sleeper() { # NAME: its process
    local pid
    for pid in $(pgrep -x sleep); do
        ! tr '\0' '\n' <"/proc/$pid/environ" | grep -qx "NAME=$1" || { echo "$pid"; return; }
    done
    return 1
}
begin() { # NAME COMMAND...
    local name=$1
    shift
    NAME=$name "$@" sh -c "mount -t tmpfs mark /srv/jns-tests/mark && echo $name >/srv/jns-tests/mark/name; hostname $name; cd /etc; exec sleep 4000" \
        </dev/null >/dev/null 2>&1 &
    within 5 sleeper "$name" || abort "cannot begin $name"
}
begin every unshare --mount --uts --ipc --net --pid --cgroup --time --fork --mount-proc
begin mounts unshare --mount --uts
mount --rbind / /srv/otherroot
NAME=rooted chroot /srv/otherroot sh -c 'cd /usr; exec sleep 4000' </dev/null >/dev/null 2>&1 &
within 5 sleeper rooted || abort "cannot begin rooted"
for name in users:--mount usersonly:; do
    NAME=${name%:*} su bob -s /bin/sh -c "exec unshare --user --map-root-user ${name#*:} sh -c 'cd /etc; exec sleep 4000'" </dev/null \
        >/dev/null 2>&1 &
    within 5 sleeper "${name%:*}" || abort "cannot begin $name"
done
every=$(sleeper every) mounts=$(sleeper mounts) rooted=$(sleeper rooted) users=$(sleeper users) usersonly=$(sleeper usersonly)
check "there are those to enter" differ "$every $mounts" "$rooted $users $usersonly"

clean() { env -i PATH="$PATH" HOME=/root SHELL=/bin/sh A=b "$@"; }
via() { # TOOL ARGUMENT...: what it did, and how it ended
    (
        # What somebody else runs gets no more than these from jnsenter.
        for fd in /proc/self/fd/*; do [ "${fd##*/}" -le 2 ] || eval "exec ${fd##*/}<&-"; done
        clean "$@" 2>"$scratch/err.${1##*/}"
        echo "status $?"
    )
}
# same ARGUMENT...: both do the same, and it is something.
same() {
    local theirs ours
    theirs=$(via nsenter "$@")
    ours=$(via jnsenter "$@")
    same_text "$theirs" "$ours" || { cat "$scratch/err.nsenter" "$scratch/err.jnsenter"; return 1; }
}
# both_fail ARGUMENT...: nsenter with 1, jnsenter with 125 and a word.
both_fail() {
    local theirs ours
    theirs=$(via nsenter "$@")
    ours=$(via jnsenter "$@")
    equal "$theirs/$ours" "status 1/status 125" && contain "$(cat "$scratch/err.jnsenter")" '^jnsenter: .'
}
we() { via jnsenter "$@"; cat "$scratch/err.jnsenter"; }

echo "each kind of namespace"
for option in -m -u -i -n -C -T --mount --uts --ipc --net --cgroup --time "-m -u -i -n -C -T" "-m -p" "-m -p -F" "-a" "-a -F" "--all" \
    "-u -n" "--moun --ut"; do
    # shellcheck disable=SC2086 # options
    check "$option" same -t "$every" $option place
done
check "-p: in the process's own proc there is one process of that number, and it is not 1" same -t "$every" \
    -p -m sh -c 'test $$ -gt 1 && ps ax | grep -c "[4]000"'
check "--target=, attached" same --target="$every" -m place
check "-tPID" same -t"$every" -m place
check "-- ends the options" same -t "$every" -m -- place
check "what follows the command is its own" same -t "$every" -m echo -m -t --pty

echo "by file"
for kind in mnt:-m uts:-u ipc:-i net:-n cgroup:-C time:-T mnt:--mount= uts:--uts= net:--net=; do
    check "${kind#*:}/proc/PID/ns/${kind%:*}" same "${kind#*:}/proc/$every/ns/${kind%:*}" place
done
touch netfile
mount --bind "/proc/$every/ns/net" netfile
check "a file that is pinned, by a relative path" same --net=netfile place
check "one of all is by file" same -t "$mounts" -a --net=netfile place
check "a file of another kind" both_fail --mount=netfile true
check "a file that is none" both_fail --mount=/etc/passwd true
check "no file" both_fail --mount=/nowhere true
mkfifo fifo
check "a FIFO is waited for by nobody" equal "$(timeout 5 jnsenter --net=fifo true 2>/dev/null; echo $?)" 125

echo "root and working folder"
for option in -r -w "-r -w" "-r -w/usr" "-r/srv/otherroot" "-r/srv/otherroot -w/usr" -w/usr -w.. --wd=/usr --root=/srv/otherroot -W/usr \
    --wdns=/usr "-r -W/usr"; do
    # shellcheck disable=SC2086 # options
    check "$option" same -t "$rooted" $option sh -c 'pwd; ls /srv/otherroot | wc -l'
    # shellcheck disable=SC2086 # options
    check "$option -m" same -t "$mounts" -m $option pwd
done
check "-w and -W" both_fail -t "$mounts" -w -W/usr true
check "-w: no such folder" both_fail -t "$mounts" -w/nowhere true
check "-W: no such folder" both_fail -t "$mounts" -m -W/nowhere true
check "a leading = is no part of a short option's folder, as with later versions" equal "$(we -t "$mounts" -w=/usr pwd)" "/usr
status 0"

echo "ids"
check "-G: that group and no others" same -t "$mounts" -m -G 5 place
check "-G and -S" same -t "$mounts" -m -G 1002 -S 1002 sh -c 'id -u; id -g'
check "-U: what is root there" same -t "$usersonly" -U place
check "-U -m" same -t "$users" -U -m place
check "-a into a user's" same -t "$users" -a place
check "--preserve-credentials" same -t "$usersonly" -U --preserve-credentials place
check "-U -S -G" same -t "$usersonly" -U -S 0 -G 0 place
check "the user namespace that one is in already" both_fail -t $$ -U true
as_bob() { su bob -s /bin/sh -c "$1" 2>&1; }
check "an ordinary user: their own user namespace" equal "$(as_bob "nsenter -t $users -U -m --preserve-credentials place")" \
    "$(as_bob "jnsenter -t $users -U -m --preserve-credentials place")"
check "where they may not set groups" equal "$(as_bob "jnsenter -t $users -U true >/dev/null; echo \$?" | tail -n 1)" 125
check "and nobody else's" equal "$(as_bob "jnsenter -t $mounts -m true; echo \$?" | tail -n 1)" 125

echo "the exit status"
status_of() { "$@" >/dev/null 2>&1; echo $?; }
for command in "exit 0" "exit 1" "exit 77" "exit 125" 'kill -TERM $$' 'kill -KILL $$' 'kill -SEGV $$'; do
    check "$command" same -t "$mounts" -m sh -c "$command"
    check "$command, with a process between" equal "$(status_of jnsenter -t "$every" -p sh -c "$command")" "$(status_of sh -c "$command")"
done
check "a signal between: re-raised, not told as a number" equal \
    "$(python3 -c 'import subprocess, sys; print(subprocess.call(sys.argv[1:]))' \
    jnsenter -t "$every" -p -m sh -c 'sleep 5 & kill -KILL $!; wait $!; trap - TERM; exec sh -c "kill -USR1 \$\$"' 2>/dev/null)" -10
check "no such command" same -t "$mounts" -m nosuchcommand
check "not executable" same -t "$mounts" -m /etc/passwd
check "a folder" same -t "$mounts" -m /etc
for line in "-t 999999999 -m true" "-t 0 -m true" "-t x -m true" "--nonsense" "-t $mounts -m --mo=/x --us=/x true" \
    "-t $$ -m -t" "-t $mounts -S root -m --wdns=/nowhere true"; do
    # shellcheck disable=SC2086 # arguments
    check "$line" both_fail $line
done
gone=$(sh -c 'echo $$')
check "a process that is gone" both_fail -t "$gone" -m true
check "--help" equal "$(jnsenter --help >/dev/null; echo $?)" 0
check "-V" contain "$(jnsenter -V)" '^jnsenter [0-9]'

echo "what the command inherits"
check "input that is read later" equal "$(echo hi | jnsenter -t "$mounts" -m cat)" hi
check "a soft limit" equal "$(ulimit -Sn 123; jnsenter -t "$mounts" -m sh -c 'ulimit -Sn; ulimit -Hn')" \
    "$(ulimit -Sn 123; ulimit -Sn; ulimit -Hn)"
check "descriptors that are open" equal "$(nsenter -t "$mounts" -m sh -c 'cd /proc/self/fd; echo *' 7</etc/passwd 9>/dev/null)" \
    "$(jnsenter -t "$mounts" -m sh -c 'cd /proc/self/fd; echo *' 7</etc/passwd 9>/dev/null)"
check "by a JVM of its own, too" equal "$(su bob -c 'jnsenter -t $$ -w sh -c "cd /proc/self/fd; echo *" 7</etc/passwd')" \
    "$(su bob -c 'sh -c "cd /proc/self/fd; echo *" 7</etc/passwd')"
for closed in "<&-" ">&-" "2>&-" "<&- >&-" "<&- >&- 2>&-"; do
    seen='sh -c "ls /proc/self/fd >seen; readlink /proc/self/ns/uts >>seen"'
    eval "nsenter -t $mounts -u $seen $closed"
    theirs=$(cat seen)
    eval "jnsenter -t $mounts -u $seen $closed"
    check "closed stays closed, and all is entered: $closed" same_text "$theirs" "$(cat seen)"
done
# exec_with WHAT COMMAND...: python's way to start a program with a mask of signals and dispositions.
exec_with() { python3 -c "import os, signal, sys; $1; os.execvp(sys.argv[1], sys.argv[1:])" "${@:2}"; }
signals() { grep -E '^Sig(Blk|Ign)' | tr -d '\t'; }
check "blocked signals are not blocked any more" equal \
    "$(exec_with 'signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))' jnsenter -t "$mounts" -m cat /proc/self/status | signals |
    head -n 1)" "SigBlk:0000000000000000"
check "ignored ones stay ignored" equal "$(exec_with 'signal.signal(signal.SIGHUP, signal.SIG_IGN)' jnsenter -t "$mounts" \
    -m cat /proc/self/status | signals)" \
    "$(exec_with 'signal.signal(signal.SIGHUP, signal.SIG_IGN)' cat /proc/self/status | signals)"
check "also with a process between, SIGCHLD too" equal \
    "$(exec_with 'signal.signal(signal.SIGCHLD, signal.SIG_IGN); signal.signal(signal.SIGHUP, signal.SIG_IGN)' jnsenter -t "$every" \
    -p sh -c 'cat /proc/self/status; exit 0' | signals)" \
    "$(exec_with 'signal.signal(signal.SIGCHLD, signal.SIG_IGN); signal.signal(signal.SIGHUP, signal.SIG_IGN)' \
    sh -c 'cat /proc/self/status; exit 0' | signals)"
check "whose exit status is kept then" equal "$(exec_with 'signal.signal(signal.SIGCHLD, signal.SIG_IGN)' jnsenter -t "$every" \
    -p sh -c 'exit 9'; echo $?)" 9
check "no child that it did not start" equal "$(su bob -c "exec jnsenter -t \$\$ -w python3 -c 'import os
try: print(os.waitpid(-1, os.WNOHANG))
except ChildProcessError: print(\"none\")'")" none
check "an argument of bytes" equal "$(jnsenter -t "$mounts" -m printf %s $'\xff\xc3\xa4 \x01' '' | od -An -tx1)" \
    "$(printf %s $'\xff\xc3\xa4 \x01' '' | od -An -tx1)"
long=$(head -c 100000 /dev/zero | tr '\0' x)
check "many long arguments" equal "$(jnsenter -t "$mounts" -m sh -c 'echo $# ${#1} ${#14}' sh "$long" "$long" "$long" "$long" "$long" \
    "$long" "$long" "$long" "$long" "$long" \
    "$long" "$long" "$long" "$long")" "14 100000 100000"

echo "signals to the process between"
jnsenter -t "$every" -p sh -c 'trap "echo got it; exit 3" TERM; echo on; while :; do sleep 0.1; done' >signals &
between=$!
within 5 grep -q on signals
kill -TERM $between
wait $between
check "SIGTERM goes to the command" equal "$?/$(cat signals)" "3/on
got it"
jnsenter -t "$every" -p sh -c 'echo $$; exec sleep 100' >/dev/null &
between=$!
child() { pgrep -P "$between"; }
within 5 child
state() { awk '/^State/ { print $2 }' "/proc/$1/status"; }
stopped() { [ "$(state "$1")" = T ]; }
running() { [ "$(state "$1")" = S ]; }
kill -STOP "$(child)"
check "it stops when the command does" within 5 stopped $between
kill -CONT $between
check "and continues it" within 5 running "$(child)"
kill -TSTP $between
check "SIGTSTP stops both" within 5 stopped $between
check "the command first" stopped "$(child)"
kill -CONT $between
within 5 running "$(child)"
kill -TERM "$(child)"
wait $between
check "and ends as it ends" equal $? 143

echo "what this machine's nsenter does not have, or has wrong"
inode_of() { python3 -c 'import os, sys; print(os.fstat(os.pidfd_open(int(sys.argv[1]))).st_ino)' "$1"; }
check "PID:INODE" equal "$(we -t "$mounts:$(inode_of "$mounts")" -u hostname)" "mounts
status 0"
check "another process by now" contain "$(we -t "$mounts:$(inode_of "$every")" -u hostname)" "^status 125|another one by now"
check "-e: the environment that it was started with" equal "$(we -t "$mounts" -e env | grep ^NAME=)" "NAME=mounts"
check "and nothing of ours" lack "$(we -t "$mounts" -e env)" '^A=b'
check "-e ends no cluster: it has no value" equal "$(we -t "$mounts" -eu hostname)" "mounts
status 0"
check "--env NAME=VALUE" equal "$(we -t "$mounts" -m --env X=1 --env=Y=2 sh -c 'echo $X$Y$A')" "12b
status 0"
check "-c keeps the input" equal "$(echo hi | jnsenter -t $$ -c cat 2>&1 | grep -v 'Read-only')" \
    "$(grep -q '^0::' /proc/self/cgroup && test -w /sys/fs/cgroup/cgroup.procs -o -w /sys/fs/cgroup/unified/cgroup.procs && echo hi)"
check "-S leaves no group of root's" equal "$(we -t "$mounts" -m -S 1002 id)" "$(id bob)
status 0"
check "a name" equal "$(we -t "$mounts" -m -S bob id)" "$(id bob)
status 0"
usermod -aG daemon bob
check "with all groups of the name's" equal "$(we -t "$mounts" -m -S bob id)" "$(id bob)
status 0"
check "a name and a group" equal "$(we -t "$mounts" -m -S bob -G mail id -gn)" "mail
status 0"
check "a number that nobody has" contain "$(we -t "$mounts" -m -S 4711 id)" 'add -G'
check "with a group" equal "$(we -t "$mounts" -m -S 4711 -G 5 id)" "uid=4711 gid=5(tty) groups=5(tty)
status 0"
check "follow" equal "$(we -t "$usersonly" -w -S follow id)" "uid=1002(bob) gid=1002(bob) groups=1002(bob)
status 0"
NAME=socket python3 -c 'import socket, time; s = socket.socket(); print(s.fileno(), flush=True); time.sleep(4000)' >number </dev/null &
socket=$!
within 5 test -s number
check "-N: the network of a socket" equal "$(we -t $socket -N "$(cat number)" readlink /proc/self/ns/net)" "$(readlink /proc/self/ns/net)
status 0"
nsenter -t "$every" -n python3 -c 'import socket, time; s = socket.socket(); print(s.fileno(), flush=True); time.sleep(4000)' >number2 \
    </dev/null &
socket=$!
within 5 test -s number2
check "also where the process has gone elsewhere" equal "$(we -t $socket -N "$(cat number2)" readlink /proc/self/ns/net)" \
    "$(readlink "/proc/$every/ns/net")
status 0"
check "a descriptor that is no socket" contain "$(we -t $socket -N 0 true)" 'cannot find the network namespace|status 125'
check "--user-parent: the users around the namespace" equal "$(we -t "$users" -u --user-parent true)" "status 125
jnsenter: cannot enter the user namespace: Invalid argument; one cannot enter the one that one is in"
check "--user-parent of the mount namespace" equal "$(we -t "$users" -m --user-parent --preserve-credentials readlink /proc/self/ns/user)" \
    "$(readlink "/proc/$users/ns/user")
status 0"
check "--keep-caps" contain "$(we -t "$users" -U --keep-caps grep CapAmb /proc/self/status)" 'CapAmb:.0*[1-9a-f]+'
check "no kind of namespace" contain "$(we -t "$mounts" true)" 'there is nothing to enter'
check "-Z where there is no SELinux" equal "$(we -t "$mounts" -m -Z true)" "status 0"

echo "mounts that a user chose"
check "root is not led there by -m alone" contain "$(we -t "$users" -m true)" 'a user made it'
check "not by a file either" contain "$(we "/proc/$users/ns/mnt" true)" 'a user made it'
check "with the user namespace it is the user's root only" equal "$(we -t "$users" -U -m cat /proc/self/uid_map | tr -s ' ')" " 0 1002 1
status 0"
check "--trust-mounts" equal "$(we -t "$users" -m --trust-mounts readlink /proc/self/ns/mnt)" "$(readlink "/proc/$users/ns/mnt")
status 0"
echo "called as nsenter"
mkdir -p as && ln -s /usr/lib/jns/jns-start as/nsenter
exact() { # ARGUMENT...: the same to the status and the groups
    local theirs ours
    theirs=$(via nsenter "$@")
    ours=$(via "$scratch/as/nsenter" "$@")
    same_text "$theirs" "$ours"
}
via_as() { via "$scratch/as/nsenter" "$@"; }
for line in "-t $every -m place" "-t $every -a place" "-t $mounts -m -S 1002 id -u" "-t $mounts -m -G 5 place" "-t $usersonly -U place" \
    "-t $users -a place" \
    "-t $users -m id -u" "-t $rooted -r -w pwd" "-t $mounts -m sh -c false" "-t 999999999 -m true" "--nonsense" "-t $$ -U true" \
    "--mount=/etc/passwd true"; do
    # shellcheck disable=SC2086 # arguments
    check "[A10] $line" exact $line
done
check "[A10] -S leaves the groups, as there" equal "$(via_as -t "$mounts" -m -S 1002 id -G)" "$(nsenter -t "$mounts" -m -S 1002 id -G)
status 0"
check "[A10] a user's name is a command" contain "$("$scratch/as/nsenter" -t "$mounts" -m alice 2>&1; echo $?)" 'cannot run alice: '
finish
