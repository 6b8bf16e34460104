// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jns.linux.Errno;
import org.jns.linux.Fd;
import org.jns.linux.FileSystem;
import org.jns.linux.NotAnswering;
import org.jns.linux.Stat;
import org.jns.linux.SyscallException;
import org.jns.linux.Syscalls;
import org.jns.linux.Syscalls.OpenAs;
import org.jns.model.AbsPath;
import org.jns.model.Fact;
import org.jns.model.Facts;
import org.jns.model.Question;

/**
 * Looks at the paths that the planner asks about, and keeps them open: the executor mounts through the same
 * descriptors, so that nobody can replace a path between the look and the mount.
 *
 * <p>Reasons: docs/decisions/03-descriptors-not-paths.md
 */
public final class FactsProbe implements AutoCloseable {
    private final Syscalls sys;
    private final LinkWalk links;
    private final Map<AbsPath, Fd> open = new HashMap<>();

    public FactsProbe(Syscalls sys) {
        this.sys = sys;
        this.links = new LinkWalk(sys);
    }

    public Facts examine(List<Question> questions) {
        Map<AbsPath, Fact> facts = new HashMap<>();
        // A path may be asked for twice, once with trust: the more complete answer serves both.
        for (Question question : questions) {
            if (question.trust()) {
                facts.computeIfAbsent(question.path(), path -> examine(path, true));
            }
        }
        for (Question question : questions) {
            facts.computeIfAbsent(question.path(), path -> examine(path, false));
        }
        return new Facts(facts);
    }

    /** The descriptor for a resolved path; empty if the path was not asked for. */
    public Optional<Fd> at(AbsPath resolved) {
        return Optional.ofNullable(open.get(resolved));
    }

    private Fact examine(AbsPath path, boolean trust) {
        try {
            sys.approach(path.value());
            return trust ? present(links.walk(path), true) : quick(path);
        } catch (NotAnswering e) {
            return new Fact.Unusable(e.getMessage());
        } catch (SyscallException e) {
            return e.errno() == Errno.ENOENT || e.errno() == Errno.ENOTDIR
                    ? new Fact.Missing()
                    : new Fact.Unusable(Errno.text(e.errno()) + " (" + path + ")");
        } catch (LinkWalk.Untrusted e) {
            return new Fact.Unusable(e.getMessage());
        } finally {
            sys.arrive();
        }
    }

    /** One call if the path contains no link, which is nearly always so. */
    private Fact quick(AbsPath path) throws LinkWalk.Untrusted {
        Fd file;
        try {
            file = sys.open(path.value(), OpenAs.PATH);
        } catch (SyscallException e) {
            e.unless(Errno.ELOOP);
            return present(links.walk(path), false);
        }
        return present(new LinkWalk.Found(path, file, false), false);
    }

    private Fact present(LinkWalk.Found found, boolean trust) {
        Fd known = open.putIfAbsent(found.resolved(), found.file());
        if (known != null) {
            found.file().close();
        }
        Fd file = open.get(found.resolved());
        Stat stat = sys.stat(file);
        FileSystem fileSystem = sys.fileSystem(file);
        Fact.Kind kind = stat.isDirectory() ? Fact.Kind.DIRECTORY : stat.isRegular() ? Fact.Kind.FILE : Fact.Kind.OTHER;
        boolean rootOnly = trust && found.rootOnly();
        return new Fact.Present(
                found.resolved(), kind, stat.permissions(), stat.uid(), stat.gid(), fileSystem.flags(), rootOnly);
    }

    @Override
    public void close() {
        open.values().forEach(Fd::close);
        open.clear();
    }
}
