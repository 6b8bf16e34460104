// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/** A question was not asked, because earlier logins hang in it. */
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
