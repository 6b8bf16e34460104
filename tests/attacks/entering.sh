# SPDX-License-Identifier: Apache-2.0
# Root and others run a command with attributes of a process that its user has prepared.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"

# A program that says by whom it is run, in the place of every other.
install -d -m 755 -o bob "$scratch/tree"
cat >"$scratch/evil.c" <<'END'
#include <stdio.h>
#include <unistd.h>
__attribute__((constructor)) static void run(void) {
    FILE *f = fopen("/srv/jns-tests/ran", "a");
    if (f) { fprintf(f, "as %d\n", geteuid()); fclose(f); }
}
END
cc -shared -fPIC -o "$scratch/evil.so" "$scratch/evil.c" || abort "no compiler"
# begin NAME COMMAND: starts a process as bob. Sets $process.
begin() {
    su bob -s /bin/bash -c "echo \$\$ >/srv/jns-tests/pid.$1; exec $2" </dev/null >/dev/null 2>&1 &
    within 10 test -s "$scratch/pid.$1" || abort "bob cannot begin $1"
    process=$(cat "$scratch/pid.$1")
    ready() { [ "$(cat "/proc/$process/comm")" = sleep ]; }
    within 10 ready || abort "$1 does not begin"
}
# refused PATTERN COMMAND...: it fails by itself, and bob's code has not run.
refused() {
    local pattern=$1 said
    shift
    rm -f "$scratch/ran"
    said=$("$@" 2>&1)
    equal "$?" 125 && contain "$said" "$pattern" && not test -e "$scratch/ran"
}
runs_as() {
    local user=$1
    shift
    rm -f "$scratch/ran"
    install -m 666 /dev/null "$scratch/ran"
    "$@" >/dev/null && contain "$(cat "$scratch/ran")" "^as $user\$" && equal "$(grep -vc "^as $user\$" "$scratch/ran")" 0
}
bob=$(id -u bob)

begin inside "unshare -Ur sleep 4000"
inside=$process
begin tree "unshare -Urm sh -c 'mount --bind $scratch/tree /mnt; cd /mnt; exec sleep 4000'"
tree=$process
begin preload "env LD_PRELOAD=$scratch/evil.so sleep 4000"
preload=$process
for option in -r -w -e; do
    check "[A4] root takes no $option of a user namespace's" refused 'a user chooses them' jnsenter -t "$tree" -u $option true
    check "[A4] nor where the mounts are the machine's" refused 'a user chooses them' jnsenter -t "$inside" -u $option true
done
check "[A4] nor all at once" refused 'a user (made|chooses)' jnsenter -t "$tree" -m -r -w -e true
check "[A4] root takes no environment of a user's" refused 'another user could have chosen it' jnsenter -t "$preload" -e true
check "[A4] nor runs a command of another user with it" refused 'another user could have chosen it' jnsenter -t "$preload" -e -S alice true
check "the user's own command has it" runs_as "$bob" jnsenter -t "$preload" -e -S bob true
check "and one that follows" runs_as "$bob" jnsenter -t "$preload" -e -S follow true
check "root may say that it is trusted" runs_as 0 jnsenter -t "$preload" -e --trust-mounts true
check "root may take all from a process that root runs" equal "$(jnsenter -t $$ -w -e pwd)" "$PWD"
check "a user-owned working folder in the machine's mounts is accepted" equal "$(jnsenter -t "$preload" -w pwd)" \
    "$(readlink "/proc/$preload/cwd")"
check "with the user namespace all is the user's affair" equal "$(jnsenter -t "$tree" -U -m -w sh -c 'cat /proc/self/uid_map' |
    tr -s ' ')" " 0 $bob 1"
begin other "unshare -Ur sleep 4000"
check "[A4] but not with another one" refused 'a user (made|chooses)' jnsenter -t "$tree" -U/proc/"$process"/ns/user -m true
check "[A4] nor a root" refused 'a user (made|chooses)' jnsenter -t "$tree" -U/proc/"$process"/ns/user -r true

echo "a control group"
# Where the kernel's is not to be had, files of the same names stand for it.
join() { # OWNER ARGUMENT...: joins the group of a process, which is that user's
    local owner=$1 path
    shift
    path=/sys/fs/cgroup/unified$(sed -n 's/^0:://p' "/proc/$preload/cgroup")
    unshare -m sh -c 'owner=$1 path=$2; shift 2; mount -t tmpfs groups /sys/fs/cgroup; mkdir -p "$path"; install -o "$owner" /dev/null "$path/cgroup.procs"; exec "$@"' \
        sh "$owner" "$path" jnsenter -t "$preload" -c "$@" true
}
check "[A4] root joins none that a user owns" refused 'could stop and end the command' join bob
check "[A4] nor does another user's command" refused 'could stop and end the command' join bob -S alice
check "the user's own command does" join bob -S bob
check "and all join root's" join root

echo "programs that gain rights"
# As sudo and su: the process is root's by now, and its environment what the user gave it.
cat >"$scratch/gains.c" <<'END'
#include <unistd.h>
int main(int argc, char **argv) { if (argc > 1 && setresuid(0, 0, 0) < 0) return 1; for (;;) pause(); }
END
cc -o "$scratch/gains" "$scratch/gains.c" && chown root "$scratch/gains" && chmod 4755 "$scratch/gains"
for argument in "" all; do
    su bob -s /bin/bash -c "exec env LD_PRELOAD=$scratch/evil.so $scratch/gains $argument" </dev/null >/dev/null 2>&1 &
    gains() { process=$(pgrep -nx gains) && [ "$(awk '/^Uid/ { print $3 }' "/proc/$process/status")" = 0 ]; }
    within 10 gains || abort "the setuid program does not run"
    if [ -z "$argument" ]; then
        check "[A4] nobody follows ids that a program changes" refused 'cannot follow the ids' jnsenter -t "$process" -u -S follow true
    else
        within 10 grep -q '^Uid:.0.0' "/proc/$process/status"
    fi
    check "[A4] no environment of such a program${argument:+, not even when it is root}" refused 'another user could have chosen it' \
        jnsenter -t "$process" -e true
    kill -KILL "$process"
done

echo "a name that is not known"
for name in unshare nsenter sandbox; do ln -s /usr/lib/jns/jns-start "$name"; done
check "[A10] it is refused" refused "it is called 'sandbox'" "$scratch/sandbox" -m $$ touch "$scratch/ran"
check "[A10] unshare takes the option for its own" differ "$("$scratch/unshare" -m readlink /proc/self/ns/mnt)" \
    "$(readlink /proc/self/ns/mnt)"
check "[A10] and the number for the command" equal "$("$scratch/unshare" -m $$ true 2>&1; echo $?)" \
    "unshare: cannot run $$: No such file or directory
127"
check "[A10] nsenter enters nothing that is not named" equal "$("$scratch/nsenter" $$ true >/dev/null 2>&1; echo $?)" 1

echo "an identity that the kernel cannot tell"
check "[E6] a kernel with one inode for all processes: refused" refused 'one inode for all processes' \
    strace -qq -o /dev/null -e inject=fstatfs:retval=0:when=1 jnsenter \
    -t "$preload:$(python3 -c 'import os, sys; print(os.fstat(os.pidfd_open(int(sys.argv[1]))).st_ino)' "$preload")" -u true
finish
