#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The place of the module in a stack with pam_systemd, which starts the user manager and waits for it: that works on
# either side. A refused login leaves nothing behind on one of them.

. "$(dirname "$0")/../lib/booted.sh"

rules '[broken]
action = bind
source = /opt/gone
target = /tmp
only = user:bob

[private-tmp]
action = private
target = /tmp
except = user:root'
# Rules that refuse somebody are taken by force alone.
jnsctl reload --force >/dev/null
of_ssh alice@127.0.0.1 'touch /tmp/of-alice'

# stop USER: as if nobody had logged in yet.
stop() {
    systemctl stop "user-$(id -u "$1").slice"
    systemctl reset-failed
}
units_of_bob() { systemctl list-units --all --plain --no-legend "user@$(id -u bob).service" "user-runtime-dir@$(id -u bob).service"; }

stop alice
echo "before pam_systemd"
in_file() { grep -n -m 1 "$1" /etc/pam.d/common-session | cut -d : -f 1; }
check "(there it stands)" test "$(in_file pam_jns)" -lt "$(in_file pam_systemd)"
check "a login has a user manager" equal "$(of_ssh alice@127.0.0.1 'ls -A /tmp; systemctl --user is-active default.target')" "of-alice
active"
check "and its runtime folder" equal "$(of_ssh alice@127.0.0.1 'stat -c %U $XDG_RUNTIME_DIR')" alice
check "a refused login is refused" contain "$(of_ssh bob@127.0.0.1 true 2>&1)" "$refusal"
check "and starts nothing for the user" equal "$(units_of_bob)" ""
check "nor is there a session for logind" lack "$(loginctl list-sessions --no-legend)" ' bob '
check "nothing has failed" equal "$(systemctl is-system-running)" running

stop alice
sed -i '/pam_jns/d' /etc/pam.d/common-session
echo 'session required pam_jns.so' >>/etc/pam.d/common-session
echo "after pam_systemd"
check "a login has a user manager" equal "$(of_ssh alice@127.0.0.1 'ls -A /tmp; systemctl --user is-active default.target')" "of-alice
active"
check "and its runtime folder" equal "$(of_ssh alice@127.0.0.1 'stat -c %U $XDG_RUNTIME_DIR')" alice
check "a refused login is refused" contain "$(of_ssh bob@127.0.0.1 true 2>&1)" "$refusal"
check "and its user manager was started, and failed" equal "$(property ActiveState "user@$(id -u bob).service")" failed

stop bob
sed -i '/pam_systemd/d' /etc/pam.d/common-session
echo "without pam_systemd"
check "a login is isolated" equal "$(of_ssh alice@127.0.0.1 'ls -A /tmp')" of-alice
finish
