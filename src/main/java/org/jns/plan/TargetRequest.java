// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.model.AbsPath;
import org.jns.model.Directive;
import org.jns.model.MountOptions;
import org.jns.model.NamespaceKind;
import org.jns.model.Origin;
import org.jns.model.PathTemplate;
import org.jns.model.Rule;
import org.jns.model.Selection;
import org.jns.model.Subject;
import org.jns.model.Terms;

/**
 * A target request: one target of one rule, with the subject's values in its paths. The paths are as written: links are
 * not resolved yet.
 *
 * @param shown what of the host is seen there, topmost first; empty for a target that begins empty
 * @param skel a folder whose files are copied there
 */
record TargetRequest(
        Origin origin, Directive directive, Terms terms, AbsPath target, List<AbsPath> shown, Optional<AbsPath> skel) {
    private static final AbsPath PROC = AbsPath.of("/proc");

    /** The target requests of the selected rules, in the rules' order. */
    static List<TargetRequest> of(Selection selection, Subject subject) throws Refusal {
        List<TargetRequest> requests = new ArrayList<>();
        for (Rule rule : selection.chosen()) {
            Origin origin = new Origin(rule.name(), rule.at());
            Directive directive = rule.directive();
            try {
                List<AbsPath> sources = new ArrayList<>();
                for (PathTemplate source : directive.sources()) {
                    sources.add(source.expand(subject));
                }
                for (PathTemplate template : directive.targets()) {
                    AbsPath target = template.expand(subject);
                    requests.add(new TargetRequest(
                            origin,
                            directive,
                            rule.terms(),
                            target,
                            shown(directive, sources, target),
                            skel(directive, sources)));
                }
            } catch (IllegalArgumentException e) {
                throw new Refusal(origin, "cannot make the paths of rule " + rule.name() + ": " + e.getMessage());
            }
        }
        addProc(selection, requests);
        return requests;
    }

    /**
     * In a new PID namespace the session must not find the host's processes under numbers that other processes have
     * there.
     */
    private static void addProc(Selection selection, List<TargetRequest> requests) {
        Optional<Origin> origin = SpaceMaker.first(selection, NamespaceKind.PID);
        if (origin.isEmpty()) {
            return;
        }
        for (TargetRequest request : requests) {
            if (request.target().equals(PROC) && request.directive() instanceof Directive.Proc) {
                return;
            }
        }
        Directive proc = new Directive.Proc(List.of(), MountOptions.NONE, Optional.empty(), false);
        requests.add(new TargetRequest(origin.get(), proc, Terms.USUAL, PROC, List.of(), Optional.empty()));
    }

    private static List<AbsPath> shown(Directive directive, List<AbsPath> sources, AbsPath target) {
        if (directive instanceof Directive.PassThrough
                || (directive instanceof Directive.Overlay && sources.isEmpty())) {
            return List.of(target);
        }
        return directive instanceof Directive.PrivateDir ? List.of() : sources;
    }

    private static Optional<AbsPath> skel(Directive directive, List<AbsPath> sources) {
        return directive instanceof Directive.PrivateDir && !sources.isEmpty()
                ? Optional.of(sources.get(0))
                : Optional.empty();
    }

    /** The host paths, apart from the target, that are shown or copied there. */
    List<AbsPath> sources() {
        List<AbsPath> sources = new ArrayList<>(directive.sources().isEmpty() ? List.of() : shown);
        skel.ifPresent(sources::add);
        return sources;
    }

    /** Whether the host's file at the target is no longer visible. */
    boolean replaces() {
        return !(directive instanceof Directive.ReadOnly) && !isPassThrough();
    }

    boolean isPassThrough() {
        return directive instanceof Directive.PassThrough;
    }
}
