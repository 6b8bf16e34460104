// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.Printable;
import org.jns.rules.ini.RulesSource;

/**
 * Translates the volumes of a pam_mount.conf.xml to rules: bind mounts, tmpfs and encrypted folders. The others become
 * comments.
 */
final class PamMount {

    private static final Map<String, String> VARIABLES =
            Map.of("USER", "${user}", "USERUID", "${uid}", "USERGID", "${gid}", "GROUP", "${group}");

    private final RulesText rules;
    private boolean makesMountPoints;
    private int volumes;

    PamMount(RulesText rules) {
        this.rules = rules;
    }

    /** Remarks about all rules together. */
    void preface() {
        rules.comment(
                "pam_mount mounts for the whole machine; jns mounts in the views of the users that a rule is for, and nobody else sees it.");
        rules.comment(
                "It lets everybody in, whatever cannot be mounted; a rule that cannot be carried out refuses the login, unless it says otherwise:");
        rules.comment(
                "required = no leaves out what is missing. A target must exist, unless its rule has create, which works where root alone can write.");
    }

    void read(RulesSource source) {
        List<Xml.Node> nodes;
        try {
            nodes = Xml.read(text(source));
        } catch (Xml.Malformed e) {
            ConfigLine line = new ConfigLine(source.name(), e.line(), "the file");
            rules.line(line);
            line.lost(e.getMessage());
            return;
        }
        for (Xml.Node node : nodes) {
            if (!(node instanceof Xml.Element root)) {
                comment(node);
            } else if (root.name().equals("pam_mount")) {
                makesMountPoints = makesMountPoints(root);
                root.content().forEach(child -> top(source.name(), child));
            } else {
                ConfigLine line = new ConfigLine(source.name(), root.line(), "<" + root.name() + ">");
                rules.line(line);
                line.lost("the file begins with <" + root.name()
                        + "> and not with <pam_mount>, so pam_mount reads nothing of it");
            }
        }
    }

    /** It does by default; an element before or after the volumes can forbid it. */
    private static boolean makesMountPoints(Xml.Element root) {
        boolean makes = true;
        for (Xml.Element element : root.elements()) {
            String enable =
                    element.name().equals("mkmountpoint") ? element.attributes().get("enable") : null;
            makes = enable == null ? makes : enable.matches("\\s*[+-]?0*[1-9].*");
        }
        return makes;
    }

    private static String text(RulesSource source) throws Xml.Malformed {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(source.bytes()))
                    .toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new Xml.Malformed(1, "the file is not UTF-8 text");
        }
    }

    private void comment(Xml.Node node) {
        if (node instanceof Xml.Comment comment) {
            rules.kept("");
            comment.text().strip().lines().forEach(text -> rules.comment(text.strip()));
        }
    }

    private void top(String file, Xml.Node node) {
        if (!(node instanceof Xml.Element element)) {
            comment(node);
            return;
        }
        element.content().forEach(this::comment);
        if (!element.name().equals("volume") && !element.name().equals("luserconf")) {
            String matter = element.name().equals("mkmountpoint")
                    ? " decides whether a rule has create"
                    : " is about pam_mount itself";
            rules.comment("line " + element.line() + ": " + element.shown() + matter);
            return;
        }
        ConfigLine line = new ConfigLine(file, element.line(), element.shown());
        rules.line(line);
        if (element.name().equals("luserconf")) {
            line.lost("users cannot have volumes of their own");
        } else if (++volumes > NamespaceConf.MAX_LINES) {
            line.lost("more than " + NamespaceConf.MAX_LINES + " volumes at once; import the files in parts");
        } else {
            volume(element, line);
        }
    }

    private void volume(Xml.Element volume, ConfigLine line) {
        Map<String, String> attributes = volume.attributes();
        String type = attributes.getOrDefault("fstype", "auto");
        List<String> words =
                new ArrayList<>(List.of(attributes.getOrDefault("options", "").split(",", -1)));
        boolean isBind = words.removeAll(List.of("bind", "rbind")) || type.equals("bind");
        Optional<VolumeKind.Encrypted> encrypted =
                isBind ? Optional.empty() : VolumeKind.encrypted(type, attributes.getOrDefault("path", ""));
        if (encrypted.isPresent()) {
            encrypted(volume, encrypted.get(), words, line);
            return;
        }
        if (!isBind && !type.equals("tmpfs")) {
            line.lost(VolumeKind.reason(type, attributes.getOrDefault("path", "")));
            return;
        }
        if (List.of("1", "yes", "on", "true").contains(attributes.getOrDefault("noroot", "0"))) {
            line.lost("noroot: the mount is tried without root's rights, which fails");
            return;
        }
        if (!attributes.containsKey("mountpoint")) {
            line.lost("no mountpoint: it stands in /etc/fstab, which is not read; say it here");
            return;
        }
        if (isBind && !attributes.containsKey("path")) {
            line.lost("a bind mount without a path");
            return;
        }
        Optional<String> target = path(attributes.get("mountpoint"), line);
        Optional<String> source = isBind ? path(attributes.getOrDefault("path", ""), line) : Optional.empty();
        Optional<Who> who = VolumeUsers.read(volume, line);
        if (target.isEmpty() || (isBind && source.isEmpty()) || who.isEmpty()) {
            return;
        }
        if (who.get().nobody()) {
            line.withoutEffect("had no effect: its condition is true for nobody");
            return;
        }
        List<String> options = isBind
                ? MountWords.bind(words, line, target.get())
                : MountWords.tmpfs(words, false, line, target.get());
        line.draft(
                new Draft(isBind ? "bind" : "tmpfs", target.get(), source, who.get(), options, create(target.get())));
    }

    private void encrypted(Xml.Element volume, VolumeKind.Encrypted kind, List<String> words, ConfigLine line) {
        if (!volume.attributes().containsKey("mountpoint")) {
            line.lost("no mountpoint: it stands in /etc/fstab, which is not read; say it here");
            return;
        }
        Optional<String> target = path(volume.attributes().get("mountpoint"), line);
        Optional<String> source = path(kind.source(), line);
        Optional<Who> who = VolumeUsers.read(volume, line);
        if (target.isEmpty() || source.isEmpty() || who.isEmpty()) {
            return;
        }
        if (who.get().nobody()) {
            line.withoutEffect("had no effect: its condition is true for nobody");
            return;
        }
        line.warn(
                "the module needs an auth line in the stacks of the login programs, see pam_jns(8), and the target must be empty");
        List<String> more = List.of("without-password = skip", "required = no");
        line.draft(new Draft(kind.action(), target.get(), source, who.get(), MountWords.volume(words, line), more));
    }

    /**
     * A folder of one user belongs to that user, as pam_mount makes it; one for all users would belong to the first.
     */
    private List<String> create(String target) {
        if (!makesMountPoints || target.startsWith("${home}") || NamespaceConf.isWorldWritable(target)) {
            return List.of();
        }
        return List.of("create = " + (MountWords.isOfOneUser(target) ? "0700:${user}" : "0755"));
    }

    /** The path with jns variables and in one spelling; empty if that is impossible, with a remark on the line. */
    private static Optional<String> path(String text, ConfigLine line) {
        StringBuilder path = new StringBuilder();
        int at = 0;
        if (text.startsWith("~")) {
            if (text.length() > 1 && text.charAt(1) != '/') {
                line.lost("'" + text + "': only one's own home folder can be named, as ~ or ~/...");
                return Optional.empty();
            }
            path.append("${home}");
            at = 1;
        }
        while (at < text.length()) {
            char c = text.charAt(at);
            int end = c == '%' && text.startsWith("(", at + 1) ? text.indexOf(')', at) : -1;
            String variable = end < 0 ? null : VARIABLES.get(text.substring(at + 2, end));
            if (variable != null) {
                path.append(variable);
                at = end + 1;
            } else if (c == '%' || c == '$') {
                line.lost("'" + text
                        + "' has a variable that rules do not have, or a character that no path of a rule can have");
                return Optional.empty();
            } else {
                path.append(c);
                at++;
            }
        }
        String shown = path.toString()
                .replaceAll("/+", "/")
                .replaceAll("(/\\.)+(?=/|$)", "")
                .replaceFirst("(?<=.)/$", "");
        if (!Printable.is(shown)) {
            line.lost("a path has a character that no path of a rule can have");
            return Optional.empty();
        }
        return Optional.of(shown.isEmpty() ? "/" : shown);
    }
}
