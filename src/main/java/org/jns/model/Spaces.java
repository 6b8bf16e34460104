// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The namespaces of other kinds of a view.
 *
 * @param wanted one of each kind, in the kinds' order
 * @param hostname of the uts namespace; empty: it begins with the host's
 */
public record Spaces(List<Wanted> wanted, Optional<String> hostname) {
    public static final Spaces NONE = new Spaces(List.of(), Optional.empty());

    /** @param origin the first rule that asks for it */
    public record Wanted(NamespaceKind kind, Origin origin) {}

    public Spaces {
        wanted = List.copyOf(wanted);
    }

    public boolean isEmpty() {
        return wanted.isEmpty();
    }

    public boolean has(NamespaceKind kind) {
        for (Wanted one : wanted) {
            if (one.kind() == kind) {
                return true;
            }
        }
        return false;
    }

    public List<NamespaceKind> kinds() {
        List<NamespaceKind> kinds = new ArrayList<>();
        for (Wanted one : wanted) {
            kinds.add(one.kind());
        }
        return kinds;
    }
}
