#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# jnsrun at a terminal: keys, ^Z and jobs do what they do without it, whether the command is a child or not.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

prepare_host
install_jns
at() { python3 "$tests/lib/terminal.py" "$@"; }
alice="setpriv --reuid alice --regid alice --clear-groups env HOME=/home/alice"
for options in "jnsrun -m" "jnsrun -f" "jnsrun -pf --mount-proc" "jnsrun --forward-signals" "$alice jnsrun --private-tmp" \
    "$alice jnsrun -f --private-tmp"; do
    # shellcheck disable=SC2206 # options
    command=($options)
    echo "${options#"$alice "}"
    check "it is the caller's terminal" at same "${command[@]}"
    # Process 1 of a PID namespace has no signals but those that it handles, under unshare(1) neither.
    [[ $options == *-pf* ]] || check "keys that end" at keys "${command[@]}"
    check "^Z and on again" at suspend "${command[@]}"
    check "a shell with jobs" at shell "${command[@]}"
    check "much output" at much "${command[@]}"
done
finish
