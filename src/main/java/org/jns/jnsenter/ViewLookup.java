// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsenter;

import java.util.List;
import java.util.Optional;
import org.jns.linux.Namespaces;
import org.jns.state.Session;
import org.jns.state.View;

/**
 * The existing views, for a caller who enters one. They are root-owned records and pins; nothing inside a view is
 * asked.
 */
public interface ViewLookup {

    List<View> ofUser(String name);

    Optional<View> view(String id);

    /** The open sessions. */
    List<Session> sessions();

    Optional<Session> session(String id);

    /** All of the view's namespaces; empty if one of the pins is missing. The caller closes them. */
    Optional<Namespaces> open(View view);
}
