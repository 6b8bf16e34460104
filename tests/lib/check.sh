# SPDX-License-Identifier: Apache-2.0
# Source this first. A test file is a list of `check "sentence" COMMAND...` lines, and ends with `finish`.
#
# Each test file runs in its own view (tests/lib/view). A file that is started outside of a view starts itself again inside one.

set -u
tests=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
source_root=$(dirname "$tests")

if [ -z "${JNS_VIEW:-}" ]; then
    exec "$tests/lib/view" bash "$(realpath "$0")" "$@"
fi

passed=0 failed=0 finished=no
# The terminal of tests/run --shell.
[ -z "${JNS_SHELL:-}" ] || exec {shell_terminal}<&0

# check SENTENCE COMMAND...: the sentence holds when the command succeeds. When the command fails, its output is shown.
# The status is that of the command, for `|| continue` where the next checks would make no sense.
check() {
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
        echo "  ok    $sentence"
    else
        fail "$sentence" "${output:-$* failed without output}"
        return 1
    fi
}

# fail SENTENCE OUTPUT: counts and reports a failure, with the place of the check and the ends of the logs.
fail() {
    failed=$((failed + 1))
    echo "  FAIL  $1"
    echo "        at $(places)"
    [ -z "$2" ] || sed 's/^/        | /' <<<"$2"
    # The first failures cause the others.
    [ $failed -gt 3 ] || show_logs
    [ -z "${JNS_SHELL:-}" ] || look_around
}

# places: FILE:LINE of the check, and of the calls that led to it, without those in tests/lib.
places() {
    local i where=()
    for ((i = 2; i < ${#BASH_SOURCE[@]}; i++)); do
        case ${BASH_SOURCE[i]} in */lib/*.sh) ;; *) where+=("${BASH_SOURCE[i]#"$source_root/"}:${BASH_LINENO[i - 1]}") ;; esac
    done
    echo "${where[*]}"
}

# look_around: a shell with the namespaces of the test, in which the daemon and the sessions still run. The test ends with the shell.
# On a new terminal, because the user's belongs to a session outside, where this process cannot lead a group.
look_around() {
    echo "a shell in the view of ${0##*/}; the test ends with it" >&"$shell_terminal"
    # shellcheck disable=SC2016 # for the other shell
    script --quiet --command 'PS1="view \w \$ " exec bash --norc -i' /dev/null <&"$shell_terminal" >&"$shell_terminal" 2>&1
    finish
}

# skip SENTENCE REASON: a check that cannot be made on this machine. In CI, each check must be made.
skip() {
    if [ "${CI:-}" = true ]; then
        fail "$1" "skipped ($2), and with CI=true nothing may be skipped"
    else
        echo "  skip  $1 ($2)"
    fi
}

# show_logs: the last lines of the daemon and of the journal of this view, or of this booted system.
show_logs() {
    [ "$JNS_VIEW" != none ] || return 0
    show_end "the daemon's errors" test -s "${scratch:-}/jnsd.log" tail -n 40 "${scratch:-}/jnsd.log"
    local journal=(timeout 20 journalctl --quiet --no-pager --lines=40 --output=short-precise)
    [ ! -S /run/systemd/journal/socket ] || timeout 20 journalctl --sync
    show_end "the daemon's log" test -S /run/systemd/journal/socket "${journal[@]}" SYSLOG_IDENTIFIER=jnsd
    show_end "the journal" test -S /run/systemd/journal/socket "${journal[@]}"
}
# show_end NAME test CONDITION FILE COMMAND...: what the command prints, if the condition holds.
show_end() {
    "${@:2:3}" || return 0
    echo "  the end of $1:"
    "${@:5}" 2>&1 | cut -c 1-300 | sed 's/^/        | /'
}

finish() {
    finished=yes
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
    exit
}

abort() {
    fail "$*" ""
    finish
}

trap '[ $finished = yes ] || { fail "${0##*/} ended before its last line" ""; echo "$passed passed, $failed failed"; exit 1; }' EXIT

# The commands with which sentences are checked.
equal() { [ "$1" = "$2" ] || { printf 'expected: %s\nfound:    %s\n' "$2" "$1"; return 1; }; }
differ() { [ -n "$1" ] && [ -n "$2" ] && [ "$1" != "$2" ] || { printf 'both are: "%s" and "%s"\n' "$1" "$2"; return 1; }; }
contain() { grep -qE -e "$2" <<<"$1" || { printf 'expected to match: %s\nin: %s\n' "$2" "$1"; return 1; }; }
lack() { ! grep -E -e "$2" <<<"$1" || { printf 'expected nothing to match: %s\n' "$2"; return 1; }; }
not() { ! "$@"; }
same_text() { diff <(echo "$1") <(echo "$2"); }
