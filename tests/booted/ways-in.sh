#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Whichever way somebody gets in on a machine with systemd, they are in their own view, and root is on the host.

. "$(dirname "$0")/../lib/booted.sh"

echo "/tmp on the host" >/tmp/of-the-host
of_ssh alice@127.0.0.1 'touch /tmp/of-alice'
of_ssh bob@127.0.0.1 'touch /tmp/of-bob'
report() { # FILE COMMAND: what cron and at have run, as a file of the host's
    install -d -m 1777 $scratch/out
    echo "sh -c '$2' >$scratch/out/$1 2>&1; touch $scratch/out/$1.done"
}
reported() {
    within 20 test -e "$scratch/out/$1.done" || return
    cat "$scratch/out/$1"
}
# a session of alice's by each way: what jns-probe says there.
by_ssh_key() { of_ssh alice@127.0.0.1 jns-probe; }
by_ssh_password() { by ssh-password alice jns-probe; }
by_su() { su alice -c jns-probe; }
by_su_login() { su - alice -c jns-probe; }
by_sudo() { sudo -u alice jns-probe; }
by_sudo_login() { sudo -i -u alice jns-probe; }
by_runuser() { runuser -u alice jns-probe; }
by_runuser_login() { runuser -l alice -c jns-probe; }
by_console() { by_login alice jns-probe; }
by_crontab() {
    echo "@reboot $(report cron jns-probe)" | crontab -u alice -
    rm -f /run/crond.reboot
    systemctl restart cron.service
    reported cron
}
by_at() {
    report at jns-probe | su alice -c 'at now' 2>/dev/null
    reported at
}
by_machinectl() { machinectl --quiet shell alice@.host /bin/sh -c jns-probe </dev/null | tr -d '\r'; }
by_run0() { run0 --user=alice jns-probe </dev/null; }
by_unit() { systemd-run --quiet --pipe --wait --collect --property=User=alice --property=PAMName=login jns-probe; }
by_user_unit() { of_ssh alice@127.0.0.1 systemd-run --user --quiet --pipe --wait --collect jns-probe; }
by_user_unit_from_outside() { systemd-run --user --machine=alice@.host --quiet --pipe --wait --collect jns-probe; }
by_user_bus() {
    local services=/home/alice/.local/share/dbus-1/services
    su alice -c "mkdir -p $services"
    report bus jns-probe >$scratch/on-the-bus
    printf '[D-BUS Service]\nName=org.example.Test\nExec=/bin/sh %s/on-the-bus\n' $scratch >$services/org.example.Test.service
    # It never takes the name that it was started for.
    of_ssh alice@127.0.0.1 busctl --user --timeout=1s call org.example.Test / org.freedesktop.DBus.Peer Ping >/dev/null 2>&1
    reported bus
}
by_sudo_of_bobs() { of_ssh bob@127.0.0.1 sudo -u alice jns-probe; }

ways="ssh_key ssh_password su su_login sudo sudo_login runuser runuser_login console crontab at machinectl unit user_unit
    user_unit_from_outside user_bus"
[ -z "$(command -v run0)" ] || ways+=" run0"
for way in $ways; do
    echo "${way//_/ }"
    seen=$(by_"$way" 2>&1)
    check "it is alice's" equal "$(value user "$seen")" alice || { echo "$seen"; continue; }
    check "not on the host" differ "$(value namespace "$seen")" "$(host_namespace)"
    check "with alice's /tmp" equal "$(value files "$seen")" "of-alice "
done

echo "root"
at_home() { equal "$("$@" readlink /proc/self/ns/mnt </dev/null | grep -o 'mnt:.*\]')" "$(host_namespace)"; }
check "is on the host by ssh" at_home of_ssh root@127.0.0.1
check "by sudo" at_home sudo -i
check "by su" at_home su - root -c 'exec "$0" "$@"' --
check "by machinectl" at_home machinectl --quiet shell root@.host /usr/bin/env

echo "from one into another"
echo 'bob ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/bob
open_session alice ssh "${ssh_options[@]}" -i $scratch/key alice@127.0.0.1 bash
check "root, from alice's session, stays in her view" equal "$(in_session alice 'sudo -i ls -A /tmp')" of-alice
check "bob, from alice's session, has his own" equal "$(in_session alice 'sudo su bob -c "ls -A /tmp"')" of-bob
check "and alice, from there, hers" equal "$(in_session alice 'sudo su bob -c "sudo -u alice ls -A /tmp"')" of-alice
close_session alice

echo "afterwards"
check "the system is up, and nothing has failed" equal "$(systemctl is-system-running)" running
check "the host's /tmp has what it had" equal "$(ls -I 'systemd-private-*' /tmp)" of-the-host
finish
