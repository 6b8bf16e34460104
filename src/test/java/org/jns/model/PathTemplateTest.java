// SPDX-License-Identifier: Apache-2.0
package org.jns.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTemplateTest {

    private static final Subject ALICE = subject("alice", "staff", "/home/alice", "sshd");

    private static Subject subject(String user, String group, String home, String service) {
        return new Subject(user, 1000, 100, group, Set.of(), home, "/bin/sh", service, "");
    }

    private static AbsPath expand(String text, Subject subject) throws PathTemplate.SyntaxError {
        return PathTemplate.parse(text).expand(subject);
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp, /tmp",
        "/srv/${user}, /srv/alice",
        "/srv/${uid}-${gid}/${group}.d, /srv/1000-100/staff.d",
        "${home}, /home/alice",
        "${home}/, /home/alice",
        "${home}//a, /home/alice/a",
        "/pam/${service}/${user}${user}, /pam/sshd/alicealice",
    })
    void putsTheSubjectsValuesIn(String text, String path) throws PathTemplate.SyntaxError {
        assertEquals(AbsPath.of(path), expand(text, ALICE));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "``, 0, '' is not an absolute path",
                "tmp, 0, 'tmp' is not an absolute path",
                "${user}/x, 0, 'u/x' is not an absolute path",
                "/a/../b, 0, path '/a/../b' has the component '..'",
                "/a/$, 3, `a variable is written ${name}; names are user, uid, gid, group, home, service`",
                "/a/$user, 3, `a variable is written ${name}; names are user, uid, gid, group, home, service`",
                "/a/${user, 3, `a variable is written ${name}; names are user, uid, gid, group, home, service`",
                "/a/$${user}, 3, `a variable is written ${name}; names are user, uid, gid, group, home, service`",
                "/a/${}, 3, `unknown variable '${}' (expected one of user, uid, gid, group, home, service)`",
                "/a/${User}, 3, `unknown variable '${User}' (expected one of user, uid, gid, group, home, service)`",
                "/a/${env:HOME}, 3, `unknown variable '${env:HOME}' (expected one of user, uid, gid, group, home, service)`",
                "/a/${${user}}, 3, `unknown variable '${${user}' (expected one of user, uid, gid, group, home, service)`",
                "/a${home}, 2, ${home} is an absolute path and can only stand at the beginning",
                "${home}/${home}, 8, ${home} is an absolute path and can only stand at the beginning",
                "${home}x, 7, expected '/' or nothing after ${home}: this names another folder next to it",
                "${home}.d/x, 7, expected '/' or nothing after ${home}: this names another folder next to it",
                "${home}${user}, 7, expected '/' or nothing after ${home}: this names another folder next to it",
                "${home}/.., 0, path '/h/..' has the component '..'",
            })
    void refusesWhenItIsRead(String text, int offset, String message) {
        PathTemplate.SyntaxError error = assertThrows(PathTemplate.SyntaxError.class, () -> PathTemplate.parse(text));
        assertEquals(message, error.getMessage());
        assertEquals(offset, error.offset());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "//", "home/alice", "/home/../etc", "/home/.", "/home/a\nb", "/home/\u0000"})
    void aBadHomeMattersOnlyWhereItIsUsed(String home) throws PathTemplate.SyntaxError {
        Subject subject = subject("alice", "staff", home, "sshd");
        assertEquals(AbsPath.of("/srv/alice"), expand("/srv/${user}", subject));
        String why = assertThrows(IllegalArgumentException.class, () -> expand("${home}/x", subject))
                .getMessage();
        assertTrue(why.startsWith("home folder of alice is "), why);
        assertTrue(Printable.is(why), why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "a/b", "../../etc", "/", "a\nb", "\u001b[0m"})
    void aServiceOrGroupThatIsNoComponentIsRefusedWhereItIsUsed(String value) throws PathTemplate.SyntaxError {
        Subject service = subject("alice", "staff", "/home/alice", value);
        Subject group = subject("alice", value, "/home/alice", "sshd");
        assertEquals(AbsPath.of("/home/alice/x"), expand("${home}/x", service));
        assertThrows(IllegalArgumentException.class, () -> expand("/srv/${service}/x", service));
        assertThrows(IllegalArgumentException.class, () -> expand("/srv/${service}${service}/x", service));
        assertThrows(IllegalArgumentException.class, () -> expand("/srv/.${group}", group));
    }

    @Test
    void valuesThatMakeTheNameTooLongAreRefused() throws PathTemplate.SyntaxError {
        Subject subject = subject("u".repeat(200), "staff", "/home/u", "sshd");
        assertEquals(200, expand("/srv/${user}", subject).name().length());
        assertThrows(IllegalArgumentException.class, () -> expand("/srv/${user}${user}", subject));
    }

    @Test
    void valuesAreNotReadAsVariables() throws PathTemplate.SyntaxError {
        assertEquals(AbsPath.of("/srv/${uid}"), expand("/srv/${user}", subject("${uid}", "staff", "/h", "sshd")));
    }

    @Test
    void knowsItsVariables() throws PathTemplate.SyntaxError {
        PathTemplate template = PathTemplate.parse("${home}/${uid}/${uid}");
        assertEquals(Set.of(PathTemplate.Variable.HOME, PathTemplate.Variable.UID), template.variables());
        assertFalse(template.isConstant());
        assertTrue(PathTemplate.parse("/srv").isConstant());
        assertEquals("${home}/${uid}/${uid}", template.toString());
    }
}
