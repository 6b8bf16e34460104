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
        return 1
    fi
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

finish() {
    finished=yes
    echo "$passed passed, $failed failed"
    [ $failed -eq 0 ]
    exit
}

abort() {
    echo "  FAIL  $*"
    failed=$((failed + 1))
    finish
}

trap '[ $finished = yes ] || { echo "  FAIL  ${0##*/} ended before its last line"; echo "$passed passed, $((failed + 1)) failed"; exit 1; }' EXIT

# The commands that sentences are checked with.
equal() { [ "$1" = "$2" ] || { printf 'expected: %s\nfound:    %s\n' "$2" "$1"; return 1; }; }
differ() { [ -n "$1" ] && [ -n "$2" ] && [ "$1" != "$2" ] || { printf 'both are: "%s" and "%s"\n' "$1" "$2"; return 1; }; }
contain() { grep -qE -e "$2" <<<"$1" || { printf 'expected to match: %s\nin: %s\n' "$2" "$1"; return 1; }; }
lack() { ! grep -E -e "$2" <<<"$1" || { printf 'expected nothing to match: %s\n' "$2"; return 1; }; }
not() { ! "$@"; }
same_text() { diff <(echo "$1") <(echo "$2"); }
