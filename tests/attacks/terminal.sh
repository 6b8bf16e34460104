# SPDX-License-Identifier: Apache-2.0
# Root runs a command as somebody else, who tries to get at what is root's: the terminal, by typing into it and by reading from it;
# descriptors, keys, priority.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"
echo 1 >/proc/sys/dev/tty/legacy_tiocsti 2>/dev/null
su alice -c 'sleep 4000' </dev/null >/dev/null 2>&1 &
within 10 view_of alice || abort "alice has no view"
su bob -s /bin/sh -c 'exec unshare -Urm sleep 4000' </dev/null >/dev/null 2>&1 &
of_bob() { pgrep -nx -u bob sleep; }
within 10 of_bob || abort "bob has no namespaces"

# at_terminal LINE: root's shell runs the line at a terminal. The status says whether anything was typed or read by others.
at_terminal() { timeout 60 python3 "$tests/lib/terminal.py" guarded sh -c "$1"; }
probe="python3 $scratch/reach"
cp "$tests/lib/reach" "$scratch/reach"
chmod 755 "$scratch/reach"
bobs=$(of_bob)
file=$scratch/out
touch "$file"

check "the probe finds a terminal that is shared" not at_terminal "jnsenter alice -S alice --no-pty $probe"
for redirected in ">$file" "2>$file" "</dev/null >$file" "</dev/null 2>$file" ">$file 2>&1" "</dev/null >$file 2>&1"; do
    check "[A3] jnsenter alice --login $redirected" at_terminal "jnsenter alice --login $probe $redirected"
done
for command in "jnsenter alice --login" "jnsenter alice -S alice" "jnsenter -t $bobs -S follow -w" "jnsenter -t $bobs -U -m" \
    "jnsenter $bobs" \
    "jnsenter /proc/$bobs/ns/user" "jnsrun -S alice" "jnsrun -pf --mount-proc -S alice"; do
    check "[A3] $command at a terminal" at_terminal "$command $probe"
    check "[A3] $command with another input" at_terminal "$command $probe </dev/null"
    check "[A3] $command between pipes" at_terminal "echo | $command $probe | cat"
done

echo "a session without a terminal"
at() { python3 "$tests/lib/terminal.py" "$@"; }
check "output, keys and the status come through" at piped jnsenter alice -S alice
check "the same for jnsrun" at piped jnsrun -S alice
check "the one outside is killed" at orphaned jnsenter alice -S alice
check "where there is no terminal anywhere, nothing is between" \
    equal "$(setsid -w sh -c 'echo $$; exec jnsenter alice -S alice sh -c "echo \$\$"' </dev/null 2>&1 | uniq | wc -l)" 1

echo "what execve(2) keeps"
echo secret >"$scratch/secret"
chmod 600 "$scratch/secret"
key='import ctypes, os, sys
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall(250, 1, None)
libc.syscall(248, b"user", b"jns-secret", b"x", 1, ctypes.c_int(-3))
libc.syscall(250, 5, ctypes.c_int(-3), 0x3f3f3f3f)
os.execvp(sys.argv[1], sys.argv[1:])'
looks='import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print("key", libc.syscall(250, 10, ctypes.c_int(-3), b"user", b"jns-secret", 0) > 0)'
for command in "jnsenter alice --login" "jnsrun -S alice"; do
    check "[A5] $command: no descriptor that root had open" equal "$($command sh -c 'cd /proc/self/fd && echo *' 7<"$scratch/secret" \
        9</dev/null)" "0 1 2 3"
    check "[A5] $command: no key from root's keyring" equal "$(python3 -c "$key" $command python3 -c "$looks")" "key False"
    check "[A5] $command: files are not everybody's to write" equal "$(umask 000; $command sh -c umask)" 0022
    check "[A5] $command: a stricter mask stays" equal "$(umask 077; $command sh -c umask)" 0077
    check "[A5] $command: not root's priority" equal "$(nice -n -5 $command nice; nice -n 5 $command nice; chrt -r 5 $command chrt \
        -p 0 2>/dev/null | grep -c OTHER)" "0
5
1"
    # In a container root may not lower it.
    if sh -c 'echo -900 >/proc/self/oom_score_adj' 2>/dev/null; then
        check "[A5] $command: memory that runs out ends it, too" \
            equal "$(sh -c 'echo -900 >/proc/self/oom_score_adj; exec "$@"' sh $command cat /proc/self/oom_score_adj)" 0
    fi
    check "[A5] $command: random addresses" equal "$(setarch -R $command cat /proc/self/personality)" 00000000
    check "[A5] $command: no capability, whatever the securebits" equal \
        "$(setpriv --securebits +no_setuid_fixup --inh-caps +chown --ambient-caps +chown $command grep -hE '^Cap(Inh|Prm|Eff|Amb)' \
        /proc/self/status | grep -vc 0000000000000000)" 0
done
check "root's own command keeps its descriptors" contain "$(jnsenter alice sh -c 'cd /proc/self/fd && echo *' 7</dev/null) " ' 7 '
check "and its keys" equal "$(python3 -c "$key" jnsenter alice python3 -c "$looks")" "key True"
finish
