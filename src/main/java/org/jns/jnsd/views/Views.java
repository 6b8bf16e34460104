// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.views;

import java.util.List;
import java.util.Optional;
import org.jns.linux.Namespaces;
import org.jns.state.View;

/** The views that there are, as a login meets them. */
public interface Views {

    /** A view that sessions share, with its namespaces, which whoever keeps the views closes. */
    record Shared(View view, Namespaces namespaces) {}

    /**
     * The view of that key. From now on the session is in it, and it stays until {@link #leave}.
     *
     * @param key not empty
     */
    Optional<Shared> join(long uid, String key, String session);

    /**
     * There is a new view, with one session in it.
     *
     * @param namespaces are the callee's from now on if sessions share the view
     */
    void add(View view, Namespaces namespaces, String session);

    /** A view that this session has joined is not whole: the session is not in it, and no other joins it from now on. */
    void spoil(Shared shared, String session);

    /** Whether nothing has to be read to know of the view. */
    boolean knows(String id);

    /**
     * A view that somebody else has just made; nothing changes if it is known.
     *
     * @param namespaces are the callee's from now on
     */
    void meet(View view, Namespaces namespaces);

    /** The session is not in the view any more. */
    void leave(String view, String session);

    /** All of the user's, by the name that they were made for. */
    List<View> ofUser(String name);

    /**
     * The view of that mount namespace, if it is one's.
     *
     * @param namespace its inode
     */
    Optional<View> of(long namespace);

    /** Whether a session is known here that could not be written down. Otherwise nobody would list it, nor end its view with it. */
    boolean remembers();

    /** Whether there may be views with more of their own than mounts. */
    boolean mayHaveOthers();
}
