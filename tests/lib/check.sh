# SPDX-License-Identifier: Apache-2.0
# Source this first. A test file is a list of `check "sentence" COMMAND...` lines, and ends with `finish`.
#
# A test file runs in a view of its own (tests/lib/view): started outside of one, it starts itself again inside.

set -u
tests=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")
source_root=$(dirname "$tests")

if [ -z "${JNS_VIEW:-}" ]; then
    exec "$tests/lib/view" bash "$(realpath "$0")" "$@"
fi

passed=0 failed=0 finished=no

# check SENTENCE COMMAND...: the sentence holds when the command succeeds. What the command prints is shown when it fails.
# The status is the command's, for `|| continue` where the next sentences would say nothing.
check() {
    local sentence=$1 output
    shift
    if output=$("$@" 2>&1); then
        passed=$((passed + 1))
        echo "  ok    $sentence"
    else
        failed=$((failed + 1))
        echo "  FAIL  $sentence"
        sed 's/^/        | /' <<<"${output:-$* failed without a word}"
        echo "        at $(places)"
        return 1
    fi
}

# places: FILE:LINE of the check, and of the calls that led to it, but for what is in tests/lib.
places() {
    local i where=()
    for ((i = 2; i < ${#BASH_SOURCE[@]}; i++)); do
        case ${BASH_SOURCE[i]} in */lib/*.sh) ;; *) where+=("${BASH_SOURCE[i]#"$source_root/"}:${BASH_LINENO[i - 1]}") ;; esac
    done
    echo "${where[*]}"
}

# skip SENTENCE REASON: what cannot be tried here. In CI everything can be.
skip() {
    if [ "${CI:-}" = true ]; then
        failed=$((failed + 1))
        echo "  FAIL  $1"
        echo "        | skipped ($2), and with CI=true nothing may be skipped"
    else
        echo "  skip  $1 ($2)"
    fi
}

# ends: what the daemon of this view has said at last, and what is in its journal.
ends() {
    case $JNS_VIEW in private | shared) ;; *) return ;; esac
    local log=${scratch:-}/jnsd.log
    if [ -s "$log" ]; then
        echo "  the end of the daemon's log:"
        tail -n 40 "$log" | cut -c 1-300 | sed 's/^/        | /'
    fi
    if [ -S /run/systemd/journal/socket ]; then
        echo "  the end of the journal:"
        timeout 20 journalctl --quiet --no-pager --lines=40 --output=short-precise 2>&1 | cut -c 1-300 | sed 's/^/        | /'
    fi
}

finish() {
    finished=yes
    [ $failed -eq 0 ] || ends
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
    exit
}

abort() {
    echo "  FAIL  $*"
    echo "        at $(places)"
    failed=$((failed + 1))
    finish
}

trap '[ $finished = yes ] || { echo "  FAIL  ${0##*/} ended before its last line"; ends; echo "$passed passed, $((failed + 1)) failed"; exit 1; }' EXIT

# The commands that sentences are checked with.
equal() { [ "$1" = "$2" ] || { printf 'expected: %s\nfound:    %s\n' "$2" "$1"; return 1; }; }
differ() { [ -n "$1" ] && [ -n "$2" ] && [ "$1" != "$2" ] || { printf 'both are: "%s" and "%s"\n' "$1" "$2"; return 1; }; }
contain() { grep -qE -e "$2" <<<"$1" || { printf 'expected to match: %s\nin: %s\n' "$2" "$1"; return 1; }; }
lack() { ! grep -E -e "$2" <<<"$1" || { printf 'expected nothing to match: %s\n' "$2"; return 1; }; }
not() { ! "$@"; }
same_text() { diff <(echo "$1") <(echo "$2"); }
