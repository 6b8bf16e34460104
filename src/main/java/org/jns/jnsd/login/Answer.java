// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.List;
import java.util.Optional;
import org.jns.jnsd.views.Ledger;
import org.jns.linux.Fd;
import org.jns.model.Subject;
import org.jns.wire.Reply;
import org.jns.wire.Request;

/**
 * How one login is answered, and what the log says of it.
 *
 * @param subject empty if there is none of that name
 * @param passed goes with the reply: of {@link Reply.Granted} the view's namespaces, of {@link Reply.Host} the host's; the mount namespace first
 * @param opened of these, what was opened for this answer alone
 * @param given there if and only if the reply is {@link Reply.Granted}
 * @param cause why there is no view although there should be one; empty where there should be none, or there is one
 * @param rules names of the rules that are for this login
 * @param notes what is no reason to warn
 */
public record Answer(
        Request.Open request,
        Optional<Subject> subject,
        Reply reply,
        List<Fd> passed,
        List<Fd> opened,
        Optional<Ledger.Given> given,
        Optional<Cause> cause,
        List<String> rules,
        List<String> warnings,
        List<String> notes) {

    /** It is handed over: whoever keeps it for others closes it, and what is nobody else's is closed here. */
    void close() {
        for (Fd file : opened) {
            file.close();
        }
        if (given.isPresent() && !given.get().view().isShared()) {
            given.get().namespaces().close();
        }
    }

    public static Answer refused(Request.Open request, Optional<Subject> subject, Cause cause, String why, List<String> rules) {
        Reply reply = new Reply.Refused(why);
        return new Answer(request, subject, reply, List.of(), List.of(), Optional.empty(), Optional.of(cause), rules, List.of(), List.of());
    }

    /**
     * @param back the host's namespaces of other kinds that the session comes out to
     */
    static Answer granted(Request.Open request, Subject subject, Ledger.Given given, List<Fd> back, List<String> rules, List<String> notes) {
        List<Fd> passed = given.namespaces().all();
        passed.addAll(back);
        Reply reply = new Reply.Granted(given.session().id(), String.join("; ", given.warnings()));
        return new Answer(request, Optional.of(subject), reply, passed, back, Optional.of(given), Optional.empty(), rules, given.warnings(), notes);
    }
}
