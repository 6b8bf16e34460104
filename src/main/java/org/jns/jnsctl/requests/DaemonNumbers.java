// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.requests;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jns.jnsctl.output.Host;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.linux.Syscalls.Walk;
import org.jns.model.AbsPath;
import org.jns.wire.Request;

/** The daemon's numbers, which it writes to a file on request, because they do not fit into an answer. */
public record DaemonNumbers(String text) {
    private static final int MOST_BYTES = 1 << 20;

    /** @throws Host.Failure if the daemon does not answer */
    public static DaemonNumbers ask(Host host) {
        DaemonCall.make(new Request.Metrics(), "ask for the numbers");
        AbsPath path = host.settings().places().metrics();
        try (Fd file = host.sys.open(Optional.empty(), path.value(), OpenAs.READ, Walk.NO_LINKS)) {
            return new DaemonNumbers(new String(host.sys.read(file, MOST_BYTES), StandardCharsets.UTF_8));
        } catch (SyscallException e) {
            throw new Host.Failure("cannot read " + path + ": " + Errno.text(e.errno()) + "; run it as root");
        }
    }

    /** The numbers with that name, by the values of the label that distinguishes them, without their fractions. */
    public Map<String, Long> numbers(String name, String label) {
        Map<String, Long> numbers = new TreeMap<>();
        Matcher line = Pattern.compile(
                        "(?md)^" + name + "\\{" + label + "=\"([^\"]*)\"\\} ([0-9]{1,18})(?:\\.[0-9]+)?$")
                .matcher(text);
        while (line.find()) {
            numbers.put(line.group(1), Long.parseLong(line.group(2)));
        }
        return numbers;
    }

    /** Empty if the number is missing. */
    public OptionalLong number(String name) {
        Matcher line = Pattern.compile("(?md)^" + name + " ([0-9]{1,18})$").matcher(text);
        return line.find() ? OptionalLong.of(Long.parseLong(line.group(1))) : OptionalLong.empty();
    }
}
