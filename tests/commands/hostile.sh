# SPDX-License-Identifier: Apache-2.0
# What nobody should send: answers that are none to jnsenter, which runs under the sanitizers, and command lines that are none to the
# daemon, which is to answer the next one as if nothing had been.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"
make -s -C "$source_root/pam-shim" build/asan/jns-start || abort "cannot build it"
# With the sanitizers, which end it where it does what it must not.
sane=$source_root/pam-shim/build/asan/jns-start
as_bob() { setpriv --reuid bob --regid bob --init-groups env PATH=/usr/bin:/bin "$@"; }
hostile() { python3 "$tests/lib/hostile.py" "$@"; }

install -m 644 "$tests/lib/hostile.py" "$scratch"
su alice -c 'sleep 4000' </dev/null &
within 10 view_of alice || abort "alice has no view"
check "400 command lines" hostile arguments "$sane" 1 400
check "the daemon is the same one" kill -0 "$jnsd_pid"
check "and answers" equal "$(jnsenter alice stat -c %a /tmp)" 1777
check "a login, too" equal "$(value user "$(by su alice jns-probe)")" alice
check "the journal has no trace of a fault" lack "$(journal)" 'xception|internal error'
descriptors() { ls "/proc/$jnsd_pid/fd" | wc -l; }
before=$(descriptors)
hostile arguments "$sane" 2 60
# Threads that have answered the last ones may still be closing theirs.
as_before() { [ "$(descriptors)" -le "$before" ]; }
check "no descriptor stays open" within 20 as_before
stop_jnsd
check "by a JVM of its own" hostile arguments "$sane" 3 20
check "by one of an ordinary user's" as_bob python3 "$scratch/hostile.py" arguments /usr/bin/jnsenter 4 10
check "answers of all kinds, and what is left of good ones" hostile answers "$sane"
rm -f /run/jns/jnsd.sock
chmod 777 /run/jns
as_bob python3 -c 'import socket, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
s.bind("/run/jns/jnsd.sock")
s.listen()
time.sleep(4000)' &
within 5 test -S /run/jns/jnsd.sock || abort "bob cannot listen"
chmod 700 /run/jns
check "a socket that another than root listens on is not believed" contain "$(jnsenter alice true 2>&1)" 'cannot trust /run/jns/jnsd.sock'
finish
