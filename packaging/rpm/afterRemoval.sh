#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#SHARED#

if [ "$1" -eq 0 ]; then
    rm -rf --one-file-system /var/cache/jns
    rmdir --ignore-fail-on-non-empty /usr/lib/jns 2>/dev/null
    take_pins
fi
[ ! -d /run/systemd/system ] || systemctl daemon-reload >/dev/null 2>&1 || :
exit 0
