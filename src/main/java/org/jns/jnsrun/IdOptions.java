// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsrun;

import java.util.List;
import org.jns.model.NamespaceKind;
import picocli.CommandLine.Option;

/** Options for users and groups of the user namespace. */
final class IdOptions extends OptionGroup {
    IdOptions(RunRequest request) {
        super(request);
    }

    @Option(
            order = 36,
            names = "--map-user",
            paramLabel = "USER",
            description = "be USER in the user namespace (implies -U)")
    void mapUser(String text) {
        map(request.users, IdRequest.named("--map-user", text));
    }

    @Option(
            order = 37,
            names = "--map-group",
            paramLabel = "GROUP",
            description = "be in GROUP in the user namespace (implies -U)")
    void mapGroup(String text) {
        map(request.groups, IdRequest.named("--map-group", text));
    }

    @Option(
            order = 38,
            names = {"-r", "--map-root-user"},
            arity = "0",
            description = "be root in the user namespace (implies -U)")
    void mapRoot(boolean yes) {
        map(request.users, new IdRequest.Single(0));
        map(request.groups, new IdRequest.Single(0));
    }

    @Option(
            order = 39,
            names = {"-c", "--map-current-user"},
            arity = "0",
            description = "be oneself in the user namespace (implies -U)")
    void mapCurrent(boolean yes) {
        map(request.users, new IdRequest.Own());
        map(request.groups, new IdRequest.Own());
    }

    @Option(
            order = 40,
            names = "--map-users",
            paramLabel = "IN:OUT:N|auto|subids|all",
            description = "map a range of users (implies -U)")
    void mapUsers(String text) {
        map(request.users, parsed("--map-users", text, IdRequest::of));
    }

    @Option(
            order = 41,
            names = "--map-groups",
            paramLabel = "IN:OUT:N|auto|subids|all",
            description = "map a range of groups (implies -U)")
    void mapGroups(String text) {
        map(request.groups, parsed("--map-groups", text, IdRequest::of));
    }

    @Option(
            order = 42,
            names = "--map-auto",
            arity = "0",
            description = "map one's subordinate ids from 0 on (implies -U)")
    void mapAuto(boolean yes) {
        map(request.users, new IdRequest.Subordinate(false));
        map(request.groups, new IdRequest.Subordinate(false));
    }

    @Option(
            order = 43,
            names = "--map-subids",
            arity = "0",
            description = "map one's subordinate ids as themselves (implies -U)")
    void mapSubids(boolean yes) {
        map(request.users, new IdRequest.Subordinate(true));
        map(request.groups, new IdRequest.Subordinate(true));
    }

    private void map(List<IdRequest> requests, IdRequest one) {
        requests.add(one);
        request.spaces.add(NamespaceKind.USER);
    }

    @Option(
            order = 44,
            names = "--setgroups",
            paramLabel = "allow|deny",
            description = "whether setgroups(2) works in the user namespace")
    void setgroups(String text) {
        if (!text.equals("allow") && !text.equals("deny")) {
            throw wrong("--setgroups", "'" + text + "' is neither allow nor deny");
        }
        request.setgroups = once("--setgroups", request.setgroups, text.equals("allow"));
    }

    @Option(
            order = 45,
            names = "--keep-caps",
            arity = "0",
            description = "the command keeps the capabilities of the user namespace")
    void keepCaps(boolean yes) {
        request.keepCaps = true;
    }
}
