#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A newer version comes while fifty people are at work and others log in, again and again.

. "$(dirname "$0")/../lib/packaged.sh"

dpkg -i "$deb" >/dev/null 2>&1 || abort "the package does not install"
jnsctl enable --trial-user alice >/dev/null || abort "jnsctl enable fails"
next=$(newer 0.1.1~newer)

# Fifty sessions, of two users, by ssh. Each leaves a mark, and sleeps until it is told to look.
live=()
for number in {1..50}; do
    user=alice
    [ $((number % 2)) -eq 0 ] || user=bob
    ssh "${ssh_options[@]}" -i $scratch/key $user@127.0.0.1 \
        "echo $number >/tmp/mark-$number; until [ -e /tmp/look ]; do sleep 0.2; done; cat /tmp/mark-$number; readlink /proc/self/ns/mnt" \
        </dev/null >"$scratch/live-$number" 2>&1 &
    live+=($!)
done
marks() { find "/var/lib/jns/$(id -u alice)/tmp" "/var/lib/jns/$(id -u bob)/tmp" -name 'mark-*' | wc -l; }
within 60 eval '[ "$(marks)" -eq 50 ]' || abort "the fifty sessions do not begin"
daemon_before=$(systemctl show --value --property MainPID jnsd.service)

# Four people who log in all the time. What any of them sees other than it should be is noted.
host=$(host_namespace)
log_in() {
    local user=$1 program=$2 seen number=0
    until [ -e $scratch/enough ]; do
        number=$((number + 1))
        seen=$(by "$program" "$user" 'readlink /proc/self/ns/mnt; ls /tmp | grep -c "^mark-"' 2>&1) ||
            echo "$(date +%T) login $number of $user by $program failed: $seen" >>$scratch/wrong
        case $seen in "$host"*) echo "$(date +%T) login $number of $user by $program is not isolated" >>$scratch/wrong ;; esac
        case $seen in mnt:*$'\n'25) ;; *) echo "$(date +%T) login $number of $user by $program sees: $seen" >>$scratch/wrong ;; esac
    done
    echo "$number" >>$scratch/logins
}
loops=()
for who in "alice ssh-key" "bob su-login" "alice su" "bob sudo"; do
    log_in ${who% *} "${who#* }" &
    loops+=($!)
done
sleep 2
check "the newer version installs" dpkg -i "$next"
check "it is the newer one" equal "$(version)" 0.1.1~newer
check "it has its capabilities, too" has_capabilities
daemon_after=$(systemctl show --value --property MainPID jnsd.service)
check "the daemon is another one" differ "$daemon_before" "$daemon_after"
check "and it is the only one" equal "$(daemons)" "$daemon_after "
check "it runs from files that are there" test -z "$(find /proc/"$daemon_after"/fd /proc/"$daemon_after"/map_files \
    -lname '/usr/lib/jns/* (deleted)' 2>/dev/null)"
sleep 2
check "the version before installs, too" dpkg -i "$deb"
sleep 2
touch $scratch/enough
wait "${loops[@]}"
logins=$(awk '{ n += $1 } END { print n }' $scratch/logins)
check "meanwhile no login failed, and each was isolated" equal "$(cat $scratch/wrong 2>/dev/null)" ""
check "and there were many ($logins)" test "$logins" -ge 10

by su alice 'touch /tmp/look'
by su bob 'touch /tmp/look'
wait "${live[@]}"
ended_well() {
    for number in {1..50}; do
        [ "$(head -n 1 $scratch/live-$number)" = $number ] || { echo "session $number: $(cat $scratch/live-$number)"; return 1; }
    done
}
check "the fifty sessions went on, each with what it had" ended_well
check "none of them was moved to the host's view" eval '! grep -lF "$host" $scratch/live-*'
check "the stacks are as enabled" equal "$(stacks_with_module)" "common-auth common-session common-session-noninteractive "
check "no unit has failed" equal "$(systemctl is-system-running)" running

# An admin's own changes to the settings.
echo '# by hand' >>/etc/jns/rules.d/private-tmp.conf
check "changed settings are kept over an upgrade" eval "dpkg -i '$next' && grep -q 'by hand' /etc/jns/rules.d/private-tmp.conf"
rm -rf /var/cache/jns
dpkg-trigger --by-package=jns /usr/lib/jvm
check "another Java is no trouble" dpkg --configure --pending
check "and has another archive made" within 60 test -s /var/cache/jns/jns.jsa -o -s /var/cache/jns/jns.aot
check "and alice gets in" isolated su alice
finish
