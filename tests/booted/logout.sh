#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# When the last session of a user's has ended, the user manager ends, and the view and the private folder go; a user who
# lingers keeps them.

. "$(dirname "$0")/../lib/booted.sh"

mkdir -p /etc/systemd/logind.conf.d
printf '[Login]\nUserStopDelaySec=1s\n' >/etc/systemd/logind.conf.d/test.conf
systemctl restart systemd-logind.service
rules '[logout]
action = private
target = /tmp
except = user:root
keep = logout'
systemctl reload jnsd.service
add_users carol dave erin

folder() { echo "/var/lib/jns/$(id -u "$1")/tmp"; }
folder_goes() { within 30 test ! -e "$(folder "$1")"; }
has_view() { compgen -G "/run/jns/views/$(id -u "$1").*" >/dev/null; }
no_sessions() { [ -z "$(ls -A /run/jns/sessions)" ]; }
has_ended() { [ "$(property ActiveState "user@$(id -u "$1").service")" = inactive ] && ! pgrep -u "$1" >/dev/null; }

open_session first ssh "${ssh_options[@]}" -i $scratch/key alice@127.0.0.1 bash
open_session second su alice
in_session first 'touch /tmp/of-alice'
close_session first
of_ssh bob@127.0.0.1 'touch /tmp/of-bob; systemd-run --user --quiet sleep 4'
loginctl enable-linger carol dave
for user in carol dave; do of_ssh $user@127.0.0.1 "touch /tmp/of-$user"; done
loginctl disable-linger dave
open_session terminated ssh "${ssh_options[@]}" -i $scratch/key erin@127.0.0.1 bash
loginctl terminate-user erin
sleep 13

echo "while a process of the user is there"
check "a second session keeps the folder" test -e "$(folder alice)/of-alice"
check "and sees what it saw" equal "$(in_session second 'ls -A /tmp')" of-alice
close_session second
check "who lingers keeps the user manager" systemctl --quiet is-active "user@$(id -u carol).service"
check "and the view" has_view carol
check "and the folder" test -e "$(folder carol)/of-carol"
check "which it sees" equal "$(ls -A "/proc/$(user_manager carol)/root/tmp")" of-carol
check "and so does the next session" equal "$(of_ssh carol@127.0.0.1 'ls -A /tmp')" of-carol
loginctl disable-linger carol

echo "afterwards"
check "the last logout ends the user manager" within 10 has_ended alice
check "then the view goes" within 10 not has_view alice
check "and the folder" folder_goes alice
check "a unit of the user's keeps it no longer than the user manager" folder_goes bob
check "nor does lingering, when it is over" folder_goes carol
check "nor when it was over before the last logout" folder_goes dave
check "one who is thrown out is out" has_ended erin
check "and leaves no view" not has_view erin
check "nor a folder" folder_goes erin
check "the next login begins with an empty one" equal "$(of_ssh alice@127.0.0.1 'ls -A /tmp')" ""
check "no session is left in the books" within 20 no_sessions
check "the system is up, and nothing has failed" equal "$(systemctl is-system-running)" running
finish
