// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.MountFlags;
import org.jns.model.Question;
import org.jns.model.Subject;

/**
 * The user who logs in, and what is on the host:
 *
 * <pre>
 * # comment
 * PATH KIND MODE UID:GID FLAGS TRUST [RESOLVED]    KIND is dir, file or other; FLAGS - for none; TRUST is root or any
 * PATH missing
 * PATH unusable WHY
 * user NAME UID:GID [group=.. groups=..,.. home=.. service=..]
 * </pre>
 *
 * Paths before the first user exist for all; those after a user are as this user finds them.
 */
final class FactsFile {

    /** One user's login. */
    static final class Login {
        private final Subject subject;
        private final Map<AbsPath, Fact> own = new LinkedHashMap<>();
        private final FactsFile file;

        private Login(Subject subject, FactsFile file) {
            this.subject = subject;
            this.file = file;
        }

        Subject subject() {
            return subject;
        }

        /** Fails if a path is asked for that the file does not have, because a real host would have an answer. */
        Facts answer(List<Question> questions) {
            Map<AbsPath, Fact> answers = new HashMap<>();
            Set<AbsPath> trusted = new TreeSet<>();
            questions.stream().filter(Question::trust).forEach(question -> trusted.add(question.path()));
            for (Question question : questions) {
                AbsPath path = question.path();
                Fact fact = own.getOrDefault(path, file.common.get(path));
                if (fact == null) {
                    throw new AssertionError(
                            "there is no line for " + path + ", which the login of " + subject.user() + " asks for");
                }
                file.asked.add(path);
                answers.put(path, trusted.contains(path) ? fact : withoutTrust(fact));
            }
            return new Facts(answers);
        }

        private static Fact withoutTrust(Fact fact) {
            return fact instanceof Fact.Present p
                    ? new Fact.Present(p.resolved(), p.kind(), p.mode(), p.uid(), p.gid(), p.flags(), false)
                    : fact;
        }
    }

    private final Map<AbsPath, Fact> common = new LinkedHashMap<>();
    private final List<Login> logins = new ArrayList<>();
    private final Set<AbsPath> asked = new TreeSet<>();

    static FactsFile read(Path path) throws IOException {
        FactsFile file = new FactsFile();
        for (String line : Files.readAllLines(path)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                file.line(line.trim().split("\\s+"));
            }
        }
        if (file.logins.isEmpty()) {
            throw new AssertionError(path + " has no user");
        }
        return file;
    }

    List<Login> logins() {
        return logins;
    }

    List<AbsPath> unused() {
        Set<AbsPath> paths = new TreeSet<>(common.keySet());
        logins.forEach(login -> paths.addAll(login.own.keySet()));
        paths.removeAll(asked);
        return List.copyOf(paths);
    }

    private void line(String[] words) {
        if (words[0].equals("user")) {
            logins.add(new Login(subject(words), this));
            return;
        }
        Map<AbsPath, Fact> facts = logins.isEmpty() ? common : logins.get(logins.size() - 1).own;
        if (facts.put(AbsPath.of(words[0]), fact(words)) != null) {
            throw new AssertionError(words[0] + " is there twice");
        }
    }

    private static Subject subject(String[] words) {
        Map<String, String> more =
                new HashMap<>(Map.of("group", words[1], "home", "/home/" + words[1], "service", "sshd", "groups", ""));
        for (int i = 3; i < words.length; i++) {
            String[] pair = words[i].split("=", 2);
            if (more.put(pair[0], pair[1]) == null) {
                throw new AssertionError("unknown word " + words[i]);
            }
        }
        String[] ids = words[2].split(":");
        Set<String> groups = more.get("groups").isEmpty()
                ? Set.of()
                : Set.of(more.get("groups").split(","));
        return new Subject(
                words[1],
                Long.parseLong(ids[0]),
                Long.parseLong(ids[1]),
                more.get("group"),
                groups,
                more.get("home"),
                "/bin/sh",
                more.get("service"),
                "");
    }

    private static Fact fact(String[] words) {
        if (words[1].equals("missing")) {
            return new Fact.Missing();
        }
        if (words[1].equals("unusable")) {
            return new Fact.Unusable(String.join(" ", List.of(words).subList(2, words.length)));
        }
        Fact.Kind kind =
                switch (words[1]) {
                    case "dir" -> Fact.Kind.DIRECTORY;
                    case "file" -> Fact.Kind.FILE;
                    case "other" -> Fact.Kind.OTHER;
                    default -> throw new AssertionError("unknown kind " + words[1]);
                };
        String[] ids = words[3].split(":");
        MountFlags flags = MountFlags.NONE;
        for (String name : words[4].equals("-") ? new String[0] : words[4].split(",")) {
            flags = flags.plus(MountFlags.named(name));
        }
        if (!words[5].equals("root") && !words[5].equals("any")) {
            throw new AssertionError("unknown trust " + words[5]);
        }
        AbsPath resolved = AbsPath.of(words.length > 6 ? words[6] : words[0]);
        return new Fact.Present(
                resolved,
                kind,
                Integer.parseInt(words[2], 8),
                Long.parseLong(ids[0]),
                Long.parseLong(ids[1]),
                flags,
                words[5].equals("root"));
    }
}
