// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.folders.PrivateFolders.Folder;
import org.jns.folders.PrivateFolders.Size;
import org.jns.jnsctl.sessions.Inventory.Open;
import org.jns.model.AbsPath;
import org.jns.model.Lifetime;
import org.jns.model.NamespaceKind;
import org.jns.state.SeenProcess;
import org.jns.state.Session;
import org.jns.state.View;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InventoryTest {

    private static final View ALICES = view("1001.a", "alice", 1001, 4026532001L);
    private static final View BOBS = view("1002.b", "bob", 1002, 4026532002L);
    private static final Open BY_SSH =
            new Open(session("00000000000000a1", "alice", "sshd", "", 4711, "1001.a", 200), true);
    private static final Open BY_SU =
            new Open(session("00000000000000a2", "alice", "su", "pts/3", 0, "1001.a", 100), true);
    private static final Open LOST =
            new Open(session("00000000000000c3", "carol", "cron", "", 815, "1003.gone", 100), false);
    private static final Inventory ALL = Inventory.of(
            List.of(BOBS, ALICES), List.of(BY_SSH, LOST, BY_SU), Map.of(4026532001L, List.of(10, 20), 1L, List.of(1)));

    private static View view(String id, String user, long uid, long namespace) {
        List<View.Shown> shown =
                List.of(new View.Shown(AbsPath.of("/tmp"), "private", "tmp", "/etc/jns/rules.d/a.conf:1"));
        return new View(id, user, uid, namespace, "", List.of("tmp"), shown, List.of(), 50);
    }

    private static Session session(
            String id, String user, String service, String tty, int leader, String view, long since) {
        return new Session(id, user, 1001, service, tty, new SeenProcess(leader, 0), view, since);
    }

    private static String listed(Inventory inventory, Map<Long, List<Folder>> folders) {
        StringWriter out = new StringWriter();
        ListSessions.print(inventory, folders, new PrintWriter(out));
        return out.toString();
    }

    @Test
    void sessionsAreWithTheirViewsByUserAndAge() {
        assertEquals(
                List.of("1001.a", "1002.b"),
                ALL.views().stream().map(lived -> lived.view().id()).toList());
        assertEquals(List.of(BY_SU, BY_SSH), ALL.views().get(0).sessions());
        assertEquals(List.of(10, 20), ALL.views().get(0).processes());
        assertEquals(List.of(), ALL.views().get(1).processes());
        assertEquals(List.of(LOST), ALL.strays());
        assertEquals(3, ALL.sessions());
    }

    @Test
    void aUserOrASessionSelectsItsView() {
        assertEquals(
                List.of(ALICES),
                ALL.of("alice").views().stream().map(Inventory.Lived::view).toList());
        assertEquals(
                List.of(BY_SU, BY_SSH),
                ALL.of("00000000000000a1").views().get(0).sessions());
        assertEquals(List.of(LOST), ALL.of("carol").strays());
        assertEquals(new Inventory(List.of(), List.of()), ALL.of("dave"));
        assertEquals(Optional.of(BOBS), ALL.ofNamespace(4026532002L).map(Inventory.Lived::view));
        assertEquals(Optional.empty(), ALL.ofNamespace(1));
    }

    @Test
    void theListHasARowForEachSessionAndForEachViewWithout() {
        Folder folder = new Folder("tmp", "tmp", "", Optional.of(Lifetime.FOREVER), 0, new Size(2048, false));
        List<String> rows = listed(ALL, Map.of(1001L, List.of(folder)))
                .lines()
                .map(line -> line.strip().replaceAll("  +", "|").replaceAll("[0-9-]{10} [0-9:]{5}", "T"))
                .toList();
        assertEquals(
                List.of(
                        "user|session|service|tty|since|leader|view|processes|mounts|private",
                        "alice|00000000000000a2|su|pts/3|T|-|4026532001|2|1|>2.0 KiB",
                        "alice|00000000000000a1|sshd|-|T|4711|4026532001|2|1|>2.0 KiB",
                        "bob|-|-|-|T|-|4026532002|0|1|0 B",
                        "carol|00000000000000c3|cron|-|T|815 (ended)|-|-|-|-",
                        "3 sessions in 2 views"),
                rows);
        assertEquals("no sessions\n", listed(new Inventory(List.of(), List.of()), Map.of()));
    }

    @Test
    void otherNamespacesAreNamedBesideTheView() {
        List<View.Namespace> others =
                List.of(new View.Namespace(NamespaceKind.NET, 7), new View.Namespace(NamespaceKind.PID, 8));
        View apart =
                new View("1001.a", "alice", 1001, 4026532001L, "", List.of("tmp"), List.of(), List.of(), others, 50);
        String text = listed(Inventory.of(List.of(apart), List.of(BY_SSH), Map.of()), Map.of());
        assertTrue(text.contains("  4026532001+net,pid  "), text);
    }

    @Test
    void namesOfServicesAndTerminalsAreShownInPrint() {
        Open strange = new Open(session("00000000000000a1", "alice", "x\u001b[2J", "\u202e", 1, "1001.a", 1), true);
        String text = listed(Inventory.of(List.of(ALICES), List.of(strange), Map.of()), Map.of());
        assertTrue(text.contains("x\\u001b[2J") && text.contains("\\u202e"), text);
    }

    @Test
    void aPathIsFollowedAsTheProcessSeesIt(@TempDir Path temp) throws IOException {
        Path base = temp.toRealPath();
        Files.createDirectories(base.resolve("real/inner"));
        Files.createSymbolicLink(base.resolve("link"), Path.of("real"));
        Files.createSymbolicLink(base.resolve("absolute"), base.resolve("link/inner"));
        Files.createSymbolicLink(base.resolve("circle"), Path.of("circle"));
        ProcFolder processes = new ProcFolder();
        int pid = (int) ProcessHandle.current().pid();
        assertEquals(
                base + "/real/inner/not-there",
                processes.resolve(pid, base + "//link/./inner/not-there/").value());
        assertEquals(
                base + "/real/inner", processes.resolve(pid, base + "/absolute").value());
        assertEquals(
                base + "/real", processes.resolve(pid, base + "/absolute/..").value());
        assertEquals("/", processes.resolve(pid, "/../..").value());
        for (String bad : List.of(base + "/circle", "relative", "", "/x\u0001")) {
            assertTrue(org.junit.jupiter.api.Assertions.assertThrows(
                                    IllegalArgumentException.class, () -> processes.resolve(pid, bad))
                            .getMessage()
                    != null);
        }
    }
}
