# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2034,SC2154 # variables of the files that source this, and for them
# Makes the view into a host with users, a journal, a login server and jns. Source it after check.sh, or after a function
# abort of your own.

services="sshd su sudo login cron"
scratch=/srv/jns-tests # unlike /tmp, the same for all users and sessions

# within SECONDS COMMAND...: succeeds as soon as the command does, and fails when it does not within that time. The limit is for an
# idle machine. A machine that runs other tests may take four times as long. After a timeout it shows what the command prints.
within() {
    local end=$((SECONDS + 4 * $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || { echo "still not so: $*"; "$@"; return 1; }
        sleep 0.05
    done
}

add_users() {
    local user
    for user in "$@"; do
        useradd --create-home --shell /bin/bash "$user"
        echo "$user:Secret.1" | chpasswd
        install -d -m 700 -o "$user" -g "$user" "/home/$user/.ssh"
        install -m 600 -o "$user" -g "$user" "$scratch/key.pub" "/home/$user/.ssh/authorized_keys"
    done
}

# A journal without systemd: journald needs nothing but its sockets below /run and syslog's link in /dev.
start_journal() {
    /lib/systemd/systemd-journald </dev/null 2>"$scratch/journald.log" &
    within 5 test -S /run/systemd/journal/socket || abort "systemd-journald does not start"
    ln -sf /run/systemd/journal/dev-log /dev/log
}

# journal FIELD=VALUE...: the messages with these fields, oldest first.
journal() {
    journalctl --sync
    journalctl --quiet --no-pager --output=cat "$@"
}

# in_journal PATTERN FIELD=VALUE...: such a message is there, or comes soon. A login is answered before it is logged.
in_journal() {
    local pattern=$1
    shift
    journal_matches() { journal "$@" | grep -qE -e "$pattern"; }
    within 5 journal_matches "$@" || { printf 'expected to match: %s\nin: %s\n' "$pattern" "$(journal "$@")"; return 1; }
}

# Whatever this machine's own sshd_config says: it may let only some users in.
start_sshd() {
    ssh-keygen -q -t ed25519 -N '' -f "$scratch/host_key"
    cat >"$scratch/sshd_config" <<END
ListenAddress 127.0.0.1
HostKey $scratch/host_key
UsePAM yes
PasswordAuthentication yes
PermitRootLogin yes
PrintMotd no
MaxStartups 200
PidFile /run/sshd.pid
END
    /usr/sbin/sshd -f "$scratch/sshd_config" || abort "sshd does not start"
}

# prepare_host: everything but jns itself.
prepare_host() {
    # The machine may run jns itself, and have a journal of its own.
    rm -rf /etc/jns /var/lib/jns /var/log/journal
    sed -i '/pam_jns/d' /etc/pam.d/*
    install -d -m 1777 "$scratch"
    # Not below /tmp, which sessions do not share.
    cd "$scratch" || abort "cannot enter $scratch"
    install -m 755 "$tests/lib/probe" /usr/bin/jns-probe
    ssh-keygen -q -t ed25519 -N '' -f "$scratch/key"
    add_users alice bob
    install -d -m 700 /root/.ssh
    cp "$scratch/key.pub" /root/.ssh/authorized_keys
    # Not part of the question, and each costs time or prints something.
    sed -i '/pam_systemd\|pam_motd\|pam_lastlog\|pam_mail/d' /etc/pam.d/*
    printf 'auth required pam_permit.so\naccount required pam_permit.so\n' >/etc/pam.d/jnstest
    install -d /etc/sudoers.d
    echo 'alice ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/jns-tests
    # What this machine has of them: the demo needs no cron.
    services=$(for service in $services; do [ ! -e "/etc/pam.d/$service" ] || echo "$service"; done)
    for service in $services jnstest; do cp "/etc/pam.d/$service" "$scratch/$service.before"; done
    start_journal
    start_sshd
}

# use_module LINE: what the session stack of every login program ends with. Debian's su-l includes su, so su is enough.
use_module() {
    local service
    for service in $services jnstest; do
        { cat "$scratch/$service.before"; [ -z "$*" ] || echo "$*"; } >"/etc/pam.d/$service"
    done
}

# use_profile [MODULE-OPTION...]: in the stacks that Debian's login programs include, as its package has it; and in that of
# runuser, which includes none.
use_profile() {
    sed -i '/pam_jns/d' /etc/pam.d/*
    install -m 644 "$source_root/packaging/pam/jns" /usr/share/pam-configs/jns
    DEBIAN_FRONTEND=noninteractive pam-auth-update --force --enable jns || abort "cannot enable the profile"
    echo "session required pam_jns.so" >>/etc/pam.d/runuser
    sed -i "s/pam_jns.so.*/& $*/" /etc/pam.d/*
}

# install_jns: a finished build, put where packages put it. JNS_JDK picks the JVM.
install_jns() {
    "$source_root/packaging/install" ${JNS_JDK:+--jdk "$JNS_JDK"} >"$scratch/install.log" 2>&1 ||
        abort "packaging/install failed: $(cat "$scratch/install.log")"
}

# rules TEXT: the whole of the rules folder.
rules() {
    rm -rf /etc/jns/rules.d
    mkdir -p -m 755 /etc/jns/rules.d
    echo "$1" >/etc/jns/rules.d/test.conf
}

private_tmp='[private-tmp]
action = private
target = /tmp
except = user:root'

# jns_host RULES [MODULE-OPTION...]: all of it, ready for logins.
jns_host() {
    prepare_host
    install_jns
    rules "$1"
    shift
    start_jnsd
    use_module "session required pam_jns.so${*:+ $*}"
}

# With the capabilities that the unit leaves it, and no others.
start_jnsd() {
    local capabilities
    capabilities=$(sed -n 's/^CapabilityBoundingSet=//p' "$source_root/packaging/systemd/jnsd.service" |
        tr ' [:upper:]' '\n[:lower:]' | sed 's/^cap_/+/' | paste -sd ,)
    setpriv --bounding-set="-all,$capabilities" /usr/sbin/jnsd </dev/null >>"$scratch/jnsd.log" 2>&1 &
    jnsd_pid=$!
    within "${start_patience:-30}" serves || abort "jnsd does not start: $(cat "$scratch/jnsd.log")"
}

# The daemon listens long before it answers, and a login in between may be given to --once: it waits for logins with threads of that name.
serves() { listens && grep -qsx login "/proc/$jnsd_pid/task/"*/comm; }

# Somebody accepts connections on jnsd's socket: proc_pid_net(5) has the flag for it.
listens() { awk '$4 == "00010000" && $8 == "/run/jns/jnsd.sock" { found = 1 } END { exit !found }' /proc/net/unix; }

# Stops the daemon's threads, and waits until all of them are: one that goes on for a moment may take a login.
freeze_jnsd() {
    kill -STOP "$jnsd_pid"
    within 5 jnsd_is_frozen
}
jnsd_is_frozen() { ! cat /proc/"$jnsd_pid"/task/*/status | grep '^State:' | grep -qv 'T (stopped)'; }

stop_jnsd() {
    kill -"${1:-TERM}" "$jnsd_pid"
    wait "$jnsd_pid" 2>/dev/null
}

# view_of USER: whether the user has a view. It stays for a moment after the last session.
view_of() { compgen -G "/run/jns/views/$(id -u "$1").*" >/dev/null; }
without_view() { ! view_of "$1"; }

# What logins must leave alone. The time stamps of folders in /etc are part of it.
# Without the two mounts that keep views: the first helper makes them, and they stay until the machine stops.
host_mounts() { grep -v ' /run/jns/keeper' /proc/self/mountinfo; }
host_tmp() { find /tmp -xdev -printf '%p %y %u %g %m\n' | sort; }
host_etc() { find /etc -xdev -printf '%p %y %u %g %m %s %t\n' | sort; }
host_namespace() { readlink /proc/self/ns/mnt; }

# peers PID: the peer groups of the process's mounts, sorted. Two mounts in one group pass on to each other what changes.
peers() { grep -oE ' shared:[0-9]+' "/proc/$1/mountinfo" | sort -u; }
