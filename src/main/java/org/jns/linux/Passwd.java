// SPDX-License-Identifier: Apache-2.0
package org.jns.linux;

/** One entry of the user database. */
public record Passwd(String name, long uid, long gid, String home, String shell) {}
