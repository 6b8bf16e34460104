// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jns.linux.Passwd;
import org.jns.recipe.Op;
import org.jns.recipe.Recipe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParameterException;

/** Tests command lines with their recipes. */
class RunRecipeTest {
    private static final Passwd ALICE = new Passwd("alice", 1000, 100, "/home/alice", "/bin/bash");

    private static RunCaller caller(long uid, long gid) {
        Ids users = new Ids(
                "users",
                uid,
                name -> OptionalLong.empty(),
                "alice"::equals,
                "/etc/subuid",
                () -> "alice:100000:65536\n",
                () -> "");
        Ids groups = new Ids(
                "groups",
                gid,
                name -> name.equals("games") ? OptionalLong.of(60) : OptionalLong.empty(),
                "alice"::equals,
                "/etc/subgid",
                () -> "alice:100000:65536\n",
                () -> "");
        return new RunCaller(
                uid,
                gid,
                users,
                groups,
                name -> name.equals("alice") || name.equals("1000") ? Optional.of(ALICE) : Optional.empty(),
                account -> List.of(100L, 27L),
                "/bin/zsh");
    }

    private static RunRequest request(String line) {
        return request(line, false);
    }

    private static RunRequest request(String line, boolean asUnshare) {
        RunOptions options = new RunOptions(asUnshare);
        CommandLines.of(options).parseArgs(line.isEmpty() ? new String[0] : line.split(" "));
        return options.request();
    }

    /** On one line; maps contain line feeds. */
    private static String text(Recipe recipe) {
        return recipe.toString().replace('\n', ';').replaceAll(";[; ]+", ";");
    }

    private static String compose(RunCaller caller, String line) throws Refused {
        return text(RunRecipe.compose(request(line), caller, Optional.empty()));
    }

    private static String unshare(long uid, String line) throws Refused {
        return text(RunRecipe.compose(request(line, true), caller(uid, uid == 0 ? 0 : 100), Optional.empty()));
    }

    private static String root(String line) throws Refused {
        return compose(caller(0, 0), line);
    }

    private static String alice(String line) throws Refused {
        return compose(caller(1000, 100), line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-m true|unshare 131072;propagation 278528;argv 1 true;exec true;",
                "-u true|unshare 67108864;argv 1 true;exec true;",
                "-m --propagation unchanged true|unshare 131072;argv 1 true;exec true;",
                "-m --propagation slave true|unshare 131072;propagation 540672;argv 1 true;exec true;",
                "-pf --mount-proc ps|unshare 537001984;propagation 278528;fork always block 0;proc /proc 0;argv 1 ps;exec ps;",
                "--mount-proc=/p --propagation slave true|unshare 131072;propagation 540672;proc /p 1;argv 1 true;exec true;",
                "-r id|unshare 268435456;map-self 0 0 1;0 0 1;argv 1 id;exec id;",
                "--map-user 7 id|unshare 268435456;map-self 7 0 1;argv 1 id;exec id;",
                "-U --setgroups allow id|unshare 268435456;setgroups allow;argv 1 id;exec id;",
                "--map-users 0:10:5 id|mapper direct 0 10 5;unshare 268435456;mapped;argv 1 id;exec id;",
                "-T --monotonic -5 --boottime 7 true|unshare 128;time-offset 7 7;time-offset 1 -5;argv 1 true;exec true;",
                "-r -S 0 -G 0 true|unshare 268435456;map-self 0 0 1;0 0 1;groups 0;gid 0;uid 0;argv 1 true;exec true;",
                "-c --keep-caps true|unshare 268435456;map-self 0 0 1;0 0 1;keep-caps;argv 1 true;exec true;",
                "--uts=/u true|keeper 2 uts /u;unshare 67108864;kept;argv 1 true;exec true;",
                "--pid=/p -f true|keeper 2 pid_for_children /p;unshare 536870912;fork always block 0;kept;argv 1 true;exec true;",
                "--hostname box true|unshare 67108864;hostname box;argv 1 true;exec true;",
                "--bind /a:/b:ro true|unshare 131072;propagation 278528;tree 2 /a 1;attach 2 /b;wd-stay;argv 1 true;exec true;",
                "true|unshare 131072;propagation 278528;argv 1 true;exec true;",
                "''|unshare 131072;propagation 278528;argv 1 -zsh;exec /bin/zsh;",
                "--propagation unchanged true|unshare 131072;argv 1 true;exec true;",
                "-f true|unshare 131072;propagation 278528;fork always block 0;argv 1 true;exec true;",
                "-R /r -w /w true|unshare 131072;propagation 278528;open 1 - /r dir;root 1;wd-in /w;argv 1 true;exec true;",
                "-S alice true|apart 0;pty apart 1000 0;unshare 131072;propagation 278528;groups 2 100 27;gid 100;uid 1000;argv 1 true;exec true;",
            })
    void root(String line, String recipe) throws Refused {
        assertEquals(recipe, root(line));
    }

    /** Like unshare(1): only named namespaces are new, and the last option counts. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true|argv 1 true;exec true;",
                "''|argv 1 -zsh;exec /bin/zsh;",
                "--propagation slave true|argv 1 true;exec true;",
                "-f true|fork always block 0;argv 1 true;exec true;",
                "--forward-signals true|fork always forward 0;argv 1 true;exec true;",
                "--kill-child=TERM true|fork always block 15;argv 1 true;exec true;",
                "--kill-child true|fork always block 9;argv 1 true;exec true;",
                "-R /r true|open 1 - /r dir;root 1;wd-in /;argv 1 true;exec true;",
                "-R /r -w /w true|open 1 - /r dir;root 1;wd-in /w;argv 1 true;exec true;",
                "-w /w true|wd-in /w;argv 1 true;exec true;",
                "-G 5 true|groups 0;gid 5;argv 1 true;exec true;",
                "-G games true|groups 0;gid 60;argv 1 true;exec true;",
                "-S alice true|uid 1000;argv 1 true;exec true;",
                "-S 4242 -G 7 true|groups 0;gid 7;uid 4242;argv 1 true;exec true;",
                "-S alice -G 5 true|groups 0;gid 5;uid 1000;argv 1 true;exec true;",
                "--keep-caps true|argv 1 true;exec true;",
                "--clear-env env|env-clear;argv 1 env;exec env;",
                "-w /a -w /b true|wd-in /b;argv 1 true;exec true;",
                "-m --propagation slave --propagation unchanged true|unshare 131072;argv 1 true;exec true;",
            })
    void calledAsUnshare(String line, String recipe) throws Refused {
        assertEquals(recipe, unshare(0, line));
    }

    /** [A13] A fresh mount namespace, in which an ordinary user may mount. */
    @Test
    void withoutNamespacesMountsAreTheCommandsOwn() throws Refused {
        String fresh = "unshare 268566528;map-self 1000 1000 1;100 100 1;propagation 278528;";
        assertEquals(fresh + "keep-caps;argv 1 id;exec id;", alice("id"));
        assertEquals(fresh + "keep-caps;argv 1 id;exec id;", alice("--keep-caps id"));
        assertEquals(fresh + "wd-in /w;keep-caps;argv 1 id;exec id;", alice("-w /w id"));
        assertEquals("argv 1 id;exec id;", unshare(1000, "id"));
        assertEquals("unshare 67108864;argv 1 id;exec id;", alice("-u id"));
        assertTrue(
                assertThrows(Refused.class, () -> alice("-S 0 id")).getMessage().startsWith("-S and -G are root's"));
    }

    /** [A9] An option with two values is an error, instead of one of them being used. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "--rule a --rule b",
                "--rules /a --rules /b",
                "--rootfs /a --rootfs /b",
                "--hostname a --hostname b",
                "-R /a --root=/b",
                "-w /a -w /b",
                "-S alice -S 2",
                "-G 1 --setgid 2",
                "--kill-child --kill-child=TERM",
                "--mount-proc --mount-proc=/b",
                "--propagation slave --propagation private",
                "-T --monotonic 1 --monotonic 2",
                "-T --boottime 1 --boottime 2",
                "-r --setgroups deny --setgroups allow",
                "--mount=/a --mount=/b",
                "--uts=/a -u --uts=/b"
            })
    void twoValuesAreRefused(String line) throws Refused {
        assertTrue(assertThrows(ParameterException.class, () -> root(line + " true"))
                .getMessage()
                .endsWith("it is given twice, with different values; leave one of them out"));
        // Like unshare, for its options.
        if (!line.contains("--rule") && !line.contains("--setgroups") && !line.contains("-S ")) {
            assertTrue(unshare(0, line + " true").endsWith("exec true;"));
        }
    }

    @Test
    void theSameValueTwiceIsNoHarm() throws Refused {
        assertEquals(root("-w /w --hostname a true"), root("-w /w --wd=/w --hostname a --hostname=a -u true"));
        assertEquals(alice("-r true"), alice("-r -r --map-root-user true"));
    }

    @Test
    void whoeverIsTwoUsersIsRefused() throws Refused {
        for (String line : List.of("-r -c true", "--map-user 7 --map-user 8 true", "-r --map-group 7 true")) {
            assertTrue(
                    assertThrows(Refused.class, () -> alice(line))
                            .getMessage()
                            .startsWith("the caller can be one user and one group"),
                    line);
            assertTrue(unshare(1000, line).endsWith("exec true;"), line);
        }
    }

    @Test
    void mountsAreInTheOrderInWhichTheyAreGiven() throws Refused {
        assertEquals(
                "unshare 131072;propagation 278528;tmpfs /x  5m  6;tree 2 /a 0;attach 2 /x;hide /y;tmpfs /tmp    6;tmpfs /var/tmp    6;"
                        + "wd-stay;argv 2 a -m;exec a;",
                root("--tmpfs /x:5m --bind /a:/x --hide /y --private-tmp a -m"));
    }

    @Test
    void anOrdinaryUsersCommandIsOneUserNamespaceFurtherInThanItsMounts() throws Refused {
        assertEquals(
                "unshare 268566528;map-self 0 1000 1;0 100 1;propagation 278528;tree 2 /bin/dash 0;attach 2 /bin/bash;wd-stay;"
                        + "unshare 268435456;map-self 1000 0 1;100 0 1;drop-caps;argv 1 bash;exec bash;",
                alice("--bind /bin/dash:/bin/bash bash"));
        assertTrue(alice("--hostname box id")
                .endsWith("unshare 268435456;map-self 1000 0 1;100 0 1;drop-caps;argv 1 id;exec id;"));
    }

    @Test
    void whoAsksForAUserNamespaceGetsThatOne() throws Refused {
        assertEquals(
                "unshare 268566528;map-self 0 1000 1;0 100 1;propagation 278528;tree 2 /a 0;attach 2 /b;wd-stay;argv 1 id;exec id;",
                alice("-r --bind /a:/b id"));
    }

    @Test
    void optionsOfUnshareAloneImplyNothing() throws Refused {
        assertEquals("unshare 131072;propagation 278528;argv 1 id;exec id;", alice("-m id"));
    }

    @Test
    void anOrdinaryUsersRangesAreWrittenByTheProgramsForIt() throws Refused {
        assertEquals(
                "mapper programs 0 1000 1;1 100000 65536;0 100 1;1 100000 65536;unshare 268435456;mapped;argv 1 id;exec id;",
                alice("-r --map-auto id"));
    }

    @Test
    void theNewRootIsThereBeforeTheMountsAndTheProcBeforeTheOldOneGoes() throws Refused {
        assertEquals(
                "unshare 805437440;map-self 0 1000 1;0 100 1;propagation 278528;base /r;tree 2 /dev 0;attach 2 /dev;fork always block 0;"
                        + "proc /proc 0;pivot;wd-in /w;unshare 268435456;map-self 1000 0 1;100 0 1;drop-caps;argv 1 sh;exec sh;",
                alice("-pf --mount-proc -w /w --rootfs /r --bind /dev:/dev sh"));
    }

    @Test
    void aVolumesProgramIsStartedBeforeThePidNamespaceAndEndedByTheParent() throws Refused {
        assertEquals(
                "unshare 131072;propagation 278528;serve /raw /clear terminal Password of /raw:  3 encfs -f -S;unshare 536870912;"
                        + "fork always block 0;wd-stay;argv 1 sh;exec sh;",
                root("-p -f --encfs /raw:/clear sh"));
        assertTrue(root("--encfs /raw:/clear --password-stdin sh").contains("serve /raw /clear stdin "));
        assertTrue(root("--encfs /raw:/clear sh").contains(";fork always all 0;"));
    }

    @Test
    void rootsRulesComeAsAView() throws Refused {
        assertEquals("enter 1 0;wd-stay;wd-stay;argv 1 sh;exec sh;", root("--rules /r sh"));
        assertEquals("enter 1 0;wd-stay;unshare 67108864;wd-stay;argv 1 sh;exec sh;", root("-u --rules /r sh"));
    }

    @Test
    void anOrdinaryUsersRulesAreStepsOfTheirs() throws Refused {
        assertEquals(
                "unshare 268566528;map-self 0 1000 1;0 100 1;propagation 278528;hide /x;wd-stay;unshare 268435456;map-self 1000 0 1;100 0 1;drop-caps;"
                        + "argv 1 sh;exec sh;",
                text(RunRecipe.compose(
                        request("--rules /r sh"), caller(1000, 100), Optional.of(List.of(Op.of("hide", "/x"))))));
    }

    @Test
    void aRuleOfRootsIsAskedForAtTheDaemon() throws Refused {
        assertEquals(
                "argv 2 sh -c;join rule dev sh;",
                text(JoinRecipe.compose(request("--rule dev sh -c"), caller(1000, 100))));
        assertThrows(Refused.class, () -> JoinRecipe.compose(request("--rule dev -m sh"), caller(1000, 100)));
    }

    @Test
    void verboseSaysWhatIsDone() throws Refused {
        assertEquals(
                "say jnsrun: new namespaces: pid, mount;unshare 537001984;propagation 278528;say jnsrun: /b shows /a;tree 2 /a 0;attach 2 /b;"
                        + "say-pids fork;fork always block 0;wd-stay;argv 1 sh;exec sh;",
                root("-v -pf --bind /a:/b sh"));
        assertEquals(
                "say jnsrun: new namespaces: mount;unshare 131072;propagation 278528;say-pids now;argv 1 sh;exec sh;",
                root("-v sh"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--monotonic 5 true",
                "--setgroups allow -r true",
                "--rootfs /a -R /b true",
                "--rules a --rule b true",
                "--bind /a:/b --propagation shared true",
                "--rootfs /a --propagation unchanged true",
                "--password-stdin true",
                "-S nobody-here true",
                "-S 4242 true",
                "-G nobody-here true",
                "--map-user nobody-here true"
            })
    void whatDoesNotGoTogetherIsRefused(String line) {
        assertThrows(Refused.class, () -> root(line));
    }

    @Test
    void anOrdinaryUserBecomesNobodyElse() {
        assertThrows(Refused.class, () -> alice("--bind /a:/b -S 0 true"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--bind /a",
                "--bind /a:/b:rw",
                "--bind :/b",
                "--bind /a:/b:ro:x",
                "--encfs /a",
                "--encfs /a:/b:c",
                "--no-such-option",
                "-x",
                "--map-users 1:2",
                "--kill-child=NONE",
                "--propagation none",
                "--setgroups maybe",
                "--monotonic x",
                "-m --bind",
                "--hostname="
            })
    void whatIsNoOptionIsRefused(String line) {
        assertThrows(ParameterException.class, () -> request(line));
    }

    /** Like getopt_long(3): only "=" gives an optional value, and the first operand begins the command. */
    @Test
    void wordsAreReadAsUnshareReadsThem() {
        RunRequest request = request("-uUrpfm --mount-proc -S 5 sh --mount=/x -f");
        assertEquals(List.of("sh", "--mount=/x", "-f"), request.command);
        assertEquals(Optional.of("/proc"), request.proc);
        assertTrue(request.kept.isEmpty());
        assertEquals(List.of("-v", "a"), request("-m -- -v a").command);
        assertEquals(List.of("@/etc/passwd"), request("-m @/etc/passwd").command);
        assertEquals(Optional.of("-x"), request("-w -x sh").folder);
        assertEquals(Optional.of("6"), request("-S 5 -S6 sh", true).uid);
        assertEquals(List.of("sh"), request("--kill-child sh").command);
    }

    @ParameterizedTest
    @CsvSource({
        "KILL, 9",
        "SIGTERM, 15",
        "sigint, 2",
        "9, 9",
        "64, 64",
        "RTMIN+1, 35",
        "RTMAX, 64",
        "poll, 29",
        "CLD, 17"
    })
    void signalsHaveNamesAndNumbers(String text, int number) {
        assertEquals(number, SignalNames.number(text).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "65", "NONE", "RTMIN+31", "RTMAX-31", "SIG", "-1"})
    void whatIsNoSignalHasNoNumber(String text) {
        assertTrue(SignalNames.number(text).isEmpty());
    }
}
