# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2034,SC2154 # variables of the files that source this, and for them
# Every way to get a session on a machine with systemd. Source it after booted.sh. by_WAY USER: what jns-probe says there.

ways="ssh_key ssh_password su su_login sudo sudo_login runuser runuser_login console crontab at machinectl unit user_unit
    user_unit_from_outside user_bus"
[ -z "$(command -v run0)" ] || ways+=" run0"

# probe_later NAME USER: a command for what runs it some time; reported NAME USER is what it said.
probe_later() {
    install -d -m 1777 $scratch/reports
    echo "jns-probe >$scratch/reports/$1.$2 2>&1; touch $scratch/reports/$1.$2.whole"
}
reported() {
    within 20 test -e "$scratch/reports/$1.$2.whole" || return
    cat "$scratch/reports/$1.$2"
}

by_ssh_key() { of_ssh "$1@127.0.0.1" jns-probe; }
by_ssh_password() { by ssh-password "$1" jns-probe; }
by_su() { su "$1" -c jns-probe; }
by_su_login() { su - "$1" -c jns-probe; }
by_sudo() { sudo -u "$1" jns-probe; }
by_sudo_login() { sudo -i -u "$1" jns-probe; }
by_runuser() { runuser -u "$1" jns-probe; }
by_runuser_login() { runuser -l "$1" -c jns-probe; }
by_console() { by_login "$1" jns-probe; }
by_crontab() {
    echo "@reboot $(probe_later cron "$1")" | crontab -u "$1" -
    rm -f /run/crond.reboot
    systemctl restart cron.service
    reported cron "$1"
    crontab -u "$1" -r
}
# As root: at itself would be a session otherwise.
by_at() {
    probe_later at "$1" | setpriv --reuid="$1" --regid="$1" --init-groups env LOGNAME="$1" at now 2>/dev/null
    reported at "$1"
}
by_machinectl() { machinectl --quiet shell "$1@.host" /usr/bin/jns-probe </dev/null | tr -d '\r'; }
by_run0() { run0 --user="$1" jns-probe </dev/null; }
by_unit() { systemd-run --quiet --pipe --wait --collect --property=User="$1" --property=PAMName=login jns-probe; }
by_user_unit() { of_ssh "$1@127.0.0.1" systemd-run --user --quiet --pipe --wait --collect jns-probe; }
by_user_unit_from_outside() {
    systemctl start "user@$(id -u "$1").service"
    systemd-run --user --machine="$1@.host" --quiet --pipe --wait --collect jns-probe
}
by_user_bus() {
    local services=/home/$1/.local/share/dbus-1/services
    install -d -o "$1" "$services"
    probe_later bus "$1" >"$scratch/on-the-bus.$1"
    printf '[D-BUS Service]\nName=org.example.Test\nExec=/bin/sh %s\n' "$scratch/on-the-bus.$1" >"$services/org.example.Test.service"
    # It never takes the name that it was started for.
    of_ssh "$1@127.0.0.1" busctl --user --timeout=1s call org.example.Test / org.freedesktop.DBus.Peer Ping >/dev/null 2>&1
    reported bus "$1"
}
