// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jns.frontend.Front;
import org.jns.frontend.Response;
import org.jns.linux.Fd;
import org.jns.linux.LinuxSyscalls;
import org.jns.recipe.Invocation;
import org.jns.recipe.Op;
import org.jns.recipe.Recipe;
import org.junit.jupiter.api.Test;

/**
 * Checks that the answer to any command line is a recipe that ends in the command, or one that prints the reason and
 * ends with 125.
 */
class RunFuzzTest {
    private static final List<String> WORDS = List.of(
            "--bind",
            "/a:/b",
            "/a:/b:ro",
            "a",
            "",
            ":",
            "::",
            "--tmpfs",
            "/t:5m",
            "--hide",
            "--private-tmp",
            "--encfs",
            "--password-stdin",
            "--rootfs",
            "-m",
            "-u",
            "-i",
            "-n",
            "-p",
            "-U",
            "-C",
            "-T",
            "-uUrpfm",
            "--mount",
            "--mount=",
            "--mount=/f",
            "--pid=/f",
            "-f",
            "--kill-child",
            "--kill-child=9",
            "--kill-child=X",
            "--mount-proc",
            "--mount-proc=",
            "--propagation",
            "slave",
            "shared",
            "-R",
            "-w",
            "-S",
            "0",
            "4294967295",
            "99999999999999999999",
            "-G",
            "--map-user",
            "--map-users",
            "0:1:2",
            "4294967290:0:100",
            "auto",
            "subids",
            "all",
            "--map-auto",
            "-r",
            "-c",
            "--setgroups",
            "allow",
            "--keep-caps",
            "-T",
            "--monotonic",
            "-9223372036854775808",
            "--hostname",
            "x",
            "--",
            "-",
            "---",
            "--=",
            "=",
            "-v",
            "--clear-env",
            "@/etc/passwd",
            "${user.home}",
            "%n",
            "\u00ff\u0080",
            "\n",
            "\u001b[2J",
            "--no");

    private final Fd proc = LinuxSyscalls.openProc();
    private final Front.Tools tools = new Front.Tools(new LinuxSyscalls(proc), proc);

    private Recipe answer(List<String> line, long uid) {
        Response response = JnsRun.answer(
                tools, new Invocation("jnsrun", line, List.of("SHELL=/bin/sh")), new Front.Caller(1, uid, uid));
        return ((Response.Do) response).recipe();
    }

    @Test
    void everyLineHasAnAnswer() {
        Random random = new Random(20);
        int commands = 0;
        for (int i = 0; i < 6000; i++) {
            List<String> line = new ArrayList<>();
            for (int j = random.nextInt(9); j >= 0; j--) {
                line.add(WORDS.get(random.nextInt(WORDS.size())));
            }
            List<Op> ops = answer(line, random.nextBoolean() ? 0 : 1000).ops();
            Op last = ops.get(ops.size() - 1);
            assertTrue(
                    last.word().equals("exec")
                            || (last.equals(Op.of("exit", "125"))
                                    && ops.get(0).word().equals("say")),
                    line.toString());
            commands += last.word().equals("exec") ? 1 : 0;
        }
        assertTrue(commands > 300, "only " + commands + " of the lines are good");
    }

    @Test
    void whatIsSaidIsSafeOnATerminal() {
        for (String bad : List.of("--no\u001b[2Jthing", "--bind=\u001b]0;x\u0007")) {
            String said = answer(List.of(bad), 1000).ops().get(0).arguments().get(0);
            assertTrue(said.chars().allMatch(c -> c == '\n' || c >= ' ' && c != 0x7f), said);
        }
    }

    @Test
    void helpAndVersionArePrinted() {
        assertEquals(
                Op.of("exit", "0"), answer(List.of("-m", "--help"), 0).ops().get(1));
        assertTrue(
                answer(List.of("--version"), 0).ops().get(0).arguments().get(0).startsWith("jnsrun, jns "));
        assertEquals(
                Optional.of("print"),
                answer(List.of("-h"), 0).ops().stream().map(Op::word).findFirst());
    }
}
