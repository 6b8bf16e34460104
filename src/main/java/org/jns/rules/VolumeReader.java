// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.List;
import java.util.Optional;
import org.jns.model.ArgumentTemplate;
import org.jns.model.Directive;
import org.jns.model.MountFlags;
import org.jns.model.PathTemplate;
import org.jns.model.Printable;
import org.jns.rules.ini.Numbers;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Reads the keys of a rule that lets a program mount a volume, which runs as the user. */
final class VolumeReader {

    /** In the order of the man page. */
    static final List<String> KEYS_OF_ENCRYPTED = List.of("source", "create", "timeout", "without-password", "idle");

    static final List<String> KEYS_OF_FUSE =
            List.of("create", "program", "arguments", "timeout", "password", "without-password");
    /** The flags that fusermount(1) passes on. */
    static final List<String> FLAGS = List.of("ro", "nosuid", "nodev", "noexec");

    /** A login waits ten seconds in total, unless the module's options say otherwise. */
    private static final int USUAL_SECONDS = 8;

    private static final int MOST_IDLE = 10_000;

    private final Action action;
    private final StrictIni.Section section;
    private final Problems problems;

    private VolumeReader(Action action, StrictIni.Section section, Problems problems) {
        this.action = action;
        this.section = section;
        this.problems = problems;
    }

    /** Empty after a problem, and if a required key is missing. */
    static Optional<Directive> read(Action action, StrictIni.Section section, Problems problems) {
        return new VolumeReader(action, section, problems).read();
    }

    private Optional<Directive> read() {
        Directive.Volume.Kind kind = Directive.Volume.Kind.valueOf(action.name());
        boolean isFuse = kind == Directive.Volume.Kind.FUSE;
        Optional<PathTemplate> target = path("target");
        Optional<PathTemplate> source = isFuse ? Optional.empty() : path("source");
        Optional<PathTemplate> program =
                isFuse ? entry("program").flatMap(e -> HookReader.program(e, problems)) : Optional.empty();
        List<ArgumentTemplate> arguments =
                entry("arguments").map(e -> HookReader.arguments(e, problems)).orElse(List.of());
        MountFlags flags = isFuse
                ? MountFlags.NONE
                : entry("options")
                        .map(e -> RuleOptions.read(e, action, problems).mount().flags())
                        .orElse(MountFlags.NONE);
        int seconds = entry("timeout")
                .map(e -> HookReader.seconds(e.value(), USUAL_SECONDS, problems))
                .orElse(USUAL_SECONDS);
        boolean password = !isFuse || isYes("password");
        boolean skippable = entry("without-password")
                .map(e -> Words.choice(e, List.of("skip", "deny"), problems).equals("skip"))
                .orElse(section.entries().containsKey("required")
                        && section.entries().get("required").value().text().equals("no"));
        if (!password && entry("without-password").isPresent()) {
            problems.error(entry("without-password").get().keyAt(), "'without-password' goes with password = yes only");
        }
        boolean create = isYes("create");
        int idle = entry("idle").map(e -> minutes(e.value())).orElse(0);
        if (target.isEmpty() || (isFuse ? program.isEmpty() : source.isEmpty())) {
            return Optional.empty();
        }
        if (source.isPresent() && Paths.canonical(source.get()).equals(Paths.canonical(target.get()))) {
            problems.error(
                    entry("source").orElseThrow().value().at(),
                    "source and target are one folder; keep the encrypted files in another");
        }
        return Optional.of(new Directive.Volume(
                kind,
                target.get(),
                source,
                flags,
                idle,
                program,
                arguments,
                password,
                skippable,
                create,
                seconds * 1000));
    }

    private Optional<StrictIni.Entry> entry(String key) {
        // A key that the action does not accept was already reported.
        boolean goes =
                key.equals("target") || key.equals("options") || action.keys().contains(key);
        return Optional.ofNullable(section.entries().get(key)).filter(e -> goes);
    }

    private boolean isYes(String key) {
        return entry(key)
                .map(e -> Words.choice(e, List.of("yes", "no"), problems).equals("yes"))
                .orElse(false);
    }

    private Optional<PathTemplate> path(String key) {
        Optional<StrictIni.Entry> entry = entry(key);
        if (entry.isEmpty()) {
            return Optional.empty();
        }
        SourceSpan value = entry.get().value();
        int comma = value.text().indexOf(',');
        if (comma >= 0) {
            problems.error(value.at(comma), "a volume has one " + key);
            return Optional.empty();
        }
        Optional<PathTemplate> path = Paths.read(value, problems);
        if (path.isPresent() && Paths.canonical(path.get()).equals("/")) {
            problems.error(value.at(), "'/' cannot be a " + key);
            return Optional.empty();
        }
        return path;
    }

    private int minutes(SourceSpan value) {
        String text = value.text();
        int factor = text.endsWith("h") ? 60 : 1;
        boolean hasUnit = text.endsWith("h") || text.endsWith("m");
        long number = hasUnit ? Numbers.parse(text.substring(0, text.length() - 1), MOST_IDLE / factor) : 0;
        if (number < 1) {
            problems.error(value.at(), "'" + Printable.of(text) + "' is no time: minutes or hours, such as 30m or 2h");
            return 0;
        }
        return (int) number * factor;
    }
}
