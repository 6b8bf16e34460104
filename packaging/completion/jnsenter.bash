# SPDX-License-Identifier: Apache-2.0
# bash completion for jnsenter

# What is before the cursor since the last blank: bash takes a colon for the end of a word.
_jnsenter_word() {
    word=${COMP_LINE:0:COMP_POINT}
    word=${word##*[[:blank:]]}
}

# Those that begin as the word does, without what bash has put in front of the cursor already.
_jnsenter_offer() {
    local kept=
    [[ $COMP_WORDBREAKS != *:* || $word != *:* ]] || kept=${word%:*}:
    mapfile -t COMPREPLY < <(compgen -W "$1" -- "$word" | sed "s/^$(sed 's/[][\.*^$/]/\\&/g' <<<"$kept")//")
}

_jnsenter_targets() {
    case $word in
    session:*) _jnsenter_offer "$(cd /run/jns/sessions 2>/dev/null && printf 'session:%s ' [0-9a-f]*)" ;;
    view:*) _jnsenter_offer "$(cd /run/jns/views 2>/dev/null && printf 'view:%s ' [0-9]*)" ;;
    unit:*) _jnsenter_offer "$(systemctl list-units --plain --no-legend --state=running 2>/dev/null | sed 's/^/unit:/; s/ .*//')" ;;
    pid:*) _jnsenter_offer "$(cd /proc && printf 'pid:%s ' [0-9]*)" ;;
    */*) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$word") ;;
    *)
        _jnsenter_offer "$(sed -n 's/^user //p' /run/jns/views/* 2>/dev/null || id -un) session: unit: pid:"
        [[ ${COMPREPLY[*]} != *: ]] || compopt -o nospace 2>/dev/null
        ;;
    esac
}

_jnsenter() {
    local word before=$3 at target=no
    local options="--all --target --mount --uts --ipc --net --pid --cgroup --user --time --net-socket --user-parent --setuid --setgid
        --preserve-credentials --keep-caps --root --wd --wdns --env --no-fork --join-cgroup --follow-context --host --pty --no-pty --login
        --trust-mounts --help --version"
    COMPREPLY=()
    _jnsenter_word
    # After the target, or an option in place of one, a word is the command, and the rest belongs to the command.
    for ((at = 1; at < COMP_CWORD; at++)); do
        case ${COMP_WORDS[at]} in
        --) break ;;
        -t | --target) target=yes; ((at++)) ;;
        --host) target=yes ;;
        -S | --setuid | -G | --setgid | -N | --net-socket | --env) ((at++)) ;;
        -*) ;;
        :) ((at++)) ;;
        *)
            [ "${COMP_WORDS[at + 1]:-}" != : ] || ((at += 2))
            [ "$at" -lt "$COMP_CWORD" ] || break
            [ $target = no ] || { _jnsenter_command "$at"; return; }
            target=yes
            ;;
        esac
    done
    case $before in
    -t | --target) _jnsenter_offer "$(cd /proc && echo [0-9]*)"; return ;;
    -S | --setuid) mapfile -t COMPREPLY < <(compgen -u -W follow -- "$word"); return ;;
    -G | --setgid) mapfile -t COMPREPLY < <(compgen -g -W follow -- "$word"); return ;;
    -N | --net-socket | --env) return ;;
    esac
    case $word in
    --*=*) compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "${word#*=}") ;;
    -*) _jnsenter_offer "$options" ;;
    *) if [ $target = no ]; then _jnsenter_targets; else mapfile -t COMPREPLY < <(compgen -c -- "$word"); fi ;;
    esac
}

_jnsenter_command() {
    if declare -F _command_offset >/dev/null; then _command_offset "$1"; else mapfile -t COMPREPLY < <(compgen -f -- "$word"); fi
}
complete -F _jnsenter jnsenter
