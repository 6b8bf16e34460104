#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# $1 is how many versions will be left.
#SHARED#

if [ "$1" -eq 0 ]; then
    out_of_stacks || exit 1
    forget_stacks
    systemctl --no-reload disable --now jnsd.socket jnsd.service >/dev/null 2>&1 || :
    systemctl stop jns-archive.service >/dev/null 2>&1 || :
    stop_daemons
fi
exit 0
