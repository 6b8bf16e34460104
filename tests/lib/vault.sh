# SPDX-License-Identifier: Apache-2.0
# shellcheck disable=SC2034,SC2154 # variables of the files that source this, and for them
# What the tests of volumes have in common. Source it after login.sh.

# As for real logins: what asks for the password comes first, in the files that Debian's stacks include.
with_password="auth optional pam_jns.so
session required pam_jns.so"

# by_password PROGRAM USER COMMAND: as `by`, with the user's password, which is $password.
by_password() {
    case $1 in
    ssh)
        SSHPASS=${password:-Secret.1} sshpass -e ssh "${ssh_options[@]}" -o PreferredAuthentications=password -o NumberOfPasswordPrompts=1 \
            "$2@127.0.0.1" "$3" </dev/null ;;
    su) # Root is not asked.
        printf '%s\n' "${password:-Secret.1}" |
            setpriv --reuid nobody --regid nogroup --clear-groups su "$2" -c "$3" 2> >(sed 's/^Password: //' >&2)
        ;;
    login) python3 "$tests/lib/typed-login.py" "$2" "${password:-Secret.1}" "$3" ;;
    esac
}

# stay_by_password PROGRAM USER: begins a session that lasts until `leave`. Sets $shell, a process in it, and $stays.
stay_by_password() { stay_as by_password "$@"; }
stay() { stay_as by "$@"; }
stay_as() {
    local folder
    folder=$(mktemp -d "$scratch/stay.XXXXXX")
    chmod 1777 "$folder"
    mkfifo -m 666 "$folder/end"
    "$1" "$2" "$3" "echo \$\$ >$folder/pid; read end <$folder/end" >"$folder/out" 2>&1 &
    stays=$folder
    within 20 test -s "$folder/pid" || abort "a session of $3 by $2 does not begin: $(cat "$folder/out")"
    shell=$(cat "$folder/pid")
}
leave() { echo >"${1:-$stays}/end"; }

# volume_processes USER: those that serve the user's volumes, and those that look after them.
volume_processes() {
    local each
    for each in /proc/[0-9]*; do
        case $(tr '\0' ' ' <"$each/cmdline" 2>/dev/null) in
        *jns-volume*"$1"* | *encfs*"/home/$1/"* | *gocryptfs*"/home/$1/"* | *bindfs*"/home/$1/"* | *fake-fuse*"/home/$1/"*) echo "${each#/proc/}" ;;
        esac
    done
}
no_processes() { [ -z "$(volume_processes "$1")" ]; }
# nothing_stays USER: no process of a volume, no view, no mount on the host.
nothing_stays() { no_processes "$1" && without_view "$1" && ! grep -q " /home/$1/" /proc/self/mountinfo; }
# milliseconds COMMAND...: how long it takes.
milliseconds() {
    local begin
    begin=$(date +%s%N)
    "$@" >/dev/null 2>&1
    echo $((($(date +%s%N) - begin) / 1000000))
}
less() { [ "$1" -lt "$2" ] || { echo "$1 is not less than $2"; return 1; }; }
