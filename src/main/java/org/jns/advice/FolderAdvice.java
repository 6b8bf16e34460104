// SPDX-License-Identifier: Apache-2.0
package org.jns.advice;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jns.config.Settings;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.model.Position;
import org.jns.model.Problem;
import org.jns.rules.ini.StrictIni;

/** Checks whether other users than root could replace the folders of jns. */
public final class FolderAdvice {

    private FolderAdvice() {}

    /** Returns only warnings, at the position of the setting. */
    public static List<Problem> on(Settings.Loaded loaded, Syscalls sys) {
        List<Problem> problems = new ArrayList<>();
        Settings settings = loaded.settings();
        check("state", settings.state(), loaded, sys).ifPresent(problems::add);
        check("instances", settings.instances(), loaded, sys).ifPresent(problems::add);
        return problems;
    }

    private static Optional<Problem> check(String key, AbsPath path, Settings.Loaded loaded, Syscalls sys) {
        for (AbsPath folder = path; ; folder = folder.parent()) {
            if (isOthers(folder, sys)) {
                String where = folder.equals(path) ? "" : ", which holds " + path;
                return Optional.of(Problem.warning(
                        place(key, loaded),
                        "somebody other than root can change " + folder + where
                                + ": choose a folder that root alone can change"));
            }
            if (folder.isRoot()) {
                return Optional.empty();
            }
        }
    }

    /** Ignores folders that are missing or unreadable: the daemon makes the former and reports the latter. */
    private static boolean isOthers(AbsPath folder, Syscalls sys) {
        try (Fd file = sys.open(Optional.empty(), folder.value(), OpenAs.PATH, Walk.NO_LINKS)) {
            return !sys.stat(file).isRootOnly();
        } catch (SyscallException e) {
            return false;
        }
    }

    private static Position place(String key, Settings.Loaded loaded) {
        Position start = new Position(Settings.FILE.value(), 1, 1);
        if (loaded.source().isEmpty()) {
            return start;
        }
        for (StrictIni.Section section : StrictIni.read(loaded.source().get()).sections()) {
            if (section.entries().containsKey(key)) {
                return section.entries().get(key).value().at();
            }
        }
        return start;
    }
}
