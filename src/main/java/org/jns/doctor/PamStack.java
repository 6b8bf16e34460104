// SPDX-License-Identifier: Apache-2.0
package org.jns.doctor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jns.doctor.PamLine.Place;

/**
 * The modules that PAM calls when a session of a service is opened, or a user authenticates, in order, with the lines
 * from included files.
 *
 * <p>Reasons: docs/decisions/69-doctor-reads-as-libpam.md
 *
 * @param file the file with the service's lines: another service's path if the service has no file
 * @param trouble lines for which PAM refuses every session
 */
record PamStack(String service, String file, List<Element> elements, List<PamLine.Wrong> trouble) {
    static final String SESSION = "session";
    static final String AUTH = "auth";
    private static final String OTHER = "other";
    /** libpam's own limits; without one, files with many nested includes would be read for ever. */
    private static final int DEEPEST = 16;

    private static final int MOST_ELEMENTS = 1000;

    /** @param call empty for the beginning of a substack, whose elements follow one level deeper */
    record Element(Optional<PamLine.Call> call, int level) {}

    /** PAM uses the service "other" for a service without a file, and for one whose file has no such line. */
    static PamStack of(PamFiles files, String service) {
        return of(files, service, SESSION);
    }

    /** The same for the {@code auth} stack. */
    static PamStack ofAuth(PamFiles files, String service) {
        return of(files, service, AUTH);
    }

    private static PamStack of(PamFiles files, String service, String type) {
        PamStack own = read(files, service, type);
        return own.elements().isEmpty() && own.trouble().isEmpty() && !service.equals(OTHER)
                ? read(files, OTHER, type).named(service)
                : own;
    }

    private static PamStack read(PamFiles files, String name, String type) {
        PamStack stack = new PamStack(
                name, files.file(name).map(PamFile::path).orElse(""), new ArrayList<>(), new ArrayList<>());
        Deque<String> open = new ArrayDeque<>();
        open.push(name);
        files.file(name).ifPresent(file -> stack.take(files, file, type, 0, open));
        return stack;
    }

    private PamStack named(String name) {
        return new PamStack(name, file, elements, trouble);
    }

    private void take(PamFiles files, PamFile taken, String type, int level, Deque<String> open) {
        for (PamLine line : taken.lines()) {
            if (!line.isOf(type) || elements.size() >= MOST_ELEMENTS) {
                continue;
            }
            if (line instanceof PamLine.Call call) {
                elements.add(new Element(Optional.of(call), level));
            } else if (line instanceof PamLine.Include include) {
                include(files, include, type, level, open);
            } else if (line instanceof PamLine.Wrong wrong) {
                trouble.add(wrong);
            }
        }
    }

    private void include(PamFiles files, PamLine.Include include, String type, int level, Deque<String> open) {
        Optional<PamFile> included = files.file(include.file());
        if (included.isEmpty()) {
            refuse(type, include.at(), "there is no file " + include.file() + " to include");
        } else if (open.contains(include.file())) {
            refuse(type, include.at(), include.file() + " includes itself");
        } else if (open.size() > DEEPEST) {
            refuse(type, include.at(), "files include each other more than " + DEEPEST + " deep");
        } else {
            if (include.asOne()) {
                elements.add(new Element(Optional.empty(), level));
            }
            open.push(include.file());
            take(files, included.get(), type, include.asOne() ? level + 1 : level, open);
            open.pop();
        }
    }

    private void refuse(String type, Place at, String why) {
        trouble.add(new PamLine.Wrong(at, type, why));
    }

    /** The lines with that module, by its file name. */
    List<PamLine.Call> callsOf(String module) {
        List<PamLine.Call> calls = new ArrayList<>();
        for (Element element : elements) {
            element.call().filter(call -> isNamed(call, module)).ifPresent(calls::add);
        }
        return calls;
    }

    static boolean isNamed(PamLine.Call call, String module) {
        return call.module().substring(call.module().lastIndexOf('/') + 1).equals(module);
    }

    /** The first line after which PAM may skip a call; empty if it is always made, unless the session is refused. */
    Optional<PamLine.Call> passingOver(PamLine.Call wanted) {
        int target = index(wanted);
        for (int i = 0; i < target; i++) {
            Element element = elements.get(i);
            boolean passes = element.call().isPresent()
                    && (jump(i, element.call().get().control().longestJump()) > target
                            || element.call().get().control().mayEndWell() && isWithin(element.level(), i, target));
            if (passes) {
                return element.call();
            }
        }
        return Optional.empty();
    }

    @SuppressWarnings("ReferenceEquality") // two equal lines are two lines
    private int index(PamLine.Call wanted) {
        int index = 0;
        while (elements.get(index).call().filter(call -> call == wanted).isEmpty()) {
            index++;
        }
        return index;
    }

    boolean isBefore(PamLine.Call one, PamLine.Call other) {
        return index(one) < index(other);
    }

    /** Whether the second is not called after the first has refused. */
    boolean endsWithRefusalOf(PamLine.Call first, PamLine.Call second) {
        return isBefore(first, second)
                && first.control().endsByRefusing()
                && isWithin(elements.get(index(first)).level(), index(first), index(second));
    }

    /** Whether an end at this level at the one position ends what contains the other position. */
    private boolean isWithin(int level, int from, int to) {
        return elements.subList(from, to + 1).stream().allMatch(element -> element.level() >= level);
    }

    /** The element that a jump over that many leads to. A substack, or the rest of one, counts as one. */
    private int jump(int from, int steps) {
        int level = elements.get(from).level();
        int at = from;
        for (int left = steps; left > 0 && isAt(at + 1, level); left--) {
            do {
                at++;
            } while (isAt(at + 1, level + 1));
        }
        return at + 1;
    }

    private boolean isAt(int index, int level) {
        return index < elements.size() && elements.get(index).level() >= level;
    }
}
