# SPDX-License-Identifier: Apache-2.0
# jnsenter at a terminal: a command of another user cannot type into the caller's, and nobody notices that there are two.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"
echo 1 >/proc/sys/dev/tty/legacy_tiocsti 2>/dev/null
su alice -c 'sleep 4000' </dev/null &
within 10 view_of alice || abort "alice has no view"
at() { python3 "$tests/lib/terminal.py" "$@"; }
as_alice=(jnsenter alice -S alice)

echo "who types into whose"
check "on the caller's own terminal anybody could, here" at pushed "${as_alice[@]}" --no-pty
check "jnsenter gives another user another terminal" not at pushed "${as_alice[@]}"
check "and after a login" not at pushed jnsenter alice --login
check "--pty: root too" not at pushed jnsenter alice --pty
su bob -c 'exec unshare -Urm sleep 4000' </dev/null >/dev/null 2>&1 &
within 10 pgrep -u bob -x sleep || abort "bob cannot make a namespace of his own"
bobs=$(pgrep -u bob -x sleep)
check "a process in a user namespace of its own" not at pushed jnsenter -t "$bobs" -U -m
check "root itself stays where it is" at same jnsenter alice
check "the same for --no-pty" at same "${as_alice[@]}" --no-pty
check "without a terminal there is none" equal "$("${as_alice[@]}" tty </dev/null)" "not a tty"

echo "one terminal inside another"
for options in "alice -S alice" "alice --pty" "alice --login" "-t 1 -m --pty"; do
    # shellcheck disable=SC2206 # options
    command=(jnsenter $options)
    echo "${command[*]}"
    check "a terminal of the same size and settings, which are put back" at own "${command[@]}"
    check "a change of size gets there" at resize "${command[@]}"
    check "keys that end" at keys "${command[@]}"
    check "^Z and on again" at suspend "${command[@]}"
    check "a shell with jobs" at shell "${command[@]}"
    check "ended from outside" at killed "${command[@]}"
    check "much output" at much "${command[@]}"
    check "much input" at paste "${command[@]}"
    check "a terminal that goes" at hangup "${command[@]}"
done
check "output to a file" at output "${as_alice[@]}"
check "the new terminal is the user's" equal "$("${as_alice[@]}" --pty sh -c 'stat -Lc %U /proc/self/fd/0' | tr -d '\r')" alice

echo "--pty without a terminal"
printf 'a\nb' | jnsenter alice --pty sh -c 'cat >/srv/jns-tests/read; exit 0' >/dev/null
check "input has an end" equal "$(cat read)" "a
b"
check "the exit status" equal "$(jnsenter alice --pty sh -c 'exit 9' </dev/null; echo $?)" 9
check "a signal" equal "$(jnsenter alice --pty sh -c 'kill -TERM $$' </dev/null 2>/dev/null; echo $?)" 143

echo "in a PID namespace"
unshare -pf --mount-proc sleep 4000 &
within 5 pgrep -P $! || abort "no PID namespace"
command=(jnsenter -t "$(pgrep -P $!)" -p -m)
check "^C" at keys "${command[@]}"
check "^Z" at suspend "${command[@]}"
check "^C, with a terminal of its own" at keys "${command[@]}" --pty
check "^Z, with a terminal of its own" at suspend "${command[@]}" --pty
check "a shell with jobs" at shell "${command[@]}" --pty
finish
