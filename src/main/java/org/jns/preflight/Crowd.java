// SPDX-License-Identifier: Apache-2.0
package org.jns.preflight;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.jns.model.Admission;
import org.jns.model.Matcher;
import org.jns.model.Rule;
import org.jns.model.RuleSet;
import org.jns.model.Subject;
import org.jns.rules.CommandRules;
import org.jns.rules.RuleMatcher;

/**
 * Chooses the logins to plan: of users with an open view, of users whom rules name, some for each set of rules that
 * applies to a local user, and of members of groups that rules name. The order matters, because time may run out. Each
 * is planned with every service that rules name.
 */
final class Crowd {
    /** This also limits the work: each service costs one comparison of all users with all rules. */
    private static final int MOST_SERVICES = 8;

    private static final int MOST_NAMES = 1000;
    /**
     * Limit of the users with the same rules: more than one is planned only if paths of the rules differ between them.
     */
    private static final int MOST_ALIKE = 50;

    private static final String USUAL_SERVICE = "login";

    private final RuleSet rules;
    private final Admission admission;
    private final LocalAccounts local;
    private final Directory directory;
    private final Patience patience;
    private final boolean usesGroupName;
    private final Map<Long, String> groups = new HashMap<>();
    private final Set<String> services = new LinkedHashSet<>(Set.of(USUAL_SERVICE));
    private final Map<String, Set<String>> membersOf = new LinkedHashMap<>();
    private final Set<List<Object>> seen = new HashSet<>();
    private final List<Candidate> logins = new ArrayList<>();
    private final List<String> unknown;

    /** @param unknown gets what could not be found out */
    Crowd(
            RuleSet rules,
            Admission admission,
            LocalAccounts local,
            Directory directory,
            Patience patience,
            List<String> unknown) {
        this.rules = rules;
        this.admission = admission;
        this.local = local;
        this.directory = directory;
        this.patience = patience;
        this.unknown = unknown;
        this.usesGroupName = rules.usesGroupVariable();
        List<List<Matcher>> lists = new ArrayList<>(rules.lists());
        lists.addAll(admission.lists());
        Matcher.groupsNamed(lists).stream().limit(MOST_NAMES).forEach(this::lookUpGroup);
        for (Matcher matcher : matchers(lists)) {
            if (matcher instanceof Matcher.Service service && isOfLogins(service) && services.size() < MOST_SERVICES) {
                services.add(service.name().pattern());
            }
        }
    }

    /**
     * No login has the service of command views. Such a view uses one of the service's rules at a time: together these
     * may contradict each other.
     */
    private static boolean isOfLogins(Matcher.Service service) {
        return service.name().isLiteral() && !service.name().pattern().equals(CommandRules.SERVICE);
    }

    private static List<Matcher> matchers(List<List<Matcher>> lists) {
        List<Matcher> all = new ArrayList<>();
        for (List<Matcher> list : lists) {
            all.addAll(Matcher.positive(list));
            all.addAll(Matcher.negated(list));
        }
        return all;
    }

    private void lookUpGroup(String name) {
        Set<String> members = membersOf.computeIfAbsent(name, group -> new LinkedHashSet<>());
        try {
            OptionalLong gid = local.groupId(name);
            if (gid.isEmpty()) {
                gid = directory.groupId(name);
                members.addAll(directory.members(name));
            }
            gid.ifPresent(id -> groups.put(id, name));
        } catch (Directory.NoAnswer e) {
            unknown.add(e.getMessage());
        }
    }

    /** All logins, the most important first. */
    List<Candidate> all(List<Preflight.Open> open) {
        open.forEach(one -> find(one.user()).ifPresent(account -> add(account, List.of(one.service()))));
        named().forEach(name -> find(name).ifPresent(account -> add(account, services)));
        oneForEachSelection();
        membersOf.forEach((group, members) -> {
            OptionalLong gid = local.groupId(group);
            for (Account account : local.all()) {
                if (gid.isPresent() && account.gids().contains(gid.getAsLong()) && !patience.isOver()) {
                    add(account, services);
                }
            }
            members.stream().limit(MOST_NAMES).forEach(name -> find(name).ifPresent(account -> add(account, services)));
        });
        return logins;
    }

    private Set<String> named() {
        Set<String> names = new LinkedHashSet<>();
        for (Matcher matcher : matchers(rules.lists())) {
            if (matcher instanceof Matcher.User user && user.name().isLiteral() && names.size() < MOST_NAMES) {
                names.add(user.name().pattern());
            }
        }
        return names;
    }

    private Optional<Account> find(String name) {
        Optional<Account> here = local.named(name);
        if (here.isPresent()) {
            return here;
        }
        try {
            return directory.user(name);
        } catch (Directory.NoAnswer e) {
            unknown.add(e.getMessage());
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            unknown.add(name + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private void oneForEachSelection() {
        Map<BitSet, Candidate> best = new LinkedHashMap<>();
        Map<BitSet, Integer> ranks = new HashMap<>();
        Map<BitSet, List<Candidate>> alike = new HashMap<>();
        for (Account account : local.all()) {
            for (String service : services) {
                Candidate login = login(account, service);
                BitSet chosen = chosen(login.subject());
                if (account.isPerson()
                        && hasOwnPaths(chosen)
                        && alike.computeIfAbsent(chosen, rules -> new ArrayList<>())
                                        .size()
                                < MOST_ALIKE) {
                    alike.get(chosen).add(login);
                }
                if (!account.isRoot() && ranks.getOrDefault(chosen, -1) < account.rank()) {
                    ranks.put(chosen, account.rank());
                    best.put(chosen, login);
                }
            }
            if (patience.isOver()) {
                unknown.add("not every local user was looked at: time was over");
                break;
            }
        }
        best.forEach(this::add);
        best.keySet().forEach(chosen -> alike.getOrDefault(chosen, List.of()).forEach(login -> add(chosen, login)));
    }

    /** Whether a path of one of these rules differs between users: one may be missing, or a link. */
    private boolean hasOwnPaths(BitSet chosen) {
        return chosen.stream()
                .mapToObj(i -> rules.rules().get(i).directive())
                .flatMap(directive -> Stream.concat(directive.targets().stream(), directive.sources().stream()))
                .anyMatch(path -> !path.isConstant());
    }

    private void add(Account account, Iterable<String> by) {
        for (String service : by) {
            Candidate login = login(account, service);
            add(chosen(login.subject()), login);
        }
    }

    /** Once for each user and set of rules; root gets in with any rules. */
    private void add(BitSet chosen, Candidate login) {
        if (login.subject().isRoot()) {
            return;
        }
        boolean isWorthIt = !chosen.isEmpty() || admission.mustMatch(login.subject());
        if (isWorthIt && seen.add(List.of(login.subject().user(), chosen))) {
            logins.add(login);
        }
    }

    private BitSet chosen(Subject subject) {
        BitSet chosen = new BitSet();
        List<Rule> all = rules.rules();
        for (int i = 0; i < all.size(); i++) {
            chosen.set(i, RuleMatcher.isFor(all.get(i), subject));
        }
        return chosen;
    }

    private Candidate login(Account account, String service) {
        Set<String> names = new HashSet<>();
        for (Long gid : account.gids()) {
            Optional.ofNullable(groups.get(gid)).ifPresent(names::add);
        }
        membersOf.forEach((group, members) -> {
            if (members.contains(account.name())) {
                names.add(group);
            }
        });
        Subject subject = new Subject(
                account.name(),
                account.uid(),
                account.gid(),
                group(account.gid()),
                account.gids(),
                names,
                account.home(),
                account.shell(),
                service,
                "");
        return new Candidate(subject, account.isService());
    }

    private String group(long gid) {
        if (!usesGroupName) {
            return Long.toString(gid);
        }
        try {
            Optional<String> name = local.groupName(gid);
            return (name.isPresent() ? name : directory.groupName(gid)).orElse(Long.toString(gid));
        } catch (Directory.NoAnswer e) {
            return Long.toString(gid);
        }
    }
}
