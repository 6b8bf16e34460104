// SPDX-License-Identifier: Apache-2.0
package org.jns.rules.ini;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.configuration2.INIConfiguration;
import org.apache.commons.configuration2.ex.ConfigurationException;
import org.apache.commons.configuration2.tree.ImmutableNode;
import org.jns.model.Printable;

/**
 * The second reader of an INI file: values come from Commons Configuration, positions from the first reader, and any
 * difference between the two is an error.
 *
 * <p>It walks the nodes of the tree directly. The library's keys are expressions, in which dots and brackets of a
 * section's name would have a meaning, and their evaluation would load many more classes.
 *
 * <p>Reasons: docs/decisions/84-commons-configuration.md
 */
final class IniTree {

    private IniTree() {}

    /** The same sections, with the library's values. */
    static List<StrictIni.Section> read(String text, List<StrictIni.Section> expected, Problems problems) {
        if (expected.isEmpty()) {
            return expected;
        }
        INIConfiguration ini = new INIConfiguration();
        // The library would replace ${env:...}, ${file:...} and the like.
        ini.setInterpolator(null);
        ini.setSeparatorUsedInInput("=");
        // Without comments: a quote in one makes the library look for the key in the wrong place.
        ini.setCommentLeadingCharsUsedInInput("");
        try {
            ini.read(new StringReader(text));
        } catch (ConfigurationException | IOException | RuntimeException e) {
            problems.error(
                    expected.get(0).at(), "cannot read the file: " + Printable.of(String.valueOf(e.getMessage())));
            return expected;
        }
        return merge(ini.getNodeModel().getNodeHandler().getRootNode().getChildren(), expected, problems);
    }

    private static List<StrictIni.Section> merge(
            List<ImmutableNode> found, List<StrictIni.Section> expected, Problems problems) {
        List<StrictIni.Section> merged = new ArrayList<>();
        // The library returns linked lists, which are fast only when walked from the beginning.
        Iterator<ImmutableNode> nodes = found.iterator();
        for (StrictIni.Section section : expected) {
            ImmutableNode node = nodes.hasNext() ? nodes.next() : null;
            if (node == null || node.getValue() != null || !section.name().equals(node.getNodeName())) {
                problems.error(section.at(), ambiguous("section [" + section.name() + "]"));
                return expected;
            }
            merged.add(merge(node, section, problems));
        }
        if (nodes.hasNext()) {
            StrictIni.Section last = expected.get(expected.size() - 1);
            problems.error(last.at(), ambiguous("what follows section [" + last.name() + "]"));
        }
        return merged;
    }

    private static StrictIni.Section merge(ImmutableNode found, StrictIni.Section expected, Problems problems) {
        Iterator<ImmutableNode> children = found.getChildren().iterator();
        Map<String, StrictIni.Entry> entries = new LinkedHashMap<>();
        for (StrictIni.Entry entry : expected.entries().values()) {
            ImmutableNode child = children.hasNext() ? children.next() : null;
            if (child == null
                    || !entry.key().equals(child.getNodeName())
                    || !entry.value().text().equals(child.getValue())) {
                problems.error(entry.keyAt(), ambiguous("'" + entry.key() + "'"));
                return expected;
            }
            SourceSpan value =
                    new SourceSpan((String) child.getValue(), entry.value().at());
            entries.put(entry.key(), new StrictIni.Entry(entry.key(), entry.keyAt(), value));
        }
        if (children.hasNext()) {
            problems.error(expected.at(), ambiguous("section [" + expected.name() + "]"));
        }
        return new StrictIni.Section(expected.name(), expected.at(), expected.whole(), entries);
    }

    private static String ambiguous(String what) {
        return what + " can be read in two ways; write it in plainer characters";
    }
}
