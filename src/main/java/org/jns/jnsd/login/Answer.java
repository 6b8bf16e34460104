// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.login;

import java.util.List;
import java.util.Optional;
import org.jns.jnsd.views.Ledger;
import org.jns.linux.Fd;
import org.jns.model.Cause;
import org.jns.model.Subject;
import org.jns.wire.Reply;
import org.jns.wire.Request;

/**
 * The outcome of one login: the reply to the PAM module and what the log says about it.
 *
 * @param subject empty if no user has that name
 * @param passed the namespaces sent with the reply, the mount namespace first: the view's for {@link Reply.Granted},
 *     the host's for {@link Reply.Host}
 * @param opened those of them that were opened for this answer alone
 * @param given present if and only if the reply is {@link Reply.Granted}
 * @param cause why the session lacks the view that it should have; empty if it has a view, or should have none
 * @param rules names of the rules that apply to this login
 * @param notes informational messages, logged but not shown to the user
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

    /** Closes what only this answer holds. The answer may be passed on: an owner that keeps it closes it. */
    void close() {
        for (Fd file : opened) {
            file.close();
        }
        if (given.isPresent() && !given.get().view().isShared()) {
            given.get().namespaces().close();
        }
    }

    public static Answer refused(
            Request.Open request, Optional<Subject> subject, Cause cause, String why, List<String> rules) {
        Reply reply = new Reply.Refused(why);
        return new Answer(
                request,
                subject,
                reply,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of(cause),
                rules,
                List.of(),
                List.of());
    }

    /** @param back the host's namespaces to which the session returns, other than the mount namespace */
    static Answer granted(
            Request.Open request,
            Subject subject,
            Ledger.Given given,
            List<Fd> back,
            List<String> rules,
            List<String> notes) {
        List<Fd> passed = given.namespaces().all();
        passed.addAll(back);
        Reply reply = new Reply.Granted(given.session().id(), String.join("; ", given.warnings()));
        return new Answer(
                request,
                Optional.of(subject),
                reply,
                passed,
                back,
                Optional.of(given),
                Optional.empty(),
                rules,
                given.warnings(),
                notes);
    }
}
