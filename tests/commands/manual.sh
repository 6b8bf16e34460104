# SPDX-License-Identifier: Apache-2.0
# The examples of jnsenter(1) do what they say. What they name of one machine has this one's in its place.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp
enter = owner"
su alice -c 'touch /tmp/of-alice; sleep 4000' </dev/null &
within 10 view_of alice || abort "alice has no view"
within 10 test -n "$(ls /run/jns/sessions)"
session=$(ls /run/jns/sessions)

# examples: one a line, with the sign of who types it.
examples() { sed -n '/^\.SH EXAMPLES/,/^\.SH "SEE/{s/\\-/-/g;/^[#$] /p}' "$source_root/packaging/man/jnsenter.1"; }
declare -A expected=(
    ["jnsenter alice"]=of-alice
    ["jnsenter alice ls -l /tmp"]=of-alice
    ["jnsenter alice -S alice touch /tmp/by-alice"]=""
    ["jnsenter alice --login"]=of-alice
    ["jnsenter session:98ee85033c1bd4e2 findmnt /tmp"]=/tmp
    ["jnsenter -t 4711 -n ip address"]=LOOPBACK
    ["jnsenter --host mount"]=proc
    ["jnsenter alice -- ls /tmp"]=of-alice
)
tried=0
while read -r sign line; do
    # Where units are: tests/booted/units.sh.
    [[ $line != *unit:* ]] || continue
    here=${line/98ee85033c1bd4e2/$session}
    here=${here/4711/$$}
    tried=$((tried + 1))
    said=$(if [ "$sign" = '#' ]; then echo 'ls /tmp' | bash -c "$here"; else
        setpriv --reuid alice --regid alice --init-groups --inh-caps=-all env PATH=/usr/bin:/bin bash -c "cd /; $here" </dev/null; fi 2>&1)
    status=$?
    check "$sign $line" test $status -eq 0 -a "${expected[$line]+known}" = known
    check "and shows what it should" contain "$said" "${expected[$line]}"
done < <(examples)
check "all examples were tried" equal "$tried" ${#expected[@]}
check "the file that one has made is alice's" equal "$(jnsenter alice stat -c %U /tmp/by-alice)" alice
finish
