// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.List;
import java.util.Optional;
import org.jns.linux.Namespaces;
import org.jns.state.Session;
import org.jns.state.View;

/** The views that there are, as who enters one looks for it. Nothing inside a view is asked: they are records and pins of root's own. */
public interface Views {

    List<View> ofUser(String name);

    Optional<View> view(String id);

    /** Those that are open. */
    List<Session> sessions();

    Optional<Session> session(String id);

    /** All of the view's namespaces; empty if one of the pins is gone. They are the caller's to close. */
    Optional<Namespaces> open(View view);
}
