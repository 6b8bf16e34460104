// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import java.util.List;
import java.util.Optional;
import org.jns.model.Lifetime;
import org.jns.model.Printable;
import org.jns.rules.ini.Problems;
import org.jns.rules.ini.SourceSpan;
import org.jns.rules.ini.StrictIni;
import org.jns.rules.ini.Words;

/** Reads the {@code per} and {@code keep} of one rule. */
final class Lifetimes {

    private Lifetimes() {}

    /** The default after a problem. */
    static Lifetime read(Optional<StrictIni.Entry> per, Optional<StrictIni.Entry> keep, Problems problems) {
        boolean ofSession = per.isPresent()
                && Words.choice(per.get(), List.of("user", "session"), problems).equals("session");
        Lifetime lifetime = keep.isPresent() ? keep(keep.get().value(), problems) : Lifetime.FOREVER;
        if (!ofSession) {
            return lifetime;
        }
        if (keep.isPresent() && !lifetime.equals(Lifetime.LOGOUT)) {
            problems.error(
                    keep.get().value().at(),
                    "per = session ends with the session; take 'keep' out, or say keep = logout");
        }
        return Lifetime.SESSION;
    }

    private static Lifetime keep(SourceSpan value, Problems problems) {
        Optional<Lifetime> lifetime = Lifetime.keep(value.text());
        if (lifetime.isEmpty()) {
            problems.error(
                    value.at(),
                    "'" + Printable.of(value.text())
                            + "' is no lifetime (expected logout, boot, forever, or a time in minutes, hours or days such as 90m, 12h, 30d)");
        }
        return lifetime.orElse(Lifetime.FOREVER);
    }
}
