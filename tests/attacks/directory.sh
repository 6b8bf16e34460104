#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A directory service that does not answer: users who are not in it log in as on any other day, and nobody gets past a rule because of it.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/state.sh"

name_users local 3 3900 100
name_users member 3 3950 100
small_host "[private]
action = private
target = /tmp
except = user:root, group:staff-only

[exam]
action = tmpfs
target = /srv
only = group:staff-only
except = user:local?

[here]
action = tmpfs
target = /mnt
only = group:here
except = user:local?"
groupadd --gid 3999 here
gcc -std=gnu11 -O1 -Wall -Wextra -shared -fPIC -o /usr/lib/libnss_jnstest.so.2 "$tests/lib/nss-test.c" ||
    abort "cannot build the name service"
ldconfig
sed -i 's/^\(passwd\|group\):.*/\1: files jnstest/' /etc/nsswitch.conf
echo 'session required pam_jns.so once=off timeout=20' >/etc/pam.d/daemon
echo "session required pam_jns.so socket=$scratch/nobody timeout=20" >/etc/pam.d/alone
echo 512 >/proc/sys/net/unix/max_dgram_qlen
start_journal

lets_in() { contain "$(./client "$1" "$2" </dev/null 2>&1)" "^open $(stat -Lc %i /proc/self/ns/mnt)$"; }
# has_rules USER RULES: the user's last login, as the journal has it.
has_rules() {
    last_rules() { journal JNS_EVENT=login JNS_USER="$1" --output=json | tail -n 1 | grep -qF "\"JNS_RULES\":\"$2\""; }
    within 5 last_rules "$1" "$2" || { journal JNS_USER="$1" | tail -n 3; return 1; }
}
directory() { echo "$1" >/run/nss-test; }

echo "it answers"
directory up
start_jnsd
check "(a member)" in_view daemon member0
check "(is known as one)" has_rules member0 exam
check "(somebody else)" in_view daemon member1
check "(is known as none)" has_rules member1 private

for state in slow down; do
    echo "it is $state"
    directory $state
    check "[B4] root gets in at once" in_time 1000 lets_in daemon root
    check "[B4] a local user gets a view" in_time 2000 in_view daemon local0
    check "[B4] the member is one still" in_time 2000 in_view daemon member0
    check "[B4] by what was known" has_rules member0 exam
    check "[B4] who was no member is none still" in_time 2000 in_view daemon member1
    check "[B4] jnsctl answers" in_time 9000 jnsctl reload
    check "[B4] the rules go on to know the group" in_time 2000 in_view daemon member0
    usermod -aG here member1
    check "a change of /etc/group holds, whatever was known" in_time 2000 in_view daemon member1
    check "(a member of one more)" has_rules member1 private,here
    gpasswd -d member1 here >/dev/null
    check "taken out of it" in_time 2000 in_view daemon member1
    check "(a member no more)" has_rules member1 private
done

echo "30 logins at once of somebody of whom nobody can tell"
directory slow
rm -f end said
mkfifo end
./crowd hold daemon member 3 30 <>end >said 2>told &
crowd=$!
check "[B4] root gets in at once" in_time 1000 lets_in daemon root
check "[B4] a local user gets a view" in_time 2000 in_view daemon local1
echo >end

echo "it does not answer when the daemon starts"
stop_jnsd
start_patience=20
start_jnsd
check "[B4] root gets in at once" in_time 1000 lets_in daemon root
check "[B4] a local user gets a view" in_time 2000 in_view daemon local0
check "[B4] jnsctl answers" in_time 9000 jnsctl reload
wait $crowd
not_known() { contain "$(./client daemon member0 </dev/null 2>&1)" "the user database does not answer"; }
check "[B4] of whom nobody can tell whether a rule is for them is refused, and told why" in_time 15000 not_known
check "[B4] metrics say that it does not answer" contain "$(jnsctl metrics)" "^jns_user_database_waiting_seconds [1-9]"
check "[B4] without a daemon, root gets in all the same" in_time 8000 lets_in alone root
check "[B4] and so does a user for whom a name in the rules decides" in_time 12000 in_view alone local2

echo "it answers again"
directory up
knows() { in_view daemon member0 && has_rules member0 exam; }
check "[B4] the member is known as one" within 60 knows
check "[B4] a user of the directory gets in" in_view daemon remote0
check "[B4] as a member" has_rules remote0 exam
finish
