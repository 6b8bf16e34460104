// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd;

import org.jns.jnsd.login.Answer;
import org.jns.jnsd.login.Served;
import org.jns.jnsd.views.Ledger;
import org.jns.model.Printable;
import org.jns.model.Subject;
import org.jns.state.View;
import org.jns.wire.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Writes the one line that each login leaves in the journal. */
final class LoginLog implements Served.Receiver {
    private static final Logger LOG = LoggerFactory.getLogger(LoginLog.class);

    @Override
    public void abandoned(Served.Abandoned abandoned) {
        String user = Printable.of(abandoned.answer().request().user());
        LOG.atWarn()
                .addKeyValue("EVENT", "abandoned")
                .addKeyValue("REASON", abandoned.why())
                .log("{}: the client disconnected before the reply was sent: {}", user, abandoned.why());
    }

    @Override
    public void entered(Served.Entered entered) {
        if (entered.view().isEmpty()) {
            return;
        }
        View view = entered.view().get();
        LOG.atInfo()
                .addKeyValue("EVENT", "entered")
                .addKeyValue("USER", view.user())
                .addKeyValue("UID", view.uid())
                .addKeyValue("VIEW", view.id())
                .log(
                        "{}: pid {} of root enters view {} from outside",
                        Printable.of(view.user()),
                        entered.peer().pid(),
                        view.id());
    }

    @Override
    public void hangs(Served.Hangs hangs) {
        if (hangs.logins() == 0) {
            LOG.atWarn().addKeyValue("EVENT", "answers").log("{} answers again", hangs.place());
            return;
        }
        LOG.atError()
                .addKeyValue("EVENT", "hangs")
                .log(
                        "{} does not answer: {} logins hang there, and others are refused until it does",
                        hangs.place(),
                        hangs.logins());
    }

    @Override
    public void dropped(Served.Dropped dropped) {
        LOG.atWarn()
                .addKeyValue("EVENT", "dropped")
                .addKeyValue("REASON", dropped.why())
                .log("{}", dropped.why());
    }

    @Override
    public void login(Served.Login login) {
        Answer answer = login.answer();
        String who = who(answer);
        String service = Printable.of(answer.request().service());
        if (answer.given().isPresent()) {
            Ledger.Given given = answer.given().get();
            int mounts = given.view().shown().size();
            LoggingEventBuilder line = answer.warnings().isEmpty() ? LOG.atInfo() : LOG.atWarn();
            fields(line, "login", login)
                    .addKeyValue("SESSION", given.session().id())
                    .addKeyValue("VIEW", given.view().id())
                    .addKeyValue("JOINED", given.joined())
                    .addKeyValue("NAMESPACE", given.view().namespace())
                    .addKeyValue("MOUNTS", mounts)
                    .log(
                            "{} by {}: {}rules {}, mounts {}, {} us{}{}",
                            who,
                            service,
                            given.joined() ? "joined, " : "",
                            String.join(",", answer.rules()),
                            mounts,
                            login.micros(),
                            given.warnings().isEmpty() ? "" : "; " + String.join("; ", given.warnings()),
                            answer.notes().isEmpty() ? "" : "; " + String.join("; ", answer.notes()));
        } else if (answer.reply() instanceof Reply.Refused refused) {
            fields(LOG.atError(), "refused", login)
                    .addKeyValue("REASON", refused.reason())
                    .log("{} by {} refused: {}", who, service, refused.reason());
        } else if (answer.reply() instanceof Reply.NotIsolated notIsolated) {
            notIsolated(login, notIsolated.reason(), who + " by " + service + " not isolated");
        } else if (answer.reply() instanceof Reply.Host host) {
            notIsolated(login, host.reason(), who + " by " + service + " not isolated, and back in the host's view");
        }
    }

    /** The name that the login used, followed by the user's main name if that is another. */
    private static String who(Answer answer) {
        String typed = answer.request().user();
        String user = answer.subject().map(Subject::user).orElse(typed);
        return Printable.of(typed) + (user.equals(typed) ? "" : " (" + Printable.of(user) + ")");
    }

    private static void notIsolated(Served.Login login, String reason, String what) {
        LoggingEventBuilder line = login.answer().warnings().isEmpty() ? LOG.atInfo() : LOG.atWarn();
        fields(line, "not-isolated", login).addKeyValue("REASON", reason).log("{}: {}", what, reason);
    }

    private static LoggingEventBuilder fields(LoggingEventBuilder line, String event, Served.Login login) {
        Answer answer = login.answer();
        LoggingEventBuilder filled = line.addKeyValue("EVENT", event)
                .addKeyValue(
                        "USER",
                        answer.subject()
                                .map(Subject::user)
                                .orElse(answer.request().user()))
                .addKeyValue("LOGIN", answer.request().user())
                .addKeyValue("SERVICE", answer.request().service())
                .addKeyValue("TTY", answer.request().tty())
                .addKeyValue("RULES", String.join(",", answer.rules()))
                .addKeyValue("MICROSECONDS", login.micros());
        return answer.subject().isPresent()
                ? filled.addKeyValue("UID", answer.subject().get().uid())
                : filled;
    }

    /** Logged by the process that began the session. */
    @Override
    public void adopted(Served.Adopted adopted) {}

    /** The answer to the request is logged where it is made. */
    @Override
    public void asked(Served.Asked asked) {}

    /** The requests of users are limited, and logged by {@link org.jns.jnsd.owners.OwnerConnections}. */
    @Override
    public void ownerConnection(Served.OwnerConnection ownerConnection) {}

    /** As an owner connection. */
    @Override
    public void commandView(Served.CommandView commandView) {}
}
