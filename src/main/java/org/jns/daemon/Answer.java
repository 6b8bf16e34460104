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
 * @param namespace goes with the reply: of {@link Reply.Granted} the view, which the caller closes; of {@link Reply.Host} the host's, which it
 *     does not; otherwise empty
 * @param rules names of the rules that are for this login
 * @param notes what is no reason to warn
 */
record Answer(
        Request.Open request,
        Optional<Subject> subject,
        Reply reply,
        Optional<Fd> namespace,
        List<String> rules,
        int mounts,
        List<String> warnings,
        List<String> notes) {

    static Answer without(Request.Open request, Optional<Subject> subject, Reply reply, List<String> rules) {
        return new Answer(request, subject, reply, Optional.empty(), rules, 0, List.of(), List.of());
    }
}
