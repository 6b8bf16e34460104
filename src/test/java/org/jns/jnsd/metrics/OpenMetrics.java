// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a text by the rules of OpenMetrics 1.0, for counters, gauges and histograms, and fails if it breaks one. */
final class OpenMetrics {
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{(.*)\\})? ([0-9]+(?:\\.[0-9]+)?)");
    private static final Pattern LABEL =
            Pattern.compile("([a-z_]+)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\"(?:,(?=[a-z])|$)");

    /** By name and labels, as written. */
    final Map<String, Double> samples = new LinkedHashMap<>();

    private final Map<String, String> types = new LinkedHashMap<>();

    private OpenMetrics() {}

    static OpenMetrics parse(String text) {
        OpenMetrics parsed = new OpenMetrics();
        assertTrue(text.endsWith("\n# EOF\n"), "no EOF");
        List<String> lines =
                text.substring(0, text.length() - "# EOF\n".length()).lines().toList();
        Set<String> ended = new HashSet<>();
        String family = "";
        for (String line : lines) {
            if (line.startsWith("# ")) {
                String[] words = line.split(" ", 4);
                assertEquals(4, words.length, line);
                if (!words[2].equals(family)) {
                    assertTrue(words[1].equals("TYPE"), "TYPE comes first: " + line);
                    ended.add(family);
                    family = words[2];
                    assertTrue(!ended.contains(family), "family " + family + " is in two places");
                    assertTrue(List.of("counter", "gauge", "histogram").contains(words[3]), line);
                    parsed.types.put(family, words[3]);
                } else {
                    assertTrue(List.of("HELP", "UNIT").contains(words[1]), line);
                    assertTrue(
                            !words[1].equals("UNIT") || family.endsWith("_" + words[3]),
                            "the name ends in its unit: " + line);
                }
            } else {
                parsed.sample(family, line);
            }
        }
        parsed.types.forEach((name, type) -> {
            if (type.equals("histogram")) {
                parsed.histogram(name);
            }
        });
        return parsed;
    }

    private void sample(String family, String line) {
        Matcher sample = SAMPLE.matcher(line);
        assertTrue(sample.matches(), "no sample: " + line);
        String labels = sample.group(2) == null ? "" : sample.group(2);
        labels(labels);
        String suffix = sample.group(1)
                .substring(Math.min(family.length(), sample.group(1).length()));
        assertTrue(sample.group(1).startsWith(family), line + " is of no family " + family);
        switch (types.get(family)) {
            case "counter" -> assertEquals("_total", suffix, line);
            case "gauge" -> assertEquals("", suffix, line);
            default -> assertTrue(List.of("_bucket", "_count", "_sum").contains(suffix), line);
        }
        assertEquals(
                null,
                samples.put(sample.group(1) + "{" + labels + "}", Double.parseDouble(sample.group(3))),
                "twice: " + line);
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new LinkedHashMap<>();
        Matcher label = LABEL.matcher(text);
        int at = 0;
        while (at < text.length()) {
            assertTrue(label.find(at) && label.start() == at, "no label: " + text.substring(at));
            assertEquals(null, labels.put(label.group(1), label.group(2)), "label twice: " + text);
            at = label.end();
        }
        return labels;
    }

    /** Buckets are cumulative, in order, spelled in one way, and the last counts all. */
    private void histogram(String family) {
        Map<String, List<Double>> counts = new HashMap<>();
        Map<String, List<Double>> bounds = new HashMap<>();
        samples.forEach((name, value) -> {
            if (name.startsWith(family + "_bucket{")) {
                Map<String, String> labels = labels(name.substring(name.indexOf('{') + 1, name.length() - 1));
                String bound = labels.remove("le");
                assertTrue(bound.equals("+Inf") || bound.matches("[0-9]+\\.[0-9]*[0-9]"), "bound " + bound);
                bounds.computeIfAbsent(labels.toString(), key -> new ArrayList<>())
                        .add(bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound));
                counts.computeIfAbsent(labels.toString(), key -> new ArrayList<>())
                        .add(value);
            }
        });
        assertTrue(!counts.isEmpty(), "no buckets of " + family);
        counts.forEach((labels, values) -> {
            assertEquals(values.stream().sorted().toList(), values, "not cumulative");
            assertEquals(
                    bounds.get(labels).stream().sorted().distinct().toList(), bounds.get(labels), "bounds in order");
            assertEquals(Double.POSITIVE_INFINITY, bounds.get(labels).get(values.size() - 1));
            List<Double> all = samples.entrySet().stream()
                    .filter(entry -> entry.getKey().startsWith(family + "_count{"))
                    .filter(entry -> labels(entry.getKey()
                                    .substring(
                                            entry.getKey().indexOf('{') + 1,
                                            entry.getKey().length() - 1))
                            .toString()
                            .equals(labels))
                    .map(Map.Entry::getValue)
                    .toList();
            assertEquals(List.of(values.get(values.size() - 1)), all, "the last bucket has all");
        });
    }
}
