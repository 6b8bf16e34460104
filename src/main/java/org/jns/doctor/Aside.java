// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.List;
import org.jns.model.AbsPath;

/**
 * Private folders of users whose uid belongs to another user now. They are kept, and nothing removes them.
 *
 * @param base the folder that contains them
 * @param names their names
 */
public record Aside(AbsPath base, List<String> names) {
    public List<Finding> findings() {
        if (names.isEmpty()) {
            return List.of();
        }
        String some = names.size() == 1
                ? "the private folders of a user whose uid is another's now are in "
                : "those of users whose uids are others' now are in ";
        return List.of(Finding.note(
                "folders",
                some + base + "/" + names.get(0)
                        + (names.size() == 1 ? "" : " and " + (names.size() - 1) + " more next to it"),
                "look at what is in it, keep what is wanted, then: rm -r " + base
                        + "/aside-*; if it is the same person under a new name, and logged out: mv " + base
                        + "/aside-UID-NUMBER " + base + "/UID, in place of what is there, and ln -sfn NAME " + base
                        + "/UID/owner"));
    }
}
