// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jns.model.Creation;
import org.jns.model.Lifetime;
import org.jns.model.Matcher;
import org.jns.model.PathTemplate;
import org.jns.model.PathTemplate.Variable;
import org.jns.model.Rule;
import org.jns.model.Sharing;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Finds mistakes in one rule that are legal but probably not meant. */
final class Doubts {

    /** Folders in which everybody may create files. */
    private static final List<String> OPEN_FOLDERS = List.of("/tmp", "/var/tmp", "/dev/shm");
    /**
     * Compares the words: to compare the selectors themselves, the JVM would link the record's methods, and {@code
     * --once} would wait.
     */
    private static final Set<String> ROOT = Set.of("user:root", "uid:0");

    private Doubts() {}

    static void report(Rule rule, StrictIni.Section section, Problems problems) {
        people(rule, section, problems);
        SpaceDoubts.report(rule, section, problems);
        for (String key : List.of("source", "lower", "skel")) {
            StrictIni.Entry entry = section.entries().get(key);
            if (entry != null) {
                sources(key, entry, problems);
            }
        }
        if (rule.terms().lifetime().kind() == Lifetime.Kind.SESSION
                && rule.terms().sharing().orElse(Sharing.NONE) == Sharing.USER) {
            problems.warning(
                    section.value("share").at(),
                    "with per = session, each session has a folder of its own, and so the view is the session's own all the same; take one of the two out");
        }
        if (rule.terms().create().isPresent() && ownsForAll(rule)) {
            problems.warning(
                    section.value("create").at(),
                    "the user who logs in first would own the target, which is the same for all users; put ${user}, ${uid} or ${home} into it, or let root own it");
        }
    }

    private static void people(Rule rule, StrictIni.Section section, Problems problems) {
        if (Coverage.isForNobody(rule)) {
            problems.warning(
                    section.value("except").at(),
                    "the rule is for nobody: 'except' excludes everyone that 'only' includes");
        } else if (!rule.only().isEmpty()
                && rule.only().stream().map(Matcher::text).allMatch(ROOT::contains)) {
            problems.warning(
                    section.value("only").at(),
                    "the rule is for root alone, who needs the host's view to mend what is broken; to leave root out, use 'except'");
        }
    }

    private static void sources(String key, StrictIni.Entry entry, Problems problems) {
        for (SourceSpan item : Words.items(entry, new Problems())) {
            for (String folder : OPEN_FOLDERS) {
                if (item.text().startsWith(folder + "/")) {
                    problems.warning(
                            item.at(),
                            "'" + key + "' is in " + folder
                                    + ", where everybody can create missing files; choose a folder that root alone can change");
                }
            }
        }
    }

    private static boolean ownsForAll(Rule rule) {
        if (!(rule.terms().create().orElseThrow().owner() instanceof Creation.OfSubject)) {
            return false;
        }
        List<PathTemplate> shared = new ArrayList<>(rule.directive().targets());
        shared.removeIf(path ->
                path.variables().stream().anyMatch(Set.of(Variable.USER, Variable.UID, Variable.HOME)::contains));
        return !shared.isEmpty();
    }
}
