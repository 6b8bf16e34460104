#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Volumes under systemd: with what the unit leaves the daemon, in the stacks that the package's profile makes, with a user manager that has
# no password, and over restarts of the service.

. "$(dirname "$0")/../lib/booted.sh"
. "$tests/lib/vault.sh"

# With its entry for auth. To make a volume is much work, and others may work too.
use_profile timeout=60
mkdir -p /srv/shelf && echo text >/srv/shelf/book
rules "$private_tmp

[papers]
action = gocryptfs
source = \${home}/.papers
target = \${home}/Papers
create = yes
without-password = skip
only = user:alice, user:bob

[locked]
action = gocryptfs
source = \${home}/.locked
target = \${home}/Locked
create = yes
only = user:bob

[shelf]
action = fuse
program = /usr/bin/bindfs
arguments = --no-allow-other, /srv/shelf
target = \${home}/Shelf
create = yes
only = user:bob"
check "the rules are good" jnsctl check
check "they are in force" jnsctl reload

check "the first login by password makes it" equal "$(by_password ssh alice 'echo secret >~/Papers/note; cat ~/Papers/note')" secret
check "with the last session it goes" within 30 nothing_stays alice
stay_by_password ssh alice
first=$stays
check "it opens again" equal "$(by su alice 'cat ~/Papers/note')" secret
check "a login by key finds it" equal "$(by ssh-key alice 'cat ~/Papers/note')" secret
check "the service does not know the password" not grep -qa Secret.1 "/proc/$(property MainPID jnsd.service)/environ"
one_program() { equal "$(pgrep -u alice -cx gocryptfs)" 1; }
check "the program runs once" within 5 one_program
check "the program is in the service's control group" contain "$(cat "/proc/$(pgrep -u alice -x gocryptfs)/cgroup")" 'jnsd.service'
for how in "restart jnsd" "kill --kill-whom=main --signal=KILL jnsd"; do
    # shellcheck disable=SC2086
    systemctl $how
    within 20 systemctl --quiet is-active jnsd || abort "the service is not back"
    check "systemctl $how: it is still there" equal "$(by ssh-key alice 'cat ~/Papers/note')" secret
    check "it is mounted once" within 5 one_program
done
check "the user manager is in the same view" equal "$(namespace "$(user_manager alice)")" "$(namespace "$shell")"
leave "$first"
check "with the last session it goes, no matter which session mounted it" within 40 nothing_stays alice
check "without a password bob is refused, as a rule says" contain "$(by su bob true 2>&1)" "$refusal"
check "with one he gets in, and so does what needs none" equal "$(by_password ssh bob 'cat ~/Shelf/book')" text
stay_by_password ssh bob
check "his user manager is in that view" equal "$(namespace "$(user_manager bob)")" "$(namespace "$shell")"
leave
check "it goes, too" within 40 nothing_stays bob
check "no unit has failed" equal "$(systemctl --failed --quiet --no-legend | grep -v -e user@ -e user-runtime)" ""
finish
