// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the answers with /etc/passwd, and with getent(1) and id(1), which use the same library from C. */
class NameServiceTest {
    private final NameService names = new NameService();

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return out.strip();
    }

    static Stream<String> users() throws IOException {
        return Files.readAllLines(Path.of("/etc/passwd")).stream()
                .map(line -> line.split(":")[0])
                .filter(name -> name.matches("[a-z_].*"));
    }

    @ParameterizedTest
    @MethodSource("users")
    void userIsAsTheDatabaseHasIt(String user) throws Exception {
        String[] fields = run("getent", "passwd", user).split(":", -1);
        assertEquals(
                new Passwd(fields[0], Long.parseLong(fields[2]), Long.parseLong(fields[3]), fields[5], fields[6]),
                names.user(user).orElseThrow());
        TreeSet<String> groups = new TreeSet<>();
        names.groupsOf(user, Long.parseLong(fields[3])).forEach(id -> groups.add(Long.toString(id)));
        assertEquals(new TreeSet<>(Arrays.asList(run("id", "-G", user).split(" "))), groups);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-user", "", "ROOT", "root ", "../../etc", "ä"})
    void whoIsNotThereIsEmpty(String user) {
        assertEquals(Optional.empty(), names.user(user));
        assertEquals(OptionalLong.empty(), names.groupId(user));
    }

    @Test
    void aUserIsFoundByNumber() {
        assertEquals(names.user("root"), names.user(0));
        assertEquals(Optional.empty(), names.user(4_294_967_000L));
    }

    @Test
    void groupsHaveNamesAndNumbers() {
        assertEquals(OptionalLong.of(0), names.groupId("root"));
        assertEquals(Optional.of("root"), names.groupName(0));
        assertEquals(Optional.empty(), names.groupName(3_999_999_999L));
    }

    @Test
    void whoIsNotThereHasOnlyTheGroupThatWasGiven() {
        assertEquals(List.of(4_000_000_000L), names.groupsOf("no-such-user", 4_000_000_000L));
    }

    @Test
    void threadsGetTheirOwnAnswers() throws Exception {
        List<String> users = users().limit(6).toList();
        assertNotEquals(1, users.size());
        Queue<String> wrong = new ConcurrentLinkedQueue<>();
        List<Thread> threads = users.stream()
                .map(user -> new Thread(() -> {
                    NameService own = new NameService();
                    for (int i = 0; i < 300; i++) {
                        String answer = own.user(user).map(Passwd::name).orElse("nobody");
                        if (!answer.equals(user)) {
                            wrong.add(answer + " for " + user);
                        }
                    }
                }))
                .toList();
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertTrue(wrong.isEmpty(), wrong.toString());
    }

    /** The first buffer is for 4 KiB and for 256 groups. */
    @RequiresMountNamespace
    @Test
    void longEntriesAndManyGroupsFit() throws Exception {
        Path passwd = Path.of("/etc/passwd");
        Path group = Path.of("/etc/group");
        String oldPasswd = Files.readString(passwd);
        String oldGroup = Files.readString(group);
        try {
            String home = "/home/" + "x".repeat(20_000);
            Files.writeString(
                    passwd, oldPasswd + "many:x:4000001:4000001:" + "g".repeat(9000) + ":" + home + ":/bin/sh\n");
            StringBuilder groups = new StringBuilder(oldGroup);
            for (int i = 0; i < 700; i++) {
                groups.append("group")
                        .append(i)
                        .append(":x:")
                        .append(5_000_000 + i)
                        .append(":many\n");
            }
            Files.writeString(
                    group,
                    groups.append("crowd:x:6000000:")
                            .append("member,".repeat(3000))
                            .append("many\n"));
            assertEquals(home, names.user("many").orElseThrow().home());
            assertEquals(702, names.groupsOf("many", 4_000_001).size());
            assertEquals(OptionalLong.of(6_000_000), names.groupId("crowd"));
            assertEquals(Optional.of("crowd"), names.groupName(6_000_000));
        } finally {
            Files.writeString(passwd, oldPasswd);
            Files.writeString(group, oldGroup);
        }
    }
}
