// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The files of all services. If two folders have a file of one name, PAM takes the admin's.
 *
 * @param byName under the name that services and includes use: a name for a file of the folders, a path for any other
 */
public record PamFiles(Map<String, PamFile> byName) {

    public PamFiles {
        byName = new TreeMap<>(byName);
    }

    public Optional<PamFile> file(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public Collection<PamFile> all() {
        return byName.values();
    }

    /** Names of files that these files include and that are not among them. */
    public TreeSet<String> wanted() {
        TreeSet<String> wanted = new TreeSet<>();
        for (PamFile file : all()) {
            for (PamLine line : file.lines()) {
                if (line instanceof PamLine.Include include && !byName.containsKey(include.file())) {
                    wanted.add(include.file());
                }
            }
        }
        return wanted;
    }

    /** Whether a session by the service calls the module. */
    public boolean hasModule(String service) {
        return !PamStack.of(this, service).callsOf(PamAdvice.MODULE).isEmpty();
    }

    /** These files, with another file of that name. */
    public PamFiles with(String name, PamFile file) {
        Map<String, PamFile> changed = new TreeMap<>(byName);
        changed.put(name, file);
        return new PamFiles(changed);
    }
}
