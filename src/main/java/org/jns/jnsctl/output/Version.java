// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.output;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar. */
public final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = Version.class.getPackage().getImplementationVersion();
        return new String[] {"jns " + (version == null ? "(not installed)" : version)};
    }
}
