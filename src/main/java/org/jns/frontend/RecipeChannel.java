// SPDX-License-Identifier: Apache-2.0
package org.jns.frontend;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.linux.Fd;
import org.jns.linux.Sockets;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.recipe.Invocation;
import org.jns.wire.Codec;
import org.jns.wire.Reply;

/** Reads a command line from a connection and answers it. */
public final class RecipeChannel {
    /** Above the kernel's limit for a program's arguments, execve(2). */
    private static final int MOST_BYTES = 8 << 20;

    private final Syscalls sys;
    private final Sockets sockets;

    public RecipeChannel(Syscalls sys, Sockets sockets) {
        this.sys = sys;
        this.sockets = sockets;
    }

    /**
     * The command line in the file.
     *
     * @throws SyscallException if it cannot be read
     */
    public Invocation read(Fd file) throws Invocation.Unreadable {
        if (!sys.stat(file).isRegular()) {
            throw new Invocation.Unreadable("it is no file");
        }
        byte[] bytes = sys.read(file, MOST_BYTES);
        if (bytes.length == MOST_BYTES) {
            throw new Invocation.Unreadable("it is too long");
        }
        return Invocation.read(bytes);
    }

    /** Sends the response, and closes its files. */
    public void answer(Fd connection, Response response) {
        if (response instanceof Response.Refuse refuse) {
            sockets.send(connection, Codec.encode(new Reply.Refused(refuse.why())), Optional.empty());
            return;
        }
        Response.Do what = (Response.Do) response;
        try (Fd recipe = sockets.memory("recipe", what.recipe().encode())) {
            List<Fd> files = new ArrayList<>();
            files.add(recipe);
            files.addAll(what.files());
            sockets.send(connection, Codec.encode(new Reply.Recipe()), files);
        } finally {
            for (Fd file : what.files()) {
                file.close();
            }
        }
    }
}
