# SPDX-License-Identifier: Apache-2.0
# bash completion for jnsrun

# Up to the first word that is no option: from there on it is another command's line.
_jnsrun_command_at() {
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${COMP_WORDS[i]} in
        --)
            echo $((i + 1))
            return
            ;;
        --bind | --tmpfs | --hide | --encfs | --rootfs | --rules | --rule | --hostname | --propagation | --root | --wd | --setuid | --setgid | \
            --map-user | --map-group | --map-users | --map-groups | --setgroups | --monotonic | --boottime | -*[RwSG])
            # Bash treats a colon as the end of a word, and the text after it as separate words.
            ((i++))
            while [[ ${COMP_WORDS[i]} != *: && ${COMP_WORDS[i + 1]} == : ]]; do ((i += 2)); done
            ;;
        =) ((i++)) ;;
        -*) ;;
        *)
            echo $i
            return
            ;;
        esac
    done
}

_jnsrun_rules() { sed -n 's/^\[\(.*\)\] *$/\1/p' /etc/jns/rules.d/*.conf 2>/dev/null; }

_jnsrun() {
    local word=$2 before=$3 at options
    COMPREPLY=()
    at=$(_jnsrun_command_at)
    if [ -n "$at" ]; then
        if declare -F _command_offset >/dev/null; then
            _command_offset "$at"
        elif declare -F _comp_command_offset >/dev/null; then
            _comp_command_offset "$at"
        else
            mapfile -t COMPREPLY < <(compgen -f -- "$word")
        fi
        return
    fi
    case $before in
    --propagation) mapfile -t COMPREPLY < <(compgen -W "private slave shared unchanged" -- "$word") ;;
    --setgroups) mapfile -t COMPREPLY < <(compgen -W "allow deny" -- "$word") ;;
    --setuid | --map-user | -*S) mapfile -t COMPREPLY < <(compgen -u -- "$word") ;;
    --setgid | --map-group | -*G) mapfile -t COMPREPLY < <(compgen -g -- "$word") ;;
    --map-users | --map-groups) mapfile -t COMPREPLY < <(compgen -W "auto subids all" -- "$word") ;;
    --rule) mapfile -t COMPREPLY < <(compgen -W "$(_jnsrun_rules)" -- "$word") ;;
    --rootfs | --root | --wd | --tmpfs | -*[Rw])
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -d -- "$word")
        ;;
    --bind | --encfs | --hide | --rules | :)
        compopt -o filenames -o nospace 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "${word#:}")
        ;;
    --hostname | --monotonic | --boottime) ;;
    *)
        case $word in
        -*)
            options="--bind --tmpfs --hide --private-tmp --encfs --password-stdin --rootfs --rules --rule --hostname --mount --uts --ipc --net
                --pid --user --cgroup --time --fork --kill-child --forward-signals --mount-proc --propagation --root --wd --setuid --setgid
                --map-user --map-group --map-root-user --map-current-user --map-users --map-groups --map-auto --map-subids --setgroups
                --keep-caps --monotonic --boottime --clear-env --verbose --help --version"
            mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
            ;;
        *) mapfile -t COMPREPLY < <(compgen -c -- "$word") ;;
        esac
        ;;
    esac
}
complete -F _jnsrun jnsrun
