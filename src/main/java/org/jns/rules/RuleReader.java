// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.Nullable;
import org.jns.model.Creation;
import org.jns.model.Directive;
import org.jns.model.Entrance;
import org.jns.model.Lifetime;
import org.jns.model.Matcher;
import org.jns.model.MountFlags;
import org.jns.model.OnError;
import org.jns.model.PathTemplate;
import org.jns.model.Printable;
import org.jns.model.Propagation;
import org.jns.model.Rule;
import org.jns.model.Sharing;
import org.jns.model.Terms;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Interprets one section as a rule. */
final class RuleReader {

    /** In the order of the man page. */
    static final List<String> KEYS = List.of(
            "action",
            "target",
            "source",
            "lower",
            "upper",
            "skel",
            "share-backing",
            "per",
            "keep",
            "only",
            "except",
            "options",
            "create",
            "propagation",
            "required",
            "on-error",
            "replace",
            "share",
            "enter",
            "weaken",
            "program",
            "arguments",
            "timeout",
            "run-as",
            "password",
            "without-password",
            "idle",
            "isolate",
            "hostname");
    /** The keys of all actions; each other one belongs to some actions only. */
    private static final List<String> COMMON = List.of(
            "action", "target", "only", "except", "options", "required", "on-error", "replace", "share", "enter");

    private static final List<String> OF_PEOPLE = List.of("only", "except");

    private static final String PROC = "/proc";

    private final StrictIni.Section section;
    private final Problems problems;
    /** Null if it is unknown. */
    private @Nullable Action action;

    private RuleReader(StrictIni.Section section, Problems problems) {
        this.section = section;
        this.problems = problems;
    }

    /** Empty if the section has an error. */
    static Optional<Rule> read(StrictIni.Section section, Problems problems) {
        int errorsBefore = problems.errors();
        RuleReader reader = new RuleReader(section, problems);
        reader.readAction();
        reader.checkKeys();
        Optional<Directive> directive = reader.directive();
        List<Matcher> only = reader.matchers("only");
        List<Matcher> except = reader.matchers("except");
        Terms terms = reader.terms();
        if (!section.whole() || problems.errors() > errorsBefore || directive.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Rule(section.name(), section.at(), only, except, directive.get(), terms, does(section)));
    }

    /**
     * Without the blanks around list items, which have no meaning; a blank within one is part of a path or an argument.
     */
    private static String does(StrictIni.Section section) {
        StringBuilder does = new StringBuilder();
        for (String key : KEYS) {
            StrictIni.Entry entry = section.entries().get(key);
            if (entry == null || OF_PEOPLE.contains(key)) {
                continue;
            }
            does.append(key);
            char before = '=';
            for (SourceSpan item : Words.items(entry, new Problems())) {
                does.append(before).append(item.text());
                before = ',';
            }
            does.append('\n');
        }
        return does.toString();
    }

    private Optional<StrictIni.Entry> entry(String key) {
        return Optional.ofNullable(section.entries().get(key));
    }

    private void missing(String what) {
        // The missing key may be in a line that could not be read, which was reported.
        if (section.whole()) {
            problems.error(section.at(), "section [" + Printable.of(section.name()) + "] has no " + what);
        }
    }

    private void readAction() {
        Optional<StrictIni.Entry> entry = entry("action");
        if (entry.isEmpty()) {
            missing("'action' (expected one of " + String.join(", ", Action.words()) + ")");
            return;
        }
        SourceSpan word = entry.get().value();
        action = Action.named(word.text());
        if (action == null) {
            problems.error(word.at(), Words.unknown("action", word.text(), Action.words()));
        }
    }

    private void checkKeys() {
        for (StrictIni.Entry entry : section.entries().values()) {
            String key = entry.key();
            if (!KEYS.contains(key)) {
                problems.error(entry.keyAt(), Words.unknown("key", key, expectedKeys()));
            } else if (action != null && action.without().contains(key)) {
                String why = action == Action.RUN ? ", which mounts nothing" : "";
                problems.error(entry.keyAt(), "'" + key + "' does not go with action '" + action.word() + "'" + why);
            } else if (action != null && !COMMON.contains(key) && !action.keys().contains(key)) {
                problems.error(
                        entry.keyAt(),
                        "'" + key + "' does not go with action '" + action.word() + "' (only with "
                                + String.join(", ", Action.wordsOfThoseWithKey(key)) + ")");
            }
        }
        if (action != null && !action.needs().isEmpty() && entry(action.needs()).isEmpty()) {
            missing("'" + action.needs() + "', which action '" + action.word() + "' needs");
        }
    }

    private List<String> expectedKeys() {
        return KEYS.stream()
                .filter(key -> action == null || isCommon(key) || action.keys().contains(key))
                .toList();
    }

    private boolean isCommon(String key) {
        return COMMON.contains(key) && (action == null || !action.without().contains(key));
    }

    /** Empty if a required key is missing, or cannot be read. */
    private Optional<Directive> directive() {
        if (action == Action.RUN) {
            return HookReader.read(section, problems);
        }
        if (action == Action.ISOLATE) {
            return SpaceReader.read(section, problems);
        }
        if (action != null && action.isVolume()) {
            if (entry("target").isEmpty()) {
                missing("'target'");
            }
            return VolumeReader.read(action, section, problems);
        }
        List<PathTemplate> targets = targets();
        Optional<PathTemplate> source = path("source");
        List<PathTemplate> lower =
                entry("lower").map(e -> paths(e, "lower folder")).orElse(List.of());
        Optional<Boolean> kept = entry("upper")
                .map(e -> Words.choice(e, List.of("keep", "discard"), problems).equals("keep"));
        Optional<PathTemplate> skel = path("skel");
        Optional<String> sharedAs = entry("share-backing").map(this::name);
        RuleOptions.Read options =
                entry("options").map(e -> RuleOptions.read(e, action, problems)).orElse(RuleOptions.Read.NONE);
        if (action == null || targets.isEmpty()) {
            return Optional.empty();
        }
        return switch (action) {
            case PRIVATE -> Optional.of(new Directive.PrivateDir(targets, options.mount(), skel, sharedAs));
            case BIND -> source.map(from -> new Directive.Bind(from, targets, options.mount()));
            case TMPFS -> Optional.of(new Directive.Tmpfs(targets, options.mount()));
            case OVERLAY -> kept.map(keep -> overlay(targets, lower, keep, options));
            case PASSTHROUGH -> Optional.of(new Directive.PassThrough(targets, options.mount()));
            case HIDE -> Optional.of(new Directive.Hide(targets, options.mount()));
            case READONLY ->
                Optional.of(new Directive.ReadOnly(targets, options.mount().withFlags(MountFlags.RO)));
            case RUN, ENCFS, GOCRYPTFS, FUSE, ISOLATE -> throw new IllegalStateException("read already");
            case PROC ->
                Optional.of(new Directive.Proc(targets, options.mount(), options.hidePid(), options.onlyPids()));
        };
    }

    private Directive overlay(
            List<PathTemplate> targets, List<PathTemplate> lower, boolean kept, RuleOptions.Read options) {
        if (kept
                && (options.mount().size().isPresent()
                        || options.mount().inodes().isPresent())) {
            problems.error(
                    entry("options").orElseThrow().value().at(),
                    "'size=' and 'nr_inodes=' go with upper = discard only: what is kept is on a disk");
        }
        if (lower.isEmpty() && entry("create").isPresent()) {
            problems.error(
                    entry("create").get().keyAt(),
                    "'create' goes with 'lower' only: in what is just made there is nothing to see");
        }
        return new Directive.Overlay(targets, options.mount(), lower, kept);
    }

    private List<PathTemplate> targets() {
        Optional<StrictIni.Entry> entry = entry("target");
        if (entry.isPresent()) {
            return paths(entry.get(), "target");
        }
        if (action == Action.PROC) {
            return List.of(PathTemplate.constant(PROC));
        }
        missing("'target'");
        return List.of();
    }

    private List<PathTemplate> paths(StrictIni.Entry entry, String what) {
        List<PathTemplate> paths = new ArrayList<>();
        Map<String, SourceSpan> seen = new HashMap<>();
        for (SourceSpan item : Words.items(entry, problems)) {
            Optional<PathTemplate> path = Paths.read(item, problems);
            if (path.isEmpty()) {
                continue;
            }
            String canonical = Paths.canonical(path.get());
            if (canonical.equals("/")) {
                problems.error(item.at(), "'/' cannot be a " + what);
            } else if (seen.putIfAbsent(canonical, item) != null) {
                problems.error(item.at(), what + " " + item.text() + " is given twice");
            } else {
                paths.add(path.get());
            }
        }
        return paths;
    }

    private Optional<PathTemplate> path(String key) {
        Optional<StrictIni.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        int comma = entry.get().value().text().indexOf(',');
        if (comma >= 0) {
            problems.error(entry.get().value().at(comma), "a rule has one " + key);
            return Optional.empty();
        }
        return Paths.read(entry.get().value(), problems);
    }

    private String name(StrictIni.Entry entry) {
        String name = entry.value().text();
        if (!StrictIni.isName(name)) {
            problems.error(
                    entry.value().at(),
                    "'" + Printable.of(name) + "' is no name: 1 to " + StrictIni.MAX_NAME
                            + " letters, digits, '.', '_' and '-', with a letter or digit first");
        }
        return name;
    }

    private List<Matcher> matchers(String key) {
        return entry(key).map(e -> Selectors.read(e, problems)).orElse(List.of());
    }

    private Terms terms() {
        boolean isMode = action == null || !action.isVolume();
        Optional<Creation> create = entry("create").filter(e -> isMode).flatMap(e -> Creations.read(e, problems));
        Optional<Propagation> propagation = entry("propagation")
                .map(e -> Words.choice(e, List.of("slave", "private"), problems).equals("slave")
                        ? Propagation.SLAVE
                        : Propagation.PRIVATE);
        Optional<OnError> onError = entry("on-error")
                .map(e -> Words.choice(e, List.of("deny", "allow"), problems).equals("allow")
                        ? OnError.ALLOW
                        : OnError.DENY);
        Optional<Sharing> sharing = entry("share").map(e -> Words.sharing(e, problems));
        Optional<Entrance> entrance = entry("enter").map(e -> Words.entrance(e, problems));
        return new Terms(
                create,
                propagation,
                isYes("required", true),
                onError,
                isYes("replace", false),
                isYes("weaken", false),
                lifetime(),
                sharing,
                entrance);
    }

    private Lifetime lifetime() {
        for (String key : List.of("per", "keep")) {
            if (action == Action.OVERLAY
                    && entry(key).isPresent()
                    && entry("upper")
                            .filter(e -> e.value().text().equals("discard"))
                            .isPresent()) {
                problems.error(
                        entry(key).get().keyAt(),
                        "'" + key + "' goes with upper = keep only: what is discarded ends with the session");
            }
        }
        return Lifetimes.read(entry("per"), entry("keep"), problems);
    }

    private boolean isYes(String key, boolean usual) {
        return entry(key)
                .map(e -> Words.choice(e, List.of("yes", "no"), problems).equals("yes"))
                .orElse(usual);
    }
}
