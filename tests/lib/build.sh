# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2034,SC2154 # variables of the files that source this, and for them
# Installs what a build or a test needs and is missing, and builds. Sourced by tests/run and packaging/demo.

# COMMAND-OR-FILE:PACKAGE. What is there is left alone, whichever package it came from.
build_needs="javac:default-jdk-headless mvn:maven gcc:gcc make:make /usr/include/security/pam_modules.h:libpam0g-dev
    /usr/include/stdio.h:libc6-dev unzip:unzip"
login_needs="/usr/sbin/sshd:openssh-server ssh:openssh-client sudo:sudo script:bsdutils login:login
    ip:iproute2 ps:procps /lib/systemd/systemd-journald:systemd"
test_needs="$login_needs cron:cron pamtester:pamtester sshpass:sshpass strace:strace systemd-socket-activate:systemd
    python3:python3 /usr/include/asm:gcc-multilib bindfs:bindfs encfs:encfs gocryptfs:gocryptfs fusermount:fuse3
    shellcheck:shellcheck clang-format:clang-format cppcheck:cppcheck
    systemd-nspawn:systemd-container mmdebstrap:mmdebstrap dbus-daemon:dbus
    /usr/lib/systemd/user/dbus.socket:dbus-user-session
    /usr/share/pam-configs/systemd:libpam-systemd atd:at setcap:libcap2-bin newuidmap:uidmap tmux:tmux"
package_needs="lintian:lintian rpm:rpm rpmlint:rpmlint"

step() { printf '== %s\n' "$*"; }

# install_missing NEED...: with apt, and without starting or enabling what the packages would like to run: a test must not
# turn a laptop into a login server.
install_missing() {
    local need missing=()
    for need in "$@"; do
        case ${need%%:*} in
        /*) [ -e "${need%%:*}" ] || missing+=("${need#*:}") ;;
        *) PATH=$PATH:/usr/sbin:/sbin command -v "${need%%:*}" >/dev/null || missing+=("${need#*:}") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    mapfile -t missing < <(printf '%s\n' "${missing[@]}" | sort -u)
    if ! command -v apt-get >/dev/null; then
        echo "cannot install ${missing[*]}: this system has no apt-get; install what corresponds to them yourself" >&2
        return 1
    fi
    step "installing ${missing[*]}"
    local policy=/usr/sbin/policy-rc.d own_policy=no log status=0
    log=$(mktemp)
    if [ ! -e $policy ]; then
        own_policy=yes
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod 755 $policy
    fi
    export DEBIAN_FRONTEND=noninteractive
    { apt-get -q update && apt-get -q install -y --no-install-recommends "${missing[@]}"; } </dev/null >"$log" 2>&1 || status=$?
    [ $own_policy = no ] || rm -f $policy
    if [ $status -ne 0 ]; then
        tail -n 20 "$log" >&2
        echo "cannot install ${missing[*]}: apt-get failed; its last lines are above" >&2
    elif [ -d /run/systemd/system ]; then
        case " ${missing[*]} " in *" openssh-server "*) systemctl --quiet disable ssh.service ssh.socket 2>/dev/null ;; esac
    fi
    rm -f "$log"
    return $status
}

# jdk VERSION: the home of a JDK of this version, or nothing.
jdk() {
    local home version
    for home in /usr/lib/jvm/*/; do
        [ -x "$home/bin/javac" ] || continue
        # A Java machine would take a second to say it.
        version=$(sed -n 's/^JAVA_VERSION="\(.*\)"$/\1/p' "$home/release" 2>/dev/null)
        [ -n "$version" ] || version=$("$home/bin/javac" -version 2>&1)
        case ${version#javac } in "$1" | "$1."*) realpath "$home"; return ;; esac
    done
}

# The sources are written for Java 17; without it maven uses the installed version.
choose_java() {
    [ -z "${JAVA_HOME:-}" ] || return 0
    JAVA_HOME=$(jdk 17)
    if [ -n "$JAVA_HOME" ]; then export JAVA_HOME; else unset JAVA_HOME; fi
}

build() {
    choose_java
    if [ -d ~/.m2/repository/com/github/jnr/jffi ]; then
        step "building the helper (maven)"
    else
        step "building the helper (maven; the first time it downloads its libraries: a minute or two)"
    fi
    # Even without a terminal, maven begins and ends with codes that reset its colours.
    if ! (set -o pipefail; mvn -q -B -ntp -DskipTests package </dev/null 2>&1 | sed $'s/\e\\[[0-9;]*m//g'); then
        echo "cannot build the helper: see above" >&2
        return 1
    fi
    step "building the module (make)"
    make -s -C pam-shim || { echo "cannot build the module: see above" >&2; return 1; }
}
