// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.AbsPath;

/**
 * One of the folders of jns.
 *
 * @param mode without the type bits
 * @param isReadOnly whether nothing can be written there
 * @param free free bytes of the file system, in percent
 * @param freeInodes free files of the file system, in percent
 */
public record Folder(
        AbsPath path, boolean isDirectory, long uid, int mode, boolean isReadOnly, int free, int freeInodes, Use use) {

    /** What it contains. */
    public enum Use {
        STATE("no login can be written down, and a login without the daemon is refused"),
        PRIVATE("users without private folders are refused");

        private final String withoutRoom;

        Use(String withoutRoom) {
            this.withoutRoom = withoutRoom;
        }
    }

    private static final int LITTLE = 5;
    private static final String ABOUT = "folders";
    private static final int GROUP_AND_OTHERS = 077;

    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (!isDirectory) {
            findings.add(Finding.error(
                    ABOUT, path + " is no folder: the daemon cannot start", "look at what it is, then: rm " + path));
        } else if (uid != 0 || (mode & GROUP_AND_OTHERS) != 0) {
            String owner = uid == 0 ? "" : "belongs to uid " + uid;
            String open = (mode & GROUP_AND_OTHERS) == 0
                    ? ""
                    : "is open to others (mode " + Integer.toOctalString(mode) + ")";
            String both = owner + (owner.isEmpty() || open.isEmpty() ? "" : " and ") + open;
            findings.add(Finding.error(
                    ABOUT,
                    path + " " + both + ": the daemon does not start with it",
                    "look at what is in it, then: chown root:root " + path + " && chmod 700 " + path));
        } else if (isReadOnly) {
            findings.add(Finding.error(
                    ABOUT,
                    "nothing can be written to " + path + ": its file system is read-only",
                    "mount -o remount,rw on it, or set another folder in /etc/jns/jns.conf"));
        } else {
            room(free, "room", "df " + path + "; du -sh " + path + "/* | sort -h", findings);
            room(freeInodes, "inodes", "df -i " + path + "; du --inodes -s " + path + "/* | sort -n", findings);
        }
        return findings;
    }

    /** @param complaint the error with its remedy */
    public static Finding isElsewhere(String complaint) {
        return Finding.error(ABOUT, complaint, "");
    }

    private void room(int hundredths, String what, String mend, List<Finding> findings) {
        String where = "the file system of " + path;
        if (hundredths < 1) {
            findings.add(Finding.error(ABOUT, where + " has no " + what + " left: " + use.withoutRoom, mend));
        } else if (hundredths < LITTLE) {
            findings.add(Finding.warning(ABOUT, where + " has " + hundredths + " % of its " + what + " left", mend));
        }
    }
}
