#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A user who calls su without a daemon can neither stop nor starve the helper that root starts for it, nor keep it from writing.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
rules "$private_tmp"
host=$(host_namespace)
milliseconds() { echo $((${EPOCHREALTIME/./} / 1000)); }
# Instead of the helper: what it is started with, and then the helper.
cat >/usr/local/sbin/told-once <<'END'
#!/bin/sh
{
    cat /proc/self/cgroup
    echo "nice $(cut -d ' ' -f 19 /proc/self/stat) policy $(cut -d ' ' -f 41 /proc/self/stat)"
    grep Cpus_allowed_list /proc/self/status
    grep '^Max processes' /proc/self/limits
    echo "oom $(cat /proc/self/oom_score_adj) files $(ulimit -n) size $(ulimit -f) processor $(ulimit -t)"
    ionice -p $$
} >/srv/jns-tests/told
exec /usr/sbin/jnsd --once
END
chmod 755 /usr/local/sbin/told-once
# The view shows /sys read-only.
hierarchy=/sys/fs/cgroup
[ ! -d $hierarchy/freezer ] || hierarchy=$hierarchy/freezer
remount() {
    for part in /sys/fs/cgroup /sys/fs/cgroup/*/; do ! mountpoint -q "$part" || mount -o "remount,bind,$1" "$part" || return; done
}
remount rw || abort "no cgroups"

echo "what the helper keeps of its caller"
use_module "session required pam_jns.so once=/usr/local/sbin/told-once timeout=60"
(
    ulimit -S -n 64
    ulimit -S -t 1000
    ulimit -u 4321
    echo 500 >/proc/self/oom_score_adj
    nice -n 19 ionice -c 3 taskset -c 0 chrt --idle 0 su alice -c true
)
told=$(cat "$scratch/told")
check "[B5] neither niceness nor scheduling" contain "$told" '^nice 0 policy 0$'
check "[B5] nor processors" contain "$told" "^$(grep Cpus_allowed_list /proc/1/status)\$"
check "[B5] nor limits, nor what the kernel kills first" contain "$told" '^oom 0 files [0-9]{4,} size unlimited processor unlimited$'
check "but the limit of processes, for what runs as the user" contain "$told" '^Max processes +4321 +4321 '
check "[B5] nor the priority at disks" contain "$told" '^none'
check "the caller keeps them" equal "$(nice -n 5 su alice -c nice)" 5

echo "a cgroup that is frozen"
mkdir $hierarchy/jns-mallory || abort "cannot make a cgroup"
sh -c "echo \$\$ >$hierarchy/jns-mallory/cgroup.procs && exec su alice -c true"
check "[B5] the helper is not in its caller's cgroup" lack "$(cat "$scratch/told")" jns-mallory
check "the journal says nothing of that" not in_journal 'runs in the cgroup of its caller' -t su
sh -c "echo \$\$ >$hierarchy/jns-mallory/cgroup.procs && mount -o remount,bind,ro $hierarchy && exec su alice -c true"
remount rw
check "where it cannot leave the cgroup, the journal says so" in_journal 'runs in the cgroup of its caller' -t su
check "and it ends there" within 10 rmdir $hierarchy/jns-mallory

echo "a lock that somebody holds who was stopped"
use_module "session required pam_jns.so timeout=60"
mkdir -p /run/jns
su alice -c true
for lock in namespace.lock "login-$(id -u alice)"; do
    python3 -c 'import fcntl, sys, time; f = open(sys.argv[1], "a"); fcntl.flock(f, fcntl.LOCK_EX); time.sleep(600)' "/run/jns/$lock" &
    holders+=" $!"
done
sleep 0.5
check "[B5] alice gets a view all the same" differ "$(su alice -c 'readlink /proc/self/ns/mnt')" "$host"
check "[B5] so do others" differ "$(su bob -c 'readlink /proc/self/ns/mnt')" "$host"
start_jnsd
check "[B5] and the daemon starts" differ "$(su bob -c 'readlink /proc/self/ns/mnt')" "$host"
stop_jnsd
# shellcheck disable=SC2086 # a list
kill -9 $holders

echo "a limit that root may not lift"
use_module "session required pam_jns.so"
without() {
    (ulimit -f 0; setpriv --bounding-set=-sys_resource --inh-caps=-sys_resource su alice -c 'readlink /proc/self/ns/mnt' | cat) 2>&1
}
before=$(ls /run/jns/sessions | wc -l)
out=$(without)
check "[B10] the session is refused" contain "$out" "$refusal"
check "[B10] and no session is open that nobody lists" equal "$(ls /run/jns/sessions | wc -l)" "$before"
check "[B10] the journal says why" in_journal 'the limit of file sizes cannot be lifted' -t su
# The same at the helper: where it cannot write, for whatever reason.
mount -t tmpfs -o size=4k,nr_inodes=3 full /run/jns/sessions
touch /run/jns/sessions/{a,b,c} 2>/dev/null
check "[B10] where a session cannot be written down it is refused, too" contain "$(su alice -c true 2>&1)" "$refusal"
umount /run/jns/sessions
check "and then not" differ "$(su alice -c 'readlink /proc/self/ns/mnt')" "$host"
finish
