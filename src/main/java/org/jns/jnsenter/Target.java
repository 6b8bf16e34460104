// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import org.jns.recipe.Raw;

/** The view, process or namespace to enter. */
sealed interface Target {

    /** The view of a user. */
    record User(String name) implements Target {}

    /** The view that a session is in. */
    record Session(String id) implements Target {}

    /** A view by its id, for views without a session. */
    record View(String id) implements Target {}

    /** The main process of a unit of the service manager. */
    record Unit(String name) implements Target {}

    /**
     * A process.
     *
     * @param inode of its pidfd, as text; "0": any process with that number
     */
    record Process(String pid, String inode) implements Target {}

    /**
     * A single namespace.
     *
     * @param path raw
     */
    record File(String path) implements Target {}

    /** The host, outside of all views. */
    record Host() implements Target {}

    /** Named only by options. */
    record None() implements Target {}

    /**
     * @param operand raw
     */
    static Target parse(String operand) throws Getopt.Misuse {
        String text = Raw.read(operand);
        if (operand.indexOf('/') >= 0) {
            return new File(operand);
        }
        if (isNumber(operand)) {
            return process(operand);
        }
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "user" : text.substring(0, colon);
        String name = text.substring(colon + 1);
        if (name.isEmpty()) {
            throw new Getopt.Misuse("cannot enter '" + text + "': there is no name in it");
        }
        return switch (kind) {
            case "user" -> new User(name);
            case "session" -> new Session(name);
            case "view" -> new View(name);
            case "unit" -> new Unit(name);
            case "pid" -> process(name);
            default ->
                throw new Getopt.Misuse("cannot enter '" + text
                        + "': it is none of USER, session:ID, unit:NAME, pid:NUMBER and a path");
        };
    }

    /** {@code NUMBER[:INODE]}. */
    static Process process(String text) throws Getopt.Misuse {
        int colon = text.indexOf(':');
        String pid = colon < 0 ? text : text.substring(0, colon);
        String inode = colon < 0 ? "0" : text.substring(colon + 1);
        boolean good =
                isNumber(pid) && pid.length() <= 9 && !pid.equals("0") && isNumber(inode) && inode.length() <= 18;
        if (!good) {
            throw new Getopt.Misuse("'" + Raw.read(text) + "' is not the number of a process, with or without :INODE");
        }
        return new Process(pid, inode);
    }

    private static boolean isNumber(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }
}
