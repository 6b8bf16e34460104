#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What pam_namespace does with a line of its configuration is what the table says that the imported rules do, and what
# jnsctl import warns of is so. JNS_PEER=FOLDER tries the one of another libpam-modules,
# unpacked there with dpkg --extract.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"

prepare_host
install_jns
install -d /data /etc/security
install -d -m 000 /inst
touch /data/of-the-host
: >/etc/security/namespace.conf
cp "${JNS_PEER:-}/etc/security/namespace.init" "$scratch/" || abort "there is no namespace.init, as libpam-modules has it"
rm -rf /etc/security/namespace.d /etc/security/namespace.init
peer=pam_namespace.so
[ -z "${JNS_PEER:-}" ] || peer=$(find "$JNS_PEER" -name pam_namespace.so)
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
session required $peer mount_private
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

# The fix of CVE-2025-6020 refuses paths with two slashes in a row. Which of Debian's versions have it is known; others are asked.
version=$(dpkg-query --show --showformat '${Version}' libpam-modules 2>/dev/null)
since() { dpkg --compare-versions "$version" ge "$1"; }
is_fixed=no
if [ -n "${JNS_PEER:-}" ] || [ "$(sed -n 's/^ID=//p' /etc/os-release)" != debian ]; then
    how="as $peer shows"
    configure '//data /inst/ user bob'
    [ "$(sees alice)" != refused ] || is_fixed=yes
else
    how="as libpam-modules $version"
    since 1.7.0-5 || { since 1.5.2-6+deb12u3 && ! since 1.5.3; } && is_fixed=yes
fi
echo "pam_namespace itself, with the fix of CVE-2025-6020: $is_fixed, $how"
table=$source_root/src/test/resources/import/who.table
rows=0
while IFS='|' read -r lines alice bob root newer; do
    case $lines in '#'* | '') continue ;; esac
    rows=$((rows + 1))
    configure "${lines// \/\/ /$'\n'}"
    expected="$alice $bob $root"
    [ -z "$newer" ] || [ $is_fixed = no ] || expected=$newer
    check "$(sed 's/ *$//' <<<"$lines")" equal "$(sees alice) $(sees bob) $(sees root)" "$(xargs <<<"$expected")"
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

echo "what comes out of it"
# seen_twice USER SERVICE: two sessions, one after the other: owner, mode and files of what each finds at the folder, and what is made
# there.
cat >/usr/bin/look-twice <<END
#!/bin/sh
folder=\$(cat $scratch/folder)
stat -c '%a %U:%G' "\$folder"
ls -A "\$folder" | tr '\\n' ' '
touch "\$folder/of-\$PAM_SERVICE"
END
chmod 755 /usr/bin/look-twice
for service in pamns jnsimport; do
    printf '%s\n' "auth required pam_permit.so" "account required pam_permit.so" \
        "session required $([ $service = pamns ] && echo "$peer mount_private" || echo pam_jns.so)" \
        "session required pam_exec.so log=$scratch/seen /usr/bin/look-twice" >/etc/pam.d/$service
done
seen_twice() {
    for _ in 1 2; do
        rm -f "$scratch/seen"
        if pamtester "$2" "$1" open_session >"$scratch/said" 2>&1; then
            sed "1d; s/of-$2/mark/" "$scratch/seen"
        else
            echo "refused: $(cat "$scratch/said")"
        fi
    done
}
cp "$scratch/namespace.init" /etc/security/
echo "of skel" >/etc/skel/of-skel
# same LINE USER FOLDER: pam_namespace with this line, and jns with the rules that are imported, show the user the same.
same() {
    local line=$1 user=$2 there=no namespace jns
    echo "$3" >"$scratch/folder"
    [ -e "$3" ] && there=yes
    configure "$line"
    namespace=$(seen_twice "$user" pamns)
    rm -rf /inst/* && [ $there = yes ] || rm -rf "$3"
    jnsctl import /etc/security/namespace.conf >"$scratch/imported.conf" 2>/dev/null || echo "(not all is translated)"
    rules "$(cat "$scratch/imported.conf")"
    jns=$(seen_twice "$user" jnsimport)
    rm -rf /var/lib/jns/[0-9]* && [ $there = yes ] || rm -rf "$3"
    lack "$namespace" refused && equal "$jns" "$namespace"
}
mkdir -p -m 700 /var/lib/jns
install -d -o bob -g staff -m 1770 /srv/drop
install -d /srv/plain
while read -r user folder line; do
    check "[C9] $user: $line" same "$line" "$user" "$folder"
done <<'END'
alice /data /data /inst/ user root
alice /srv/drop /srv/drop none tmpfs
bob /srv/drop /srv/drop /inst/ user
bob /srv/drop /srv/drop /inst/t tmpdir
alice /data /data none tmpfs:mntopts=mode=750,uid=1,gid=2,size=1m
alice /home/alice $HOME /inst/h user
alice /home/alice $HOME /inst/h user:noinit
alice /home/alice $HOME /inst/h tmpdir
alice /home/alice $HOME /inst/h tmpdir:noinit
alice /new /new /inst/ user:create ~alice
alice /new /new /inst/ user:create=0700 ~alice
alice /new /new /inst/ user:create=0750,,staff ~alice
bob /new /new /inst/ user:create=0750,bob,staff ~bob
alice /new /new /inst/ user:create=0755,root
alice /new /new /inst/ user:create=01777,root,root
alice /new /new /inst/t tmpdir:create=0700 ~alice
alice /srv/alice /srv/$USER /inst/ user:create=0700,root,staff
alice /srv/alice /srv/$USER /inst/ user:create=0700
alice /new /new none tmpfs:create=0700,bob
bob /data /data /inst/ level
alice /srv/plain /srv/plain /inst/ user:iscript=/gone/fill
root /data /data none tmpfs:mntopts=mode=755 ~root
END
install -d -o bob -g bob -m 700 /run/user/bob
configure '/run/user/bob/x /run/user/bob/.inst- tmpdir:create=0700 ~bob'
said=$(jnsctl import /etc/security/namespace.conf 2>&1 >"$scratch/imported.conf")
check "[C9] import says that a folder in a home is not made" contain "$said" \
    "namespace.conf:1: warning: create= made it in a folder that users can change"
check "[C9] and check, who is refused because of it" contain "$(jnsctl check "$scratch/imported.conf")" \
    "bob( by jnsimport)? would be refused: .*there is nothing at /run/user/bob/x"
install -d -o bob -g bob -m 700 /run/user/bob/x
check "with the folder he gets in" contain "$(jnsctl check "$scratch/imported.conf")" "1 rule, no errors"
configure '/new /inst/ user:create=0700'
jnsctl import /etc/security/namespace.conf >"$scratch/imported.conf" 2>/dev/null
rules "$(cat "$scratch/imported.conf")"
echo /new >"$scratch/folder"
check "a folder that pam_namespace gives to the first user serves all" equal \
    "$({ seen_twice alice jnsimport; seen_twice bob jnsimport; } | grep -oE '1777 root:root|mark' | sort | uniq -c | xargs)" \
    "4 1777 root:root 2 mark"

echo "jnsctl import"
cp "$source_root/src/test/resources/import/users.conf" "$scratch/"
jnsctl import "$scratch/users.conf" >"$scratch/rules.conf" 2>"$scratch/warnings"
status=$?
check "warnings alone are no failure" equal $status 0
check "it warns with file and line" contain "$(cat "$scratch/warnings")" "^$scratch/users.conf:[0-9]+: warning: "
# Targets that are missing would refuse people's logins, which check says.
sed -n 's/^target *= *//p' "$scratch/rules.conf" | tr -d ' ' | tr ',' '\n' | grep '^/[^$]*$' | xargs -r mkdir -p
check "jnsctl check takes what comes out" contain "$(jnsctl check "$scratch/rules.conf")" '^[0-9]+ rules?, no errors$'
configure '/data /inst/ user:iscript=/usr/bin/true'
check "what cannot be translated is a failure" not jnsctl import /etc/security/namespace.conf
check "and so is a missing file" not jnsctl import /nonexistent
check "and a folder" not jnsctl import /etc/security

finish
