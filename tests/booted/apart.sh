#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Namespaces of isolate, made by the daemon as its unit confines it, in a system with logind and user managers.

. "$(dirname "$0")/../lib/booted.sh"

rules '[logout]
action = private
target = /tmp
except = user:root

[all]
action = isolate
isolate = ipc, uts, net, pid, cgroup, time
hostname = sandbox
only = user:alice
except = service:systemd-user

[few]
action = isolate
isolate = net, uts, ipc
hostname = few
only = user:bob'
systemctl reload jnsd.service
kinds="ipc uts net pid cgroup time"
look='for kind in ipc uts net pid cgroup time; do echo $kind=$(readlink /proc/self/ns/$kind); done'
# others SEEN: which kinds are not the host's.
others() {
    local kind other=
    for kind in $kinds; do [ "$(value "$kind" "$1")" = "$(readlink /proc/self/ns/$kind)" ] || other="$other $kind"; done
    echo ${other# }
}
no_views() { [ -z "$(ls -A /run/jns/views)" ]; }

open_session first ssh "${ssh_options[@]}" -i $scratch/key alice@127.0.0.1 bash
first=$(in_session first "$look")
check "the confined daemon makes all kinds" equal "$(others "$first")" "$kinds"
check "the host name is the rule's" equal "$(in_session first hostname)" sandbox
check "and stays the host's" differ "$(hostname)" sandbox
check "the loopback is up" contain "$(of_ssh bob@127.0.0.1 'ip -o link show lo')" 'LOOPBACK,UP'
check "the cgroup namespace begins where the session is, or the daemon that serves it" \
    lack "$(in_session first 'sed -n s/^0:://p /proc/self/cgroup')" '/\.\./.*/\.\.'
check "ps shows the session's own" equal "$(in_session first 'ps -eo comm= | grep -cE "systemd|jnsd"')" 0
check "a second session shares them" equal "$(of_ssh alice@127.0.0.1 "$look")" "$first"
check "the user manager, which the rule leaves out, is the host's" equal "$(readlink "/proc/$(user_manager alice)/ns/pid")" \
    "$(readlink /proc/self/ns/pid)"
check "and works" equal "$(property ActiveState "user@$(id -u alice).service")" active
check "one that the rule is for works without a PID namespace" \
    equal "$(others "$(of_ssh bob@127.0.0.1 "systemd-run --user --pipe --quiet sh -c '$look'")")" "ipc uts net"

echo "the daemon"
init=$(pgrep -x jns-init)
systemctl restart jnsd.service
check "process 1 outlives it" kill -0 "$init"
check "what was shared is" equal "$(of_ssh alice@127.0.0.1 "$look")" "$first"
systemctl kill --kill-who=main --signal KILL jnsd.service
within 10 systemctl is-active --quiet jnsd.service
check "also when it is killed" equal "$(of_ssh alice@127.0.0.1 "$look")" "$first"
systemctl stop jnsd.socket jnsd.service
check "also by jnsd --once" equal "$(of_ssh alice@127.0.0.1 "$look")" "$first"
systemctl start jnsd.socket jnsd.service
close_session first
check "it ends with the last session" within 40 not pgrep -x jns-init
loginctl terminate-user bob
check "and so do the views" within 40 no_views
check "nothing was refused" equal "$(journal JNS_EVENT=refused)" ""
finish
