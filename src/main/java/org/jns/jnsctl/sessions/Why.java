// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jns.jnsctl.output.Host;
import org.jns.jnsctl.output.JsonCommand;
import org.jns.jnsctl.output.JsonOutput;
import org.jns.jnsctl.sessions.MountTable.Entry;
import org.jns.model.AbsPath;
import org.jns.model.Printable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** Tells which view a process is in, and which rule a path in it comes from. */
@Command(
        name = "why",
        description = "Says which view a process is in, or by which rule a path shows what it shows there. Needs root.")
public final class Why extends JsonCommand {
    @Parameters(index = "0", paramLabel = "PID|PATH", description = "a process; or a path, in one's own view")
    private String first;

    @Parameters(index = "1", paramLabel = "PATH", description = "a path, in the view of the process", arity = "0..1")
    private String second;

    private final ProcFolder processes = new ProcFolder();

    @Override
    public Integer call() throws IOException {
        boolean hasPid = first.matches("[0-9]{1,9}");
        if (second != null && !hasPid) {
            throw new ParameterException(
                    spec.commandLine(), "before a path stands the number of a process, and '" + first + "' is none");
        }
        int pid =
                hasPid ? Integer.parseInt(first) : (int) ProcessHandle.current().pid();
        Host host = new Host();
        ProcessPlace place = ProcessPlace.of(pid, Inventory.take(host, host.settings()), processes);
        Optional<Reason> reason = Optional.empty();
        if (second != null) {
            reason = Optional.of(reason(place, second));
        } else if (!hasPid) {
            reason = Optional.of(reason(place, Path.of(first).toAbsolutePath().toString()));
        }
        PrintWriter out = out();
        if (json) {
            Optional<Reason> found = reason;
            JsonOutput.print(out, generator -> {
                place.write(generator);
                if (found.isPresent()) {
                    found.get().write(generator);
                }
            });
        } else if (reason.isPresent()) {
            print(place, reason.get(), out);
        } else {
            place.print(out);
        }
        out.flush();
        return 0;
    }

    private void print(ProcessPlace place, Reason reason, PrintWriter out) {
        String given = second == null ? first : second;
        String led = reason.path().value().equals(given) ? "" : " (" + reason.path() + ")";
        String without = place.kind() == ProcessPlace.Kind.OTHER ? "by no rule" : "the host's own";
        out.println(Printable.of(given) + led + " in " + place.view() + ": " + reason.words(without));
        if (!reason.since().isEmpty()) {
            out.println("  but " + reason.since());
        }
    }

    private Reason reason(ProcessPlace place, String text) {
        try {
            AbsPath path = processes.resolve(place.pid(), text);
            Entry mount = processes
                    .mounts(place.pid())
                    .flatMap(table -> table.showing(path))
                    .orElseThrow(() -> new IllegalArgumentException(
                            "the mounts of process " + place.pid() + " may not be looked at, or it has ended"));
            return Reason.of(
                    path, place.lived().map(lived -> lived.view().shown()).orElse(List.of()), mount);
        } catch (IllegalArgumentException e) {
            throw new Host.Failure("cannot tell of " + Printable.of(text) + ": " + Printable.of(e.getMessage()));
        }
    }
}
