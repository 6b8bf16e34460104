// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What may stand behind {@code action =}, and which keys and options go with it. */
enum Action {
    PRIVATE(List.of("skel", "share-backing", "per", "keep", "create", "propagation", "weaken"), List.of(Options.FLAGS, Options.OWNERSHIP)),
    BIND(List.of("source", "create", "propagation", "weaken"), List.of(Options.FLAGS)),
    TMPFS(List.of("create", "weaken"), List.of(Options.FLAGS, Options.LIMITS, Options.OWNERSHIP)),
    OVERLAY(List.of("lower", "upper", "per", "keep", "create", "weaken"), List.of(Options.FLAGS, Options.LIMITS, Options.OWNERSHIP)),
    PASSTHROUGH(List.of("propagation", "weaken"), List.of(Options.FLAGS)),
    HIDE(List.of(), List.of()),
    READONLY(List.of("propagation"), List.of(Options.FLAGS)),
    PROC(List.of("create"), List.of(Options.FLAGS, Options.PROC)),
    RUN(HookReader.KEYS, List.of()),
    ENCFS(VolumeReader.KEYS_OF_ENCRYPTED, List.of(VolumeReader.FLAGS)),
    GOCRYPTFS(VolumeReader.KEYS_OF_ENCRYPTED, List.of(VolumeReader.FLAGS)),
    FUSE(VolumeReader.KEYS_OF_FUSE, List.of()),
    ISOLATE(SpaceReader.KEYS, List.of());

    private final List<String> keys;
    private final List<String> options;

    Action(List<String> keys, List<List<String>> options) {
        this.keys = keys;
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

    /** The actions that a key goes with, of those that do not go with all. */
    static List<String> wordsOfThoseWithKey(String key) {
        List<String> words = new ArrayList<>();
        for (Action action : values()) {
            if (action.keys.contains(key)) {
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

    /** Names of the keys that go with this action and not with all. */
    List<String> keys() {
        return keys;
    }

    /** Whether a program of the user's own mounts it. */
    boolean isVolume() {
        return this == ENCFS || this == GOCRYPTFS || this == FUSE;
    }

    /** Names of the keys that go with all others and not with this one. */
    List<String> without() {
        return switch (this) {
            case RUN -> List.of("target", "options", "replace");
            // A session that is outside of them all the same would be what nobody wants.
            case ISOLATE -> List.of("target", "options", "replace", "required");
            case ENCFS, GOCRYPTFS -> List.of("replace");
            case FUSE -> List.of("options", "replace");
            default -> List.of();
        };
    }

    /** The key of those that must be there, or empty. */
    String needs() {
        return switch (this) {
            case BIND, ENCFS, GOCRYPTFS -> "source";
            case OVERLAY -> "upper";
            case RUN, FUSE -> "program";
            case ISOLATE -> "isolate";
            default -> "";
        };
    }
}
