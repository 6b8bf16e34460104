// SPDX-License-Identifier: Apache-2.0
package org.jns.migrate;

import java.util.List;
import java.util.function.Function;
import org.jns.rules.ini.RulesSource;
import org.jns.rules.ini.StrictIni;

/** Translates files of pam_namespace and pam_mount to one rules file. */
public final class Importer {

    private Importer() {}

    /**
     * Translates the files in the given order, which must be the one that they are read in: namespace.conf, then those
     * of namespace.d by name. Nothing is dropped: a line without a rule becomes a comment. Never throws.
     *
     * @param format the format of a file
     */
    public static Imported read(List<RulesSource> sources, Function<RulesSource, Format> format, Accounts accounts) {
        RulesText rules = new RulesText();
        NamespaceConf namespace = new NamespaceConf(rules, accounts);
        PamMount mount = new PamMount(rules);
        boolean explainsNamespace = true;
        boolean explainsMount = true;
        for (RulesSource source : sources) {
            rules.kept("");
            rules.comment("Made by jnsctl import from " + source.name() + ".");
            if (source.bytes().length > StrictIni.MAX_FILE) {
                ConfigLine line = new ConfigLine(source.name(), 1, source.name());
                rules.line(line);
                line.lost("the file is longer than " + StrictIni.MAX_FILE + " bytes");
            } else if (format.apply(source) == Format.PAM_MOUNT) {
                if (explainsMount) {
                    mount.preface();
                }
                explainsMount = false;
                rules.kept("");
                mount.read(source);
            } else {
                if (explainsNamespace) {
                    namespace.preface();
                }
                explainsNamespace = false;
                rules.kept("");
                namespace.read(source);
            }
        }
        return rules.finish();
    }
}
