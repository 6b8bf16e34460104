# SPDX-License-Identifier: Apache-2.0
# bash completion for jnsctl

_jnsctl_services() { mapfile -t COMPREPLY < <(cd /etc/pam.d 2>/dev/null && compgen -f -- "$word"); }

_jnsctl() {
    local word=$2 before=$3 command=${COMP_WORDS[1]} options
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "check explain diff import reload try confirm list show why gc metrics doctor enable disable --help --version" -- "$word")
        return
    fi
    case $before in
    --service)
        _jnsctl_services
        return
        ;;
    --tty)
        mapfile -t COMPREPLY < <(cd /dev 2>/dev/null && compgen -G "$word*" | grep -E '^(tty|pts/)')
        return
        ;;
    --from)
        mapfile -t COMPREPLY < <(compgen -W "pam-namespace pam-mount" -- "$word")
        return
        ;;
    --trial-user)
        mapfile -t COMPREPLY < <(compgen -u -- "$word")
        return
        ;;
    --minutes) return ;;
    esac
    case $command in
    check | doctor | list | show | why) options="--json --help --version" ;;
    explain | diff) options="--service --tty --json --help --version" ;;
    import) options="--from --help --version" ;;
    reload) options="--force --help --version" ;;
    try) options="--minutes --force --help --version" ;;
    enable) options="--trial-user --force --help --version" ;;
    *) options="--help --version" ;;
    esac
    case $command:$word in
    *:-*) mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word") ;;
    explain:* | diff:* | show:*) mapfile -t COMPREPLY < <(compgen -u -- "$word") ;;
    enable:* | disable:*) _jnsctl_services ;;
    check:* | import:* | why:*)
        compopt -o filenames 2>/dev/null
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        ;;
    esac
}
complete -F _jnsctl jnsctl
