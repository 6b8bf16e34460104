// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import java.util.ArrayList;
import java.util.List;
import org.jns.apply.HookAdvice;
import org.jns.apply.LoaderAdvice;
import org.jns.apply.VolumeAdvice;
import org.jns.config.Advice;
import org.jns.config.FolderAdvice;
import org.jns.config.RulesFolder;
import org.jns.config.Settings;
import org.jns.config.TrustedFiles;
import org.jns.model.Position;
import org.jns.model.Problem;
import org.jns.model.RuleSet;
import org.jns.sys.NameService;

/**
 * What a daemon that starts now would read, and what there is to say about it.
 *
 * @param readable the rules that could be read, whatever is wrong with the others
 * @param problems with the settings and the files, and advice; also that the rules in force are not those in the files
 */
record InstalledRules(Settings settings, RuleSet readable, List<Problem> problems) {

    static InstalledRules read(Host host) {
        Settings.Loaded loaded = Settings.read(new TrustedFiles(host.sys, true));
        Settings settings = loaded.settings();
        List<Problem> problems = new ArrayList<>(with(loaded, host));
        RulesFolder.InForce inForce = new RulesFolder(host.sys, settings).atStart();
        RulesFolder.Loaded files = inForce.files();
        // Of errors in the files there is more to say.
        if (files.rules().isPresent()) {
            inForce.note().ifPresent(note -> problems.add(Problem.warning(new Position(settings.rules().value(), 1, 1), note)));
        }
        problems.addAll(files.problems());
        problems.addAll(Advice.on(files.readable(), files.sources(), Advice.people(new NameService())));
        problems.addAll(HookAdvice.on(files.readable(), host.sys));
        problems.addAll(VolumeAdvice.on(files.readable(), host.sys));
        problems.addAll(LoaderAdvice.on(files.readable(), host.sys));
        return new InstalledRules(settings, files.readable(), problems);
    }

    /** What is wrong with settings, and advice on them. */
    static List<Problem> with(Settings.Loaded loaded, Host host) {
        List<Problem> problems = new ArrayList<>(loaded.problems());
        problems.addAll(FolderAdvice.on(loaded, host.sys));
        problems.addAll(Advice.on(loaded, Advice.people(new NameService())));
        return problems;
    }
}
