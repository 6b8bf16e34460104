// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/** Something was not asked, because logins hang that asked it before. */
public final class NotAnswering extends SyscallException {
    private static final long serialVersionUID = 1L;

    private final String why;

    NotAnswering(String what, String why) {
        super("open", what, Errno.ETIMEDOUT);
        this.why = why;
    }

    @Override
    public String getMessage() {
        return why;
    }
}
