// SPDX-License-Identifier: Apache-2.0
package org.jns.plan;

import org.jns.model.Directive;

/** Describes an action on a target, in words that follow "cannot". */
final class Doing implements Directive.Visitor<String> {
    private final Located located;

    private Doing(Located located) {
        this.located = located;
    }

    static String words(Located located) {
        return located.wish().directive().accept(new Doing(located));
    }

    @Override
    public String privateDir(Directive.PrivateDir d) {
        return "make private " + located.target();
    }

    @Override
    public String bind(Directive.Bind d) {
        return "bind " + located.wish().shown().get(0) + " on " + located.target();
    }

    @Override
    public String tmpfs(Directive.Tmpfs d) {
        return "put tmpfs on " + located.target();
    }

    @Override
    public String hide(Directive.Hide d) {
        return "hide " + located.target();
    }

    @Override
    public String readOnly(Directive.ReadOnly d) {
        return "make read-only " + located.target();
    }

    @Override
    public String overlay(Directive.Overlay d) {
        return "put an overlay on " + located.target();
    }

    @Override
    public String passThrough(Directive.PassThrough d) {
        return "pass " + located.target() + " through";
    }

    @Override
    public String run(Directive.Run d) {
        return "run " + d.program();
    }

    @Override
    public String isolate(Directive.Isolate d) {
        return "make namespaces";
    }

    @Override
    public String volume(Directive.Volume d) {
        return "mount a volume on " + d.target();
    }

    @Override
    public String proc(Directive.Proc d) {
        return "put proc on " + located.target();
    }
}
