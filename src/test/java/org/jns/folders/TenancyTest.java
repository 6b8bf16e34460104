// SPDX-License-Identifier: Apache-2.0
package org.jns.folders;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.RecordingSyscalls;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.Lifetime;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TenancyTest {
    private static final String SESSION = "0123456789abcdef";

    private final RecordingSyscalls sys = new RecordingSyscalls();
    private final Tenancy tenancy = new Tenancy(sys, SESSION);
    private Fd own;

    @BeforeEach
    void prepare() {
        sys.directory("/own", 0700, 0, 0);
        own = sys.open(Optional.empty(), "/own", OpenAs.DIRECTORY, Walk.NO_LINKS);
        sys.transcript().clear();
    }

    @AfterEach
    void nothingStaysOpen() {
        tenancy.end();
        own.close();
        sys.assertClean();
    }

    private String begin(Lifetime lifetime) {
        sys.transcript().clear();
        return tenancy.begin(own, "tmp", lifetime).folder() + "\n" + sys.transcript();
    }

    @Test
    void whatIsKeptForEverIsNeitherHeldNorNoted() {
        assertEquals("tmp\nreadlink 3/.keep-tmp = ENOENT\n", begin(Lifetime.FOREVER));
    }

    /** [C8] */
    @Test
    void aNoteThatCannotBeMadeLeavesNoDraft() {
        sys.transcript().fail("replace", 1, 28);
        assertThrows(SyscallException.class, () -> tenancy.begin(own, "tmp", Lifetime.LOGOUT));
        assertEquals(List.of(), sys.names("/own"));
    }

    @Test
    void whatIsKeptUntilLogoutIsHeldAndNoted() {
        assertEquals(
                """
                tmp
                open 3/. DIRECTORY INSIDE = 4
                lock 4 shared
                readlink 3/.keep-tmp = ENOENT
                symlink 3/.new-* -> logout
                replace 3/.new-* .keep-tmp
                """,
                begin(Lifetime.LOGOUT));
    }

    @Test
    void theNextLoginOnlyNotesTheTimeWhenItIsReady() {
        begin(Lifetime.LOGOUT);
        tenancy.end();
        assertEquals(
                """
                tmp
                open 3/. DIRECTORY INSIDE = 4
                lock 4 shared
                readlink 3/.keep-tmp = logout
                """,
                begin(Lifetime.LOGOUT));
        sys.time(2_000_000);
        tenancy.end();
        assertEquals(2_000_000, sys.times(own, ".keep-tmp").content().seconds());
    }

    @Test
    void aSessionsFolderIsHeldAndHasItsName() {
        assertEquals(
                ".session-" + SESSION + "-tmp\nopen 3/. DIRECTORY INSIDE = 4\nlock 4 shared\n",
                begin(Lifetime.SESSION));
    }

    @Test
    void aBootsFolderHasItsNameAndNobodyRemovesIt() {
        sys.boot("b".repeat(32));
        assertEquals(".boot-" + "b".repeat(32) + "-tmp\nboot = " + "b".repeat(32) + "\n", begin(Lifetime.BOOT));
    }

    @ParameterizedTest
    @CsvSource({"logout, 30d", "30d, logout", "12h, 30d"})
    void anotherRuleIsNotedInOneStep(String before, String after) {
        begin(Lifetime.keep(before).orElseThrow());
        begin(Lifetime.keep(after).orElseThrow());
        assertEquals(after, sys.readLink(own, ".keep-tmp"));
        assertEquals(List.of(".keep-tmp"), sys.names("/own"));
    }

    @ParameterizedTest
    @CsvSource({"logout", "30d"})
    void forEverIsTheEndOfTheRecord(String before) {
        begin(Lifetime.keep(before).orElseThrow());
        begin(Lifetime.FOREVER);
        assertEquals(List.of(), sys.names("/own"));
    }

    @Test
    void whatIsHeldIsHeldUntilTheEndAndNoLonger() {
        begin(Lifetime.LOGOUT);
        begin(Lifetime.SESSION);
        sys.directory("/own/.session-" + SESSION + "-tmp", 0700, 0, 0);
        sys.transcript().clear();
        tenancy.end();
        tenancy.end();
        assertEquals(
                "touch 4/.keep-tmp\nclose 4\ntouch 5/.session-" + SESSION + "-tmp\nclose 5\n",
                sys.transcript().toString());
    }

    @Test
    void aLockThatFailsLeavesNothingOpen() {
        sys.transcript().fail("lock", 1, Errno.EINVAL);
        assertThrows(SyscallException.class, () -> begin(Lifetime.LOGOUT));
        assertEquals(List.of(), sys.names("/own"));
    }
}
