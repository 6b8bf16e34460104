#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# jnsctl try: rules that lock a user out end automatically, whatever happens to the daemon meanwhile; confirmed ones stay.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp"
touch /tmp/of-the-host

locked_out="[locked-out]
action = bind
source = /srv/not-there
target = /tmp
only = user:alice"
vault="$private_tmp

[vault]
action = tmpfs
target = /srv/vault"
mkdir -p /srv/vault && touch /srv/vault/file

gets_in() { by su alice true; }
kill_jnsd() {
    kill -9 "$jnsd_pid"
    wait "$jnsd_pid" 2>/dev/null
}
events() { journal "JNS_EVENT=$1" | wc -l; }
fails_with() {
    local said
    said=$("${@:2}" 2>&1) && { echo "it succeeded: $said"; return 1; }
    contain "$said" "$1"
}

check "without a trial there is nothing to confirm" fails_with 'cannot confirm: no rules are on trial' jnsctl confirm
rules "[broken]"
check "broken rules begin no trial" fails_with "cannot try: the rules have .*/etc/jns/rules\.d/test\.conf:1:1: " jnsctl try
check "an ordinary user cannot begin one" fails_with 'are you root' su alice -c "jnsctl try"
check "alice gets in as before" gets_in

echo "confirmed"
rules "$vault"
check "a trial begins" contain "$(jnsctl try)" '^2 rules on trial for 5 minutes, generation [0-9]+; to keep them: jnsctl confirm$'
check "its rules are in force" equal "$(by su alice "ls -A /srv/vault")" ""
check "check says that it is one" contain "$(jnsctl check)" '^/etc/jns/rules\.d:1:1: warning: the rules in the files are on trial: without jnsctl confirm, those before them come back in [0-9]+ seconds$'
check "the log says so" equal "$(events trial-started)" 1
check "it can be confirmed" jnsctl confirm
kill_jnsd
rm -f /run/jns/jnsd.sock
start_jnsd
check "and is in force after kill -9" equal "$(by su alice "ls -A /srv/vault")" ""
check "once" fails_with 'no rules are on trial' jnsctl confirm
check "check has nothing to say" equal "$(jnsctl check)" "2 rules, no errors"

echo "not confirmed"
rules "$locked_out"
began=$SECONDS
check "rules that lock alice out can be tried for a minute" contain "$(jnsctl try --minutes 1 --force)" '^1 rules? on trial for 1 minute,'
check "she is locked out" fails_with "$refusal" gets_in
check "explain says so, and that it is a trial" contain "$(jnsctl explain alice 2>&1)" 'are on trial'
echo "$locked_out" >/etc/jns/rules.d/other.conf
sed -i 's/locked-out/locked-out-too/; s/alice/bob/' /etc/jns/rules.d/other.conf
check "what is reloaded is on trial too" contain "$(jnsctl reload --force)" 'on trial for another [0-9]+ seconds'
kill_jnsd
check "without the daemon she is locked out as well" fails_with "$refusal" gets_in
start_jnsd
check "and after a start, because it is still a trial" fails_with "$refusal" gets_in
check "the time that is left goes on" contain "$(jnsctl explain alice 2>&1)" 'come back in [1-5]?[0-9] seconds'
# So that the end comes while it runs; the first half minute has gone by.
check "alice gets in again, by nothing but time" within 75 gets_in
took=$((SECONDS - began))
check "not before its minute was over" test $took -ge 58
check "and not long after" test $took -le 110
check "her session is isolated, by the rules before" equal "$(by su alice "ls -A /srv/vault")" ""
check "bob gets in too" by su bob true
check "the log says that the trial ended" contain "$(journal JNS_EVENT=trial-ended)" \
    'the trial ended without jnsctl confirm: the rules before it are in force again; the files in /etc/jns/rules\.d are not'
check "check says that the files are not in force" contain "$(jnsctl check)" \
    ':1:1: warning: the rules in force are not those in the files: a trial of these ended without jnsctl confirm'
check "explain uses those that are" lack "$(jnsctl explain alice 2>/dev/null)" locked-out
check "and says why on standard error" contain "$(jnsctl explain alice 2>&1 >/dev/null)" \
    '^jnsctl: the rules in force are not those in the files'
check "it is too late to confirm" fails_with 'cannot confirm: the trial is over' jnsctl confirm
stop_jnsd
check "without the daemon the rules before are in force" equal "$(by su alice "ls -A /srv/vault")" ""
start_jnsd
check "after a restart too" equal "$(by su alice "ls -A /srv/vault")" ""

echo "a trial that ends while no daemon runs"
rm /etc/jns/rules.d/other.conf
check "it begins" jnsctl try --force
check "alice is locked out" fails_with "$refusal" gets_in
stop_jnsd
# As if that many seconds had gone by.
awk '{ print $1, $2, $3 - 400, $4 - 400 }' /var/lib/jns/trial >"$scratch/trial"
cat "$scratch/trial" >/var/lib/jns/trial
check "a helper for one login sees that it is over" gets_in
start_jnsd
check "so does the daemon when it starts" gets_in

echo "the files are taken on request"
rules "$private_tmp"
check "by jnsctl reload" contain "$(jnsctl reload)" '^rules read, generation [0-9]+$'
check "they are in force" equal "$(by su alice "ls -A /srv/vault")" file
check "nothing is left of the trial" equal "$(jnsctl check; ls /var/lib/jns | grep -v '^[0-9]')" "1 rule, no errors
last-good-rules
last-good-settings"
finish
