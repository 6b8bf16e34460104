// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jns.model.Printable;

/** Takes the module out of all files of PAM that can be changed, and says why the others cannot. */
final class Removal {
    private final StackFiles files;
    private final List<String> changed = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    Removal(StackFiles files) {
        this.files = files;
    }

    /** Of a service that has a file in one of the folders. */
    void ofService(String service) {
        String name = StackFiles.checked(service);
        attempt(() -> {
            String text = files.text(name).orElseThrow(() -> new Host.Failure("there is no service " + Printable.of(name) + " in " + Enable.STACKS));
            if (StackText.hasModule(text)) {
                files.write(name, StackText.without(text));
                changed.add(name);
            }
        });
    }

    /** Of a file that is no service's, but included. */
    void ofFile(Path included) {
        attempt(() -> {
            if (files.takeOut(included)) {
                changed.add(included.toString());
            }
        });
    }

    private void attempt(Runnable action) {
        try {
            action.run();
        } catch (Host.Failure e) {
            failed.add(e.getMessage());
        }
    }

    List<String> changed() {
        return changed;
    }

    /** Throws if a file could not be changed; the message names all of those, and what was changed nevertheless. */
    void mustBeWhole() {
        if (!failed.isEmpty()) {
            String rest = changed.isEmpty() ? "" : "; took pam_jns.so out of " + String.join(", ", changed) + " nevertheless";
            throw new Host.Failure(String.join("; ", failed) + rest);
        }
    }
}
