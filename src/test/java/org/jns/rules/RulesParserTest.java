// SPDX-License-Identifier: Apache-2.0
package org.jns.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.jns.model.Directive;
import org.jns.model.MountFlags;
import org.jns.model.MountOptions;
import org.jns.model.PathTemplate;
import org.jns.model.Position;
import org.jns.model.Rule;
import org.jns.rules.ini.RulesSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RulesParserTest {

    @Test
    void aRuleHasAllThatItsSectionSays() {
        Rule rule = Texts.rule(
                """
                # first line
                [lib32]
                options = ro, nosuid ; tightened
                only    = group:legacy32, user:old*, uid:1000-1999, uid:7, service:ssh?
                target  = /usr/lib,	/srv/${user}/My Files/
                source  = /usr/lib32
                except  = user:root
                action  = bind
                """);
        assertEquals("lib32", rule.name());
        assertEquals(new Position("x.conf", 2, 1), rule.at());
        assertEquals(
                List.of("group:legacy32", "user:old*", "uid:1000-1999", "uid:7", "service:ssh?"),
                rule.only().stream().map(m -> m.text()).toList());
        assertEquals(
                List.of("user:root"), rule.except().stream().map(m -> m.text()).toList());
        Directive.Bind bind = assertInstanceOf(Directive.Bind.class, rule.directive());
        assertEquals("/usr/lib32", bind.source().text());
        assertEquals(
                List.of("/usr/lib", "/srv/${user}/My Files/"),
                bind.targets().stream().map(PathTemplate::text).toList());
        assertEquals(MountOptions.NONE.withFlags(MountFlags.RO).withFlags(MountFlags.NOSUID), bind.options());
    }

    @ParameterizedTest
    @CsvSource({"private, PrivateDir", "tmpfs, Tmpfs", "hide, Hide", "readonly, ReadOnly"})
    void eachActionHasItsDirective(String action, String directive) {
        Rule rule = Texts.rule("[a]\naction = " + action + "\ntarget = ${home}\n");
        assertEquals(directive, rule.directive().getClass().getSimpleName());
        assertTrue(rule.only().isEmpty() && rule.except().isEmpty());
    }

    @Test
    void readonlyIsReadOnlyWithoutSayingSo() {
        Rule rule = Texts.rule("[a]\naction = readonly\ntarget = /x\noptions = noexec\n");
        assertEquals(
                MountFlags.RO.plus(MountFlags.NOEXEC),
                rule.directive().options().flags());
    }

    @ParameterizedTest
    @CsvSource({
        "size=1, 1",
        "size=64K, 65536",
        "size=200M, 209715200",
        "size=3G, 3221225472",
        "size=8388607T, 9223370937343148032"
    })
    void sizesAreInPowersOf1024(String option, long bytes) {
        assertEquals(bytes, tmpfs(option).size().orElseThrow());
    }

    @ParameterizedTest
    @CsvSource({"mode=755, 0755", "mode=0755, 0755", "mode=1777, 1777", "mode=2770, 2770", "mode=000, 0"})
    void modesAreOctal(String option, String octal) {
        assertEquals(Integer.parseInt(octal, 8), tmpfs(option).mode().orElseThrow());
    }

    @Test
    void numbersThatAreNotGivenAreAbsent() {
        assertEquals(MountOptions.NONE.withFlags(MountFlags.NODEV), tmpfs("nodev"));
        MountOptions all = tmpfs("uid=0,gid=4294967294,nr_inodes=5,size=1K,mode=0700");
        assertEquals(0, all.uid().orElseThrow());
        assertEquals(4294967294L, all.gid().orElseThrow());
        assertEquals(5, all.inodes().orElseThrow());
    }

    private static MountOptions tmpfs(String option) {
        return Texts.rule("[a]\naction = tmpfs\ntarget = /x\noptions = " + option + "\n")
                .directive()
                .options();
    }

    @Test
    void filesAreReadInTheOrderGiven() {
        Parsed parsed = RulesParser.parse(List.of(
                Texts.source("20-b.conf", "[b]\naction = hide\ntarget = /b\n[c]\naction = hide\ntarget = /c\n"),
                Texts.source("10-a.conf", "[a]\naction = hide\ntarget = /a\n")));
        assertEquals(
                List.of("b", "c", "a"),
                parsed.rules().rules().stream().map(Rule::name).toList());
        assertEquals(List.of(), parsed.problems());
    }

    @Test
    void problemsComeInTheOrderOfTheFilesAndOneFileHidesNoOther() {
        Parsed parsed = RulesParser.parse(List.of(
                Texts.source("10.conf", "[a]\naction = hide\ntarget = /a\n"),
                Texts.source("20.conf", "[a]\naction = hid\ntarget = /b\n[b]\nfoo\n"),
                Texts.source(
                        "30.conf", "[b]\naction = private\ntarget = /a/, b\n[c]\naction = tmpfs\ntarget = /q, /a\n"),
                Texts.source("40.conf", "[d]\naction = hide\ntarget = /d\n")));
        assertEquals(
                """
                20.conf:1:1: section [a] is already at 10.conf:1
                20.conf:2:10: unknown action 'hid' (expected one of private, bind, tmpfs, overlay, passthrough, hide, readonly, proc, run, encfs, gocryptfs, fuse, isolate); did you mean 'hide'?
                20.conf:5:1: expected 'key = value', '[section]' or a comment
                30.conf:3:15: 'b' is not an absolute path: it must begin with / or ${home}
                30.conf:6:14: target /a is already that of [a] at 10.conf:1, and both rules are for everyone
                """,
                Texts.lines(parsed.problems()));
        assertEquals(
                List.of("a", "d"),
                parsed.rules().rules().stream().map(Rule::name).toList());
    }

    @Test
    void rulesForDifferentPeopleMayShareATarget() {
        Parsed parsed = Texts.parse(
                """
                [a]
                action = hide
                target = /x
                only = group:a
                [b]
                action = private
                target = /x
                except = group:a
                [c]
                action = tmpfs
                target = /x
                """);
        assertEquals(List.of(), parsed.problems());
        assertEquals(3, parsed.rules().rules().size());
    }

    @Test
    void noFilesAndEmptyFilesAreNoRules() {
        assertEquals(List.of(), RulesParser.parse(List.of()).problems());
        Parsed parsed =
                RulesParser.parse(List.of(Texts.source(""), Texts.source("# nothing yet\n\n \t\n  ; nothing\n")));
        assertEquals(List.of(), parsed.problems());
        assertTrue(parsed.rules().rules().isEmpty());
    }

    @Test
    void aMissingLineEndIsAWarning() {
        Parsed parsed = Texts.parse("[a]\naction = hide\ntarget = /x");
        assertEquals(
                "x.conf:3:12: warning: last line has no line end: is the file cut off?\n",
                Texts.lines(parsed.problems()));
        assertFalse(parsed.hasErrors());
        assertEquals(1, parsed.rules().rules().size());
    }

    @Test
    void commentsEndValuesOnlyBehindABlank() {
        Rule rule =
                Texts.rule("[a] ; one\n  # two\naction = hide\t# three\ntarget = /x#y, /a;b ;four # 'five' = \"six\n");
        assertEquals(
                List.of("/x#y", "/a;b"),
                rule.directive().targets().stream().map(PathTemplate::text).toList());
    }

    @Test
    void whatCommonsConfigurationWouldReplaceStaysAsItIsOrIsRefused() {
        assertTrue(Texts.parse("[a]\naction = hide\ntarget = /x/${env:HOME}\n").hasErrors());
        assertTrue(Texts.parse("[a]\naction = hide\ntarget = /x/$${user}\n").hasErrors());
        Rule rule = Texts.rule("[a.b..c-d_e]\naction = hide\ntarget = /x(0), /y[@z], /a..b, /c:d, /e=f, /g\\h\n");
        assertEquals(
                List.of("/x(0)", "/y[@z]", "/a..b", "/c:d", "/e=f", "/g\\h"),
                rule.directive().targets().stream().map(PathTemplate::text).toList());
        assertEquals("a.b..c-d_e", rule.name());
    }

    @Test
    void tenThousandSectionsAreTenThousandRules() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            text.append("[r")
                    .append(i)
                    .append("]\naction = hide\ntarget = /x/")
                    .append(i)
                    .append('\n');
        }
        Parsed parsed = Texts.parse(text.toString());
        assertEquals(List.of(), parsed.problems());
        assertEquals(10_000, parsed.rules().rules().size());
        assertEquals(
                "/x/9999",
                parsed.rules().rules().get(9999).directive().targets().get(0).text());
    }

    @Test
    void filesThatAreTooMuchTogetherAreRefusedByName() {
        List<RulesSource> sources = new ArrayList<>();
        for (int file = 0; file < 30; file++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 200; i++) {
                String folder = "/" + file + "/" + i;
                text.append("[f")
                        .append(file)
                        .append('-')
                        .append(i)
                        .append("]\naction = hide\nexcept = user:root\n")
                        .append("target = /a, /b, /c, /d, /e, /f, /g, /h, /i, ")
                        .append(folder)
                        .append('\n');
            }
            sources.add(Texts.source(file + ".conf", text.toString()));
        }
        Parsed parsed = RulesParser.parse(sources);
        assertEquals(11, parsed.problems().size());
        assertEquals(
                "19.conf:1:1: cannot read the file: with the files before it there are more than 50000 sections, keys and list items",
                parsed.problems().get(0).toString());
        assertEquals(19 * 200, parsed.rules().rules().size());
    }
}
