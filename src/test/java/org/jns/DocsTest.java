// SPDX-License-Identifier: Apache-2.0
package org.jns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jns.wire.Codec;
import org.jns.wire.Reply;
import org.jns.wire.Request;
import org.jns.wire.WireException;
import org.junit.jupiter.api.Test;

/** Compares docs with the code and the files that they name. */
class DocsTest {
    private static final Path DOCS = Path.of("docs");
    private static final Path DECISIONS = DOCS.resolve("decisions");
    private static final int MOST_WORDS = 2500;
    private static final int MOST_TERMS = 30;
    private static final List<Request> REQUESTS = List.of(
            new Request.Open("u", "s", "t"),
            new Request.Reload(false),
            new Request.Try(1, false),
            new Request.Confirm(),
            new Request.Gc(),
            new Request.Metrics(),
            new Request.Enter(),
            new Request.Join("k", "n"),
            new Request.Reload(true),
            new Request.Try(1, true));
    private static final List<Reply> REPLIES = List.of(
            new Reply.Granted("0123456789abcdef", "w"),
            new Reply.NotIsolated("r"),
            new Reply.Refused("r"),
            new Reply.Done("t"),
            new Reply.Host("r"),
            new Reply.Recipe(),
            new Reply.Joined("w"));

    @Test
    void theDesignIsShort() throws IOException {
        int words = Files.readString(DOCS.resolve("design.md")).trim().split("\\s+").length;
        assertTrue(words < MOST_WORDS, "docs/design.md has " + words + " words");
    }

    @Test
    void theWireTableSaysWhatTheCodeSends() throws IOException {
        Map<Integer, String> sent = new TreeMap<>();
        REQUESTS.forEach(
                r -> sent.put(type(Codec.encode(r)), r.getClass().getSimpleName() + " " + fields(Codec.encode(r))));
        REPLIES.forEach(
                r -> sent.put(type(Codec.encode(r)), r.getClass().getSimpleName() + " " + fields(Codec.encode(r))));
        Map<Integer, String> told = new TreeMap<>();
        for (MatchResult row : found("(?m)^\\| 0x(..) \\| (\\w+) \\| (.*?) \\|", DOCS.resolve("design.md"))) {
            String fields = row.group(3).replaceAll("\\(.*?\\)|;.*", "");
            boolean repeats = row.group(3).contains("; as 0x");
            int count = fields.equals("none") ? 0 : fields.split(",").length;
            assertFalse(repeats && count > 1);
            told.put(Integer.parseInt(row.group(1), 16), row.group(2) + " " + count);
        }
        assertEquals(told, sent);
    }

    @Test
    void noOtherTypeIsRead() {
        TreeSet<Integer> known = new TreeSet<>();
        REQUESTS.forEach(r -> known.add(type(Codec.encode(r))));
        REPLIES.forEach(r -> known.add(type(Codec.encode(r))));
        for (int type = 0; type <= 0xff; type++) {
            byte[] packet = {1, (byte) type};
            if (!known.contains(type)) {
                assertThrows(WireException.class, () -> Codec.decodeRequest(packet));
                assertThrows(WireException.class, () -> Codec.decodeReply(packet));
            }
        }
    }

    @Test
    void theModuleHasTheSameTypes() throws IOException {
        Map<String, String> told = new TreeMap<>();
        for (MatchResult row : found("(?m)^\\| (0x..) \\| (\\w+) \\|", DOCS.resolve("design.md"))) {
            told.putIfAbsent(
                    "WIRE_"
                            + row.group(2)
                                    .replaceAll("(?<=[a-z])(?=[A-Z])", "_")
                                    .toUpperCase(Locale.ROOT),
                    row.group(1));
        }
        List<MatchResult> constants =
                found("(WIRE_\\w+) = (0x..)", withName("wire.h").get(0));
        assertFalse(constants.isEmpty());
        for (MatchResult constant : constants) {
            assertEquals(told.get(constant.group(1)), constant.group(2), constant.group(1));
        }
    }

    @Test
    void whatTheTablesNameIsThere() throws IOException {
        int named = 0;
        for (String page : List.of("design.md", "commands.md", "rules-in-force.md")) {
            for (MatchResult name :
                    found("`([a-z-]+(?:/[\\w.-]+)*/(?:[A-Z]\\w*[a-z]\\w*|[\\w-]+\\.c|))`", DOCS.resolve(page))) {
                Path java = Path.of("src/main/java/org/jns", name.group(1) + ".java");
                assertTrue(
                        Files.exists(java)
                                || Files.exists(Path.of(name.group(1)))
                                || Files.exists(Path.of("pam-shim", name.group(1))),
                        page + " names " + name.group(1));
                named++;
            }
        }
        assertTrue(named > MOST_TERMS, "too few names were found: " + named);
    }

    @Test
    void theGlossaryIsShort() throws IOException {
        List<MatchResult> terms = found("(?m)^\\| (?!term )([^|-].*?) \\| (.*) \\|$", DOCS.resolve("glossary.md"));
        assertTrue(!terms.isEmpty() && terms.size() <= MOST_TERMS, terms.size() + " terms");
        for (MatchResult term : terms) {
            assertTrue(
                    term.group(2).endsWith(".") && !term.group(2).matches(".*[.] [A-Z].*"),
                    "not one sentence: " + term.group(1));
        }
    }

    @Test
    void eachDecisionIsInTheIndex() throws IOException {
        TreeSet<String> listed = new TreeSet<>();
        found("\\]\\((.*?)\\)", DECISIONS.resolve("README.md")).forEach(link -> listed.add(link.group(1)));
        TreeSet<String> there = new TreeSet<>();
        decisions().forEach(file -> there.add(file.getFileName().toString()));
        assertEquals(there, listed);
    }

    @Test
    void eachDecisionTellsHowToCheckIt() throws IOException {
        for (Path file : decisions()) {
            List<String> headings = new ArrayList<>();
            found("(?m)^## (.*)$", file).forEach(heading -> headings.add(heading.group(1)));
            assertEquals(List.of("Context", "Decision", "Alternatives", "How to check it"), headings, file.toString());
            String check = Files.readString(file).split("\n## How to check it\n")[1];
            List<MatchResult> tests =
                    Pattern.compile("`([\\w./-]+)`").matcher(check).results().toList();
            assertFalse(tests.isEmpty(), file.toString());
            for (MatchResult test : tests) {
                assertTrue(
                        Files.exists(Path.of(test.group(1)))
                                || !withName(test.group(1)).isEmpty(),
                        file + " names " + test.group(1));
            }
        }
    }

    @Test
    void theCodeNamesEachDecision() throws IOException {
        TreeSet<String> named = new TreeSet<>();
        for (String folder : List.of("src/main", "pam-shim", "packaging")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(DocsTest::isSource).toList()) {
                    found("docs/decisions/([\\w-]+\\.md)", file).forEach(link -> named.add(link.group(1)));
                }
            }
        }
        TreeSet<String> there = new TreeSet<>();
        decisions().forEach(file -> there.add(file.getFileName().toString()));
        assertEquals(there, named);
    }

    private static boolean isSource(Path file) {
        return Files.isRegularFile(file) && file.toString().matches(".*\\.(java|c|h|sh)|packaging/[a-z]+");
    }

    private static List<Path> decisions() throws IOException {
        try (Stream<Path> files = Files.list(DECISIONS)) {
            return files.filter(file -> !file.endsWith("README.md")).toList();
        }
    }

    /** The sources of that name, of C or of the unit tests. */
    private static List<Path> withName(String name) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String folder : List.of("pam-shim", "src/test/java")) {
            try (Stream<Path> all = Files.walk(Path.of(folder))) {
                all.filter(file -> file.endsWith(name) || file.endsWith(name + ".java"))
                        .forEach(files::add);
            }
        }
        return files;
    }

    private static List<MatchResult> found(String pattern, Path file) throws IOException {
        return Pattern.compile(pattern)
                .matcher(Files.readString(file))
                .results()
                .toList();
    }

    private static int type(byte[] packet) {
        return packet[1] & 0xff;
    }

    private static int fields(byte[] packet) {
        int count = 0;
        for (int at = 2; at < packet.length; count++) {
            at += 2 + ((packet[at] & 0xff) << Byte.SIZE | packet[at + 1] & 0xff);
        }
        return count;
    }
}
