# Reasons: docs/decisions/80-removal-of-the-package.md
# shellcheck shell=sh

# A stack that names a missing module lets nobody in. So every line with pam_jns.so is removed before the module, no matter who wrote
# it and wherever libpam reads it. All of them or none: if one cannot be removed, the stacks are restored, and the module stays.
# A copy of each file stays in its folder until forget_stacks; back_into_stacks puts it back.
out_of_stacks() {
    can_leave_stacks || return 1
    changed=$(stacks_with_module)
    for_each "$changed" draft_without_module || { for_each "$changed" drop_drafts; return 1; }
    if ! for_each "$changed" name_draft || [ -n "$(stacks_with_module)" ]; then
        for_each "$changed" back_to_before
        for_each "$changed" drop_drafts
        echo "jns: cannot take pam_jns.so out of all stacks: see above; they are as they were" >&2
        return 1
    fi
    for_each "$changed" drop_copy_of_vendors
}

# Whether all lines can go, as far as that can be told before anything is changed.
can_leave_stacks() { for_each "$(stacks_with_module)" is_own_file; }

is_own_file() {
    [ ! -L "$1" ] && return
    echo "jns: cannot take pam_jns.so out of $1: it is a link to $(readlink \
        -f "$1"), which something else looks after; take the line out there, and try again" >&2
    return 1
}

# The one that is there gets a second name, which is not possible either where nothing may replace it.
draft_without_module() {
    drop_drafts "$1"
    draft=$(hidden "$1" new)
    cp -a "$1" "$draft" && without_module <"$1" >"$draft" && sync "$draft" && ln "$1" "$(hidden "$1" old)" && return
    echo "jns: cannot take pam_jns.so out of $1: see above; take the line out by hand, and try again" >&2
    return 1
}
drop_drafts() { rm -f "$(hidden "$1" new)" "$(hidden "$1" old)"; }
# Renamed: a login never reads half a stack.
name_draft() { mv -f "$(hidden "$1" new)" "$1" && echo "jns: took pam_jns.so out of $1"; }
back_to_before() {
    before=$(hidden "$1" old)
    [ ! -e "$before" ] || [ "$1" -ef "$before" ] || mv -f "$before" "$1"
}
# A hidden name, which no service has.
hidden() { echo "${1%/*}/.${1##*/}.jns-$2"; }
# The copy that jnsctl made of a vendor's stack.
drop_copy_of_vendors() { case $1 in /etc/pam.d/*) ! cmp -s "$1" "/usr/lib/pam.d/${1##*/}" || rm -f "$1" ;; esac; }

changed_stacks() {
    { echo /etc/pam.d; stack_files | sed 's|/[^/]*$||'; } | sort -u | while IFS= read -r folder; do
        find "$folder" -maxdepth 1 -name '.*.jns-old' | sed 's|/\.\([^/]*\)\.jns-old$|/\1|'
    done
}
back_into_stacks() { for_each "$(changed_stacks)" back_to_before; forget_stacks; }
forget_stacks() { for_each "$(changed_stacks)" drop_drafts; }

# for_each LINES COMMAND: until the command fails for a line.
for_each() {
    while IFS= read -r line <&8; do
        [ -z "$line" ] || "$2" "$line" || return 1
    done 8<<END_OF_LINES
$1
END_OF_LINES
}

stacks_with_module() {
    stack_files | while IFS= read -r file; do
        ! grep -q '^[^#]*pam_jns\.so' "$file" || printf '%s\n' "$file"
    done
}

# All files that libpam may read: those of its folders, and what they include from anywhere else.
stack_files() {
    known=''
    next=$(for file in /etc/pam.conf /etc/pam.d/* /usr/lib/pam.d/* /usr/etc/pam.d/*; do stack_file "$file"; done)
    while [ -n "$next" ]; do
        known=$known$next'
'
        next=$(printf '%s\n' "$next" | while IFS= read -r file; do included <"$file"; done | while IFS= read -r name; do
            case $name in
            /*) stack_file "$name" ;;
            *) for folder in /etc/pam.d /usr/lib/pam.d /usr/etc/pam.d; do stack_file "$folder/$name"; done ;;
            esac
        done | sort -u | grep -vxF -e "$known") || true
    done
    printf %s "$known"
}

# One name for each file, whatever links lead to its folder.
stack_file() {
    [ ! -f "$1" ] || printf '%s/%s\n' "$(readlink -f "$(dirname "$1")")" "${1##*/}"
}

# The names in "@include NAME", "TYPE include NAME" and "TYPE substack NAME", with the service before them in pam.conf.
included() {
    awk '
        {
            sub(/#.*/, "")
            whole = whole " " $0
            if (whole ~ /\\[ \t]*$/) { sub(/\\[ \t]*$/, "", whole); next }
            count = split(whole, word)
            for (i = 1; i < count && i < 4; i++) if (tolower(word[i]) ~ /^(@include|include|substack)$/) { print word[i + 1]; break }
            whole = ""
        }'
}

# A line goes on where it ends with a backslash; a comment ends it, and what is empty does not. Where a rule before it, or its own control,
# may jump, another module takes its place: a jump counts rules. StackText of jnsctl does the same.
without_module() {
    awk '
        function word() {
            sub(/^[ \t]+/, "", rest)
            if (!match(rest, /^\[[^]]*\]/)) match(rest, /^[^ \t]*/)
            taken = substr(rest, 1, RLENGTH)
            rest = substr(rest, RLENGTH + 1)
            return taken
        }
        function finish() {
            rest = rule
            first = word()
            type = tolower(first)
            service = ""
            if (type !~ /^(-?(auth|account|password|session)|@include)$/) { service = first " "; type = tolower(word()) }
            sub(/^-/, "", type)
            control = word()
            jumps = control ~ /^\[.*=[0-9]/
            if (rule !~ /pam_jns\.so/) printf "%s", whole
            else if (type ~ /^(auth|account|password|session)$/ && (jumps || (service type) in jumped)) {
                if (type != "session") control = "[default=ignore]"
                print service type " " control " pam_permit.so # in the place of: " rule
            }
            if (jumps) jumped[service type] = 1
            whole = rule = ""
            open = 0
        }
        {
            whole = whole $0 "\n"
            bare = $0
            comment = sub(/#.*/, "", bare)
            gsub(/^[ \t]+|[ \t]+$/, "", bare)
            if (bare != "") open = !comment && bare ~ /\\$/
            if (open) sub(/[ \t]*\\$/, "", bare)
            if (bare != "") rule = rule (rule == "" ? "" : " ") bare
            if (!open) finish()
        }
        END { if (whole != "") finish() }'
}

# Whether processes, mounts and /run belong to this system. In a chroot they may be the host's, and without /proc this is
# unknown.
is_whole_system() { [ /proc/1/root -ef / ]; }

# One that no service manager started. Those of containers, and those of the host outside of a chroot, are theirs.
stop_daemons() {
    for process in /proc/[0-9]*; do
        case $(tr '\0' ' ' <"$process/cmdline" 2>/dev/null) in */usr/lib/jns/jns.jar*\ org.jns.Main\ jnsd\ ) ;; *) continue ;; esac
        [ "$process/root" -ef / ] || continue
        [ "$(readlink "$process/ns/pid")" = "$(readlink /proc/self/ns/pid)" ] || continue
        kill "${process#/proc/}" 2>/dev/null || true
    done
}

mounts_below() { awk -v folder="$1/" 'index($5, folder) == 1 { print $5 }' /proc/self/mountinfo; }

# Sessions that live keep their namespaces without the pins.
take_pins() {
    is_whole_system || return 0
    mounts_below /run/jns | sort -r | while read -r pin; do umount -l "$pin" || true; done
    # The pins may lie on a mount of their own.
    ! awk '$5 == "/run/jns" { found = 1 } END { exit !found }' /proc/self/mountinfo || umount -l /run/jns || true
    rm -rf --one-file-system /run/jns
}
