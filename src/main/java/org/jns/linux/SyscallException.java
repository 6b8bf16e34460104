// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/** A failed system call. It has no stack trace, because it is a value in a login's outcome, and logins may be many. */
public class SyscallException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String call;
    private final String object;
    private final int errno;

    public SyscallException(String call, String object, int errno) {
        super(null, null, false, false);
        this.call = call;
        this.object = object;
        this.errno = errno;
    }

    public String call() {
        return call;
    }

    public String object() {
        return object;
    }

    public int errno() {
        return errno;
    }

    /** Throws this, unless that is the error. */
    public void unless(int expected) {
        if (errno != expected) {
            throw this;
        }
    }

    /** {@code Permission denied (move_mount /tmp)}. */
    @Override
    public String getMessage() {
        return Errno.text(errno) + " (" + call + (object.isEmpty() ? "" : " " + object) + ")";
    }
}
