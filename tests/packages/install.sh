#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# From nothing to isolated logins and back to nothing.

. "$(dirname "$0")/../lib/packaged.sh"

# The system as it is: names, owners, modes and links of everything that belongs to a system, and what is in /etc. What others write at
# all times does not count.
everything() {
    find / -maxdepth 1 -printf '%p %y %m %u:%g %l\n' | LC_ALL=C sort
    find /boot /etc /opt /usr /var -xdev \( -path /var/tmp -o -path /var/log -o -path /var/cache -o -path /var/lib/dpkg \
        -o -path /var/lib/systemd \
        -o -path '/var/spool/cron/at*' \) -prune -o -printf '%p %y %m %u:%g %l\n' | LC_ALL=C sort
    find /etc -type f -not -name '*-' -exec sha256sum {} + | LC_ALL=C sort -k 2
}
everything >before

everybody_in "before" not_isolated
check "the package installs" dpkg -i "$deb"
check "the daemon runs, by its socket" systemctl --quiet is-active jnsd.socket jnsd.service
check "both will at the next boot" systemctl --quiet is-enabled jnsd.socket jnsd.service
check "no stack has the module" equal "$(stacks_with_module)" ""
check "the JVM's archive is made" within 60 test -s /var/cache/jns/jns.jsa -o -s /var/cache/jns/jns.aot
check "users' way into their views has its capabilities" has_capabilities
check "the manual is there" test -e /usr/share/man/man8/jnsctl.8.gz
everybody_in "installed" not_isolated

said=$(jnsctl enable --trial-user alice 2>&1) || true
check "alice is tried and isolated" grep -q 'tried: root gets in; alice is isolated by login, sshd, su, ' <<<"$said" || echo "$said"
check "the stacks that all share have the module, and no other" equal "$(stacks_with_module)" \
    "common-auth common-session common-session-noninteractive "
everybody_in "enabled" isolated
check "alice by ssh with a password is isolated" isolated ssh-password alice
systemctl stop cron.service
check "alice by cron is isolated" isolated cron alice
# at(1) and the units of users come by stacks of their own.
at_job() {
    rm -f /home/alice/of-at
    su - alice -c 'echo "readlink /proc/self/ns/mnt >~/of-at" | at -q a now' >/dev/null 2>&1
    within 30 test -s /home/alice/of-at && differ "$(cat /home/alice/of-at)" "$(host_namespace)"
}
check "alice by at is isolated" at_job
by_user_manager() {
    differ "$(by ssh-key alice 'XDG_RUNTIME_DIR=/run/user/$(id -u) systemd-run --user --quiet --pipe --wait readlink /proc/self/ns/mnt')" \
        "$(host_namespace)"
}
# The one that runs is of the time before.
systemctl stop "user@$(id -u alice).service"
check "what alice's user manager starts is isolated" by_user_manager
if command -v run0 >/dev/null; then
    check "alice by run0 is isolated" differ "$(run0 --user=alice --pipe readlink /proc/self/ns/mnt </dev/null)" "$(host_namespace)"
fi
sessions() { journal JNS_USER=alice JNS_EVENT=login | wc -l; }
# shellcheck disable=SC2034 # for eval
sessions_before=$(sessions)
for program in su su-login sudo; do by $program alice true; done
check "each login is one session, whatever its stack includes" within 5 eval '[ "$(sessions)" -eq $((sessions_before + 3)) ]'
check "the doctor finds no error" jnsctl doctor

# A session that lives through all that follows.
ssh "${ssh_options[@]}" -i $scratch/key alice@127.0.0.1 'echo precious >/tmp/of-session; exec sleep 600' </dev/null &
live=$!
sleeper() { pgrep -u alice -x sleep; }
within 10 sleeper || abort "the session does not begin"
sleeper=$(sleeper)
in_live_session() { equal "$(nsenter --target "$sleeper" --mount cat /tmp/of-session)" precious; }

# An admin may have all of /var/lib aged, by the time of the last change. Only a copy is, here.
old_goes_but_private() {
    mkdir -p /srv/aged/jns/1000/tmp /srv/aged/other /run/tmpfiles.d
    touch /srv/aged/jns/1000/tmp/file /srv/aged/other/file
    find /srv/aged -mindepth 1 -exec touch -d '40 days ago' {} +
    echo 'e /var/lib - - - mM:1d' >/run/tmpfiles.d/aged.conf
    unshare --mount sh -c 'mount --bind /srv/aged /var/lib && systemd-tmpfiles --clean'
    rm /run/tmpfiles.d/aged.conf
    [ ! -e /srv/aged/other/file ] && [ -e /srv/aged/jns/1000/tmp/file ] && rm -r /srv/aged
}
check "systemd-tmpfiles leaves private folders alone, whatever is aged" old_goes_but_private
check "jns is disabled" jnsctl disable
check "no stack has the module then" equal "$(stacks_with_module)" ""
everybody_in "disabled" not_isolated
check "the session that was there goes on" in_live_session

jnsctl enable >/dev/null
echo 'session required pam_jns.so' >>/etc/pam.d/runuser # an admin's
mv /etc/pam.d/runuser /etc/runuser-elsewhere
ln -s ../runuser-elsewhere /etc/pam.d/runuser
check "the package stays as long as a stack cannot be changed" not dpkg -r jns
check "then the users who were isolated are isolated again" isolated su alice
check "and no stack is another one" equal "$(stacks_with_module)" "common-auth common-session common-session-noninteractive runuser "
mv /etc/runuser-elsewhere /etc/pam.d/runuser
given_up() {
    (cd / && /var/lib/dpkg/info/jns.prerm remove && [ -z "$(stacks_with_module)" ] &&
        /var/lib/dpkg/info/jns.postinst abort-remove in-favour other 1)
}
check "a removal that is given up later" env DPKG_MAINTSCRIPT_PACKAGE=jns DPKG_MAINTSCRIPT_NAME=postinst bash \
    -c "$(declare -f given_up stacks_with_module); given_up"
check "leaves the stacks as they were" equal "$(stacks_with_module)" "common-auth common-session common-session-noninteractive runuser "
check "and everybody isolated who was" within 20 isolated su alice
check "the package is removed" dpkg -r jns
check "no stack names the module that is gone" equal "$(stacks_with_module)" ""
check "no daemon runs" equal "$(daemons)" ""
check "nothing is in /run/jns" test ! -e /run/jns
check "what users have is there" grep -q precious "/var/lib/jns/$(id -u alice)/tmp/of-session"
check "the rules are there" test -e /etc/jns/rules.d/private-tmp.conf
everybody_in "removed" not_isolated
check "the session that was there goes on after that" in_live_session

check "installed again it does as before" dpkg -i "$deb"
check "and is not enabled by itself" equal "$(stacks_with_module)" ""
jnsctl enable >/dev/null
check "alice is isolated again" isolated su alice
check "and finds what she had" equal "$(by su alice 'cat /tmp/of-session')" precious

kill "$sleeper"
wait $live
# What is somebody else's may be mounted below, and links may lead out.
mkdir -p /srv/others /var/lib/jns/mounted
touch /srv/others/file
mount --bind /srv/others /var/lib/jns/mounted
by su alice 'ln -s /srv/others /tmp/link'
echo 'rule of the admins' >/etc/jns/rules.d/own.conf.off
check "the package is purged" dpkg -P jns
check "below a mount nothing was removed" test -e /srv/others/file
umount /var/lib/jns/mounted
check "nor behind a link" test -e /srv/others/file
check "what users have is there" grep -q precious "/var/lib/jns/$(id -u alice)/tmp/of-session"
dpkg -i "$deb" >/dev/null 2>&1
jnsctl enable >/dev/null
by su alice 'ln -s /srv/others /tmp/link'
systemctl stop jnsd.service jnsd.socket 2>/dev/null
jnsd </dev/null >/dev/null 2>&1 &
within 10 test -n "$(daemons)"
check "the package is purged again" dpkg -P jns
check "what users have is there still, for who installs it again" grep -q precious "/var/lib/jns/$(id -u alice)/tmp/of-session"
rm -rf --one-file-system /srv/others /var/lib/jns
everybody_in "purged" not_isolated
check "no state is left, no settings and no archive" test ! -e /run/jns -a ! -e /etc/jns -a ! -e /var/cache/jns
check "no daemon is left, not even one that systemd did not start" within 10 eval '[ -z "$(daemons)" ]'
everything >after
check "the system is what it was" diff before after
check "and no unit has failed" equal "$(systemctl is-system-running)" running
finish
