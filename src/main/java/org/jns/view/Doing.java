// SPDX-License-Identifier: Apache-2.0
package org.jns.view;

import org.jns.model.Step;

/** Describes a step in words that follow "cannot": "bind /usr/lib32 on /usr/lib". */
final class Doing implements Step.Visitor<String> {

    private Doing() {}

    /** @param step null for the work after the last step */
    static String words(Step step) {
        return step == null ? "hand over the namespace" : step.accept(new Doing());
    }

    @Override
    public String makeMountPoint(Step.MakeMountPoint s) {
        return "make the mount point " + s.onto();
    }

    @Override
    public String instance(Step.Instance s) {
        return "make " + s.onto() + " private";
    }

    @Override
    public String bind(Step.Bind s) {
        return "bind " + s.from() + " on " + s.onto();
    }

    @Override
    public String tmpfs(Step.Tmpfs s) {
        return "put tmpfs on " + s.onto();
    }

    @Override
    public String hide(Step.Hide s) {
        return "hide " + s.onto();
    }

    @Override
    public String readOnly(Step.ReadOnly s) {
        return "make " + s.onto() + " read-only";
    }

    @Override
    public String create(Step.Create s) {
        return "create " + s.onto();
    }

    @Override
    public String overlay(Step.Overlay s) {
        return "put an overlay on " + s.onto();
    }

    @Override
    public String passThrough(Step.PassThrough s) {
        return "pass " + s.from() + " through to " + s.onto();
    }

    @Override
    public String proc(Step.Proc s) {
        return "put proc on " + s.onto();
    }
}
