#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# New rules are taken on SIGHUP and by `jnsctl reload`; a broken file changes nothing, and the journal says where it is broken.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"
host=$(host_namespace)
touch /tmp/of-the-host /srv/secret
mkdir -p /srv/vault && touch /srv/vault/file

sees() { by su alice "ls -A $1"; }
broken="$private_tmp
targt = /var/tmp"

check "the first rules are in force" lack "$(sees /tmp)" of-the-host
check "and no others" contain "$(sees /srv/vault)" file

rules "$private_tmp

[vault]
action = tmpfs
target = /srv/vault"
check "rules that are merely written are not in force" contain "$(sees /srv/vault)" file
check "jnsctl reload succeeds" jnsctl reload
check "and the new rules are in force" lack "$(sees /srv/vault)" file

rules "$private_tmp"
kill -HUP "$jnsd_pid"
vault_is_back() { contain "$(sees /srv/vault)" file; }
check "so they are after SIGHUP" within 5 vault_is_back

echo "a broken file"
rules "$broken"
reply=$(jnsctl reload 2>&1)
check "jnsctl reload fails" differ $? 0
check "and says file, line and column" contain "$reply" '/etc/jns/rules\.d/test\.conf:5:[0-9]+: '
check "the journal says it too" in_journal '/etc/jns/rules\.d/test\.conf:5:[0-9]+: ' _PID="$jnsd_pid"
check "alice is isolated as before" lack "$(sees /tmp)" of-the-host
kill -HUP "$jnsd_pid"
check "after SIGHUP too" lack "$(sees /tmp)" of-the-host
check "the daemon is the same process" kill -0 "$jnsd_pid"

echo "no folder of rules"
rules "$private_tmp"
jnsctl reload >/dev/null
mv /etc/jns/rules.d /etc/jns/elsewhere
reply=$(jnsctl reload 2>&1)
check "a folder that is gone while rules are in force is an error" differ $? 0
check "that says what to do" contain "$reply" 'rules\.d.*make it again'
check "alice is isolated as before" lack "$(sees /tmp)" of-the-host
stop_jnsd
start_jnsd
check "after a restart too" lack "$(sees /tmp)" of-the-host
mkdir /etc/jns/rules.d
check "an empty folder is taken" jnsctl reload
check "and means no rules" contain "$(sees /tmp)" of-the-host
rmdir /etc/jns/rules.d
mv /etc/jns/elsewhere /etc/jns/rules.d
jnsctl reload >/dev/null
rules "$broken"

echo "a restart with a broken file"
stop_jnsd
start_jnsd
check "the last good rules are in force" lack "$(sees /tmp)" of-the-host
check "alice is in a namespace of her own" differ "$(value namespace "$(by su alice jns-probe)")" "$host"
check "the journal says what is wrong with the new ones" in_journal 'test\.conf:5:[0-9]+: ' _PID="$jnsd_pid"

echo "a first start with a broken file"
stop_jnsd
rm -rf /run/jns /var/lib/jns
start_jnsd
said=$(su alice -c "touch $scratch/has-run" 2>&1)
check "alice is refused" differ $? 0
check "nothing has run" not test -e "$scratch/has-run"
check "she is told so" contain "$said" "$refusal"
check "root gets in" equal "$(su root -c 'id -un')" root

echo "the file is mended"
rules "$private_tmp"
check "jnsctl reload succeeds" jnsctl reload
check "alice gets in, isolated" lack "$(sees /tmp)" of-the-host
finish
