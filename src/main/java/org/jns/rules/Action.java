// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jns.model.Directive;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.PathTemplate;

/** What may stand behind {@code action =}, and which options go with it. */
enum Action {
    PRIVATE(List.of(Options.FLAGS, Options.OWNERSHIP)),
    BIND(List.of(Options.FLAGS)),
    TMPFS(List.of(Options.FLAGS, Options.LIMITS, Options.OWNERSHIP)),
    HIDE(List.of()),
    READONLY(List.of(Options.FLAGS));

    private final List<String> options;

    Action(List<List<String>> options) {
        this.options = options.stream().flatMap(List::stream).toList();
    }

    /** The action of that name, or null. */
    static Action named(String word) {
        for (Action action : values()) {
            if (action.word().equals(word)) {
                return action;
            }
        }
        return null;
    }

    static List<String> words() {
        List<String> words = new ArrayList<>();
        for (Action action : values()) {
            words.add(action.word());
        }
        return words;
    }

    /** The actions that an option goes with. */
    static List<String> wordsOfThoseWith(String option) {
        List<String> words = new ArrayList<>();
        for (Action action : values()) {
            if (action.options.contains(option)) {
                words.add(action.word());
            }
        }
        return words;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Names of the options that go with this action, in the order of the man page. */
    List<String> options() {
        return options;
    }

    boolean needsSource() {
        return this == BIND;
    }

    /**
     * @param source null unless the action needs one
     */
    Directive directive(PathTemplate source, List<PathTemplate> targets, MountOptions with) {
        return switch (this) {
            case PRIVATE -> new Directive.PrivateDir(targets, with);
            case BIND -> new Directive.Bind(source, targets, with);
            case TMPFS -> new Directive.Tmpfs(targets, with);
            case HIDE -> new Directive.Hide(targets, with);
            case READONLY -> new Directive.ReadOnly(targets, with.withFlags(MountFlags.RO));
        };
    }
}
