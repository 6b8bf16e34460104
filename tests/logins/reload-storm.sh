#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The rules are read again and again, and differ each time, while a thousand users log in: each session is by one set, whole.
# Then a set of a thousand rules in a hundred files.

. "$(dirname "$0")/../lib/check.sh"
. "$tests/lib/host.sh"
. "$tests/lib/login.sh"

places="one two three four five six"
for place in $places; do mkdir -p /srv/places/$place; done
for set in old new; do
    mkdir -p /srv/$set
    echo $set >/srv/$set/name
done

# rules_from SET: six rules in three files, each showing the set's own folder.
rules_from() {
    rm -rf "$scratch/rules.next"
    mkdir -m 755 "$scratch/rules.next"
    local place n=0
    for place in $places; do
        printf '[%s]\naction = bind\nsource = /srv/%s\ntarget = /srv/places/%s\n' "$place" "$1" "$place" \
            >>"$scratch/rules.next/$((n / 2)).conf"
        n=$((n + 1))
    done
}
use_rules_of() {
    rules_from "$1"
    rm -rf /etc/jns/rules.d
    mv "$scratch/rules.next" /etc/jns/rules.d
}

jns_host ""
use_rules_of old
check "the old set is taken" jnsctl reload

cat >"$scratch/storm.c" <<'END'
// storm USER LOGINS PLACE...: logs in by a new process each time, and prints what the session finds in each place.
// storm reload: what jnsctl reload does, without the time that a JVM takes to start; prints the answer.
#include <security/pam_appl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int converse(int n, const struct pam_message **m, struct pam_response **r, void *data)
{
    (void)m, (void)data;
    *r = calloc((size_t)n, sizeof **r);
    return *r == NULL ? PAM_BUF_ERR : PAM_SUCCESS;
}

static int login(const char *user, char **places)
{
    struct pam_conv conversation = {.conv = converse};
    pam_handle_t *pamh = NULL;
    char line[256] = "", path[256], name[32];
    alarm(60);
    if (pam_start("jnstest", user, &conversation, &pamh) != PAM_SUCCESS || pam_open_session(pamh, 0) != PAM_SUCCESS)
        return puts("refused"), 1;
    for (; *places != NULL; places++) {
        snprintf(path, sizeof path, "/srv/places/%s/name", *places);
        FILE *file = fopen(path, "r");
        if (file == NULL || fscanf(file, "%31s", name) != 1)
            strcpy(name, "nothing");
        if (file != NULL)
            fclose(file);
        strcat(strcat(line, name), " ");
    }
    puts(line);
    return pam_close_session(pamh, 0) != PAM_SUCCESS;
}

static int reload(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/jns/jnsd.sock"};
    char answer[4097] = "";
    int fd = socket(AF_UNIX, SOCK_SEQPACKET, 0);
    alarm(20);
    if (connect(fd, (struct sockaddr *)&address, sizeof address) != 0 || send(fd, "\1\2", 2, 0) != 2 ||
        recv(fd, answer, sizeof answer - 1, 0) < 4)
        return perror("reload"), 1;
    puts(answer + 4);
    return answer[1] != (char)0x84;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "reload") == 0)
        return reload();
    for (int i = 0; i < atoi(argv[2]); i++) {
        pid_t child = fork();
        if (child == 0)
            exit(login(argv[1], argv + 3));
        if (child < 0 || waitpid(child, NULL, 0) != child)
            return 1;
    }
    return 0;
}
END
gcc -O1 -Wall -Werror -o "$scratch/storm" "$scratch/storm.c" -lpam || abort "cannot compile the login program"

before=$("$scratch/storm" reload)
before=${before##* }
clients=()
for client in 1 2 3 4; do
    user=alice
    [ $((client % 2)) = 0 ] || user=bob
    # shellcheck disable=SC2086 # a list of words
    "$scratch/storm" $user 250 $places >"$scratch/storm.$client" 2>&1 &
    clients+=($!)
done
some_runs() {
    local pid
    for pid in "${clients[@]}"; do kill -0 "$pid" 2>/dev/null && return; done
    return 1
}
turns=0 set=new
while some_runs; do
    # Never while the daemon reads: that it may find them half written is no fault of its own.
    use_rules_of $set
    answer=$("$scratch/storm" reload) || break
    if [ $set = new ]; then set=old; else set=new; fi
    turns=$((turns + 1))
    sleep 0.05
done
failed_clients=0
for pid in "${clients[@]}"; do wait "$pid" || failed_clients=$((failed_clients + 1)); done
found=$(cat "$scratch"/storm.[1-4] | sort | uniq -c | sed 's/^ *//; s/ *$//')
echo "$turns reloads; sessions by what they found in the six places:"
sed 's/^/    /' <<<"$found"
check "there were reloads while they logged in" test $turns -ge 10
check "the daemon has read the rules at each" equal "$answer" "rules read, generation $((before + turns))"
check "all four clients came to their end" equal $failed_clients 0
check "a thousand logins are done" equal "$(cat "$scratch"/storm.[1-4] | wc -l)" 1000
check "each found the old set everywhere or the new one" equal "$(sed 's/^[0-9]* //' <<<"$found")" "new new new new new new
old old old old old old"
check "the daemon is the same process" kill -0 "$jnsd_pid"

echo "a thousand rules in a hundred files"
rm -rf /etc/jns/rules.d
mkdir -m 755 /etc/jns/rules.d
awk 'BEGIN {
    for (f = 0; f < 100; f++) {
        file = sprintf("/etc/jns/rules.d/%03d.conf", f)
        for (r = 0; r < 10; r++) {
            n = f * 10 + r
            printf "[rule-%d]\naction = private\ntarget = /srv/many/%d\n", n, n >file
            if (n % 4 == 0) printf "only = uid:%d-%d, group:team-%d\n", 100000 + n * 10, 100009 + n * 10, n % 7 >file
            else if (n % 4 == 1) printf "only = user:staff-%d-*, service:batch-%d\n", n, n >file
            else if (n % 4 == 2) printf "only = user:user-%d\nexcept = user:root\n", n >file
            else printf "only = user:alice\nexcept = service:jnstest, service:su\n" >file
        }
        close(file)
    }
    printf "[private-tmp]\naction = private\ntarget = /tmp\nonly = user:alice\n" >"/etc/jns/rules.d/zz.conf"
}'
# The folders are missing, and users to whom the rules apply would be refused.
check "they are taken" contain "$(jnsctl reload --force)" '^rules read'
slowest=0
for ((good = 0; good < 20; good++)); do
    start=${EPOCHREALTIME/./}
    "$scratch/storm" reload >/dev/null || break
    took=$((${EPOCHREALTIME/./} - start))
    [ $took -le $slowest ] || slowest=$took
done
check "twenty more times, in the heap that it has" equal $good 20
echo "the slowest reload took $slowest microseconds"
# 0.1 s where nothing else runs.
check "none took seconds" test $slowest -lt 4000000
check "explain finds the one that is for alice by su" contain "$(jnsctl explain alice --service su | head -n 1)" ': 1 of 1001 rules apply$'
check "she gets in by it" equal "$(value tmp "$(by su alice jns-probe)")" root:root:1777
check "bob, for whom there is none, gets in" by su bob true
logins() {
    local i good=0
    for ((i = 0; i < $1; i++)); do pamtester jnstest alice open_session close_session >/dev/null 2>&1 && good=$((good + 1)); done
    echo $good
}
check "and so does she a hundred times more" equal "$(logins 100)" 100
memory=$(awk '/^VmHWM/ { print $2 }' "/proc/$jnsd_pid/status")
echo "the daemon never took more than $memory kB of memory"
check "no memory ran out" lack "$(cat "$scratch/jnsd.log"; journal _PID="$jnsd_pid")" 'OutOfMemory|internal error'
finish
