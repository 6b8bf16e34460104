// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.pam;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jns.doctor.PamFile;
import org.jns.doctor.PamFiles;
import org.jns.jnsctl.output.Host;

/** Adds a line for the module to the file of each service. */
public final class LineChange implements StackChange {
    private final StackFiles files;
    private final Map<String, String> texts;
    private final List<String> services;
    private final Map<String, String> before = new TreeMap<>();

    private LineChange(StackFiles files, Map<String, String> texts, List<String> services) {
        this.files = files;
        this.texts = texts;
        this.services = services;
    }

    /**
     * A service that includes another one's file gets no line: no session would use it.
     *
     * @param wanted services that have a file
     */
    public static LineChange of(StackFiles files, PamFiles now, List<String> wanted) {
        Map<String, String> texts = new TreeMap<>();
        List<String> services = new ArrayList<>();
        PamFiles then = now;
        // The included service has the shorter name: su-l includes su.
        for (String service :
                wanted.stream().sorted(Comparator.comparing(String::length)).toList()) {
            if (!now.hasModule(service)) {
                services.add(service);
            }
            if (!then.hasModule(service)) {
                String text = StackText.with(files.text(service).orElseThrow());
                texts.put(service, text);
                then = then.with(service, PamFile.parse(service, text));
            }
        }
        return new LineChange(files, texts, List.copyOf(new TreeSet<>(services)));
    }

    @Override
    public Map<String, String> texts() {
        return texts;
    }

    @Override
    public List<String> services() {
        return services;
    }

    @Override
    public void make() {
        texts.keySet().forEach(files::keep);
        try {
            texts.forEach((service, text) -> {
                before.put(service, files.text(service).orElseThrow());
                files.write(service, text);
            });
        } catch (Host.Failure e) {
            undo();
            throw e;
        }
    }

    @Override
    public void undo() {
        before.forEach((service, text) -> {
            if (!text.equals(files.text(service).orElse(""))) {
                files.write(service, text);
            }
        });
    }

    @Override
    public String made() {
        return "put pam_jns.so into the stacks of " + String.join(", ", texts.keySet());
    }
}
