// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jns.linux.Errno;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.HidePid;
import org.jns.model.MountFlags;
import org.jns.model.Propagation;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests a plan with every kind of step, for a user's first login; the kernel refuses each of its calls in turn. */
class EveryCallFailsTest {
    private static final int EPERM = 1;
    private static final int ENOMEM = 12;
    private static final int ENOSPC = 28;
    private static final Ownership STICKY = new Ownership(01777, 0, 0);
    private static final MountFlags NOSUID = MountFlags.NOSUID;

    private static final List<Step> STEPS = List.of(
            new Step.Create(Bench.ORIGIN, AbsPath.of("/srv/d"), true, STICKY),
            new Step.Create(Bench.ORIGIN, AbsPath.of("/srv/f"), false, STICKY),
            new Step.PrivateFolder(
                    Bench.ORIGIN,
                    AbsPath.of("/tmp"),
                    "tmp",
                    STICKY,
                    Optional.of(AbsPath.of("/skel")),
                    NOSUID,
                    Propagation.SLAVE),
            new Step.MakeMountPoint(Bench.ORIGIN, AbsPath.of("/tmp/d"), true, STICKY),
            new Step.Bind(Bench.ORIGIN, AbsPath.of("/lib32"), AbsPath.of("/tmp/d"), NOSUID),
            new Step.MakeMountPoint(Bench.ORIGIN, AbsPath.of("/tmp/f"), false, STICKY),
            new Step.Bind(Bench.ORIGIN, AbsPath.of("/file"), AbsPath.of("/tmp/f"), NOSUID),
            new Step.Tmpfs(
                    Bench.ORIGIN,
                    AbsPath.of("/scratch"),
                    STICKY,
                    OptionalLong.of(4096),
                    OptionalLong.of(9),
                    NOSUID.plus(MountFlags.RO)),
            new Step.Hide(Bench.ORIGIN, AbsPath.of("/secret"), true),
            new Step.Hide(Bench.ORIGIN, AbsPath.of("/file"), false),
            new Step.ReadOnly(Bench.ORIGIN, AbsPath.of("/opt"), MountFlags.RO, Propagation.PRIVATE),
            overlay("/srv/d", Optional.empty()),
            new Step.Bind(Bench.ORIGIN, AbsPath.of("/file"), AbsPath.of("/srv/f"), NOSUID),
            overlay("/kept", Optional.of("kept")),
            new Step.PassThrough(Bench.ORIGIN, AbsPath.of("/lib32"), AbsPath.of("/opt"), NOSUID, Propagation.SLAVE),
            new Step.Proc(Bench.ORIGIN, AbsPath.of("/proc"), Optional.of(HidePid.INVISIBLE), true, NOSUID));

    private static Step overlay(String onto, Optional<String> key) {
        List<AbsPath> lower = List.of(AbsPath.of("/lib32"), AbsPath.of("/opt"));
        return new Step.Overlay(
                Bench.ORIGIN, AbsPath.of(onto), lower, key, STICKY, OptionalLong.of(4096), OptionalLong.of(9), NOSUID);
    }

    private Outcome outcome;

    /** @param failing number of the call after the look at the paths, or -1 */
    private RecordingSyscalls run(int failing, int errno) {
        Bench bench = new Bench();
        for (String name : List.of(
                "/tmp", "/lib32", "/scratch", "/secret", "/opt", "/srv", "/kept", "/proc", "/skel", "/skel/d")) {
            bench.sys.directory(name, 0755, 0, 0);
        }
        bench.sys.file("/file", 0644, 0, "").file("/skel/d/f", 0644, 0, "text").link("/skel/l", 0, "d");
        outcome = bench.execute(
                () -> bench.sys
                        .transcript()
                        .failCall(failing < 0 ? failing : bench.sys.transcript().calls() + failing, errno),
                STEPS.toArray(new Step[0]));
        if (outcome instanceof Outcome.Applied applied) {
            applied.namespace().close();
        }
        return bench.sys;
    }

    private List<String> calls() {
        String transcript = run(-1, 0).transcript().toString();
        return transcript.lines().filter(line -> !line.startsWith("close ")).toList();
    }

    @Test
    void withoutFailureAllStepsAreApplied() {
        List<String> calls = calls();
        assertTrue(outcome instanceof Outcome.Applied applied && applied.mounts() == 12, outcome.toString());
        assertEquals(
                List.of(
                        "attach",
                        "chmod",
                        "chown",
                        "clone",
                        "copy",
                        "create",
                        "detach",
                        "flock",
                        "fstatfs",
                        "list",
                        "lock",
                        "mkdir",
                        "namespace",
                        "open",
                        "overlay",
                        "private",
                        "proc",
                        "readlink",
                        "rename",
                        "restrict",
                        "stat",
                        "symlink",
                        "tmpfs"),
                calls.stream()
                        .map(call -> call.replaceFirst(" .*", ""))
                        .distinct()
                        .sorted()
                        .collect(Collectors.toList()),
                "the kinds of calls");
    }

    @TestFactory
    Stream<DynamicTest> eachCallRefused() {
        List<String> calls = calls();
        return IntStream.range(0, calls.size()).boxed().flatMap(i -> Stream.of(EPERM, ENOMEM, ENOSPC)
                .map(errno -> DynamicTest.dynamicTest(
                        i + " " + calls.get(i) + " " + Errno.name(errno), () -> refuse(i, errno))));
    }

    private void refuse(int call, int errno) {
        RecordingSyscalls sys = run(call, errno);
        String transcript = sys.transcript().toString();
        assertTrue(sys.transcript().hasFailed(), "the call was not made");
        assertTrue(outcome instanceof Outcome.Failed, outcome + "\n" + transcript);
        String why = ((Outcome.Failed) outcome).why();
        // "cannot VERB OBJECT: REASON; REMEDY"
        assertTrue(why.matches("cannot [a-z]+ [^:]+: [^:]+\\(.+\\)(; .+)?"), why);
        assertTrue(why.contains(Errno.text(errno)), why);
        assertTrue(!transcript.matches("(?s).*namespace = [0-9].*"), transcript);
        sys.assertClean();
    }
}
