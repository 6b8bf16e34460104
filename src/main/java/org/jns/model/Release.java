// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

/** The release of jns that this code is from. */
public final class Release {
    private Release() {}

    /**
     * The version in the manifest of the jar.
     *
     * @param otherwise the result if the code is not in a jar
     */
    public static String version(String otherwise) {
        String version = Release.class.getPackage().getImplementationVersion();
        return version == null ? otherwise : version;
    }
}
