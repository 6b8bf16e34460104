// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.enable;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.pam.StackFiles;
import org.jns.jnsctl.pam.StackText;
import org.jns.model.Printable;

/** Removes the module's lines from all changeable files of PAM, and says why the others cannot be changed. */
public final class Removal {
    private final StackFiles files;
    private final List<String> changed = new ArrayList<>();
    private final List<String> failed = new ArrayList<>();

    public Removal(StackFiles files) {
        this.files = files;
    }

    /** From the file of a service in one of the folders. */
    public void ofService(String service) {
        String name = StackFiles.checked(service);
        attempt(() -> {
            String text = files.text(name)
                    .orElseThrow(() ->
                            new Host.Failure("there is no service " + Printable.of(name) + " in " + Enable.STACKS));
            if (StackText.hasModule(text)) {
                files.write(name, StackText.without(text));
                changed.add(name);
            }
        });
    }

    /** From an included file that belongs to no service. */
    public void ofFile(Path included) {
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

    public List<String> changed() {
        return changed;
    }

    /**
     * Throws if a file could not be changed; the message names all of those, and the files that were changed
     * nevertheless.
     */
    public void mustBeWhole() {
        if (!failed.isEmpty()) {
            String rest =
                    changed.isEmpty() ? "" : "; took pam_jns.so out of " + String.join(", ", changed) + " nevertheless";
            throw new Host.Failure(String.join("; ", failed) + rest);
        }
    }
}
