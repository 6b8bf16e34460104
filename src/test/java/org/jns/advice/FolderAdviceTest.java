// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jns.config.Settings;
import org.jns.linux.RecordingSyscalls;
import org.jns.model.Problem;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;

class FolderAdviceTest {

    private final RecordingSyscalls sys = new RecordingSyscalls()
            .directory("/run", 0755, 0, 0)
            .directory("/var", 0755, 0, 0)
            .directory("/var/lib", 0755, 0, 0)
            .directory("/var/lib/jns", 0700, 0, 0)
            .directory("/tmp", 01777, 0, 0)
            .directory("/tmp/jns", 0700, 0, 0)
            .directory("/home", 0755, 0, 0)
            .directory("/home/alice", 0700, 1000, 1000)
            .directory("/shared", 0775, 0, 100);

    private List<String> advice(String text) {
        Settings.Loaded loaded = Settings.parse(new RulesSource("jns.conf", text.getBytes(StandardCharsets.UTF_8)));
        List<String> advice =
                FolderAdvice.on(loaded, sys).stream().map(Problem::toString).toList();
        sys.assertClean();
        return advice;
    }

    @Test
    void rootsOwnFoldersAreFine() {
        assertEquals(
                List.of(), FolderAdvice.on(new Settings.Loaded(Settings.DEFAULT, List.of(), Optional.empty()), sys));
        assertEquals(List.of(), advice("[daemon]\ninstances = /not/there\nstate = /run/jns\n"));
    }

    @Test
    void aFolderThatOthersCanReplaceIsToldAtItsSetting() {
        assertEquals(
                List.of(
                        "jns.conf:2:13: warning: somebody other than root can change /tmp, which holds /tmp/jns: choose a folder that root alone can change"),
                advice("[daemon]\ninstances = /tmp/jns\n"));
        assertEquals(
                List.of(
                        "jns.conf:3:9: warning: somebody other than root can change /home/alice, which holds /home/alice/x/y: choose a folder that root alone can change"),
                advice("[daemon]\n# state\nstate = /home/alice/x/y\n"));
        assertEquals(
                List.of(
                        "jns.conf:2:9: warning: somebody other than root can change /shared: choose a folder that root alone can change"),
                advice("[daemon]\nstate = /shared\n"));
    }
}
