#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# $1 is how many versions are installed now.
if command -v systemd-tmpfiles >/dev/null; then systemd-tmpfiles --create jns.conf || :; fi
if ! timeout 300 /usr/lib/jns/launch --make-archive >/dev/null; then
    rm -f /usr/lib/jns/jns.jsa /usr/lib/jns/jns.aot
    echo "jns: cannot make the JVM's archive of classes: see above; jns works without it, but starts slower" >&2
fi
if ! setcap cap_dac_override,cap_sys_admin,cap_sys_chroot=p /usr/lib/jns/jns-join; then
    echo "jns: cannot give /usr/lib/jns/jns-join its capabilities; until then ordinary users cannot enter their views from outside" >&2
fi
if [ "$1" -eq 1 ]; then systemctl --no-reload preset jnsd.socket jnsd.service >/dev/null 2>&1 || :; fi
if [ -d /run/systemd/system ]; then
    systemctl daemon-reload >/dev/null 2>&1 || :
    # The socket stays open meanwhile: who logs in waits for the new helper.
    [ "$1" -eq 1 ] || systemctl try-restart jnsd.service >/dev/null 2>&1 || :
fi
exit 0
