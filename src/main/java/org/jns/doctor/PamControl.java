// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How a stack continues after one of its modules, pam.conf(5).
 *
 * @param text as it is written
 * @param actions by the name of the value that the module returns
 * @param otherwise the action for every other value
 */
public record PamControl(String text, Map<String, String> actions, String otherwise) {
    private static final String DEFAULT = "default";
    private static final String FAILURE = "system_err";

    public PamControl {
        actions = Map.copyOf(actions);
    }

    /** Empty if PAM does not understand it. */
    static Optional<PamControl> parse(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "required" -> Optional.of(word(text, "ok", "bad"));
            case "requisite" -> Optional.of(word(text, "ok", "die"));
            case "optional" -> Optional.of(word(text, "ok", "ignore"));
            case "sufficient" -> Optional.of(word(text, "done", "ignore"));
            default -> parsePairs(text);
        };
    }

    private static PamControl word(String text, String success, String otherwise) {
        return new PamControl(text, Map.of("success", success), otherwise);
    }

    private static Optional<PamControl> parsePairs(String text) {
        Map<String, String> actions = new HashMap<>();
        for (String pair : text.strip().split("[ \t\n]+")) {
            int equals = pair.indexOf('=');
            if (equals < 1
                    || !pair.substring(0, equals).matches("[a-z_]+")
                    || !pair.substring(equals + 1).matches("ignore|ok|done|bad|die|reset|[0-9]{1,4}")) {
                return Optional.empty();
            }
            actions.putIfAbsent(pair.substring(0, equals), pair.substring(equals + 1));
        }
        String otherwise = actions.remove(DEFAULT);
        return Optional.of(new PamControl(text, actions, otherwise == null ? "bad" : otherwise));
    }

    /** Whether a session that the module refuses is refused. */
    boolean refuses() {
        String action = actions.getOrDefault(FAILURE, otherwise);
        return action.equals("bad") || action.equals("die");
    }

    /** Whether no later module is called when the module refuses. */
    boolean endsByRefusing() {
        return actions.getOrDefault(FAILURE, otherwise).equals("die");
    }

    /** Whether the module can end the stack without refusing, which skips the later modules. */
    boolean mayEndWell() {
        return otherwise.equals("done") || actions.containsValue("done");
    }

    /** How many later elements the module can skip at most. */
    int longestJump() {
        int longest = steps(otherwise);
        for (String action : actions.values()) {
            longest = Math.max(longest, steps(action));
        }
        return longest;
    }

    private static int steps(String action) {
        return Character.isDigit(action.charAt(0)) ? Integer.parseInt(action) : 0;
    }
}
