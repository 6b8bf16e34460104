#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# alone: it measures how long others wait for a login, and what the daemon takes
# Logins by the thousand: in random order and with random kills, open all at once, and with users whose logins hang. The
# state afterwards is the state before, and no user waits for another.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/state.sh"

seed=${JNS_SEED:-$(od -An -N2 -tu2 /dev/urandom)}
seed=$((seed))
most_rss_mb=110
other_waits_ms=2000

hooks=/opt/jns-tests
install -d -m 755 $hooks
printf '#!/bin/sh\nulimit -Sn >%s/files\n' "$scratch" >$hooks/files
printf '#!/bin/sh\nexec sleep 4711\n' >$hooks/hang
chmod 755 $hooks/*
install -d -m 1777 /srv/hang
name_users c 100 3000 100
name_users other 2 3900 100
name_users new 2 3950 100
name_users h 10 4000 60 # of group games
name_users f 10 4100 33 # of group www-data
name_users hooked 1 4200 100
small_host "$private_tmp

[logout]
action = private
target = /var/tmp
keep = logout
except = user:root

[limits]
action = run
program = $hooks/files
only = user:hooked0

[hook]
action = run
program = $hooks/hang
timeout = 6s
only = group:games

[dead]
action = readonly
target = /srv/hang/folder
only = group:www-data"
build_tool dead-fuse dead-fuse.c
echo 'session required pam_jns.so timeout=20' >/etc/pam.d/many
echo 'session required pam_jns.so once=off timeout=20' >/etc/pam.d/daemon
echo "session required pam_jns.so socket=$scratch/nobody timeout=20" >/etc/pam.d/alone

milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }

# others_login N: the slowest of this many logins of other users, in milliseconds; nothing if one fails.
others_login() {
    local i start took slowest=0
    for ((i = 0; i < $1; i++)); do
        start=$(milliseconds)
        in_view daemon other0 >/dev/null || return
        took=$(($(milliseconds) - start))
        [ $took -le $slowest ] || slowest=$took
    done
    echo $slowest
}
undelayed() {
    local took
    took=$(others_login 5)
    check "$1: somebody else logs in at once (${took:-never} ms)" test "${took:-$other_waits_ms}" -lt $other_waits_ms
}

# A shell's soft limit, with which a thousand sessions do not fit.
ulimit -S -n 1024
start_jnsd
in_view daemon other0 >/dev/null
in_view daemon other1 >/dev/null
remember

no_failure=", 0 refused, 0 let in, 0 not closed"
# tally: what became of a crowd, and what those heard that were refused.
tally() { cat said; sort told | uniq -c | head -n 5; }

echo "10 000 logins and logouts (JNS_SEED=$seed); first the daemon is killed now and then"
# As a service manager does: it keeps the socket and starts one daemon after another, so those who call in between wait. Whose
# call the daemon had taken when it was killed sees the end of the connection, and the module starts a helper.
stop_jnsd
rm -f /run/jns/jnsd.sock
cat >supervisor <<'END'
#!/bin/bash
trap 'kill -TERM $daemon; wait $daemon; exit' TERM
while :; do
    (LISTEN_PID=$BASHPID exec /usr/sbin/jnsd </dev/null >>/srv/jns-tests/jnsd.log 2>&1) &
    daemon=$!
    echo $daemon >/srv/jns-tests/pid
    wait $daemon
done
END
systemd-socket-activate --seqpacket --listen=/run/jns/jnsd.sock /bin/bash supervisor 2>activate.log &
supervisor=$!
within 5 test -S /run/jns/jnsd.sock
in_view many other0 >/dev/null
RANDOM=$seed
./crowd storm many c 100 4000 $seed 10 >said 2>told &
crowd=$!
kills=0
while [ $kills -lt 15 ] && kill -0 $crowd 2>/dev/null; do
    sleep $((RANDOM % 2)).$((RANDOM % 6 + 4))
    kill -KILL "$(cat pid)" && kills=$((kills + 1))
done
wait $crowd
echo "        $(cat said); the daemon was killed $kills times"
check "no login fails" contain "$(tally)" "$no_failure"
check "the daemon was killed more than once" test $kills -gt 1
kill $supervisor
wait $supervisor
rm -f /run/jns/jnsd.sock
./crowd storm alone c 100 60 $((seed + 3)) 20 >said 2>told
echo "        $(cat said)"
check "without a daemon: no login fails" contain "$(tally)" "$no_failure"
start_jnsd
./crowd storm daemon c 100 1000 $((seed + 1)) 10 >said 2>told
check "without its being killed: no login fails" contain "$(tally)" "$no_failure"
burst daemon c 50 >/dev/null
nothing_left "all of them"
size_before=$(size)
./crowd storm daemon c 100 5000 $((seed + 2)) 10 >said 2>told
check "nor does any of 5000 more" contain "$(tally)" "$no_failure"
nothing_left "all of them"
check "descriptors and threads are as many as before these" same_size_soon
rss=$(($(awk '/^VmRSS:/ { print $2 }' /proc/$jnsd_pid/status) / 1024))
check "the daemon has not grown ($rss MB)" test $rss -lt $most_rss_mb

# crowd_of USERS SESSIONS: sets $said when all have been answered. They stay until `part_crowd`.
crowd_of() {
    rm -f end said
    mkfifo end
    ./crowd hold daemon c "$1" "$2" <>end >said 2>told &
    crowd=$!
}
crowd_is_there() { within 40 test -s said; tally; }
part_crowd() { echo >end; wait $crowd; }

echo "1000 sessions at once"
limits=$(awk '/^Max open files/ { print $4, $5 }' /proc/$jnsd_pid/limits)
check "the daemon may have as many open files as anybody lets it" equal "${limits% *}" "${limits#* }"
size_before=$(size)
for users in 100 1; do
    crowd_of $users 1000
    undelayed "$users users begin 1000"
    check "$users users: all of them are open" equal "$(crowd_is_there)" "1000 open in $users views, 0 refused, 0 let in"
    check "and take more descriptors than a shell's limit" test "$(size | cut -d ' ' -f 1)" -gt 1024
    undelayed "$users users have 1000"
    in_view daemon hooked0 >/dev/null
    check "a hook has the usual limit of open files" equal "$(cat files)" 1024
    rm files
    part_crowd
    nothing_left "$users users"
    check "descriptors and threads are as many as before" same_size_soon
done

echo "a user who fills what the private folders lie on"
in_view daemon c0 >/dev/null
mount -o remount,size=2m /var/lib/jns
dd if=/dev/zero of=/var/lib/jns/3000/tmp/full bs=64k 2>dd.log
check "it is full" contain "$(cat dd.log)" "No space left"
undelayed "no blocks are free"
start=$(milliseconds)
./client daemon new0 </dev/null >said 2>&1
took=$(($(milliseconds) - start))
check "a user who was never there is answered at once ($took ms)" test $took -lt $other_waits_ms
rm /var/lib/jns/3000/tmp/full
mount -o remount,size=50%,nr_inodes=$(($(df --output=iused /var/lib/jns | tail -n 1) + 1)) /var/lib/jns
touch /var/lib/jns/3000/tmp/last
check "no inode is free" not touch /var/lib/jns/3000/tmp/more
undelayed "no inodes are free"
check "a user who was never there is refused" contain "$(in_view daemon new1)" "^new1 is refused: .*No space left on device"
rm /var/lib/jns/3000/tmp/last
mount -o remount,nr_inodes=0 /var/lib/jns 2>/dev/null || mount -o remount,nr_inodes=1m /var/lib/jns
check "when there is room again they get in" in_view daemon new1
remember

# hang SERVICE PREFIX USERS SESSIONS: logins that do not come to an end.
hang() {
    rm -f end
    mkfifo end
    ./crowd hold daemon "$1" "$2" "$3" <>end >said 2>told &
    crowd=$!
    sleep 0.5
}

echo "users whose hooks hang"
hang h 10 100
undelayed "10 users"
undelayed "still"
check "those that hang are refused when their time is up" contain "$(crowd_is_there)" "^0 open in 0 views, 100 refused"
part_crowd

echo "users whose folders hang in a dead file system"
./dead-fuse /srv/hang >mounted &
fuse=$!
within 5 test -s mounted || abort "cannot mount a file system: is there no /dev/fuse?"
hang f 10 100
undelayed "10 users"
sleep 6
undelayed "still"
kill $fuse
check "when its server ends, they are refused" contain "$(crowd_is_there)" "^0 open in 0 views, 100 refused"
part_crowd
umount -l /srv/hang
nothing_left "all of them"
check "descriptors and threads are as many as before" same_size_soon
stop_jnsd
finish
