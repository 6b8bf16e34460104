#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Each example does what its comments promise, as it is installed. Those of 32-bit libraries and of volumes have tests of their own.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
mkdir -p /srv/backup /srv/data /etc/ssl/private
echo read >/srv/data/file
chmod 777 /srv/data
for group in contractors admins agents tenants students legacy32 legacy32-file legacy32-all; do groupadd -f $group; done
add_users carol dana erin guest1 svc-data agent1 agent2
usermod -a -G contractors carol
usermod -a -G students dana
usermod -a -G tenants erin
usermod -a -G agents agent1
usermod -a -G agents agent2
usermod -a -G staff bob
install_jns
shipped=/etc/jns/rules.d examples=/usr/share/doc/jns/examples
mkdir kept && cp $shipped/private-tmp.conf kept/
start_jnsd
use_module "session required pam_jns.so"

tried="lib32.conf vault.conf"
# example FILE...: these are the rules in force; without private-tmp.conf, that shipped with jns is not.
example() {
    local file
    rm -f $shipped/*.conf
    for file in "$@"; do
        install -m 644 "$([ -e "kept/$file" ] && echo "kept/$file" || echo "$examples/$file")" $shipped/
        tried+=" $file"
    done
    echo "$*"
    # must-match alone refuses some of the host's accounts, and agents that no rule is for: check says so, and it is no error.
    check "check finds nothing wrong with it" equal "$(jnsctl check | grep -v ' would be refused: no rule is for .*must-match')" \
        "$(cat $shipped/*.conf | grep -c '^\[') $(rules_word), no errors"
    check "it is in force" jnsctl reload
}
rules_word() { [ "$(cat $shipped/*.conf | grep -c '^\[')" -eq 1 ] && echo rule || echo rules; }
# gone USER: the view of the last session is gone, so the next login gets a new one.
gone() { within 30 without_view "$1" || abort "$1's view stays"; }
owners() { by "$1" "$2" 'stat -c %U $(ls -d /proc/[0-9]*) 2>/dev/null | sort -u'; }

touch /tmp/hosts /var/tmp/hosts
example private-tmp.conf
for program in ssh-key su; do
    check "$program: alice begins with folders of her own" equal \
        "$(by $program alice "ls /tmp /var/tmp | grep hosts; touch /tmp/$program /var/tmp/$program")" ""
    check "$program: she finds her files again" equal "$(by $program alice "ls -d /tmp/$program /var/tmp/$program | wc -l")" 2
    check "$program: bob does not" equal "$(by $program bob "ls /tmp /var/tmp | grep $program")" ""
    check "$program: the host does not either" not ls -d /tmp/$program /var/tmp/$program
    check "$program: root sees the host's" equal "$(by $program root "ls /tmp/hosts /var/tmp/hosts | wc -l")" 2
done

example private-tmp.conf session-tmp.conf
for program in ssh-key su; do
    check "$program: a session's /tmp is its own" equal "$(by $program dana "ls -A /tmp | wc -l; touch /tmp/$program /var/tmp/$program")" 0
    check "$program: the next one's is another" equal "$(by $program dana "ls -A /tmp | wc -l")" 0
    check "$program: what is in /var/tmp is there" equal "$(by $program dana "ls /var/tmp/$program")" /var/tmp/$program
    check "$program: alice has her kept /tmp" equal "$(by $program alice "ls /tmp/$program")" /tmp/$program
done
example session-tmp.conf
check "alone it is for its group only" equal "$(by su alice 'ls /tmp/hosts') $(by su dana 'ls -A /tmp | wc -l')" "/tmp/hosts 0"

lxcfs=/var/lib/lxcfs/proc
mkdir -p $lxcfs
for file in cpuinfo diskstats loadavg meminfo stat swaps uptime; do echo "the group's $file" >$lxcfs/$file; done
example lxcfs.conf
for program in ssh-key su; do
    check "$program: each file is the group's" equal "$(by $program erin "cd /proc && cat $(ls $lxcfs | tr '\n' ' ')")" "$(cat $lxcfs/*)"
    check "$program: the others are the host's" equal "$(by $program erin 'cat /proc/version')" "$(cat /proc/version)"
    check "$program: bob has the host's" contain "$(by $program bob 'cat /proc/meminfo')" '^MemTotal: '
done
gone erin
rm -r /var/lib/lxcfs
check "without lxcfs a member has the host's" contain "$(by su erin 'cat /proc/meminfo')" '^MemTotal: '

kiosk() {
    local program
    for program in ssh-key su; do
        gone guest1
        check "$program: the home folder begins as /etc/skel" \
            equal "$(by $program guest1 'cd && ls -A && stat -c %U .bashrc && stat -f -c %T . && stat -c %a .')" \
            "$(ls -A /etc/skel; echo guest1; echo tmpfs; stat -c %a /home/guest1)"
        gone guest1
        check "$program: so do the folders for temporary files, empty" \
            equal "$(by $program guest1 'ls -A /tmp /var/tmp | grep -v :; touch ~/left /tmp/left /var/tmp/left')" ""
        gone guest1
        check "$program: what was left is gone" equal "$(by $program guest1 'ls -A ~ /tmp /var/tmp | grep left')" ""
        check "$program: no program starts in there" equal \
            "$(by $program guest1 'for d in ~ /tmp /var/tmp; do cp /bin/true $d/x; $d/x || echo $?; done 2>/dev/null' | tr '\n' ' ')" \
            '126 126 126 '
        check "$program: the home folder is limited" contain "$(by $program guest1 'head -c 600M /dev/zero >~/big' 2>&1)" 'No space left'
        check "$program: what is plugged in is not seen" contain "$(by $program guest1 'ls /srv /media /mnt' 2>&1)" 'Permission denied'
        check "$program: nor is what others run" equal "$(owners $program guest1)" guest1
        check "$program: alice sees it" contain "$(by $program alice 'ls /srv')" data
    done
    check "on the disk nothing was left" not test -e /home/guest1/left
}
example public-kiosk.conf
kiosk
example private-tmp.conf public-kiosk.conf
kiosk

serve='import socket; s = socket.socket(socket.AF_UNIX); s.bind("/tmp/.X11-unix/X0"); s.listen()
while True: s.accept()[0].sendall(b"the display")'
ask='import socket; s = socket.socket(socket.AF_UNIX); s.connect("/tmp/.X11-unix/X0"); print(s.recv(20).decode())'
example private-tmp.conf x11.conf
check "where there is no display, logins go on" equal "$(by su alice 'ls -A /tmp | grep -v -x -e su -e ssh-key')" ""
gone alice
mkdir -m 1777 /tmp/.X11-unix /tmp/.ICE-unix
(umask 0; exec python3 -c "$serve") &
within 10 test -S /tmp/.X11-unix/X0 || abort "no display"
install -m 600 -o alice /dev/null "/tmp/krb5cc_$(id -u alice)"
for program in ssh-key su; do
    check "$program: the display is found" equal "$(by $program alice "python3 -c '$ask'")" "the display"
    check "$program: so are the session manager's folder and the tickets" equal \
        "$(by $program alice "ls -d /tmp/.ICE-unix /tmp/krb5cc_*")" "$(printf '/tmp/.ICE-unix\n/tmp/krb5cc_%s' "$(id -u alice)")"
    check "$program: not what else is in the host's /tmp" equal "$(by $program alice 'ls /tmp/hosts' 2>/dev/null)" ""
    check "$program: nor another user's tickets" equal "$(by $program bob 'ls /tmp/krb5cc_*' 2>/dev/null)" ""
done
example x11.conf
check "without a private /tmp nothing is different" equal "$(by su alice 'ls -A /tmp')" "$(ls -A /tmp)"
example private-tmp.conf public-kiosk.conf x11.conf
gone guest1
check "with the kiosk's the display is found too" equal "$(by su guest1 "python3 -c '$ask'")" "the display"

example only-own-home.conf
for program in ssh-key su; do
    check "$program: in /home is the own home" equal "$(by $program alice 'ls -A /home')" alice
    check "$program: it is the real one" equal "$(by $program alice "touch ~/$program; ls ~/$program")" "/home/alice/$program"
    check "$program: nothing can be put next to it" contain "$(by $program alice 'mkdir /home/more' 2>&1)" \
        'Read-only file system|Permission denied'
    check "$program: staff sees all" contain "$(by $program bob 'ls -A /home | tr "\n" " "')" 'alice bob carol'
    check "$program: so does root" contain "$(by $program root 'ls -A /home | tr "\n" " "')" 'alice bob carol'
done
check "what was written is on the host" ls /home/alice/su

example agents.conf
for program in ssh-key su; do
    check "$program: an agent sees no other home" equal "$(by $program agent1 'ls -A /home')" agent1
    check "$program: nor what others run" equal "$(owners $program agent1)" agent1
    check "$program: nor what the administrator keeps" contain "$(by $program agent1 'ls /srv /etc/ssl/private' 2>&1)" 'Permission denied'
    check "$program: what it puts in shared memory" equal "$(by $program agent1 'touch /dev/shm/left; ls /dev/shm')" left
    check "$program: another agent does not see" equal "$(by $program agent2 'ls -A /dev/shm')" ""
    check "$program: nor does the host" not test -e /dev/shm/left
    check "$program: it can work in its home" equal "$(by $program agent1 "echo $program >~/work; cat /home/agent1/work")" $program
    check "$program: a person's session is as the host" contain "$(by $program bob 'ls -A /home | tr "\n" " "')" 'agent1 agent2 alice bob'
done
no_instance() { ! ls /var/lib/jns/*/* 2>/dev/null | grep -q shm; }
gone agent1
check "what was in shared memory is removed" within 30 no_instance
setting=$(sed -n 's/^#   //p' $shipped/agents.conf)
sed -i "/^\[policy\]/a $setting" /etc/jns/jns.conf
check "the setting of the comment can be made" contain "$(jnsctl check)" '^5 rules, no errors$'
stop_jnsd
start_jnsd
check "with them an agent gets in by the rules" equal "$(by su agent1 'ls -A /home')" agent1
gone agent1
rm $shipped/agents.conf
jnsctl reload >/dev/null
check "and not without them" contain "$(by su agent1 'ls -A /home' 2>&1)" "^$refusal"
check "others still do" equal "$(by su alice 'echo in')" in

example hide.conf
for program in ssh-key su; do
    check "$program: a contractor sees no backups and no keys" \
        equal "$(by $program carol 'ls /srv/backup /etc/ssl/private 2>&1 | grep -c "Permission denied"')" 2
    check "$program: others are where they were" equal "$(by $program bob 'ls /srv/backup')" "$(ls /srv/backup)"
done
usermod -a -G admins carol
gone carol
check "but not one who is an admin" equal "$(by su carol 'ls /srv/backup' 2>&1)" ""

example readonly.conf
for program in ssh-key su; do
    check "$program: a service reads the data" equal "$(by $program svc-data 'cat /srv/data/file')" read
    check "$program: and does not write it" contain "$(by $program svc-data 'touch /srv/data/new' 2>&1)" 'Read-only file system'
    check "$program: a person does" equal "$(by $program alice "cp /bin/true /srv/data/$program && /srv/data/$program && echo done")" "done"
    check "$program: a service starts no program from it" contain "$(by $program svc-data "/srv/data/$program" 2>&1)" 'Permission denied'
done

echo "all of them"
check "every example was tried" equal "$(tr ' ' '\n' <<<"$tried" | grep -vx private-tmp.conf | sort -u)" "$(ls $examples)"
check "and every shipped rule" equal "$(ls kept)" private-tmp.conf
finish
