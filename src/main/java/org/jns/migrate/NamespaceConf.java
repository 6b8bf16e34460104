// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jns.model.Printable;
import org.jns.rules.ini.RulesSource;

/** Translates lines of namespace.conf(5) to rules, by the behaviour of pam_namespace 1.5.2. */
final class NamespaceConf {

    /** The consequence of a line that pam_namespace cannot read. */
    static final String FILE_ERROR =
            "pam_namespace refuses every login because of it, or leaves the line out where it is told to ignore_config_error";

    /** More than any real file has; the lines of one folder are compared with each other. */
    static final int MAX_LINES = 500;

    private static final List<String> WORLD_WRITABLE =
            List.of("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/var/lock");
    private static final String SCRIPTS = "/etc/security/namespace.d/";
    private static final String OPEN_TO_ALL = "mode=1777";
    private static final Pattern VARIABLE = Pattern.compile("\\$(HOME|USER)");

    private final RulesText rules;
    private final Accounts accounts;
    private final Map<String, ConfigLine> instancePrefixes = new HashMap<>();
    private int lines;

    NamespaceConf(RulesText rules, Accounts accounts) {
        this.rules = rules;
        this.accounts = accounts;
    }

    /** Remarks about all rules together. */
    void preface() {
        rules.comment(
                "Folders are private by user: below /var/lib/jns/UID/KEY, where KEY is the target with hyphens, as in var-tmp. They begin");
        rules.comment(
                "empty. What is in the instance folders of pam_namespace stays there; to take it along, let the user log in once, then:");
        rules.comment("  cp -a INSTANCE/. /var/lib/jns/UID/KEY/");
        rules.comment(
                "The script /etc/security/namespace.init is not run. As packages have it, it fills a new home from /etc/skel, which skel does here.");
        rules.comment("A target must exist, unless its rule has create.");
    }

    void read(RulesSource source) {
        int number = 0;
        String text = new String(source.bytes(), StandardCharsets.UTF_8);
        for (String raw : text.split("\n", -1)) {
            number++;
            String stripped = raw.strip();
            if (stripped.isEmpty() || stripped.startsWith("#")) {
                rules.kept(stripped);
                continue;
            }
            ConfigLine line = new ConfigLine(source.name(), number, stripped);
            rules.line(line);
            if (++lines > MAX_LINES) {
                line.lost("more than " + MAX_LINES + " lines at once; import the files in parts");
            } else {
                translate(raw, line);
            }
        }
    }

    private void translate(String raw, ConfigLine line) {
        if (raw.indexOf('\ufffd') >= 0 || raw.indexOf('\0') >= 0) {
            line.lost("the line is not UTF-8 text");
            return;
        }
        int hash = raw.indexOf('#');
        ConfFields cut = ConfFields.of(hash < 0 ? raw : raw.substring(0, hash));
        List<String> fields = cut.fields();
        if (cut.unclosedQuote()) {
            line.warn("a quote is not closed" + (hash < 0 ? "" : ": '#' ends the line also between quotes"));
        }
        if (fields.size() < 3) {
            String crash = fields.size() == 1 ? "; before version 1.6.0 it crashed the login program" : "";
            line.lost("the line has " + fields.size() + " of the fields polydir, instance_prefix and method; "
                    + FILE_ERROR + crash);
            return;
        }
        if (fields.size() > 4) {
            line.warn("'" + String.join(" ", fields.subList(4, fields.size()))
                    + "' after the list of users was ignored: a line has four fields"
                    + (fields.get(3).endsWith(",") || fields.get(3).equals("~") ? ", and the list no blanks" : ""));
        }
        Optional<ConfMethod> method = ConfMethod.of(fields.get(2), line);
        boolean hasInstances = method.isEmpty() || !method.get().name().equals("tmpfs");
        if (!isPath(fields.get(0), "polydir", true, line)
                || !isPath(fields.get(1), "instance_prefix", hasInstances, line)
                || method.isEmpty()) {
            return;
        }
        Who who = fields.size() > 3 ? ConfUsers.read(fields.get(3), line, accounts) : Who.EVERYONE;
        Optional<String> target = target(fields.get(0), line);
        if (target.isEmpty() || who.nobody()) {
            return;
        }
        if (method.get().isSelinux() && method.get().shared() && !accounts.hasSelinux()) {
            line.withoutEffect(
                    "had no effect: SELinux is off on this machine, and the flag 'shared' left the line out then");
            return;
        }
        line.draft(draft(method.get(), target.get(), who, line));
        if (hasInstances) {
            instances(fields.get(1), method.get(), line);
        }
        flags(method.get(), fields.get(0), target.get(), line);
    }

    private Draft draft(ConfMethod method, String target, Who who, ConfigLine line) {
        List<String> words = method.mountOptions()
                .map(options -> List.of(options.split(",", -1)))
                .orElse(List.of());
        List<String> more = new ArrayList<>();
        boolean isPrivate = !method.name().equals("tmpfs");
        Optional<Who> users = isPrivate ? Optional.of(who) : Optional.empty();
        Optional<ConfCreate> create =
                method.create().flatMap(parameters -> ConfCreate.read(parameters, target, users, accounts, line));
        create.ifPresent(made -> more.add("create = " + made.key()));
        boolean fillsHome = target.equals("${home}")
                && !method.noInit()
                && method.initScript().isEmpty();
        if (!isPrivate) {
            more.add("share = none");
            if (fillsHome) {
                line.warn(
                        "namespace.init filled it from /etc/skel, and a tmpfs of jns begins empty; action = private with per = session and skel = /etc/skel does not");
            }
            return new Draft("tmpfs", target, Optional.empty(), who, tmpfs(words, target, who, line), more);
        }
        if (!words.isEmpty()) {
            List<String> flags =
                    words.stream().filter(MountWords.FLAGS::contains).toList();
            line.warn("mntopts did nothing: it is for the method tmpfs only"
                    + (flags.isEmpty() ? "" : "; a rule can have options = " + String.join(", ", flags)));
        }
        if (fillsHome) {
            more.add("skel = /etc/skel");
        }
        switch (method.name()) {
            case "tmpdir" -> {
                more.add("per = session");
                line.note(
                        "the folder goes with the session, which pam_namespace did only where it was told to unmount_on_close");
            }
            case "level", "context" -> selinux(method, line);
            default -> {}
        }
        return new Draft(
                "private",
                target,
                Optional.empty(),
                who,
                create.map(ConfCreate::options).orElse(List.of()),
                more);
    }

    /**
     * A tmpfs that everybody can write to is refused in folders that root reads, and root would get in without it. On a
     * root-owned target, no other user needs it.
     */
    private static List<String> tmpfs(List<String> words, String target, Who who, ConfigLine line) {
        List<String> options = MountWords.tmpfs(words, true, line, target);
        if (!who.name().equals(Optional.of("root")) || !options.contains(OPEN_TO_ALL)) {
            return options;
        }
        line.warn("it was open to everyone, though root's alone; here it has the mode of the folder that it hides");
        return options.stream().filter(option -> !option.equals(OPEN_TO_ALL)).toList();
    }

    private void selinux(ConfMethod method, ConfigLine line) {
        if (accounts.hasSelinux()) {
            line.lost("folders by SELinux " + method.name() + " are not supported; where SELinux is off, pam_namespace "
                    + (method.shared()
                            ? "did nothing with this line"
                            : "took the method user, which is the rule below"));
        } else {
            line.warn(
                    "SELinux is off on this machine, so pam_namespace took the method user, as this rule does; folders by SELinux "
                            + method.name() + " are not supported");
        }
    }

    /** The location of the folders. It means nothing to jns, but may have caused problems. */
    private void instances(String prefix, ConfMethod method, ConfigLine line) {
        String parent = prefix.substring(0, prefix.lastIndexOf('/') + 1).replaceAll("/+", "/");
        String noSlash = parent.equals("/") ? "/" : parent.substring(0, parent.length() - 1);
        if (method.name().equals("user")
                || method.name().equals("level")
                || method.name().equals("context")) {
            line.note("old instance folders: " + prefix.replace("$USER", "USER").replace("$HOME", "HOME") + "USER");
        }
        if (WORLD_WRITABLE.contains(noSlash) || isWorldWritable(noSlash)) {
            line.warn("the instance parent " + parent
                    + " lies where everyone can write: who makes it first locks all others out."
                    + " jns has its folders below /var/lib/jns");
        } else if (parent.startsWith("$HOME")) {
            line.warn("the instance parent " + parent
                    + " lies in a folder that the user owns and can exchange (CVE-2025-6020)."
                    + " jns has its folders below /var/lib/jns");
        } else if (noSlash.equals("/")) {
            line.warn("the instance folders would be " + prefix + "USER, in /: the prefix has no slash at its end");
        }
        ConfigLine first = instancePrefixes.putIfAbsent(prefix, line);
        if (first != null && method.name().equals("user")) {
            line.warn("its instance folders were also those of " + first.placeFor(line)
                    + "; now each target has folders of its own");
        }
    }

    private void flags(ConfMethod method, String polydir, String target, ConfigLine line) {
        if (method.shared() && !method.isSelinux()) {
            line.warn("flag 'shared' did nothing: it is for the methods level and context only");
        }
        if (method.initScript().isPresent() && method.noInit()) {
            line.warn("iscript did nothing because of noinit");
        } else if (method.initScript().isPresent()) {
            script(method.initScript().get(), target, line);
        }
        if (polydir.matches(".*\\$(HOME|USER)[A-Za-z0-9_].*")) {
            line.warn("a name continues after $HOME or $USER in " + polydir
                    + "; it was read as the variable and the rest");
        }
    }

    /**
     * pam_namespace runs it at each login, with the folder, its source, whether it is new, and the name. Its exit
     * status had no effect.
     */
    private void script(String path, String target, ConfigLine line) {
        String program = path.startsWith("/") ? path : SCRIPTS + path;
        if (!accounts.hasFile(program)) {
            line.warn("iscript did nothing: there is no " + program + " on this machine");
            return;
        }
        line.lost("the script " + program
                + " was told whether the folder is new, which no rule knows; what a new folder begins with can be a skel,"
                + " and what must be done at each login can be a rule");
        line.note("  action = run");
        line.note("  program = " + program);
        line.note("  arguments = " + target + ", " + target + ", 0, ${user}");
        line.note("  required = no");
    }

    /** Whether it is in a folder where everybody may create files. */
    static boolean isWorldWritable(String path) {
        return WORLD_WRITABLE.stream().anyMatch(folder -> path.startsWith(folder + "/"));
    }

    private static boolean isPath(String text, String field, boolean mustBeAbsolute, ConfigLine line) {
        if (mustBeAbsolute && !text.startsWith("/") && !text.startsWith("$HOME")) {
            line.lost("the " + field + " does not begin with '/'; " + FILE_ERROR);
            return false;
        }
        if (text.contains("..")) {
            line.lost("the " + field + " contains '..'; " + FILE_ERROR);
            return false;
        }
        return true;
    }

    /** The path with jns variables and in one spelling; empty if that is impossible, with a remark on the line. */
    private static Optional<String> target(String polydir, ConfigLine line) {
        String plain = VARIABLE.matcher(polydir).replaceAll("");
        if (plain.indexOf('$') >= 0 || !Printable.is(plain)) {
            line.lost("the polydir has a character that no path of a rule can have");
            return Optional.empty();
        }
        int home = polydir.lastIndexOf("$HOME");
        if (home > 0 || (home == 0 && polydir.length() > 5 && polydir.charAt(5) != '/')) {
            line.lost("$HOME has something else than a slash next to it, so it is no folder in the home folder");
            return Optional.empty();
        }
        String text = polydir.replace("$HOME", "${home}").replace("$USER", "${user}");
        StringBuilder path = new StringBuilder();
        for (String part : text.split("/")) {
            if (!part.isEmpty() && !part.equals(".")) {
                path.append(path.length() == 0 && part.equals("${home}") ? "" : "/")
                        .append(part);
            }
        }
        return Optional.of(path.length() == 0 ? "/" : path.toString());
    }
}
