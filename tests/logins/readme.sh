#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The README shows what is true, and so does the page on migration. The README's rules are installed; each command that a page shows
# after "    $ " runs in one folder, and prints what the page shows below it. A file that it shows with cat, and that is missing,
# is made from what it shows.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

readme=$source_root/README.md
jns_host "$(awk '/^```ini/ { p = 1; next } /^```/ { p = 0 } p' "$readme")"
mv /etc/jns/rules.d/test.conf /etc/jns/rules.d/views.conf
mkdir -p /scratch /opt/oldprogram/lib
groupadd legacy32

commands=0
try() { # COMMAND SHOWN
    local command=$1 shown=$2 file printed
    commands=$((commands + 1))
    if [[ $command == "cat "* ]]; then
        file=${command#cat }
        [ -e "$file" ] || printf '%s\n' "$shown" >"$file"
    fi
    printed=$(bash -c "$command" 2>&1)
    check "\$ $command" equal "$printed" "$shown"
}

page() { # FILE
    local command='' shown='' line work=$scratch/${1##*/}.d
    mkdir -p "$work" && cd "$work" || abort "no folder to work in"
    while IFS= read -r line; do
        case $line in
        '    $ '*)
            [ -z "$command" ] || try "$command" "$shown"
            command=${line#'    $ '} shown=''
            ;;
        '    '*) [ -z "$command" ] || shown+=${shown:+$'\n'}${line#'    '} ;;
        *)
            [ -z "$command" ] || try "$command" "$shown"
            command=''
            ;;
        esac
    done <"$1"
    [ -z "$command" ] || try "$command" "$shown"
}
page "$readme"
check "the README shows some commands" test $commands -ge 5
check "what import prints is free of errors" bash -c 'jnsctl import namespace.conf 2>/dev/null > imported.conf && jnsctl check imported.conf'
commands=0
page "$source_root/docs/migration.md"
check "so does the page on migration" test $commands -ge 6
finish
