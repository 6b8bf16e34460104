// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jns.model.Directive;
import org.jns.model.PathTemplate;
import org.jns.model.Problem;
import org.jns.model.Rule;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;

/** Tests that a file that ends at any byte is either refused or read up to there. */
class TruncatedFileTest {

    private static final String FILE =
            """
            # rules f\u00fcr alle
            [private-tmp]   ; everyone
            action = private
            target = /tmp, /var/tmp
            except = user:root, group:adm
            options = mode=1777, nosuid

            [lib32]
            only = uid:1000-1999, service:ssh*
            source = /usr/lib32 # old
            target = /usr/lib
            action = bind

            [scratch]
            action = tmpfs
            target = /scratch/\u00e4\u00f6/${user}
            options = size=200M, uid=12
            """;

    @Test
    void everyPrefixIsRefusedOrReadAsItStands() {
        byte[] all = FILE.getBytes(StandardCharsets.UTF_8);
        int read = 0;
        for (int length = 0; length <= all.length; length++) {
            Parsed parsed = RulesParser.parse(List.of(new RulesSource("x.conf", Arrays.copyOf(all, length))));
            if (parsed.hasErrors()) {
                continue;
            }
            read++;
            String prefix = new String(all, 0, length, StandardCharsets.UTF_8);
            assertEquals(expected(prefix), actual(parsed), "prefix of " + length + " bytes");
            boolean cut = !prefix.isEmpty() && !prefix.endsWith("\n");
            assertEquals(
                    cut,
                    parsed.problems().stream().anyMatch(p -> p.severity() == Problem.Severity.WARNING),
                    "prefix of " + length + " bytes");
        }
        assertTrue(read > 50, "only " + read + " prefixes were read");
        assertFalse(RulesParser.parse(List.of(new RulesSource("x.conf", all))).hasErrors());
    }

    /** A second reader for the same text, which knows only what this file contains. */
    private static List<String> expected(String text) {
        List<TreeMap<String, String>> sections = new ArrayList<>();
        for (String line : text.split("\n")) {
            String content = line.replaceAll("(^| )[#;].*", "").trim();
            if (content.startsWith("[")) {
                sections.add(new TreeMap<>());
                sections.get(sections.size() - 1).put("", content);
            } else if (!content.isEmpty()) {
                sections.get(sections.size() - 1).put(content.split(" = ")[0], content.split(" = ")[1]);
            }
        }
        return sections.stream().map(TreeMap::toString).toList();
    }

    private static List<String> actual(Parsed parsed) {
        List<String> rules = new ArrayList<>();
        for (Rule rule : parsed.rules().rules()) {
            TreeMap<String, String> values = new TreeMap<>();
            values.put("", "[" + rule.name() + "]");
            Directive directive = rule.directive();
            values.put(
                    "action",
                    directive instanceof Directive.PrivateDir
                            ? "private"
                            : directive instanceof Directive.Bind ? "bind" : "tmpfs");
            values.put(
                    "target",
                    String.join(
                            ", ",
                            directive.targets().stream().map(PathTemplate::text).toList()));
            if (directive instanceof Directive.Bind bind) {
                values.put("source", bind.source().text());
            }
            put(values, "only", rule.only().stream().map(m -> m.text()).toList());
            put(values, "except", rule.except().stream().map(m -> m.text()).toList());
            List<String> options = new ArrayList<>();
            directive.options().mode().ifPresent(m -> options.add("mode=" + Integer.toOctalString(m)));
            directive
                    .options()
                    .size()
                    .ifPresent(s -> options.add("size=" + (s % (1 << 20) == 0 ? (s >> 20) + "M" : Long.toString(s))));
            directive.options().uid().ifPresent(u -> options.add("uid=" + u));
            options.addAll(
                    directive.options().flags().isEmpty()
                            ? List.of()
                            : List.of(directive.options().flags().toString()));
            put(values, "options", options);
            rules.add(values.toString());
        }
        return rules;
    }

    private static void put(TreeMap<String, String> values, String key, List<String> items) {
        if (!items.isEmpty()) {
            values.put(key, String.join(", ", items));
        }
    }
}
