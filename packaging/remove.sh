
# A stack that names a module that is not there lets nobody in. So every line with pam_jns.so goes, whoever wrote it, before
# the module does; if one cannot be taken out, the module stays.
out_of_stacks() {
    for file in /etc/pam.conf /etc/pam.d/*; do
        [ -f "$file" ] && grep -q '^[^#]*pam_jns\.so' "$file" || continue
        if [ -L "$file" ]; then
            echo "jns: cannot take pam_jns.so out of $file: it is a link to $(readlink -f "$file"), which something else looks after; take the line out there, and try again" >&2
            return 1
        fi
        # Beside, then renamed: a login never reads half a stack.
        if ! { cp -a "$file" "$file.jns-new" && without_module <"$file" >"$file.jns-new" && sync "$file.jns-new" && mv -f "$file.jns-new" "$file"; }; then
            rm -f "$file.jns-new"
            echo "jns: cannot take pam_jns.so out of $file; take the line out by hand, and try again" >&2
            return 1
        fi
        echo "jns: took pam_jns.so out of $file"
        # What jnsctl made of a stack of the vendor's.
        ! cmp -s "$file" "/usr/lib/pam.d/${file##*/}" || rm -f "$file"
    done
}

# A line goes on where it ends with a backslash; a comment ends it, and what is empty does not.
without_module() {
    awk '
        function finish() { if (rule !~ /pam_jns\.so/) printf "%s", whole; whole = rule = ""; open = 0 }
        {
            whole = whole $0 "\n"
            bare = $0
            comment = sub(/#.*/, "", bare)
            gsub(/^[ \t]+|[ \t]+$/, "", bare)
            rule = rule " " bare
            if (bare != "") open = !comment && bare ~ /\\$/
            if (!open) finish()
        }
        END { finish() }'
}

# Whether what is to be done to processes, mounts and /run is this system's own. In a chroot they may be those of the host, and
# without /proc nobody can tell.
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
