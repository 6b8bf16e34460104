#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# jnsctl diff: what it says a user sees differently is what the user's session finds.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

mkdir -p /srv/secret /srv/shown /srv/data /srv/empty
touch /srv/secret/file /srv/shown/shown /srv/data/file /srv/empty/file
jns_host "[tmp]
action = private
target = /tmp
except = user:root

[secret]
action = hide
target = /srv/secret
only = user:alice

[shown]
action = bind
source = /srv/shown
target = /srv/data
options = ro
only = user:alice

[empty]
action = tmpfs
target = /srv/empty
options = size=1M, nosuid
only = user:alice, service:sshd"

uid=$(id -u alice)
said=$(jnsctl diff alice --service su)
check "diff succeeds" equal $? 0
while read -r sentence; do
    check "it says: $sentence" contain "$(tr -s ' ' <<<"$said")" "^ ?$sentence\$"
done <<END
alice \(uid $uid\) by su sees what the host sees, but
/tmp is alice's own folder \(kept in /var/lib/jns/$uid/tmp\).*
/srv/secret is hidden
/srv/data shows /srv/shown, read-only
/srv/empty is a folder in memory, empty at first and gone with the session, at most 1 MiB, no set-user-id programs
END

# Mount points that the user's session has and the host has not, or has once less.
new_mounts() {
    comm -13 <(awk '{ print $5 }' /proc/self/mountinfo | sort) \
        <(by "$1" "$2" "cat /proc/self/mountinfo" | awk '{ print $5 }' | sort)
}
targets() { jnsctl diff --json "$@" | sed -n 's/^ *"target" : "\(.*\)",$/\1/p' | sort; }
check "each of its lines is a mount of alice's session, and each mount a line" \
    same_text "$(targets alice --service su)" "$(new_mounts su alice)"
check "so they are for bob by ssh, whom fewer rules are for" same_text "$(targets bob --service sshd)" "$(new_mounts ssh-key bob)"
check "and by su, where there is one less" equal "$(targets bob --service su)" /tmp
check "what is shown is there" equal "$(by su alice "ls /srv/data; ls /srv/empty | wc -l")" "shown
0"
check "root sees what the host sees" equal "$(jnsctl diff root)" "root (uid 0) by login sees what the host sees"
check "of a user that there is not it says so" contain "$(jnsctl diff nobody-here 2>&1)" \
    '^jnsctl: cannot diff nobody-here: there is no user nobody-here$'
rules "[tmp]
action = bind
source = /srv/none
target = /tmp"
check "a login that would be refused is told, with the rule" contain "$(jnsctl diff alice)" '^alice .* is refused: .*/srv/none'
finish
