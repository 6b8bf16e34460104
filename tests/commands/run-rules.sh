#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The rules language for one command: as root all of it, as an ordinary user what a user namespace can do; and a root-owned rule for whom it
# lets enter.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$(cat <<'END'
[secret]
action = hide
target = /srv/secret
only = user:nobody

[open]
action = bind
source = /srv/shown
target = /srv/place
enter = owner
only = user:alice

[closed]
action = tmpfs
target = /srv/closed
only = user:alice
END
)"
mkdir -p /srv/{secret,shown,place,closed}
echo shown >/srv/shown/file
echo secret >/srv/secret/file
as() {
    local who=$1
    shift
    if [ "$who" = root ]; then (cd /root && "$@" </dev/null 2>&1); else runuser -u "$who" -- sh -c 'cd; "$@"' sh "$@" </dev/null 2>&1; fi
    local status=$?
    [ $status -eq 0 ] || echo "status $status"
}
file() { cat >"$scratch/$1.conf"; chmod 644 "$scratch/$1.conf"; }
chmod 755 "$scratch"
mkdir -p /etc/jns-tests
file() { cat >"/etc/jns-tests/$1.conf"; }
rules() { echo "/etc/jns-tests/$1.conf"; }

file plain <<'END'
[bind]
action = bind
source = /srv/shown
target = /srv/place
options = ro

[tmp]
action = tmpfs
target = /tmp
options = size=1M, mode=1777

[through]
action = passthrough
target = /tmp/kept

[hide]
action = hide
target = /srv/secret

[readonly]
action = readonly
target = /srv/shown
END
install -d -m 1777 /tmp/kept && echo kept >/tmp/kept/file
for who in root alice; do
    run() { as $who jnsrun --rules "$(rules plain)" "$@"; }
    check "$who: bind" equal "$(run cat /srv/place/file)" shown
    check "$who: its options" contain "$(run touch /srv/place/x)" 'Read-only file system'
    check "$who: tmpfs" equal "$(run sh -c 'ls -A /tmp; stat -c %a /tmp; df -k --output=size /tmp | tail -n 1 | tr -d " "')" \
        $'kept\n1777\n1024'
    check "$who: passthrough" equal "$(run cat /tmp/kept/file)" kept
    check "$who: hide" equal "$(run stat -c %a /srv/secret)" 0
    check "$who: readonly" contain "$(run touch /srv/shown/x)" 'Read-only file system'
    check "$who: who the command is" equal "$(run id -u)" "$(id -u $who)"
    check "$who: where it is" equal "$(run pwd)" "$([ $who = root ] && echo /root || echo /home/alice)"
    check "$who: with options of the command line" equal "$(run -u --hostname box --tmpfs /srv/place sh -c 'ls -A /srv/place; uname -n')" \
        box
    check "$who: no such file" contain "$(as $who jnsrun --rules /nothing true)" \
        '^jnsrun: cannot read the rules /nothing: there is no such file'
    check "$who: a relative name" equal "$(as $who sh -c "cd /etc/jns-tests; jnsrun --rules plain.conf cat /srv/place/file")" shown
done

file wrong <<'END'
[a]
action = bind
target = /srv/place
END
check "an error has its place" contain "$(as alice jnsrun --rules "$(rules wrong)" true)" '^jnsrun: /etc/jns-tests/wrong.conf:1:1: '
check "and is a failure of its own" contain "$(as alice jnsrun --rules "$(rules wrong)" true)" '^status 125$'
file others <<'END'
[a]
action = tmpfs
target = /tmp
only = user:bob
END
check "only and except count in a file" contain "$(as alice jnsrun --rules "$(rules others)" true)" 'no rule in .*others.conf is for alice'
install -o alice -m 644 "$(rules plain)" /home/alice/own.conf
check "a user's own file is good for the user" equal "$(as alice jnsrun --rules own.conf cat /srv/place/file)" shown
check "and not for root" contain "$(as root jnsrun --rules /home/alice/own.conf true)" 'status 125'

echo "what root alone can have"
file private <<'END'
[own]
action = private
target = /srv/place
END
check "a private folder" equal "$(as root jnsrun --rules "$(rules private)" sh -c 'echo mine >/srv/place/x'; as root jnsrun \
    --rules "$(rules private)" cat /srv/place/x; ls -A /srv/place)" mine
check "that of the user whom -S names" equal "$(as root jnsrun --rules "$(rules private)" -S alice stat -c %u /srv/place; ls /var/lib/jns \
    | grep -c "^$(id -u alice)")" "$(printf '0\n1')"
check "not for an ordinary user" contain "$(as alice jnsrun --rules "$(rules private)" true)" \
    'rule \[own\] /etc/jns-tests/private.conf:1: private folders are kept by root; take tmpfs instead'
file hook <<'END'
[say]
action = run
program = /usr/bin/touch
arguments = /srv/shown/hook-${user}
END
check "a program" equal "$(as root jnsrun --rules "$(rules hook)" ls /srv/shown)" $'file\nhook-root'
check "not by an ordinary user" contain "$(as alice jnsrun --rules "$(rules hook)" true)" 'programs of rules are run by root'
file overlay <<'END'
[over]
action = overlay
target = /srv/shown
upper = discard
END
check "an overlay" equal "$(as root jnsrun --rules "$(rules overlay)" sh -c 'rm /srv/shown/file; ls /srv/shown'; cat /srv/shown/file)" \
    $'hook-root\nshown'
check "not by an ordinary user" contain "$(as alice jnsrun --rules "$(rules overlay)" true)" "overlays are root's"

file apart <<'END'
[own]
action = isolate
isolate = ipc
END
for who in root alice; do
    check "$who: namespaces of rules are for sessions" contain "$(as $who jnsrun --rules "$(rules apart)" true)" \
        "rule \[own\] /etc/jns-tests/apart.conf:1: namespaces of rules are for sessions"
done
file volume <<'END'
[vault]
action = encfs
source = /srv/shown
target = /srv/place
END
for who in root alice; do
    check "$who: and so are volumes" contain "$(as $who jnsrun --rules "$(rules volume)" true)" '\[vault\].*--encfs'
done

echo "--rule: one of those in force"
check "root: whomever it is for" equal "$(as root jnsrun --rule secret stat -c %a /srv/secret)" 0
check "root: that one and no other" equal "$(as root jnsrun --rule open cat /srv/place/file)" shown
mounts_before=$(cat /proc/self/mountinfo)
check "root: more may be mounted in it" equal "$(as root jnsrun --rule open --bind /srv/shown:/srv/closed \
    sh -c 'cat /srv/closed/file; mount --bind /srv/shown /srv/secret && cat /srv/secret/file')" "shown
shown"
check "root: and none of that on the host" same_text "$mounts_before" "$(cat /proc/self/mountinfo)"
check "root: there is none of that name" contain "$(as root jnsrun --rule nothing true)" 'there is no rule nothing'
check "alice: where it says enter = owner" equal "$(as alice jnsrun --rule open sh -c 'cat /srv/place/file; id -u')" "shown
$(id -u alice)"
check "alice: not where it does not" contain "$(as alice jnsrun --rule closed true)" 'status 125'
check "bob: not for whom it is not" contain "$(as bob jnsrun --rule open true)" 'status 125'
check "alice: an ordinary user has no say in root's view" contain "$(as alice jnsrun --rule open --tmpfs /tmp true)" "the view is root's"
finish
