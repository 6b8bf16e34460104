// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.List;

/**
 * The result of an import.
 *
 * @param rules the text of a rules file, which the reader of rules accepts
 * @param remarks in the order of their lines
 */
public record Imported(String rules, List<Remark> remarks) {

    public Imported {
        remarks = List.copyOf(remarks);
    }

    /** Whether the meaning of some line is lost. */
    public boolean isIncomplete() {
        return remarks.stream().anyMatch(Remark::lost);
    }
}
