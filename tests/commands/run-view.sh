#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What jnsrun puts into the view of one command: binds, empty folders, hidden files, a root of its own, rules; as root and as an ordinary
# user. And what an ordinary user's command tries in vain to get at what was covered.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
as() {
    local who=$1
    shift
    if [ "$who" = root ]; then (cd /root && "$@" </dev/null 2>&1); else runuser -u "$who" -- sh -c 'cd; "$@"' sh "$@" </dev/null 2>&1; fi
    local status=$?
    [ $status -eq 0 ] || echo "status $status"
}
run() { local who=$1; shift; as "$who" jnsrun "$@"; }
outside() { awk '{ $1 = $2 = ""; print }' /proc/self/mountinfo; }
install -d -m 755 -o alice /home/alice/{from,onto,empty}
echo from >/home/alice/from/file
echo onto >/home/alice/onto/file
ln -s from /home/alice/link
chown -R alice /home/alice
before=$(outside)

for who in root alice; do
    home=/home/alice
    echo "$who"
    check "--bind: a folder" equal "$(run $who --bind $home/from:$home/onto cat $home/onto/file)" from
    check "--bind: a file" equal "$(run $who --bind $home/from/file:$home/onto/file cat $home/onto/file)" from
    check "--bind: through a link" equal "$(run $who --bind $home/link:$home/onto cat $home/onto/file)" from
    check "--bind: relative to where one is" equal "$(as $who sh -c 'cd /home/alice && jnsrun --bind from:onto cat onto/file')" from
    check "--bind: can be written to" equal "$(run $who --bind $home/from:$home/onto \
        sh -c "echo new >$home/onto/$who && cat $home/from/$who")" new
    check "--bind: read-only" contain "$(run $who --bind $home/from:$home/onto:ro touch $home/onto/more)" 'Read-only file system'
    check "--bind: with the mounts below" contain "$(run $who --bind /dev:$home/onto ls $home/onto/pts)" ptmx
    check "--bind: a folder over a file" contain "$(run $who --bind $home/from:$home/onto/file true)" 'a folder cannot cover a file'
    check "--bind: a file over a folder" contain "$(run $who --bind $home/from/file:$home/onto true)" 'a file cannot cover a folder'
    check "--bind: onto nothing" contain "$(run $who --bind $home/from:$home/nothing true)" \
        'cannot use /home/alice/nothing: No such file or directory; the target must exist'
    check "--bind: of nothing" contain "$(run $who --bind $home/nothing:$home/onto true)" \
        '^jnsrun: cannot show /home/alice/nothing: No such file or directory
status 125$'
    check "--tmpfs: as the folder was" equal "$(run $who --tmpfs $home/empty stat -c %U:%a $home/empty)" "alice:755"
    check "--tmpfs: as big as one says" equal "$(run $who --tmpfs $home/empty:1m df -k --output=size $home/empty | tail -n 1 | tr -d ' ')" \
        1024
    check "--tmpfs: no devices, no setuid" contain "$(run $who --tmpfs $home/empty grep $home/empty /proc/self/mountinfo)" \
        ' rw,nosuid,nodev'
    check "--tmpfs: on a file" contain "$(run $who --tmpfs $home/onto/file true)" 'it is not a folder'
    check "--private-tmp" equal "$(run $who --private-tmp sh -c 'ls -A /tmp /var/tmp; stat -c %a /tmp /var/tmp; touch /tmp/x')" \
        "$(printf '/tmp:\n\n/var/tmp:\n1777\n1777')"
    check "--hide: a folder" contain "$(run $who --hide $home/onto sh -c "ls -A $home/onto; stat -c '%a' $home/onto")" '^0$'
    check "--hide: a file" equal "$(run $who --hide $home/onto/file sh -c "stat -c '%s %a' $home/onto/file")" "0 0"
    check "--hide: its mode cannot be changed" contain "$(run $who --hide $home/onto/file chmod 644 $home/onto/file)" \
        'Read-only file system'
    check "in the order given" equal "$(run $who --tmpfs $home/onto --bind $home/from:$home/onto cat $home/onto/file)" from
    check "the other way round" equal "$(run $who --bind $home/from:$home/onto --tmpfs $home/onto ls -A $home/onto)" ""
    check "--hostname" equal "$(run $who --hostname box.example uname -n)" box.example
    check "who the command is" equal "$(run $who --private-tmp sh -c 'id -u; id -g; id -un')" "$(id -u $who; id -g $who; id -un $who)"
    check "where it is" equal "$(run $who --private-tmp pwd)" "$(as $who pwd)"
    check "where it is, if that is covered" equal "$(as $who sh -c "cd $home/onto; jnsrun --bind $home/from:$home/onto cat file")" from
    check "if it no longer exists: at the root" equal "$(as $who sh -c 'mkdir -p /tmp/below; cd /tmp/below; jnsrun --private-tmp pwd')" /
    check "-v" equal "$(run $who -v --tmpfs $home/empty true | sed 's/process [0-9]*/process N/')" \
        "jnsrun: new namespaces: $([ $who = root ] || echo 'user, ')mount
jnsrun: $home/empty is empty, in memory
jnsrun: the command is process N"
    check "with other namespaces" equal "$(run $who -pfn --mount-proc --private-tmp \
        sh -c 'echo $$; sed -n "s/^ *\(.*\):.*/\1/p" /proc/net/dev; [ $(ls -d /proc/[0-9]* | wc -l) -le 4 ] && echo few')" \
        "$(printf '1\nlo\nfew')"
    check "with --propagation shared it would be everybody's" contain "$(run $who --propagation shared --private-tmp true)" \
        'everybody would get'
done

echo "hard targets"
check "a thousand folders deep" equal "$(as alice sh -c 'd=$HOME/deep; for i in $(seq 100); do d=$d/d; done; mkdir -p $d; jnsrun --tmpfs $d ls -A $d')" ""
check "names with blanks, quotes and bytes that are no text" \
    equal "$(as alice bash -c 'mkdir -p "a b" $'"'"'\xff\n"'"'"'; echo yes >"a b/f"; jnsrun --bind "a b:"$'"'"'\xff\n"'"'"' cat $'"'"'\xff\n"/f'"'"'')" yes
check "many" equal "$(as alice bash -c 'words=(); for i in $(seq 200); do words+=(--bind from:onto); done; jnsrun "${words[@]}" cat onto/file')" from

echo "what the command cannot take back"
cat >attack <<'END'
#!/bin/bash
# Prints what it got at.
outer=$1 covered=$2
try() { "$@" 2>/dev/null; }
try umount $covered && echo "umount"
try umount -l $covered && echo "umount -l"
try mount -o remount,bind,rw $covered && echo "remount"
try mount --bind /etc/hostname $covered && echo "mount over it"
try mount --move $covered /mnt && echo "move"
try nsenter -t $outer -m cat $covered | grep secret
try nsenter -t $outer -U -m cat $covered | grep secret
try nsenter -t $PPID -m cat $covered | grep secret
try cat /proc/$outer/root$covered | grep secret
try cat /proc/$PPID/root$covered | grep secret
try cat /proc/1/root$covered | grep secret
for fd in /proc/$outer/fd/* /proc/$PPID/fd/* /proc/self/fd/*; do try cat $fd$covered </dev/null | grep secret; done
try unshare -Urm sh -c "umount $covered; umount -l $covered; cat $covered" | grep secret
try unshare -Urm sh -c "mount --bind ${covered%/*} /mnt && cat /mnt/${covered##*/}" | grep secret
try unshare -Urm sh -c "mount --rbind / /mnt && umount -l /mnt$covered; cat /mnt$covered" | grep secret
try unshare -Urm sh -c "mkdir -p /tmp/p; mount -t tmpfs x /tmp/p; cd /tmp/p; mkdir o; pivot_root . o; cat o$covered" | grep secret
try unshare -Ucm --keep-caps sh -c "umount $covered; cat $covered" | grep secret
try unshare -Urpfm --mount-proc sh -c "cat /proc/1/root$covered" | grep secret
try timeout 5 strace -qq -e trace=none -p $outer && echo "ptrace"
try python3 - $outer <<'PYTHON' && echo "ptrace"
import ctypes, sys
libc = ctypes.CDLL(None, use_errno=True)
sys.exit(0 if libc.ptrace(16, int(sys.argv[1]), 0, 0) == 0 else 1)
PYTHON
try setpriv --dump | grep -E '^(Eff|Inh|Amb).*cap_'
try su -c "cat $covered" </dev/null | grep secret
try sudo -n cat $covered | grep secret
echo end
END
chmod 755 attack
echo secret >/home/alice/secret && chown alice /home/alice/secret
for words in "--hide /home/alice/secret" "--bind /dev/null:/home/alice/secret" "--bind /home/alice/from/file:/home/alice/secret:ro"; do
    # shellcheck disable=SC2086 # options
    check "not from inside: $words" equal "$(run alice $words sh -c "$scratch/attack \$PPID /home/alice/secret")" end
    check "nor with a parent that waits: $words" equal "$(run alice -f $words sh -c "$scratch/attack \$PPID /home/alice/secret")" end
    check "nor in a PID namespace: $words" equal "$(run alice -pf --mount-proc $words sh -c "$scratch/attack 99999 /home/alice/secret")" end
done
check "the test would see it" contain "$(as alice $scratch/attack \$\$ /home/alice/secret)" secret
check "-r makes the caller root, and root can undo it" contain "$(run alice -r --hide /home/alice/secret \
    sh -c 'umount /home/alice/secret; cat /home/alice/secret')" secret
check "no capability is left" equal "$(run alice --private-tmp sh -c 'grep -E "Cap(Inh|Prm|Eff|Amb)" /proc/self/status | sort -u -k2')" \
    $'CapInh:\t0000000000000000'

echo "where the kernel forbids user namespaces"
limited() { run alice -r sh -c 'echo 0 >/proc/sys/user/max_user_namespaces; exec jnsrun "$@"' sh "$@"; }
no_space="No space left on device; there are as many as the limits in /proc/sys/user allow, or they are nested too deeply"
check "by a limit" equal "$(limited -U true)" "jnsrun: cannot make a user namespace: $no_space
status 125"

echo "a separate root"
tree=/srv/jns-tests/tree
mkdir -p $tree/{bin,lib,lib64,usr,proc,dev,etc,w,old}
for folder in bin lib lib64 usr; do [ -e /$folder ] && mount --rbind /$folder $tree/$folder; done
ln -s /etc/hostname $tree/link
echo inside >$tree/etc/hostname
for who in root alice; do
    check "$who: it is the root" contain "$(run $who --rootfs $tree ls /)" '^link$'
    check "$who: the working folder is there" equal "$(run $who --rootfs $tree pwd)" /
    check "$who: or where one says" equal "$(run $who --rootfs $tree -w /w pwd)" /w
    check "$who: nothing of the old root is mounted" lack "$(run $who --rootfs $tree -pf --mount-proc cut -d ' ' \
        -f 5 /proc/self/mountinfo)" 'home|srv|run'
    check "$who: nor can it be reached" equal "$(run $who --rootfs $tree sh -c 'cd ../../..; echo *; cd /; ls -A old')" \
        'bin dev etc lib lib64 link old proc usr w'
    check "$who: a new proc" equal "$(run $who --rootfs $tree \
        -pf --mount-proc sh -c 'echo $$; [ $(ls -d /proc/[0-9]* | wc -l) -le 4 ] && echo few')" "$(printf '1\nfew')"
    check "$who: binds come from outside, and are put inside" contain "$(run $who --rootfs $tree --bind /dev:/dev ls /dev)" '^null$'
    check "$who: links in the tree lead to what they name there" \
        equal "$(run $who --rootfs $tree --bind /home/alice/from/file:/link sh -c 'cat /etc/hostname')" from
    check "$who: hidden there" contain "$(run $who --rootfs $tree --hide /w ls -ld /w)" '^d---------'
    check "$who: not a folder" contain "$(run $who --rootfs $tree/etc/hostname true)" 'it is not a folder'
    check "$who: nothing" contain "$(run $who --rootfs $tree/nothing true)" 'cannot use .*/nothing as the root: No such file'
done
check "who is in a chroot may make no user namespace, and is told" contain \
    "$(run root --bind /etc:$tree/etc --bind /proc:$tree/proc --bind /dev:$tree/dev -R $tree jnsrun -U true)" \
    '^jnsrun: cannot make a user namespace: Operation not permitted; ordinary users may make no user namespaces here, see .* in a chroot nobody may$'
check "alice cannot have the old root back" equal "$(run alice --rootfs $tree \
    -pf --mount-proc sh -c 'umount -l / ; ls -d /home; cat /proc/1/root/home; nsenter -t 1 -m ls /home' 2>/dev/null | grep -v status |
    grep -i alice)" ""

check "nothing of this was visible outside" same_text "$before" "$(umount -R $tree/{bin,lib,lib64,usr} 2>/dev/null; outside)"
finish
