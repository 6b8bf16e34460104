# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2034,SC2154 # variables of the files that source this, and for them
# What sessions leave behind, and logins by the hundred. Source it after host.sh.

# small_host RULES: a host with jns and without anything that takes time: no login server, no journal, users that are names only.
small_host() {
    rm -rf /etc/jns /var/lib/jns
    # The file system of the view's files, an overlay, does not serve as the upper layer of another.
    mkdir -m 700 /var/lib/jns
    mount -t tmpfs -o mode=700 instances /var/lib/jns
    sed -i '/pam_jns/d' /etc/pam.d/*
    install -d -m 1777 $scratch
    cd $scratch || abort "cannot enter $scratch"
    install_jns
    rules "$1"
    build_tool pins pins.c
    build_tool client client.c -lpam
    build_tool crowd crowd.c -lpam
}

# build_tool NAME SOURCE OPTION...
build_tool() {
    local name=$1 file=$2
    shift 2
    gcc -std=gnu11 -O1 -Wall -Wextra -I . -o "$name" "$tests/lib/$file" "$@" || abort "cannot build $file"
}

# name_users PREFIX COUNT FIRST-UID GID: PREFIX0, PREFIX1...
name_users() {
    local i
    for ((i = 0; i < $2; i++)); do echo "$1$i:x:$(($3 + i)):$4::/nowhere:/bin/sh"; done >>/etc/passwd
}

# in_view SERVICE USER: a login and logout, in a namespace that is not the host's. Prints what the client says.
in_view() {
    local said host
    said=$(./client "$1" "$2" </dev/null 2>&1)
    host=$(stat -Lc %i /proc/self/ns/mnt)
    case $said in
    "open $host") echo "$2 is let in and not isolated"; return 1 ;;
    "open "*) echo "$said" ;;
    *) echo "$2 is refused: $said"; return 1 ;;
    esac
}

# burst SERVICE PREFIX USERS: this many logins at once, after which the daemon has everything that it keeps for crowds.
burst() { ./crowd hold "$1" "$2" "$3" "$3" </dev/null; }

# What is kept for a moment after its last use is not kept for the test's sake.
age() { find /var/lib/jns -name '.keep-*' -exec touch -h -d '1 hour ago' {} +; }

# The folders in which rules keep something for ever are no trace of a session.
kept_for_ever='/var/lib/jns/(last-good-rules|last-good-settings|\.time|\.gone|[0-9]+(/(owner|tmp|%overlay-srv-over(/.*)?))?)'
private_folders() { find /var/lib/jns -mindepth 1 | sort | grep -vxE "$kept_for_ever"; }
state() {
    host_mounts
    echo "pins:"
    ./pins
    echo "records:"
    ls -A /run/jns/sessions /run/jns/views
    echo "private folders:"
    private_folders
    echo "processes:"
    pgrep -a 'java|client|crowd|jns|kill-at' | grep -v "^$jnsd_pid "
}
# Without the threads that the JVM starts and ends as it likes. Of the tools of waiting threads, which are a poller and a mount table each,
# crowds leave some for the next one: how many is a matter of chance, but no more than there are threads that wait.
size() {
    local open tools
    open=$(ls -l /proc/$jnsd_pid/fd | grep -vcE 'mountinfo|eventpoll')
    tools=$(ls -l /proc/$jnsd_pid/fd | grep -c mountinfo)
    [ "$tools" -le 9 ] && tools="few"
    echo "$open descriptors, $tools tools, $(cat /proc/$jnsd_pid/task/*/comm | grep -cxE 'java|login|cleaner') threads"
}

# remember: notes the present state, which must return.
nothing_there() { age; [ -z "$(./pins; private_folders)" ]; }
remember() {
    within 60 nothing_there || abort "views or folders stay: $(./pins; private_folders)"
    before=$(state)
    size_before=$(size)
}
same_state() { age; same_text "$(state)" "$before"; }
same_size() { equal "$(size)" "$size_before"; }
same_size_soon() { within 10 same_size || same_size; }
nothing_left() {
    check "$1: nothing is left of it" within 60 same_state || same_state | head -n 40
}

# in_time MILLISECONDS COMMAND...: the time is that of an idle machine. On a busy one a program that does next to nothing tells how much
# more that is. Needs the client.
in_time() {
    local most=$1 start took status busy
    shift
    start=$((${EPOCHREALTIME/./} / 1000))
    "$@"
    status=$?
    took=$((${EPOCHREALTIME/./} / 1000 - start))
    [ $status -eq 0 ] || return $status
    [ $took -ge "$most" ] || return 0
    echo 'session required pam_permit.so' >/etc/pam.d/at-once
    start=$((${EPOCHREALTIME/./} / 1000))
    ./client at-once root </dev/null >/dev/null 2>&1
    ./client at-once root </dev/null >/dev/null 2>&1
    busy=$((${EPOCHREALTIME/./} / 1000 - start))
    # What waits for another time limit as well takes that much longer, no matter how busy the machine is.
    [ $took -lt $((most + 40 * busy)) ] && [ $took -lt $((most + 13000)) ] && return
    echo "it took $took ms, and nothing took $busy ms"
    return 1
}
