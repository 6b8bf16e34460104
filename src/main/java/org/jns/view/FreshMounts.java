// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jns.linux.Fd;
import org.jns.linux.Syscalls;
import org.jns.model.Step;
import org.jns.model.Step.Ownership;

/** Makes the new file systems that steps need, as detached mounts. */
final class FreshMounts {
    private final Syscalls sys;
    private final Iterator<Fd> procs;

    /**
     * @param procs contexts of file systems of type proc, for steps that need one of another PID namespace than this
     *     thread's
     */
    FreshMounts(Syscalls sys, List<Fd> procs) {
        this.sys = sys;
        this.procs = procs.iterator();
    }

    Fd tmpfs(Step.Tmpfs s) {
        Ownership o = s.ownership();
        Map<String, String> options = new LinkedHashMap<>();
        options.put("mode", Integer.toOctalString(o.mode()));
        options.put("uid", Long.toString(o.uid()));
        options.put("gid", Long.toString(o.gid()));
        s.size().ifPresent(size -> options.put("size", Long.toString(size)));
        s.inodes().ifPresent(inodes -> options.put("nr_inodes", Long.toString(inodes)));
        return sys.fresh("tmpfs", options, MountPoints.writable(s.flags()));
    }

    Fd proc(Step.Proc s) {
        Map<String, String> options = new LinkedHashMap<>();
        if (s.hidePid().isPresent()) {
            options.put("hidepid", s.hidePid().get().word());
        }
        if (s.onlyPids()) {
            options.put("subset", "pid");
        }
        return procs.hasNext()
                ? sys.finishFresh(procs.next(), "proc", options, s.flags())
                : sys.fresh("proc", options, s.flags());
    }
}
