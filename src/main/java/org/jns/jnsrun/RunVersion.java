// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import picocli.CommandLine.IVersionProvider;

/** The version of the jar. */
final class RunVersion implements IVersionProvider {

    @Override
    public String[] getVersion() {
        String version = RunVersion.class.getPackage().getImplementationVersion();
        return new String[] {"jnsrun, jns " + (version == null ? "(not installed)" : version)};
    }
}
