# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2034,SC2154 # variables of the files that source this, and for them
# Logs in by real programs. Source it after host.sh.

programs="ssh-key ssh-password su su-login sudo login cron"

refusal='jns: your session was refused: ' # what users are told

ssh_options=(-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR -o ConnectTimeout=30)

# by PROGRAM USER COMMAND: runs the shell command in a session of the user, and prints what it printed. The status is the
# command's, except for login and cron, which do not tell it.
by() {
    local program=$1 user=$2 command=$3
    case $program in
    ssh-key) ssh "${ssh_options[@]}" -i "$scratch/key" "$user@127.0.0.1" "$command" </dev/null ;;
    ssh-password)
        SSHPASS=Secret.1 sshpass -e ssh "${ssh_options[@]}" -o PubkeyAuthentication=no "$user@127.0.0.1" "$command" </dev/null ;;
    su) su "$user" -c "$command" </dev/null ;;
    su-login) su - "$user" -c "$command" </dev/null ;;
    sudo) sudo -u "$user" /bin/sh -c "$command" </dev/null ;;
    login) by_login "$user" "$command" ;;
    cron) by_cron "$user" "$command" ;;
    *) echo "no such program: $program" >&2; return 1 ;;
    esac
}

# login wants a terminal, and its shell takes the command from there. Some logins throw away what was typed before they
# were ready, so it is typed until it is heard; and some want to lead the terminal's session, hence exec. The fifo stays open in both
# directions: script(1) takes two seconds longer when its input ends before the session does.
by_login() {
    local folder typist
    folder=$(mktemp -d "$scratch/login.XXXXXX")
    chmod 1777 "$folder"
    printf 'touch %s/heard\necho "<begin>"\n(%s) <&- 2>&1\necho "<end>"\n' "$folder" "$2" >"$folder/command"
    mkfifo "$folder/keys"
    exec 9<>"$folder/keys"
    until [ -e "$folder/heard" ]; do
        echo "exec sh $folder/command" >&9
        sleep 0.2
    done &
    typist=$!
    TERM=dumb timeout 150 script -qec "exec login -f $1" /dev/null <"$folder/keys" 9>&- | tr -d '\r' >"$folder/screen"
    touch "$folder/heard"
    wait $typist
    exec 9>&-
    if grep -q '^<begin>' "$folder/screen"; then
        sed '0,/^<begin>/d; /^<end>/,$d' "$folder/screen"
    else
        cat "$folder/screen" # a refused login: whatever it said
        return 1
    fi
}

# cron runs @reboot jobs as soon as it starts, when the mark that it has done so is absent.
by_cron() {
    local out daemon
    out=$(mktemp -d "$scratch/cron.XXXXXX")
    chmod 1777 "$out"
    printf '%s\n' "$2" >"$out/command"
    echo "@reboot sh $out/command >$out/out 2>&1; touch $out/done" | crontab -u "$1" -
    rm -f /run/crond.reboot
    cron -f &
    daemon=$!
    within "${cron_patience:-15}" test -e "$out/done"
    local status=$?
    kill "$daemon"
    wait "$daemon" 2>/dev/null
    crontab -u "$1" -r
    [ $status -ne 0 ] || cat "$out/out"
    return $status
}

# value NAME TEXT: what the probe printed for NAME.
value() { sed -n "s/^$1=//p" <<<"$2"; }

# service_of PROGRAM: the name by which it calls PAM.
service_of() {
    case $1 in
    ssh-*) echo sshd ;;
    su-login) echo su-l ;;
    *) echo "$1" ;;
    esac
}
