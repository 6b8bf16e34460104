// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.jns.jnsctl.output.JsonOutput;
import org.jns.model.Hook;
import org.jns.model.NamespaceKind;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Position;
import org.jns.model.Selection;
import org.jns.model.Spaces;
import org.jns.model.Step;
import org.jns.model.Subject;
import org.jns.model.Verdict;
import org.jns.model.Volume;
import org.jns.rules.RuleMatcher;

/** Prints an explanation as JSON. */
final class ExplanationJson {

    private ExplanationJson() {}

    static void print(Explanation explanation, PrintWriter out) throws IOException {
        JsonOutput.print(out, json -> {
            json.writeStringField("user", explanation.subject().user());
            json.writeNumberField("uid", explanation.subject().uid());
            json.writeStringField("service", explanation.subject().service());
            outcome(json, explanation);
            passedOver(json, explanation.selection(), explanation.subject());
        });
    }

    private static void outcome(JsonGenerator json, Explanation explanation) throws IOException {
        Verdict verdict = explanation.verdict();
        List<Step> steps = List.of();
        List<Volume> volumes = List.of();
        List<Hook> hooks = List.of();
        Spaces spaces = Spaces.NONE;
        if (verdict instanceof Verdict.View view) {
            json.writeStringField("outcome", "isolated");
            json.writeBooleanField("shared", explanation.shared());
            steps = view.plan().steps();
            volumes = view.plan().volumes();
            hooks = view.plan().hooks();
            spaces = view.plan().spaces();
        } else if (verdict instanceof Verdict.LetIn letIn) {
            json.writeStringField("outcome", "not-isolated");
            failure(json, letIn.why(), letIn.origin());
            json.writeStringField("because", letIn.lets());
            return;
        } else if (verdict instanceof Verdict.Refused refused) {
            json.writeStringField("outcome", "refused");
            failure(json, refused.why(), refused.origin());
            return;
        } else {
            json.writeStringField("outcome", "not-isolated");
        }
        JsonOutput.objects(json, "steps", steps, step -> step(json, step));
        volumes(json, volumes);
        hooks(json, hooks);
        spaces(json, spaces);
        leftOut(json, explanation.leftOut());
    }

    private static void step(JsonGenerator json, Step step) throws IOException {
        json.writeStringField("action", step.action());
        json.writeStringField("target", step.onto().value());
        if (step instanceof Step.Bind bind) {
            json.writeStringField("source", bind.from().value());
        } else if (step instanceof Step.PassThrough passThrough) {
            json.writeStringField("source", passThrough.from().value());
        }
        json.writeStringField("details", step.details());
        origin(json, step.origin());
    }

    /** Only if there are any. */
    private static void spaces(JsonGenerator json, Spaces spaces) throws IOException {
        if (spaces.isEmpty()) {
            return;
        }
        JsonOutput.objects(json, "namespaces", spaces.wanted(), wanted -> {
            json.writeStringField("kind", wanted.kind().word());
            if (wanted.kind() == NamespaceKind.UTS && spaces.hostname().isPresent()) {
                json.writeStringField("hostname", spaces.hostname().get());
            }
            origin(json, wanted.origin());
        });
    }

    /** Only if there are any. */
    private static void volumes(JsonGenerator json, List<Volume> volumes) throws IOException {
        if (volumes.isEmpty()) {
            return;
        }
        JsonOutput.objects(json, "volumes", volumes, volume -> {
            json.writeStringField("action", volume.action());
            json.writeStringField("target", volume.target().value());
            if (volume.source().isPresent()) {
                json.writeStringField("source", volume.source().get().value());
            }
            JsonOutput.strings(json, "command", volume.command());
            json.writeBooleanField("password", volume.password());
            if (volume.password()) {
                json.writeStringField("without_password", volume.skippable() ? "skip" : "deny");
            }
            json.writeBooleanField("create", volume.create());
            json.writeNumberField("timeout_ms", volume.milliseconds());
            json.writeBooleanField("required", volume.required());
            origin(json, volume.origin());
        });
    }

    /** Only if there are any. */
    private static void hooks(JsonGenerator json, List<Hook> hooks) throws IOException {
        if (hooks.isEmpty()) {
            return;
        }
        JsonOutput.objects(json, "hooks", hooks, hook -> {
            json.writeStringField("program", hook.program().value());
            JsonOutput.strings(json, "arguments", hook.arguments());
            json.writeStringField("run_as", hook.asUser() ? "user" : "root");
            json.writeNumberField("timeout_ms", hook.milliseconds());
            json.writeBooleanField("required", hook.required());
            origin(json, hook.origin());
        });
    }

    private static void failure(JsonGenerator json, String why, Optional<Origin> origin) throws IOException {
        json.writeStringField("reason", why);
        if (origin.isPresent()) {
            origin(json, origin.get());
        }
    }

    private static void leftOut(JsonGenerator json, List<Plan.LeftOut> leftOut) throws IOException {
        JsonOutput.objects(json, "left_out", leftOut, left -> {
            json.writeStringField("target", left.target().value());
            json.writeStringField("why", left.why());
            origin(json, left.origin());
        });
    }

    private static void origin(JsonGenerator json, Origin origin) throws IOException {
        json.writeStringField("rule", origin.rule());
        position(json, origin.at());
    }

    private static void position(JsonGenerator json, Position at) throws IOException {
        json.writeStringField("file", at.file());
        json.writeNumberField("line", at.line());
    }

    private static void passedOver(JsonGenerator json, Selection selection, Subject subject) throws IOException {
        JsonOutput.objects(json, "not_applied", selection.passedOver(), rule -> {
            json.writeStringField("rule", rule.name());
            json.writeStringField("why", RuleMatcher.whyNot(rule, subject));
            position(json, rule.at());
        });
    }
}
