// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.NamespaceKind;

/**
 * A mount namespace, and the namespaces of other kinds that go with it, open.
 *
 * @param others at most one of each kind, in the kinds' order
 */
public record Namespaces(Fd mounts, List<Other> others) implements AutoCloseable {

    /** A namespace of another kind. */
    public record Other(NamespaceKind kind, Fd file) {}

    public Namespaces {
        others = List.copyOf(others);
    }

    public static Namespaces only(Fd mounts) {
        return new Namespaces(mounts, List.of());
    }

    /** The mount namespace first. */
    public List<Fd> all() {
        List<Fd> all = new ArrayList<>();
        all.add(mounts);
        for (Other other : others) {
            all.add(other.file());
        }
        return all;
    }

    @Override
    public void close() {
        for (Fd file : all()) {
            file.close();
        }
    }
}
