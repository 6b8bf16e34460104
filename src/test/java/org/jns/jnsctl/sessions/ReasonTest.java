// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.sessions;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.jns.jnsctl.sessions.MountTable.Entry;
import org.jns.model.AbsPath;
import org.jns.state.View.Shown;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReasonTest {

    private static final List<Shown> SHOWN = List.of(
            shown("/tmp", "private", "tmp", 1),
            shown("/tmp/data", "bind", "data", 5),
            shown("/srv", "tmpfs", "srv", 9),
            shown("/srv", "bind", "again", 13));

    private static Shown shown(String target, String action, String rule, int line) {
        return new Shown(AbsPath.of(target), action, rule, "/etc/jns/rules.d/a.conf:" + line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/tmp        | /tmp      | private on /tmp, by rule [tmp] /etc/jns/rules.d/a.conf:1             | ''",
                "/tmp/x/y    | /tmp      | private on /tmp, by rule [tmp] /etc/jns/rules.d/a.conf:1             | ''",
                "/tmp/data/x | /tmp/data | bind on /tmp/data, by rule [data] /etc/jns/rules.d/a.conf:5          | ''",
                "/tmp/data2  | /tmp      | private on /tmp, by rule [tmp] /etc/jns/rules.d/a.conf:1             | ''",
                "/srv/x      | /srv      | bind on /srv, by rule [again] /etc/jns/rules.d/a.conf:13             | ''",
                "/etc/passwd | /         | 'the host''s own, mount / (ext4 /dev/sda1)'                          | ''",
                "/tmp/fuse/x | /tmp/fuse | private on /tmp, by rule [tmp] /etc/jns/rules.d/a.conf:1             | 'a mount on /tmp/fuse covers it (ext4 /dev/sda1): it came along with what the rule shows, or was made since'",
                "/srv/x      | /         | bind on /srv, by rule [again] /etc/jns/rules.d/a.conf:13             | somebody has taken that mount away since",
            })
    void theLongestTargetCounts(String path, String point, String words, String since) {
        Reason reason = Reason.of(AbsPath.of(path), SHOWN, new Entry(1, 0, AbsPath.of(point), "ext4", "/dev/sda1"));
        assertEquals(words, reason.words("the host's own"));
        assertEquals(since, reason.since());
    }
}
