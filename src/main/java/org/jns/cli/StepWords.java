// SPDX-License-Identifier: Apache-2.0
package org.jns.cli;

import org.jns.model.MountFlags;
import org.jns.model.Step;

/** A step in words for a table: what is done, and with what. */
record StepWords(String action, String with) {

    static StepWords of(Step step) {
        return step.accept(new Step.Visitor<>() {
            @Override
            public StepWords makeMountPoint(Step.MakeMountPoint s) {
                return new StepWords("make", (s.directory() ? "folder " : "file ") + s.ownership());
            }

            @Override
            public StepWords instance(Step.Instance s) {
                return new StepWords("private", s.ownership() + flags(s.flags()));
            }

            @Override
            public StepWords bind(Step.Bind s) {
                return new StepWords("bind", "from " + s.from() + flags(s.flags()));
            }

            @Override
            public StepWords tmpfs(Step.Tmpfs s) {
                String size = s.size().isPresent() ? " size=" + s.size().getAsLong() : "";
                String inodes = s.inodes().isPresent() ? " nr_inodes=" + s.inodes().getAsLong() : "";
                return new StepWords("tmpfs", s.ownership() + size + inodes + flags(s.flags()));
            }

            @Override
            public StepWords hide(Step.Hide s) {
                return new StepWords("hide", s.directory() ? "folder" : "file");
            }

            @Override
            public StepWords readOnly(Step.ReadOnly s) {
                return new StepWords("readonly", s.flags().toString());
            }
        });
    }

    private static String flags(MountFlags flags) {
        return flags.isEmpty() ? "" : " " + flags;
    }
}
