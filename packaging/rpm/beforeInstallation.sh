#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# $1 is how many versions will be installed.
# rpm puts back a file of rules that the admin has removed, and a rule too many may refuse everybody. afterInstallation.sh removes it again.
if [ "$1" -gt 1 ] && [ -d /etc/jns/rules.d ] && [ ! -e /etc/jns/rules.d/private-tmp.conf ]; then
    mkdir -p -m 755 /var/cache/jns && : >/var/cache/jns/private-tmp-was-removed
fi
exit 0
