// SPDX-License-Identifier: Apache-2.0
package org.jns;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.InstanceofCheck;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Finds methods that would drop a new kind of a sealed type in silence. Java 17 has no exhaustive switch over types. So
 * a method that asks for two or more kinds of one type must ask for all, or its last branch must be listed here with
 * the kinds that take it. A method that returns a boolean only asks a question, and dispatches nothing.
 */
class SealedTypesTest {
    private static final JavaClasses JNS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.jns");

    /** Method, type and the kinds for which the last branch is right. */
    private static final String LAST_BRANCH =
            """
            Arrangement.nothingToShow Fact: Present
            Arrangement.onHost Fact: Missing
            Choice.of Target: File Host None Process Unit View
            Codec.bare Request: Join Metrics Open Try
            Codec.encode Reply: Done
            Codec.encode Request: Confirm Enter Gc Metrics Reload
            CommandRules.answer Matcher: GidRange Group Not Shell UidRange User
            Condition.who Condition: Any
            Daemon.asked Request: Enter Open
            DaemonCall.make Reply: Granted Host Joined NotIsolated Recipe
            Differences.print Verdict: Host View
            Differences.printJson Verdict: Host View
            EnterOptions.request Target: File Host None Session User View
            EnterRecipe.open Found: Nothing
            EnterRecipe.open Target: Host None Session Unit User View
            ExplanationJson.outcome Verdict: Host
            ExplanationJson.step Step: Create Hide MakeMountPoint Overlay PrivateFolder Proc ReadOnly Tmpfs
            ExplanationText.print Verdict: Host
            Ground.find Fact: Unusable
            Ground.find Step: Create Hide MakeMountPoint
            Ground.id Owner: OfSubject
            Ground.inFresh Directive: Bind Isolate Overlay PassThrough PrivateDir Proc Run Tmpfs Volume
            Ground.present Fact: Missing
            Guest.target Target: File Host None Process Unit View
            HookAdvice.trouble Fact: Missing
            IdRequest.ranges IdRequest: Named Own Single
            Ids.inside IdRequest: All Own Subordinate Written
            InMemory.of Step: Bind Create Hide MakeMountPoint PassThrough PrivateFolder Proc ReadOnly
            JnsEnter.answer Target: File None Process Session User View
            JnsEnter.find Target: File None Process Session User View
            LoginLog.login Reply: Done Granted Joined Recipe
            LoginService.withoutView Verdict: Host View
            LoginThread.exchange Request: Confirm Gc Join Metrics Reload Try
            LoginThread.request Request: Confirm Gc Join Metrics Reload Try
            PlanExecutor.prepare Step: MakeMountPoint Proc ReadOnly Tmpfs
            Preflight.note Result: Passes
            Rehearsal.perform Served: Abandoned Adopted CommandView Dropped Entered Hangs OwnerConnection
            Rehearsal.why Served: Abandoned Adopted Asked CommandView Entered Hangs OwnerConnection
            RunRecipe.mount Mounting: Encfs
            StepMaker.source Fact: Missing
            TargetRequest.shown Directive: Bind Hide Isolate Proc ReadOnly Run Tmpfs Volume
            Trial.after Event: Time
            Trial.refusal Event: Reload Start
            Trial.started Trial: None
            Xml$Element.shown Node: Comment
            """;

    @Test
    void everyChainNamesEveryKindOrListsTheRest() {
        Set<String> found = new TreeSet<>();
        for (JavaClass owner : JNS) {
            for (JavaCodeUnit unit : owner.getCodeUnits()) {
                if (unit.getRawReturnType().isEquivalentTo(boolean.class)) {
                    continue;
                }
                Map<Class<?>, Set<String>> asked =
                        new TreeMap<>((a, b) -> a.getName().compareTo(b.getName()));
                for (InstanceofCheck check : unit.getInstanceofChecks()) {
                    for (JavaClass parent : check.getRawType().getRawInterfaces()) {
                        if (parent.reflect().isSealed()) {
                            asked.computeIfAbsent(parent.reflect(), none -> new TreeSet<>())
                                    .add(check.getRawType().getSimpleName());
                        }
                    }
                }
                asked.forEach((type, kinds) -> add(found, owner, unit, type, kinds));
            }
        }
        assertEquals(LAST_BRANCH, String.join("\n", found) + "\n");
    }

    private static void add(Set<String> found, JavaClass owner, JavaCodeUnit unit, Class<?> type, Set<String> kinds) {
        Set<String> rest = new TreeSet<>();
        for (Class<?> kind : type.getPermittedSubclasses()) {
            if (!kinds.contains(kind.getSimpleName())) {
                rest.add(kind.getSimpleName());
            }
        }
        if (kinds.size() > 1 && !rest.isEmpty()) {
            String name = owner.getName().replaceAll(".*\\.", "") + "." + unit.getName();
            found.add(name + " " + type.getSimpleName() + ": " + String.join(" ", rest));
        }
    }
}
