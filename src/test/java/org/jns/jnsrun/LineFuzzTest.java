// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.linux.Passwd;
import org.jns.recipe.Op;
import org.jns.recipe.OpTable;
import org.jns.recipe.Recipe;
import org.jns.recipe.Words;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Checks that any command line of jnsrun is refused in words, or becomes a recipe that its C program accepts. Replays
 * the files next to it; {@code tests/fuzz} looks for new ones.
 */
class LineFuzzTest {
    private static final OpTable OPS = OpTable.read();
    private static final Passwd ALICE = new Passwd("alice", 1000, 100, "/home/alice", "/bin/bash");

    /** The first byte selects the caller and the name; words follow. */
    @FuzzTest(maxDuration = "10m")
    void anyLine(byte[] data) {
        int how = data.length == 0 ? 0 : data[0];
        List<String> words = Words.of(data, 1);
        RunCaller caller = caller((how & 2) != 0 ? 0 : 1000);
        try {
            RunOptions options = new RunOptions((how & 1) != 0);
            CommandLine.ParseResult parsed = CommandLines.of(options).parseArgs(words.toArray(new String[0]));
            if (parsed.isUsageHelpRequested() || parsed.isVersionHelpRequested()) {
                return;
            }
            RunRequest request = options.request();
            boolean asked = request.rule.isPresent() && !caller.isRoot();
            Optional<List<Op>> steps = request.hasRules() && !caller.isRoot()
                    ? Optional.of(List.of(Op.of("hide", "/srv")))
                    : Optional.empty();
            Recipe recipe = asked ? JoinRecipe.compose(request, caller) : RunRecipe.compose(request, caller, steps);
            OPS.assertFits(recipe);
            assertRestricted(request, recipe, asked);
            assertTrue(
                    words.subList(words.size() - request.command.size(), words.size())
                            .equals(request.command),
                    words.toString());
        } catch (ParameterException | Refused e) {
            assertFalse(e.getMessage().isBlank());
        }
    }

    /** The recipe hides, covers or makes read-only each path that the line names. */
    private static void assertRestricted(RunRequest request, Recipe recipe, boolean asked) {
        long wanted = request.mounts.size() + (request.rootfs.isPresent() ? 1 : 0);
        assertTrue(!asked || wanted == 0);
        List<String> words = recipe.ops().stream()
                .map(Op::word)
                .filter(List.of("attach", "tmpfs", "hide", "serve", "base")::contains)
                .toList();
        long ofRules =
                request.hasRules() && recipe.ops().stream().anyMatch(op -> op.equals(Op.of("hide", "/srv"))) ? 1 : 0;
        assertTrue(words.size() == wanted || words.size() == wanted + ofRules, recipe.toString());
        if (wanted > 0) {
            // The daemon has already cut off the view of root-owned rules from the host's mounts.
            boolean inViewOfRules =
                    recipe.ops().stream().anyMatch(op -> op.word().equals("enter"));
            long cutOff = recipe.ops().stream()
                    .filter(op -> op.word().equals("propagation"))
                    .count();
            assertTrue(cutOff == 1 || cutOff == 0 && inViewOfRules, recipe.toString());
        }
    }

    private static RunCaller caller(long uid) {
        Ids users = new Ids(
                "users",
                uid,
                name -> OptionalLong.empty(),
                "alice"::equals,
                "/etc/subuid",
                () -> "alice:100000:65536\n",
                () -> "0 0 4294967295\n");
        Ids groups = new Ids(
                "groups",
                uid,
                name -> name.equals("games") ? OptionalLong.of(60) : OptionalLong.empty(),
                "alice"::equals,
                "/etc/subgid",
                () -> "alice:100000:65536\n",
                () -> "0 0 4294967295\n");
        return new RunCaller(
                uid,
                uid,
                users,
                groups,
                name -> name.equals("alice") || name.equals("1000") ? Optional.of(ALICE) : Optional.empty(),
                account -> List.of(100L, 27L),
                "/bin/zsh");
    }
}
