#compdef jnsctl
# SPDX-License-Identifier: Apache-2.0

local -a commands common
commands=(
    'check:check the rules'
    'explain:what a user will get, and why'
    'diff:what a user will see differently from the host'
    'import:rules from the configuration of another module'
    'reload:make the daemon read its rules'
    'try:take the rules on trial'
    'confirm:keep the rules that are on trial'
    'list:the sessions that are open, and their views'
    'show:everything about a view'
    'why:which view a process is in, or which rule a path is from'
    'gc:remove what nobody uses any more, now'
    'metrics:what the daemon has counted'
    'enable:put the module into the stacks of PAM'
    'disable:take the module out of the stacks of PAM'
    'doctor:look for what keeps jns from working'
)
common=('(- *)--help[say what it takes]' '(- *)--version[say which version it is]')

if ((CURRENT == 2)); then
    _describe -t commands 'jnsctl command' commands
    _arguments $common
    return
fi
local command=$words[2]
shift words
((CURRENT--))
case $command in
check) _arguments $common '--json[print JSON]' '*:rules file:_files' ;;
doctor | list) _arguments $common '--json[print JSON]' ;;
show) _arguments $common '--json[print JSON]' '1:user:_users' ;;
why) _arguments $common '--json[print JSON]' '1:process:_pids' '*:path:_files' ;;
explain | diff)
    _arguments $common '--service[the PAM service]:service:_files -W /etc/pam.d' '--tty[the terminal]:terminal:_files -W /dev' \
        '--json[print JSON]' '1:user:_users'
    ;;
import) _arguments $common '--from[whose configuration it is]:module:(pam-namespace pam-mount)' '*:file:_files' ;;
reload) _arguments $common '--force[take rules that would refuse somebody]' ;;
try) _arguments $common '--minutes[how long]:minutes' '--force[take rules that would refuse somebody]' ;;
enable) _arguments $common '--force[although the rules would refuse somebody]' '--trial-user[whose sessions are tried]:user:_users' '*:service:_files -W /etc/pam.d' ;;
disable) _arguments $common '*:service:_files -W /etc/pam.d' ;;
*) _arguments $common ;;
esac
