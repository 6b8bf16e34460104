// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jns.Nullable;

/** The words after {@code action =}, with the keys and options that each accepts. */
enum Action {
    PRIVATE(
            List.of("skel", "share-backing", "per", "keep", "create", "propagation", "weaken"),
            List.of(RuleOptions.FLAGS, RuleOptions.OWNERSHIP)),
    BIND(List.of("source", "create", "propagation", "weaken"), List.of(RuleOptions.FLAGS)),
    TMPFS(List.of("create", "weaken"), List.of(RuleOptions.FLAGS, RuleOptions.LIMITS, RuleOptions.OWNERSHIP)),
    OVERLAY(
            List.of("lower", "upper", "per", "keep", "create", "weaken"),
            List.of(RuleOptions.FLAGS, RuleOptions.LIMITS, RuleOptions.OWNERSHIP)),
    PASSTHROUGH(List.of("propagation", "weaken"), List.of(RuleOptions.FLAGS)),
    HIDE(List.of(), List.of()),
    READONLY(List.of("propagation"), List.of(RuleOptions.FLAGS)),
    PROC(List.of("create"), List.of(RuleOptions.FLAGS, RuleOptions.PROC)),
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

    /** The action with that name, or null. */
    static @Nullable Action named(String word) {
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

    /** The actions that accept an option. */
    static List<String> wordsOfThoseWith(String option) {
        List<String> words = new ArrayList<>();
        for (Action action : values()) {
            if (action.options.contains(option)) {
                words.add(action.word());
            }
        }
        return words;
    }

    /** The actions that accept a key, for keys that only some accept. */
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

    /** Names of the options that this action accepts, in the order of the man page. */
    List<String> options() {
        return options;
    }

    /** Names of the keys that only some actions accept, this one included. */
    List<String> keys() {
        return keys;
    }

    /** Whether a user's program mounts it. */
    boolean isVolume() {
        return this == ENCFS || this == GOCRYPTFS || this == FUSE;
    }

    /** Names of the keys that all other actions accept and this one does not. */
    List<String> without() {
        return switch (this) {
            case RUN -> List.of("target", "options", "replace");
            // A session that is outside of them nevertheless would be what nobody wants.
            case ISOLATE -> List.of("target", "options", "replace", "required");
            case ENCFS, GOCRYPTFS -> List.of("replace");
            case FUSE -> List.of("options", "replace");
            default -> List.of();
        };
    }

    /** The required key, or empty. */
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
