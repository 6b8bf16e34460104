// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.jnsenter.EnterFacts.Found;
import org.jns.jnsenter.Getopt.Misuse;
import org.jns.model.NamespaceKind;
import org.jns.recipe.OpTable;
import org.jns.recipe.Recipe;
import org.jns.recipe.Words;

/**
 * Checks that any command line of jnsenter is refused in words, or becomes a recipe that its C program accepts. Replays
 * the files next to it; {@code tests/fuzz} looks for new ones.
 */
class LineFuzzTest {
    private static final OpTable OPS = OpTable.read();
    private static final Account ROOT = new Account("root", 0, 0, List.of(0L), "/root", "/bin/bash");
    private static final Account ALICE =
            new Account("alice", 1001, 1001, List.of(1001L, 27L), "/home/alice", "/bin/zsh");

    /** The first byte selects the caller, the name and the facts; words follow. */
    @FuzzTest(maxDuration = "10m")
    void anyLine(byte[] data) {
        int how = data.length == 0 ? 0 : data[0];
        List<String> words = Words.of(data, 1);
        boolean asNsenter = (how & 1) != 0;
        Account caller = (how & 2) != 0 ? ROOT : ALICE;
        try {
            EnterOptions.Read read = EnterOptions.read(words, asNsenter);
            assertEquals(read, EnterOptions.read(words, asNsenter));
            if (read.request().isEmpty()) {
                return;
            }
            EnterRequest request = read.request().get();
            EnterFacts facts = new EnterFacts(
                    caller,
                    found(request, how),
                    (how & 4) != 0 ? Optional.of(ALICE) : Optional.empty(),
                    group(request),
                    Optional.of("/bin/sh"),
                    Optional.of("vt100"));
            Recipe recipe = EnterRecipe.plan(request, facts);
            OPS.assertFits(recipe);
            assertTrue(
                    request.command().isEmpty()
                            || words.subList(words.size() - request.command().size(), words.size())
                                    .equals(request.command()),
                    request.toString());
        } catch (Misuse e) {
            assertFalse(e.getMessage().isBlank());
        }
    }

    /** A group that is named has been looked up before there is a plan. */
    private static OptionalLong group(EnterRequest request) {
        return request.gid().isPresent() && !request.gid().get().equals(EnterRequest.FOLLOW)
                ? OptionalLong.of(27)
                : OptionalLong.empty();
    }

    private static Found found(EnterRequest request, int how) {
        if (request.isOfProcess()) {
            return (how & 8) != 0 && request.target() instanceof Target.Unit
                    ? new Found.Held(7)
                    : request.target() instanceof Target.Unit ? new Found.Held(1) : new Found.Nothing();
        }
        return request.isOfView() || request.target() instanceof Target.Host
                ? new Found.Spaces(
                        (how & 8) != 0 ? List.of(NamespaceKind.MOUNT, NamespaceKind.PID) : List.of(NamespaceKind.MOUNT))
                : new Found.Nothing();
    }
}
