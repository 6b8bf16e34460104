// SPDX-License-Identifier: Apache-2.0
package org.jns.state;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.NamespaceKind;
import org.jns.model.UserName;

/**
 * Reads and writes records as text: a line for each field, with its name, a blank and its value, in which control
 * characters and % are written as %XX. The last line is {@code end}: a record without it is incomplete.
 */
final class RecordText {
    private static final String END = "end";
    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text = new StringBuilder();

    private RecordText() {}

    static byte[] of(Session session) {
        return new RecordText()
                .put("id", session.id())
                .put("user", session.user())
                .put("uid", session.uid())
                .put("service", session.service())
                .put("tty", session.tty())
                .put("leader", session.leader().pid())
                .put("seen", session.leader().seen())
                .put("view", session.view())
                .put("since", session.since())
                .bytes();
    }

    static byte[] of(View view) {
        RecordText text = new RecordText()
                .put("id", view.id())
                .put("user", view.user())
                .put("uid", view.uid())
                .put("namespace", view.namespace())
                .put("since", view.since())
                .put("key", view.key());
        for (String rule : view.rules()) {
            text.put("rule", rule);
        }
        for (View.Shown shown : view.shown()) {
            // The target is last, because it alone may contain blanks.
            text.put(
                    "shown",
                    shown.action() + " " + shown.rule() + " "
                            + escaped(shown.place()).replace(" ", "%20") + " "
                            + shown.target().value());
        }
        for (SupportProcess supportProcess : view.supportProcesses()) {
            SeenProcess process = supportProcess.process();
            text.put("attendant", supportProcess.kind().word() + " " + process.pid() + " " + process.seen());
        }
        for (View.Namespace other : view.others()) {
            text.put("other", other.kind().word() + " " + other.inode());
        }
        for (String what : view.memory()) {
            text.put("memory", what);
        }
        return text.bytes();
    }

    private RecordText put(String name, long value) {
        return put(name, Long.toString(value));
    }

    private RecordText put(String name, String value) {
        text.append(name).append(' ').append(escaped(value)).append('\n');
        return this;
    }

    private byte[] bytes() {
        return text.append(END).append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String escaped(String value) {
        StringBuilder out = new StringBuilder(value.length() + 16);
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '%' || c == 0x7f) {
                out.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static String plain(String value) {
        StringBuilder out = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '%') {
                out.append((char) Integer.parseInt(value.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** Empty if the text is not a complete record of a session. */
    static Optional<Session> session(byte[] bytes) {
        try {
            Fields fields = new Fields(bytes);
            SeenProcess leader = new SeenProcess((int) fields.number("leader"), fields.number("seen"));
            return Optional.of(new Session(
                    fields.one("id"),
                    user(fields),
                    fields.number("uid"),
                    fields.one("service"),
                    fields.one("tty"),
                    leader,
                    fields.one("view"),
                    fields.number("since")));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    /** Empty if the text is not a complete record of a view. */
    static Optional<View> view(byte[] bytes) {
        try {
            Fields fields = new Fields(bytes);
            List<View.Shown> shown = new ArrayList<>();
            for (String line : fields.all("shown")) {
                String[] parts = line.split(" ", 4);
                shown.add(new View.Shown(new AbsPath(parts[3]), parts[0], parts[1], plain(parts[2])));
            }
            return Optional.of(new View(
                    fields.one("id"),
                    user(fields),
                    fields.number("uid"),
                    fields.number("namespace"),
                    fields.one("key"),
                    fields.all("rule"),
                    shown,
                    supportProcesses(fields),
                    others(fields),
                    fields.all("memory"),
                    fields.number("since")));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            return Optional.empty();
        }
    }

    private static List<SupportProcess> supportProcesses(Fields fields) {
        List<SupportProcess> supportProcesses = new ArrayList<>();
        for (String line : fields.all("attendant")) {
            String[] parts = line.split(" ", 3);
            SeenProcess process = new SeenProcess(Integer.parseInt(parts[1]), Long.parseLong(parts[2]));
            supportProcesses.add(new SupportProcess(SupportProcess.Kind.of(parts[0]), process));
        }
        return supportProcesses;
    }

    /** The kinds in their order, each once: a reader that finds an unknown kind must not enter half of a view. */
    private static List<View.Namespace> others(Fields fields) {
        List<View.Namespace> others = new ArrayList<>();
        for (String line : fields.all("other")) {
            String[] parts = line.split(" ", 2);
            Optional<NamespaceKind> kind = NamespaceKind.viewKind(parts[0]);
            if (kind.isEmpty()
                    || (!others.isEmpty() && place(others.get(others.size() - 1).kind()) >= place(kind.get()))) {
                throw new IllegalArgumentException("not a kind of namespace, or not in its place");
            }
            others.add(new View.Namespace(kind.get(), Long.parseLong(parts[1])));
        }
        return others;
    }

    private static int place(NamespaceKind kind) {
        return NamespaceKind.VIEW_KINDS.indexOf(kind);
    }

    private static String user(Fields fields) {
        String user = fields.one("user");
        UserName.check(user);
        return user;
    }

    /** The lines of a record by name. */
    private static final class Fields {
        private final Map<String, List<String>> values = new HashMap<>();

        /** @throws IllegalArgumentException if the text is not a complete record */
        Fields(byte[] bytes) {
            String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
            if (lines.length < 2 || !lines[lines.length - 2].equals(END) || !lines[lines.length - 1].isEmpty()) {
                throw new IllegalArgumentException("not written to its end");
            }
            for (int i = 0; i < lines.length - 2; i++) {
                int blank = lines[i].indexOf(' ');
                values.computeIfAbsent(lines[i].substring(0, blank), name -> new ArrayList<>())
                        .add(plain(lines[i].substring(blank + 1)));
            }
        }

        List<String> all(String name) {
            return values.getOrDefault(name, List.of());
        }

        String one(String name) {
            List<String> all = all(name);
            if (all.size() != 1) {
                throw new IllegalArgumentException("not one " + name);
            }
            return all.get(0);
        }

        long number(String name) {
            return Long.parseLong(one(name));
        }
    }
}
