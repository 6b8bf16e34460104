#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# $1 is how many versions are installed now.
if [ -e /var/cache/jns/private-tmp-was-removed ]; then
    rm -f /etc/jns/rules.d/private-tmp.conf /var/cache/jns/private-tmp-was-removed
fi
# Nothing here makes namespaces, mounts or state, or starts a JVM: this may run in a chroot, from where such things reach out, and
# while people are logged in. The JVM's archive of classes does not fit any more; jns-archive.service makes another one.
rm -f /var/cache/jns/sources /var/cache/jns/jns.jsa /var/cache/jns/jns.aot
[ -x /usr/bin/java ] || echo "jns: cannot start: there is no java at /usr/bin/java; install a headless Java runtime, 17 or newer" >&2
# Where earlier versions had it.
rm -f /usr/lib/jns/jns.jsa /usr/lib/jns/jns.aot
if ! setcap cap_dac_override,cap_sys_admin,cap_sys_chroot=p /usr/lib/jns/jns-join; then
    echo "jns: cannot give /usr/lib/jns/jns-join its capabilities; until then ordinary users cannot enter their views from outside" >&2
fi
if [ "$1" -eq 1 ]; then systemctl --no-reload preset jnsd.socket jnsd.service >/dev/null 2>&1 || :; fi
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload >/dev/null 2>&1 || :
    # The socket stays open meanwhile: who logs in waits for the new daemon.
    [ "$1" -eq 1 ] || systemctl try-restart jnsd.service >/dev/null 2>&1 || :
fi
exit 0
