// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LoginUidTest {
    private static final long NONE = 0xffffffffL;

    @Test
    @DisplayName("[B9] the login uid of a process is the kernel's word, and none is none")
    void isAsTheKernelHasIt() throws IOException {
        LinuxSyscalls sys = new LinuxSyscalls(LinuxSyscalls.openProc());
        Path file = Path.of("/proc/self/loginuid");
        long uid = Files.exists(file) ? Long.parseLong(Files.readString(file).trim()) : NONE;
        assertEquals(uid == NONE ? OptionalLong.empty() : OptionalLong.of(uid), sys.loginUid((int)
                ProcessHandle.current().pid()));
        assertEquals(OptionalLong.empty(), sys.loginUid(Integer.MAX_VALUE));
    }
}
