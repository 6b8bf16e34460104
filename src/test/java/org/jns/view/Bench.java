// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jns.folders.FolderStore;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.AbsPath;
import org.jns.model.Origin;
import org.jns.model.Plan;
import org.jns.model.Position;
import org.jns.model.Question;
import org.jns.model.Step;
import org.jns.model.Subject;

/** Carries plans out on a recording kernel that has a store of private folders and the folder for hidden targets. */
public final class Bench {
    public static final Origin ORIGIN = new Origin("rule", new Position("x.conf", 1, 1));
    static final Subject ALICE =
            new Subject("alice", 1000, 1000, "1000", Set.of(), "/home/alice", "/bin/sh", "sshd", "");

    final RecordingSyscalls sys = new RecordingSyscalls();
    final HandedOn handedOn = new HandedOn();
    private final FolderStore store = new FolderStore(sys, AbsPath.of("/instances"), "0123456789abcdef");

    Bench() {
        sys.directory("/hidden", 0700, 0, 0).directory("/hidden/dir", 0, 0, 0).file("/hidden/file", 0, 0, "");
        sys.unshareMounts();
        sys.makeAllSlave();
    }

    void instanceIsThere() {
        sys.directory("/instances", 0700, 0, 0)
                .directory("/instances/1000", 0700, 0, 0)
                .link("/instances/1000/owner", 0, "alice");
        sys.directory("/instances/1000/key", 01777, 0, 0);
    }

    /** The next login has another view, which lacks this mount. */
    static void takeAway(RecordingSyscalls sys, String mount) {
        sys.detach(mount);
    }

    Outcome execute(Step... steps) {
        return execute(() -> {}, steps);
    }

    /**
     * Looks at what the steps name, like a login, and then carries them out. The transcript begins after the look.
     *
     * @param afterLook done in between
     */
    Outcome execute(Runnable afterLook, Step... steps) {
        List<Question> questions = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.Bind bind) {
                questions.add(new Question(bind.from(), true));
            }
            if (step instanceof Step.PassThrough passThrough) {
                questions.add(new Question(passThrough.from(), false));
            }
            if (step instanceof Step.PrivateFolder privateFolder
                    && privateFolder.skel().isPresent()) {
                questions.add(new Question(privateFolder.skel().get(), true));
            }
            if (step instanceof Step.Overlay overlay) {
                overlay.lower().forEach(path -> questions.add(new Question(path, true)));
            }
            if (!(step instanceof Step.MakeMountPoint || step instanceof Step.Create)) {
                questions.add(new Question(step.onto(), false));
            }
        }
        try (FactsProbe probe = new FactsProbe(sys)) {
            probe.examine(questions);
            sys.transcript().clear();
            afterLook.run();
            return PlanExecutor.execute(
                    sys,
                    new Plan(ALICE, List.of(steps)),
                    probe,
                    new PlanExecutor.Folders(store, AbsPath.of("/hidden"), handedOn));
        }
    }
}
