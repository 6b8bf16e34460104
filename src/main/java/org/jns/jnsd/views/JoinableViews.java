// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import java.util.List;
import java.util.Optional;
import org.jns.linux.Namespaces;
import org.jns.state.View;

/** The existing views, as a login finds them. */
public interface JoinableViews {

    /** A view that sessions share, with its namespaces, which the owner of this collection closes. */
    record JoinedView(View view, Namespaces namespaces) {}

    /**
     * Returns the view with that key. From now on the session is in it, and the view stays until {@link #leave}.
     *
     * @param key not empty
     */
    Optional<JoinedView> join(long uid, String key, String session);

    /**
     * Adds a new view with one session.
     *
     * @param namespaces if sessions share the view, they belong to the callee from now on
     */
    void add(View view, Namespaces namespaces, String session);

    /**
     * A view that this session has joined is damaged: the session is removed from it, and no other joins it from now
     * on.
     */
    void excludeDamaged(JoinedView shared, String session);

    /** Whether the view is known without reading a file. */
    boolean knows(String id);

    /**
     * Adds a view that another process has just made; does nothing if it is known.
     *
     * @param namespaces belong to the callee from now on
     */
    void meet(View view, Namespaces namespaces);

    /** Removes the session from the view. */
    void leave(String view, String session);

    /** All views made for the user under that name. */
    List<View> ofUser(String name);

    /**
     * The view with that mount namespace, if any has it.
     *
     * @param namespace its inode
     */
    Optional<View> of(long namespace);

    /**
     * Whether a session without a record is remembered here. If it is not, nothing lists the session, or ends its view
     * after it.
     */
    boolean isResident();

    /** Whether there may be views with more namespaces than their mounts. */
    boolean mayHaveOthers();
}
