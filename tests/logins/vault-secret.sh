#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The password of a login that opens a volume: it arrives as it is, and stays nowhere. encfs and gocryptfs themselves keep the key of the
# volume, as they must, and what they keep of the password is theirs; they run as the user.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"
. "$tests/lib/vault.sh"

prepare_host
install_jns
volumes='[clear]
action = encfs
source = ${home}/.vault
target = ${home}/Vault
create = yes
except = user:root

[papers]
action = gocryptfs
source = ${home}/.papers
target = ${home}/Papers
create = yes
except = user:root'
rules "$volumes"
start_jnsd
use_module "$with_password debug"

# by_bytes FILE USER COMMAND: by su, with the bytes of the file as the password.
by_bytes() { { cat "$1"; echo; } | setpriv --reuid nobody --regid nogroup --clear-groups su "$2" -c "$3" 2>&1; }
# takes USER FILE: the bytes are the user's password from now on.
takes() { usermod -p "$(perl -e 'local $/; open F, $ARGV[0]; $p = <F>; print crypt($p, "\$6\$saltsalt\$")' "$2")" "$1"; }

echo "what arrives"
perl -e 'for my $l (1 .. 255) { print chr($l) unless $l == 10 }' >all
perl -e 'print "x" x 511' >long
perl -e 'print "p" . chr(39) . "\"\$(reboot)`x`\\ %s%n \t;"' >odd
for bytes in all long odd; do
    rm -rf /home/alice/.vault /home/alice/.papers
    takes alice "$bytes"
    check "$bytes: volumes are made with it" contain "$(by_bytes "$bytes" alice 'echo 1 >~/Vault/a && echo 2 >~/Papers/b && echo both')" \
        'both$'
    within 15 nothing_stays alice || abort "alice's volumes stay"
    check "$bytes: it opens them" contain "$(by_bytes "$bytes" alice 'cat ~/Vault/a ~/Papers/b | tr -d "\n"')" '12$'
    within 15 nothing_stays alice || abort "alice's volumes stay"
    install -m 600 -o alice -g alice "$bytes" given
    mkdir -p -m 700 by-hand && chown alice by-hand
    check "$bytes: encfs opens it with these bytes, and no others" setpriv --reuid alice --regid alice --init-groups \
        sh -c "encfs --stdinpass -c ~alice/.vault/.encfs6.xml ~alice/.vault $scratch/by-hand <given && test -e by-hand/a; s=\$?; fusermount3 -u by-hand; exit \$s"
    check "$bytes: so does gocryptfs" setpriv --reuid alice --regid alice --init-groups \
        sh -c "gocryptfs -q ~alice/.papers $scratch/by-hand <given && test -e by-hand/b; s=\$?; fusermount3 -u by-hand; exit \$s"
done
rm -f given

echo "where it stays"
printf '%s' "Zq7'%s \\n\$HOME;x9" >"$scratch/secret"
chmod 600 "$scratch/secret"
takes bob "$scratch/secret"
mkfifo -m 666 "$scratch/end"
by_bytes "$scratch/secret" bob "echo text >~/Vault/a; echo in >$scratch/bob; read end <$scratch/end" >/dev/null &
login=$!
touch "$scratch/bob" && chmod 666 "$scratch/bob"
within 20 test -s "$scratch/bob" || abort "bob does not get in"
nowhere() { "$tests/lib/secret-search" "$scratch/secret" "$@"; }
listed() {
    local each
    for each in /proc/[0-9]*; do
        if cat "$each/cmdline" "$each/environ" 2>/dev/null | grep -aqF -f "$scratch/secret"; then
            echo "process ${each#/proc/}"
            return 1
        fi
    done
}
check "in no command line and no environment of any process" listed
check "not in the daemon's memory" nowhere "$jnsd_pid"
supervisors=$(pgrep -x jns-volume)
check "two processes look after the volumes" equal "$(wc -w <<<"$supervisors")" 2
check "not in theirs" nowhere $supervisors
check "nor can bob trace them" not setpriv --reuid bob --regid bob --init-groups cat /proc/${supervisors%%[[:space:]]*}/environ
# With 1 the kernel does not even start a program that would take the core, core(5).
limits() { for each in "$@"; do awk '/^Max core file size/ { print $5 }' "/proc/$each/limits"; done; }
check "no core is written of them, nor of the programs" lack "$(limits $supervisors $(pgrep -u bob -x 'encfs|gocryptfs'))" \
    '^(unlimited|[2-9]|[0-9]{2,})$'
journalctl --sync
journalctl -o export >"$scratch/journal"
check "not in the journal, with debug" nowhere "$scratch/journal"
check "which has been told of the logins" grep -q 'USER=bob' "$scratch/journal"
check "not in a log or in the state" nowhere "$scratch/jnsd.log" /run/jns /var/lib/jns
for program in encfs gocryptfs; do
    pids=$(pgrep -u bob -x "$program")
    check "$program's own process is bob's" test -n "$pids"
done
echo end >"$scratch/end"
wait $login
within 15 nothing_stays bob || abort "bob's volumes stay"
check "afterwards not in the daemon's memory either" nowhere "$jnsd_pid"

echo "without a daemon"
stop_jnsd
: >"$scratch/bob"
by_bytes "$scratch/secret" bob "cat ~/Vault/a; echo in >$scratch/bob; read end <$scratch/end" >"$scratch/out" &
login=$!
within 20 test -s "$scratch/bob" || abort "bob does not get in"
check "it opens them" grep -q text "$scratch/out"
check "in no command line and no environment" listed
check "not in the memory of who looks after them" nowhere $(pgrep -x jns-volume)
echo end >"$scratch/end"
wait $login
finish
