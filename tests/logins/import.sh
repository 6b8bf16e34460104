#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What pam_namespace does with a line of its configuration is what the table says that the imported rules do, and what
# jnsctl import warns of is so.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"

prepare_host
install_jns
install -d /data /etc/security
install -d -m 000 /inst
touch /data/of-the-host
: >/etc/security/namespace.conf
rm -rf /etc/security/namespace.d /etc/security/namespace.init
cat >/usr/bin/look <<'END'
#!/bin/sh
# The view as the last module of the stack finds it: pam_exec(8).
[ ! -e /data/of-the-host ] || { echo host; exit; }
case $(stat -f -c %T /data) in tmpfs) echo tmpfs ;; *) echo private ;; esac
stat -c '%a %U' /data
END
chmod 755 /usr/bin/look
cat >/etc/pam.d/pamns <<END
auth required pam_permit.so
account required pam_permit.so
session required pam_namespace.so mount_private
session required pam_exec.so log=$scratch/seen /usr/bin/look
END

# sees USER: what the user finds at /data, or "refused".
sees() {
    rm -f "$scratch/seen"
    if pamtester pamns "$1" open_session close_session >/dev/null 2>&1; then
        sed -n '2p' "$scratch/seen"
    else
        echo refused
    fi
}
# mode_seen: mode and owner of what the last login saw there.
mode_seen() { sed -n '3p' "$scratch/seen"; }
configure() { printf '%s\n' "$@" >/etc/security/namespace.conf; }

echo "pam_namespace itself"
table=$source_root/src/test/resources/import/who.table
rows=0
while IFS='|' read -r lines alice bob root; do
    case $lines in '#'* | '') continue ;; esac
    rows=$((rows + 1))
    configure "${lines// \/\/ /$'\n'}"
    check "$(sed 's/ *$//' <<<"$lines")" equal "$(sees alice) $(sees bob) $(sees root)" "$(xargs <<<"$alice $bob $root")"
done <"$table"
check "the table has its rows" test $rows -gt 40

echo "the warnings"
configure '/data none tmpfs'
check "a tmpfs of pam_namespace's is root's and open to all" equal "$(sees alice) $(mode_seen)" "tmpfs 1777 root"
configure '/data /inst/ user:create=700,root'
mv /data /data.old && rm -rf /inst/*
check "create=700 is read as a decimal number" equal "$(sees bob) $(mode_seen)" "private 1274 root"
rm -rf /data /inst/* && mv /data.old /data
install -d -m 755 /tmp/squat
configure '/data /tmp/squat/ user'
check "an instance parent that somebody else made locks out all" equal "$(sees alice) $(sees root)" "refused refused"

echo "jnsctl import"
cp "$source_root/src/test/resources/import/users.conf" "$scratch/"
jnsctl import "$scratch/users.conf" >"$scratch/rules.conf" 2>"$scratch/warnings"
status=$?
check "warnings alone are no failure" equal $status 0
check "it warns with file and line" contain "$(cat "$scratch/warnings")" "^$scratch/users.conf:[0-9]+: warning: "
check "jnsctl check takes what comes out" contain "$(jnsctl check "$scratch/rules.conf")" '^[0-9]+ rules?, no errors$'
configure '/data /inst/ level'
check "what cannot be translated is a failure" not jnsctl import /etc/security/namespace.conf
check "and so is a file that is not there" not jnsctl import /nonexistent
check "and a folder" not jnsctl import /etc/security

finish
