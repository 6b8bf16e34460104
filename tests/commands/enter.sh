# SPDX-License-Identifier: Apache-2.0
# jnsenter finds views by the names of those whose they are: asking the daemon, or where there is none by itself; as root, and as the
# one whose view it is.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

jns_host "$private_tmp
only = user:alice, user:bob
enter = owner

[own]
action = private
target = /opt
only = user:carol
share = none

[apart]
action = isolate
only = user:dave
isolate = uts, ipc, pid"
add_users carol dave
host=$(host_namespace)

# stay USER: a session that lasts. Sets $shell to a process in it.
stay() {
    local folder
    folder=$(mktemp -d "$scratch/stay.XXXXXX")
    chmod 1777 "$folder"
    su "$1" -c "touch /tmp/of-$1; cd /etc; echo \$\$ >$folder/pid.new; mv $folder/pid.new $folder/pid; exec sleep 4000" </dev/null \
        >/dev/null 2>&1 &
    within 20 test -e "$folder/pid" || abort "$1 cannot log in"
    shell=$(cat "$folder/pid")
}
mounts_of() { readlink "/proc/$1/ns/mnt"; }
sessions_of() { grep -lx "user $1" /run/jns/sessions/* | sed 's,.*/,,'; }
# says STATUS PATTERN COMMAND...
says() {
    local status=$1 pattern=$2 said
    shift 2
    said=$("$@" 2>&1)
    equal $? "$status" && contain "$said" "$pattern"
}
as() {
    local user=$1
    shift
    (cd / && setpriv --reuid="$user" --regid="$user" --init-groups --inh-caps=-all env PATH=/usr/bin:/bin SHELL=/bin/sh "$@" </dev/null)
}

stay alice
alice=$shell
in_alices="$(mounts_of "$alice")
of-alice"
look="readlink /proc/self/ns/mnt; ls /tmp"

by_name() {
    check "a user" equal "$(jnsenter alice sh -c "$look")" "$in_alices"
    check "user:NAME" equal "$(jnsenter user:alice sh -c "$look")" "$in_alices"
    check "a session" equal "$(jnsenter "session:$(sessions_of alice)" sh -c "$look")" "$in_alices"
    check "a view" equal "$(jnsenter "view:$(basename /run/jns/views/"$(id -u alice)".*)" sh -c "$look")" "$in_alices"
    check "a process" equal "$(jnsenter "$alice" sh -c "$look")" "$in_alices"
    check "a path" equal "$(jnsenter "/proc/$alice/ns/mnt" sh -c "$look")" "$in_alices"
    check "as root" equal "$(jnsenter alice id -u)" 0
    check "as she is" equal "$(jnsenter alice -S alice id)" "$(id alice)"
    check "in the folder that has our folder's path" equal "$(cd /var/lib && jnsenter alice pwd)" /var/lib
    check "or in the root" equal "$(mkdir -p /tmp/only-here && cd /tmp/only-here && jnsenter alice pwd)" /
    check "--login: at home, in her own environment" equal "$(jnsenter alice \
        --login sh -c 'id -un; pwd; echo $HOME $USER $LOGNAME $SHELL; ls /tmp')" "alice
/home/alice
/home/alice alice alice /bin/bash
of-alice"
    check "a shell by default: hers, as a login has it" equal "$(echo 'echo $0 $PWD; shopt -q login_shell && echo login' |
        jnsenter alice --login)" "-bash /home/alice
login"
    check "else ours" equal "$(echo 'echo $0' | SHELL=/bin/sh jnsenter alice)" "-sh"
    check "out again" equal "$(jnsenter alice jnsenter --host readlink /proc/self/ns/mnt)" "$host"
    check "from one view into another" equal "$(jnsenter bob jnsenter alice ls /tmp)" of-alice
    check "a user without a view" says 125 'cannot enter the view of nobody: there is none; look at: jnsctl list' jnsenter nobody true
    check "nobody" says 125 'there is none' jnsenter no-such-user true
    check "no such session" says 125 'there is none' jnsenter session:0123456789abcdef true
    check "a name with a / is a path" says 125 'cannot open session:../../etc/passwd' jnsenter session:../../etc/passwd true
    check "no such view" says 125 'there is none' jnsenter view:.. true
    check "no such unit" says 125 'nothing runs in it' jnsenter unit:no-such-unit true
}
stay bob
bob=$shell

echo "with the daemon"
started() { strace -f -qq -e trace=execve -o "$scratch/trace" "$@" >/dev/null; grep -c 'execve.* = 0' "$scratch/trace"; }
check "no other program is started for it" equal "$(started jnsenter alice /bin/true)" 2
by_name
check "the journal says who was entered" in_journal "alice: pid [0-9]+ of root enters view" JNS_EVENT=entered
stay carol
stay carol
check "several views are listed, and none is chosen" says 125 "^jnsenter: cannot choose a view of carol: there are 2; name one of$" \
    jnsenter carol true
list=$(jnsenter carol true 2>&1 | grep -o 'session:[0-9a-f]*' | sort)
check "by what one can name" equal "$(for one in $list; do jnsenter "$one" readlink /proc/self/ns/mnt; done | sort -u | wc -l)" 2
stay dave
# Its own number of itself is another.
sleeps() { shell=$(pgrep -nx -u dave sleep); }
within 10 sleeps || abort "dave's session has not begun"
check "a view with more of its own: all of it" equal "$(jnsenter dave readlink /proc/self/ns/uts /proc/self/ns/ipc /proc/self/ns/mnt)" \
    "$(readlink "/proc/$shell/ns/uts" "/proc/$shell/ns/ipc" "/proc/$shell/ns/mnt")"
check "and out of all of it" equal "$(jnsenter dave jnsenter --host readlink /proc/self/ns/uts /proc/self/ns/ipc /proc/self/ns/mnt)" \
    "$(readlink /proc/self/ns/uts /proc/self/ns/ipc /proc/self/ns/mnt)"
check "among its processes" equal "$(jnsenter dave sh -c 'ps -o comm= 1; exit 5'; echo $?)" "jns-init
5"
check "or some" equal "$(jnsenter dave -u readlink /proc/self/ns/uts /proc/self/ns/ipc)" \
    "$(readlink "/proc/$shell/ns/uts" /proc/self/ns/ipc)"
check "what it has not of its own" says 125 'cannot enter the net namespace of the view' jnsenter dave -n true

complete_line() { # LINE: what bash offers at its end
    bash -c '. "$0"; COMP_LINE=$1 COMP_POINT=${#1}; read -ra COMP_WORDS <<<"${1//:/ : }"; [[ $1 != *" " ]] || COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _jnsenter jnsenter "" "${COMP_WORDS[COMP_CWORD - 1]}" 2>/dev/null
        printf "%s\n" "${COMPREPLY[@]}"' \
        /usr/share/bash-completion/completions/jnsenter "$1"
}
check "bash offers those who have views" equal "$(complete_line "jnsenter a")" alice
check "and sessions" same_text "$(complete_line "jnsenter session:" | sort)" "$(ls /run/jns/sessions | sort)"
check "and views" contain "$(complete_line "jnsenter view:$(id -u alice)")" "^$(id -u alice)\\."

echo "after entering, with root's rights"
strace -f -qq -o "$scratch/trace" jnsenter alice -S alice /bin/true
calls=$(sed -n '/setns(/,$p' "$scratch/trace" | sed -E 's/^[0-9]+ +//' | sed -n '/^setns/,/^execve/p' | sed -nE 's/^([a-z0-9_]+)\(.*/\1/p')
check "nothing of the view is opened" equal "$(grep -vxE 'setns|close|fchdir|openat2|getcwd|setgroups|[gs]etres[ug]id|rt_sig(action|procmask)|ioctl|fstat|newfstatat|execve|poll|geteuid|capset|keyctl|close_range' <<<"$calls")" ""
check "but the folder is changed, and the command run, by then as who it is" contain "$(tr '\n' ' ' <<<"$calls")" \
    'setns .*setgroups .*setresgid .*setresuid .*openat2 fchdir .*execve'
check "[A1] and the folder without a link" contain "$(sed -n '/setns(/,$p' "$scratch/trace" | grep -v '^[0-9]* *close' | grep 'openat2(')" \
    'RESOLVE_NO_SYMLINKS'
check "no name is looked up by it at all" lack "$(sed '/^[0-9]* *setns/,$d' "$scratch/trace")" 'open.*(passwd|group|nsswitch|\.so)'
jnsenter alice sh -c 'printf "passwd: evil\n" >/tmp/nsswitch.conf; mount --bind /tmp/nsswitch.conf /etc/nsswitch.conf; echo "alice::0:0::/:/bin/sh" >/tmp/passwd; mount --bind /tmp/passwd /etc/passwd'
check "names mean what they mean outside, whatever the view has" \
    equal "$(jnsenter alice -S alice sh -c 'grep -E "^(Uid|Gid|Groups)" /proc/self/status')" \
    "$(su alice -s /bin/sh -c 'grep -E "^(Uid|Gid|Groups)" /proc/self/status' 2>/dev/null)"
jnsenter alice sh -c 'umount /etc/passwd /etc/nsswitch.conf; rm /tmp/passwd /tmp/nsswitch.conf'

echo "what looks like a view"
as bob unshare -Urm sh -c "mkdir -p /tmp/run && mount -t tmpfs run /run && mkdir -p /run/jns/views /run/jns/sessions &&
    cp /proc/self/mountinfo /run/jns/views/1003.0123456789abcdef
    touch /srv/jns-tests/imitated; exec sleep 4000" >/dev/null 2>&1 &
within 10 test -e "$scratch/imitated" || abort "bob cannot imitate"
imitates() { imitation=$(pgrep -nx -u bob sleep); }
within 10 imitates || abort "bob's imitation has ended"
check "a user's own namespaces are entered by no name" equal "$(jnsenter bob readlink /proc/self/ns/mnt)" "$(mounts_of "$bob")"
check "not as mounts alone by root, unless root says so" says 125 'a user made it' jnsenter -t "$imitation" -m true
check "nor by their path" says 125 'a user made it' jnsenter "/proc/$imitation/ns/mnt" true
check "the process as a whole is the user's, and root nobody there" \
    equal "$(jnsenter "$imitation" sh -c 'echo x >/proc/sys/kernel/hostname' 2>/dev/null; hostname)" jns-view

echo "as an ordinary user"
check "one's own" equal "$(as alice jnsenter alice sh -c "$look")" "$in_alices"
check "as oneself" equal "$(as alice jnsenter alice id)" "$(id alice)"
check "by the session" equal "$(as alice jnsenter "session:$(sessions_of alice)" sh -c "$look")" "$in_alices"
check "with a variable" equal "$(as alice jnsenter alice --env X=1 sh -c 'echo $X')" 1
check "the exit status" says 7 '' as alice jnsenter alice sh -c 'exit 7'
check "no such command" says 127 'No such file' as alice jnsenter alice no-such-command
check "another's" says 125 'not yours' as alice jnsenter bob true
check "another's session" says 125 'no session .* of yours' as alice jnsenter "session:$(sessions_of bob)" true
check "out of it" says 125 'not yours' as alice jnsenter --host true
check "a process of another's" says 125 'annot (open|find)' as alice jnsenter -t 1 -m true
check "where the rules do not let one" says 125 'enter = owner' as dave jnsenter dave true

echo "without a daemon"
stop_jnsd
by_name
check "a socket that nobody listens on" equal "$(python3 -c 'import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.bind("/run/jns/jnsd.sock")'; jnsenter alice ls /tmp; rm /run/jns/jnsd.sock)" \
    of-alice
start_jnsd
check "a daemon that hangs is not waited for" equal "$(freeze_jnsd; timeout 20 jnsenter alice ls /tmp; kill -CONT "$jnsd_pid")" \
    of-alice
check "one that is back answers" equal "$(started jnsenter alice /bin/true)" 2
finish
