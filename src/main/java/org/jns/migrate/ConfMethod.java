// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The third field of a line of namespace.conf(5).
 *
 * @param name user, tmpfs, tmpdir, level or context
 * @param create the text after create=, if that flag exists
 * @param initScript the text after iscript=, if any
 * @param mountOptions the text after mntopts=, if any
 */
record ConfMethod(
        String name,
        Optional<String> create,
        Optional<String> initScript,
        boolean noInit,
        boolean shared,
        Optional<String> mountOptions) {

    private static final List<String> NAMES = List.of("user", "tmpfs", "tmpdir", "level", "context");
    private static final List<String> FLAGS = List.of("create", "noinit", "iscript", "shared", "mntopts");

    /** Empty if it has no method, with a remark on the line. */
    static Optional<ConfMethod> of(String field, ConfigLine line) {
        List<String> words = new ArrayList<>(List.of(field.split(":")));
        words.removeIf(String::isEmpty);
        if (words.isEmpty() || !NAMES.contains(words.get(0))) {
            line.lost("unknown method '" + field + "'; " + NamespaceConf.FILE_ERROR);
            return Optional.empty();
        }
        Optional<String> create = Optional.empty();
        Optional<String> initScript = Optional.empty();
        Optional<String> mountOptions = Optional.empty();
        boolean noInit = false;
        boolean shared = false;
        for (String word : words.subList(1, words.size())) {
            String flag = FLAGS.stream().filter(word::startsWith).findFirst().orElse("");
            String rest = word.substring(flag.length());
            Optional<String> value = rest.startsWith("=") ? Optional.of(rest.substring(1)) : Optional.empty();
            boolean takesValue = !flag.equals("noinit") && !flag.equals("shared");
            if (!flag.isEmpty() && !rest.isEmpty() && (value.isEmpty() || !takesValue)) {
                line.warn("flag '" + word + "' was read as '" + flag + "'");
            }
            switch (flag) {
                case "create" -> create = Optional.of(value.orElse(""));
                case "noinit" -> noInit = true;
                case "iscript" ->
                    initScript = value.filter(path -> !path.isEmpty()).or(() -> noValue(word, line));
                case "shared" -> shared = true;
                case "mntopts" ->
                    mountOptions = value.filter(options -> !options.isEmpty()).or(() -> noValue(word, line));
                default -> line.warn("flag '" + word + "' is unknown and was ignored");
            }
        }
        return Optional.of(new ConfMethod(words.get(0), create, initScript, noInit, shared, mountOptions));
    }

    /** Whether it depends on SELinux. */
    boolean isSelinux() {
        return name.equals("level") || name.equals("context");
    }

    private static Optional<String> noValue(String word, ConfigLine line) {
        line.warn("flag '" + word + "' has no value and was ignored");
        return Optional.empty();
    }
}
