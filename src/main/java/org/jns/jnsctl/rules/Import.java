// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.rules;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jns.advice.Advice;
import org.jns.config.TrustedFiles;
import org.jns.jnsctl.output.ExitStatus;
import org.jns.jnsctl.output.Host;
import org.jns.linux.NameService;
import org.jns.linux.Syscalls;
import org.jns.migrate.Accounts;
import org.jns.migrate.Format;
import org.jns.migrate.Imported;
import org.jns.migrate.Importer;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Question;
import org.jns.rules.ini.RulesSource;
import org.jns.view.FactsProbe;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Prints rules that are equivalent to another module's configuration. */
@Command(
        name = "import",
        description =
                "Translates namespace.conf files of pam_namespace, or the volumes of a pam_mount.conf.xml, into rules.",
        mixinStandardHelpOptions = true)
public final class Import implements Callable<Integer> {
    @Parameters(
            paramLabel = "FILE",
            description = "a file to translate; those of namespace.d come last, in the order of their names",
            arity = "1..*")
    private List<String> files = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "pam-namespace|pam-mount",
            description = "what the files are (default: each file's beginning says it)",
            converter = FormatName.class)
    private Format from;

    @Spec
    private CommandSpec spec;

    /** Converts the name on the command line. */
    static final class FormatName implements ITypeConverter<Format> {
        @Override
        public Format convert(String word) {
            for (Format format : Format.values()) {
                if (format.toString().equals(word)) {
                    return format;
                }
            }
            throw new TypeConversionException("'" + word + "' is neither pam-namespace nor pam-mount");
        }
    }

    @Override
    public Integer call() {
        PrintWriter err = spec.commandLine().getErr();
        Host host = new Host();
        TrustedFiles trusted = new TrustedFiles(host.sys, false);
        List<RulesSource> sources = new ArrayList<>();
        boolean isComplete = true;
        // Messages show the names that the admin gave.
        for (String file : files) {
            TrustedFiles.Content content = trusted.file(AbsPath.of(
                    java.nio.file.Path.of(file).toAbsolutePath().normalize().toString()));
            content.problems().forEach(problem -> err.println(file + ": " + problem.message()));
            isComplete = isComplete && content.problems().isEmpty();
            content.sources().forEach(source -> sources.add(new RulesSource(file, source.bytes())));
        }
        Function<RulesSource, Format> format = from == null ? Format::of : source -> from;
        Imported imported = Importer.read(sources, format, new OfThisMachine(host.sys));
        imported.remarks().forEach(err::println);
        PrintWriter out = spec.commandLine().getOut();
        out.print(imported.rules());
        out.flush();
        return isComplete && !imported.isIncomplete() ? 0 : ExitStatus.FAILED;
    }

    /** Unknown users are worth a warning, as in {@code jnsctl check}. */
    private static final class OfThisMachine implements Accounts {
        private final Advice.People people = Advice.people(new NameService());
        private final Syscalls sys;

        OfThisMachine(Syscalls sys) {
            this.sys = sys;
        }

        @Override
        public boolean hasFile(String path) {
            try {
                return !(fact(path, false) instanceof Fact.Missing);
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        @Override
        public boolean isOpenToUsers(String folder) {
            try {
                return fact(folder, true) instanceof Fact.Present present && !present.rootOnly();
            } catch (IllegalArgumentException e) {
                return false;
            }
        }

        @Override
        public boolean hasSelinux() {
            return hasFile("/sys/fs/selinux/enforce");
        }

        private Fact fact(String path, boolean trust) {
            AbsPath place = AbsPath.of(path);
            try (FactsProbe probe = new FactsProbe(sys)) {
                return probe.examine(List.of(new Question(place, trust))).at(place);
            }
        }

        @Override
        public boolean hasUser(String name) {
            return people.hasUser(name);
        }

        @Override
        public boolean hasGroup(String name) {
            return people.hasGroup(name);
        }
    }
}
