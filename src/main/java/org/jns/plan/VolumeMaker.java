// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.ArgumentTemplate;
import org.jns.model.Directive;
import org.jns.model.MountFlags;
import org.jns.model.Origin;
import org.jns.model.Printable;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.model.Volume;

/**
 * Makes the volumes of the selected rules, in the rules' order.
 *
 * <p>Reasons: docs/decisions/51-volumes.md
 */
final class VolumeMaker {
    /** Stands for the target in the arguments of a program. */
    private static final String TARGET = "{target}";

    private static final int MOST_BYTES = 8192;
    private static final String ENCFS = "/usr/bin/encfs";
    private static final String GOCRYPTFS = "/usr/bin/gocryptfs";
    private static final String CONFIG = ".encfs6.xml";

    private final Subject subject;
    private final List<AbsPath> reserved;
    private final List<ResolvedTarget> steps;
    private final List<Volume> volumes = new ArrayList<>();

    private VolumeMaker(Subject subject, List<AbsPath> reserved, List<ResolvedTarget> steps) {
        this.subject = subject;
        this.reserved = reserved;
        this.steps = steps;
    }

    /**
     * @param reserved folders of jns itself
     * @param steps what the other rules put where
     */
    static List<Volume> all(Selection selection, Subject subject, List<AbsPath> reserved, List<ResolvedTarget> steps)
            throws Refusal {
        VolumeMaker maker = new VolumeMaker(subject, reserved, steps);
        for (Rule rule : selection.chosen()) {
            if (rule.directive() instanceof Directive.Volume request) {
                maker.add(rule, request);
            }
        }
        return maker.volumes;
    }

    private void add(Rule rule, Directive.Volume request) throws Refusal {
        Origin origin = new Origin(rule.name(), rule.at());
        Volume volume;
        try {
            AbsPath target = request.target().expand(subject);
            Optional<AbsPath> source = request.source().isPresent()
                    ? Optional.of(request.source().get().expand(subject))
                    : Optional.empty();
            volume = new Volume(
                    origin,
                    request.kind().name().toLowerCase(Locale.ROOT),
                    target,
                    source,
                    request.flags(),
                    request.create() ? creating(request, source, target) : List.of(),
                    command(request, source, target),
                    request.password(),
                    request.skippable(),
                    request.create(),
                    request.milliseconds(),
                    rule.terms().required());
        } catch (IllegalArgumentException e) {
            throw new Refusal(origin, "cannot mount a volume on " + request.target() + ": " + e.getMessage());
        }
        refuseReserved(volume);
        refuseMeeting(volume);
        volumes.add(volume);
    }

    private static List<String> creating(Directive.Volume request, Optional<AbsPath> source, AbsPath target) {
        return switch (request.kind()) {
            // The program mounts its own volume, and has no other way.
            case ENCFS ->
                List.of(ENCFS, "--standard", "--stdinpass", source.orElseThrow().value(), target.value());
            case GOCRYPTFS ->
                List.of(GOCRYPTFS, "-q", "-init", source.orElseThrow().value());
            case FUSE -> List.of();
        };
    }

    private List<String> command(Directive.Volume request, Optional<AbsPath> source, AbsPath target) {
        return switch (request.kind()) {
            case ENCFS -> encfs(request, source.orElseThrow(), target);
            case GOCRYPTFS -> gocryptfs(request, source.orElseThrow(), target);
            case FUSE -> fuse(request, target);
        };
    }

    private static List<String> encfs(Directive.Volume request, AbsPath source, AbsPath target) {
        List<String> command = new ArrayList<>(List.of(ENCFS, "--stdinpass"));
        // If the file is missing and no name is given, encfs would ask for a kind of volume, and take the password for
        // the answer.
        command.add("-c");
        command.add(source.child(CONFIG).value());
        StringBuilder options = new StringBuilder();
        option(request.flags(), MountFlags.RO, "ro", options);
        option(request.flags(), MountFlags.NOEXEC, "noexec", options);
        if (options.length() > 0) {
            command.add("-o");
            command.add(options.toString());
        }
        if (request.idleMinutes() > 0) {
            command.add("--idle=" + request.idleMinutes());
        }
        command.add(source.value());
        command.add(target.value());
        return command;
    }

    /** fusermount(1) sets nosuid and nodev in any case. */
    private static void option(MountFlags flags, MountFlags flag, String word, StringBuilder options) {
        if (flags.has(flag)) {
            options.append(options.length() == 0 ? "" : ",").append(word);
        }
    }

    private static List<String> gocryptfs(Directive.Volume request, AbsPath source, AbsPath target) {
        List<String> command = new ArrayList<>(List.of(GOCRYPTFS, "-q"));
        if (request.flags().has(MountFlags.RO)) {
            command.add("-ro");
        }
        if (request.flags().has(MountFlags.NOEXEC)) {
            command.add("-noexec");
        }
        if (request.idleMinutes() > 0) {
            command.add("-idle");
            command.add(request.idleMinutes() + "m");
        }
        command.add(source.value());
        command.add(target.value());
        return command;
    }

    private List<String> fuse(Directive.Volume request, AbsPath target) {
        List<String> command = new ArrayList<>();
        command.add(request.program().orElseThrow().expand(subject).value());
        boolean placed = false;
        int bytes = 0;
        for (ArgumentTemplate template : request.arguments()) {
            String argument = template.expand(subject);
            if (!Printable.is(argument)) {
                throw new IllegalArgumentException("argument '" + Printable.of(argument) + "' has a control character");
            }
            placed |= template.text().contains(TARGET);
            command.add(argument.replace(TARGET, target.value()));
            bytes += argument.getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MOST_BYTES) {
            throw new IllegalArgumentException("its arguments are longer than " + MOST_BYTES + " bytes");
        }
        if (!placed) {
            command.add(target.value());
        }
        return command;
    }

    private void refuseReserved(Volume volume) throws Refusal {
        for (AbsPath own : reserved) {
            if (own.isAtOrBelow(volume.target()) || volume.target().isAtOrBelow(own)) {
                throw new Refusal(
                        volume.origin(),
                        "cannot use " + volume.target() + ": " + own
                                + " belongs to jns; choose another folder in this rule");
            }
        }
    }

    /** Files at or below its target would be hidden, or would belong to the volume. */
    private void refuseMeeting(Volume volume) throws Refusal {
        for (ResolvedTarget step : steps) {
            if (step.target().isAtOrBelow(volume.target())
                    || step.request().target().isAtOrBelow(volume.target())) {
                throw refusal(volume, step.request().target(), step.origin());
            }
        }
        for (Volume other : volumes) {
            if (other.target().isAtOrBelow(volume.target()) || volume.target().isAtOrBelow(other.target())) {
                throw refusal(volume, other.target(), other.origin());
            }
        }
        if (volume.source().isPresent() && volume.source().get().isAtOrBelow(volume.target())) {
            throw new Refusal(
                    volume.origin(),
                    "cannot mount a volume on " + volume.target() + ": its encrypted files are below it, in "
                            + volume.source().get() + "; choose another target or source");
        }
    }

    private static Refusal refusal(Volume volume, AbsPath there, Origin whose) {
        return new Refusal(
                volume.origin(),
                "cannot mount a volume on " + volume.target() + ": rule " + whose + " puts something at " + there
                        + "; change the target or who the rules are for");
    }
}
