#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What users and careless administrators ask jnsrun for: a command never sees more than the user's sessions, and what it is told to
# restrict is restricted.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$(cat <<'END'
[answers]
action = hide
target = /opt/answers

[papers]
action = readonly
target = /srv/papers

[tmp]
action = private
target = /tmp

[once]
action = private
target = /srv/once
per = session

[ssh-alone]
action = hide
target = /opt/ssh
only = service:sshd

[missing]
action = hide
target = /opt/missing
required = no

[scratch]
action = tmpfs
target = /srv/scratch
enter = owner

[command-alone]
action = bind
source = /opt/shown
target = /srv/place
only = service:jnsrun
enter = owner

[open]
action = hide
target = /opt/open
except = service:jnsrun

[apart]
action = isolate
isolate = ipc
only = user:bob

[vault]
action = fuse
program = /bin/false
target = ${home}
without-password = skip
password = yes
only = user:carol

[keys]
action = fuse
program = /bin/false
target = ${home}
only = user:dave

[broken]
action = bind
source = /opt/nowhere
target = /srv/nowhere
on-error = allow
only = user:erin
END
)"
add_users carol dave erin
mkdir -p /opt/{answers,ssh,shown,open} /srv/{papers,once,scratch,place,nowhere}
chmod 777 /srv/{papers,once,scratch}
for folder in answers ssh open shown; do echo "$folder" >/opt/$folder/file; done
echo of-the-host >/tmp/file && chmod 644 /tmp/file

# outside USER COMMAND: without a session. inside USER COMMAND: in one.
outside() { runuser -u "$1" -- sh -c "cd; $2" </dev/null 2>&1; }
inside() { su "$1" -c "cd; $2" </dev/null 2>&1; }

echo "a rule that the user may name"
for from in inside outside; do
    run() { $from "${2:-alice}" "jnsrun --rule ${3:-scratch} sh -c '$1'"; }
    check "[A2] $from a session: what another rule hides is hidden" contain "$(run 'cat /opt/answers/file')" 'Permission denied'
    check "[A2] $from a session: what another rule makes read-only stays so" contain "$(run 'touch /srv/papers/x')" 'Read-only file system'
    check "[A2] $from a session: a private folder is the user's, not the host's" equal "$(run 'echo mine >/tmp/mine; ls -A /tmp')" mine
    check "[A2] $from a session: a session's own folder is this command's own" equal "$(run 'ls -A /srv/once; touch /srv/once/left')" ""
    check "[A2] $from a session: what is hidden from logins of one service is hidden" contain "$(run 'cat /opt/ssh/file')" \
        'Permission denied'
    check "$from a session: the rule itself" equal "$(run 'touch /srv/scratch/x && stat -f -c %T /srv/scratch')" tmpfs
    check "$from a session: a rule for commands alone" contain "$(run 'cat /srv/place/file; cat /opt/answers/file' alice command-alone)" \
        shown
    check "[A2] $from a session: and with it, what is hidden" \
        contain "$(run 'cat /srv/place/file; cat /opt/answers/file' alice command-alone)" 'Permission denied'
    check "$from a session: it holds where it is named alone" equal "$(run 'ls -A /srv/place')" ""
    check "$from a session: what its rule says is not for commands is not" equal "$(run 'cat /opt/open/file')" open
    [ $from = outside ] || continue
    check "[A2] namespaces that cannot be had are said to be missing" contain "$(run true bob)" \
        "rule apart is for you, too, and what it makes is for sessions; ask your administrator for 'except = service:jnsrun'"
    check "[A2] a volume without which no session is" contain "$(run true dave)" 'rule keys is for you, too'
    check "a volume that a login without a password lacks is missing, and a warning says so" contain "$(run true carol)" \
        'not mounted, because there is no password: the volume of rule vault'
    check "[A2] and the other rules hold" contain "$(run 'cat /opt/answers/file' carol)" 'Permission denied'
    check "[A2] where a rule fails there is no view, whatever on-error says" contain "$(run 'echo in' erin)" '/opt/nowhere'
    check "[A2] nor does the command run" lack "$(run 'echo in' erin)" '^in$'
done

echo "other ways"
check "[A2] jns-join knows no other rules either" contain "$(outside alice \
    '/usr/lib/jns/jns-join rule scratch cat cat /opt/answers/file')" 'Permission denied'
check "[A2] a file of rules adds to the session's view" contain \
    "$(inside alice 'printf "[x]\naction = tmpfs\ntarget = /srv/place\n" >own.conf; jnsrun --rules ./own.conf cat /opt/answers/file')" \
    'Permission denied'
check "[A2] and cannot show what it hides" contain "$(inside alice \
    'printf "[x]\naction = bind\nsource = /opt/answers\ntarget = /srv/place\n" >own.conf; jnsrun --rules ./own.conf ls /srv/place')" \
    'denied|not permitted|cannot'
check "[A2] users are not let out to the host's view" contain "$(inside alice 'jnsenter --host cat /opt/answers/file')" '^jnsenter: '

echo "the root, and what lies above the working folder"
mkdir -p /srv/work/below /srv/other/below /srv/tree
chmod -R 777 /srv/work /srv/other
touch /srv/work/below/of-work /srv/other/below/of-other
printf 'secret\n' >/home/alice/secret && chown alice /home/alice/secret
as() {
    if [ "$1" = root ]; then (cd /srv/work/below && sh -c "$2" </dev/null 2>&1); else runuser -u "$1" -- sh -c "cd /srv/work/below; $2" \
        </dev/null 2>&1; fi
}
for who in root alice; do
    check "[A8] $who: a read-only root" contain "$(as $who 'jnsrun --bind /:/:ro touch /srv/work/x')" 'Read-only file system'
    check "[A8] $who: with everything that is mounted in it" \
        equal "$(as $who 'jnsrun --bind /:/:ro sh -c "for d in / /dev /dev/shm /dev/pts /run /tmp /proc; do
            findmnt -no OPTIONS --target \$d | grep -oE ^r[ow]; done | sort -u"')" ro
    check "[A8] $who: by other names of the root" contain "$(as $who 'jnsrun --bind /:/../srv/..:ro touch /srv/work/x')" \
        'Read-only file system'
    check "$who: and the command is where it was" equal "$(as $who \
        'jnsrun --bind /:/:ro sh -c "pwd; ls; id -u; echo x >/dev/null && echo y"')" "/srv/work/below
of-work
$(id -u $who)
y"
    check "[A8] $who: what is bound after it can be written to" \
        equal "$(as $who 'jnsrun --bind /:/:ro --bind /srv/work:/srv/work sh -c "touch x && echo yes; touch /srv/other/x 2>/dev/null || echo no"')" $'yes\nno'
    check "[A8] $who: by a relative path, too" equal "$(as $who 'jnsrun --bind /:/:ro --bind .:. sh -c "touch x && echo yes"')" yes
    rm -f /srv/work/below/x
    check "[A8] $who: what is read-only itself stays so" contain \
        "$(as $who 'jnsrun --bind /:/:ro --bind /sys/fs:/srv/other mkdir /srv/other/x')" 'Read-only file system'
    check "[A8] $who: what was hidden before stays so" lack "$(as $who \
        'jnsrun --hide /srv/other --bind /:/:ro --bind /srv/other:/srv/tree ls /srv/tree /srv/other')" 'below'
    check "[A8] $who: what is hidden after it is" equal "$(as $who \
        'jnsrun --bind /:/:ro --hide /srv/other/below/of-other stat -c %s:%a /srv/other/below/of-other')" 0:0
    check "[A8] $who: another folder as the root" contain "$(as $who 'jnsrun --bind /proc:/ ls')" 'cannot run ls: No such file'
    check "[A8] $who: with processes of its own" equal "$(as $who \
        'jnsrun -pf --mount-proc --bind /:/:ro sh -c "echo \$\$; touch /srv/work/x 2>/dev/null || echo no; readlink /proc/self | wc -c"')" \
        $'1\nno\n2'
    for what in '--hide /' '--tmpfs /' '--hide /../' '--tmpfs /srv/..' '--bind /:/:ro --hide /' '--rootfs /srv/tree --hide /' \
        '--encfs /srv/tree:/ --password-stdin'; do
        check "[A8] $who: refused: $what" contain "$(as $who "jnsrun $what true; echo status \$?" | tr '\n' ' ')" \
            '^jnsrun: cannot (hide|put a tmpfs on|show a volume on) .*: it is the root.* status 125'
    done
    check "[A8] $who: a new root can be covered" contain "$(as $who 'jnsrun --rootfs /srv/tree --bind /:/:ro touch /srv/work/x')" \
        'Read-only file system'
    check "[A8] $who: above the working folder" equal "$(as $who 'jnsrun --bind /srv/other:/srv/work ls')" of-other
    check "[A8] $who: and what is put there next" equal "$(as $who \
        'jnsrun --bind /srv/other:/srv/work --hide of-other stat -c %s:%a of-other')" 0:0
    check "[A8] $who: when it is gone, a relative path is nobody's" \
        contain "$(as $who 'jnsrun --bind /srv/tree:/srv/work --hide of-work true; echo status $?' | tr '\n' ' ')" \
        '^jnsrun: cannot use of-work: an earlier option has covered the working folder; give a path that begins with / status 125'
    check "$who: and the command is at the root" equal "$(as $who 'jnsrun --bind /srv/tree:/srv/work pwd')" /
    check "[A8] $who: over /proc" equal "$(as $who 'jnsrun --bind /srv/other:/proc --hide of-work sh -c "ls /proc; stat -c %s of-work"')" \
        $'below\n0'
    check "[A8] $who: nothing at /proc" equal "$(as $who 'jnsrun --hide /proc --hide of-work stat -c %s of-work')" 0
done
cat >attack <<'END'
covered=/home/alice/secret
umount -l / 2>/dev/null && echo "umount"
mount -o remount,bind,rw / 2>/dev/null && echo "remount"
for try in "cat /../$covered" "chroot /.. cat $covered" "nsenter -t $$ -m cat $covered" "unshare -Urm sh -c 'umount -l /; cat $covered'" \
    "unshare -Urm sh -c 'mount --bind / /srv/tree; cat /srv/tree/$covered'" "unshare -Urm sh -c 'mkdir -p /dev/shm/o; pivot_root / /dev/shm/o; cat /$covered'" \
    "unshare -Urm nsenter -t $$ -m cat $covered" "cat /proc/$PPID/root/$covered" "cat /proc/self/root/../$covered" "unshare -Urm touch /srv/work/x" \
    "unshare -Urm sh -c 'mount -o remount,bind,rw /; touch /srv/work/x'" "nsenter -t $$ -m touch /srv/work/x"; do
    sh -c "$try" 2>/dev/null | grep secret
done
[ -e /srv/work/x ] && echo "written"
echo end
END
rm -f /srv/work/x
check "[A8] not from inside: the root that was covered" equal \
    "$(as alice 'jnsrun --hide /home/alice/secret --bind /:/:ro sh /srv/jns-tests/attack')" end
check "the test would see it" contain "$(as alice 'sh /srv/jns-tests/attack')" secret

echo "rules for the root"
ln -s / /srv/root-link
for action in hide tmpfs readonly private "bind
source = /opt" "overlay
upper = discard"; do
    printf '[x]\naction = %s\ntarget = /srv/root-link\n' "$action" >/etc/jns/root.conf
    check "[A8] ${action%%$'\n'*} on the root is refused" contain "$(as root 'jnsrun --rules /etc/jns/root.conf true')" \
        'rule \[x\].*: it is everything; name the folders'
done

echo "options that are given twice, and none at all"
for words in "--rule scratch --rule command-alone" "--rules /etc/jns/root.conf --rules /etc/jns/other.conf" \
    "--rootfs /srv/tree --rootfs /srv/other" "-R /srv/tree -R /" "--propagation slave --propagation private"; do
    check "[A9] jnsrun $words is refused" contain "$(as alice "jnsrun $words true; echo status \$?" | tr '\n' ' ')" \
        'it is given twice, with different values; .* status 125'
done
check "[A9] --hide counts each time" equal "$(as alice 'jnsrun --hide /srv/work/below --hide /srv/other/below --hide /srv/tree stat -c %a /srv/work/below /srv/other/below /srv/tree')" $'0\n0\n0'
check "[A9] jnsenter -S alice -S root is refused" contain "$(as root 'jnsenter --host -S alice -S root id -u; echo status $?' |
    tr '\n' ' ')" 'option --setuid is given twice, with different values; .* status 125'
check "[A9] as nsenter, the last one counts" equal "$(as root \
    'ln -s /usr/lib/jns/jns-start /srv/jns-tests/nsenter; /srv/jns-tests/nsenter -t $$ -m -S 1 -S 2 id -u')" 2
mkdir -p /srv/abc
touch /srv/abc/of-abc
before=$(cut -d ' ' -f 3- /proc/self/mountinfo)
for who in root alice; do
    check "[A13] $who: mounts of the command are its own" equal \
        "$(as $who "jnsrun sh -c 'mount --bind /srv/abc /srv/tree && ls /srv/tree; id -u'")" "of-abc
$(id -u $who)"
    check "[A13] $who: with options that make no namespace, too" \
        equal "$(as $who "jnsrun -f -w / --clear-env /bin/sh -c 'mount --bind /srv/abc /srv/tree && ls /srv/tree; pwd'")" $'of-abc\n/'
    check "[A13] $who: nothing outside sees it" same_text "$before" "$(cut -d ' ' -f 3- /proc/self/mountinfo)"
done
check "[A13] root -S alice has mounts of their own" differ "$(as root 'jnsrun -S alice readlink /proc/self/ns/mnt')" \
    "$(readlink /proc/self/ns/mnt)"
check "a file system that the user mounts is there only for the command" \
    equal "$(as alice "jnsrun sh -c 'mount -t tmpfs mine /srv/tree && stat -f -c %T /srv/tree'"; stat -f -c %T /srv/tree)" "tmpfs
$(stat -f -c %T /srv)"
check "[A13] the user takes nothing back that a session hides" \
    equal "$(inside alice "jnsrun sh -c 'umount /opt/answers; umount -l /opt/answers; mount --bind /opt /srv/place; cat /opt/answers/file /srv/place/answers/file; echo end' 2>/dev/null")" end
ln -s /usr/lib/jns/jns-start unshare
check "called as unshare it is exact" equal "$(as alice '/srv/jns-tests/unshare readlink /proc/self/ns/mnt')" \
    "$(readlink /proc/self/ns/mnt)"

echo "jns-join of root"
rules=$(grep -l '^\[scratch\]' /etc/jns/rules.d/*.conf)
sed -i 's/^\[scratch\]/[renamed]/' "$rules"
check "it is refused" contain "$(/usr/lib/jns/jns-join view '' true true 2>&1)" 'jns-join is for ordinary users; run: jnsenter'
check "and does not make the daemon read the rules" equal "$(outside alice 'jnsrun --rule scratch echo in')" in
sed -i 's/^\[renamed\]/[scratch]/' "$rules"
finish
