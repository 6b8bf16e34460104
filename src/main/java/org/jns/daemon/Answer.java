// SPDX-License-Identifier: Apache-2.0
package org.jns.daemon;

import java.util.List;
import java.util.Optional;
import org.jns.model.Subject;
import org.jns.sys.Fd;
import org.jns.wire.Reply;
import org.jns.wire.Request;

/**
 * How one login is answered, and what the log says of it.
 *
 * @param subject empty if there is none of that name
 * @param namespace goes with the reply: of {@link Reply.Granted} the view, of {@link Reply.Host} the host's; it is others' to close
 * @param given there if and only if the reply is {@link Reply.Granted}
 * @param rules names of the rules that are for this login
 * @param notes what is no reason to warn
 */
record Answer(
        Request.Open request,
        Optional<Subject> subject,
        Reply reply,
        Optional<Fd> namespace,
        Optional<Ledger.Given> given,
        List<String> rules,
        List<String> warnings,
        List<String> notes) {

    static Answer without(Request.Open request, Optional<Subject> subject, Reply reply, List<String> rules) {
        return new Answer(request, subject, reply, Optional.empty(), Optional.empty(), rules, List.of(), List.of());
    }

    static Answer granted(Request.Open request, Subject subject, Ledger.Given given, List<String> rules, List<String> notes) {
        Reply reply = new Reply.Granted(given.session().id(), String.join("; ", given.warnings()));
        return new Answer(request, Optional.of(subject), reply, Optional.of(given.namespace()), Optional.of(given), rules, given.warnings(), notes);
    }
}
