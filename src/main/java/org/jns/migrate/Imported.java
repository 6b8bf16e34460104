// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.List;

/**
 * What came out of an import.
 *
 * @param rules the text of a rules file, which the reader of rules takes without an error
 * @param remarks in the order of the lines that they are about
 */
public record Imported(String rules, List<Remark> remarks) {

    public Imported {
        remarks = List.copyOf(remarks);
    }

    /** Whether some line means something that no rule says now. */
    public boolean isIncomplete() {
        return remarks.stream().anyMatch(Remark::lost);
    }
}
