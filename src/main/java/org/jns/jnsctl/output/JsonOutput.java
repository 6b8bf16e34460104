// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsctl.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;

/** One JSON object on standard output. */
public final class JsonOutput {

    private JsonOutput() {}

    /** Writes the fields of the object. */
    public interface Fields {
        void write(JsonGenerator json) throws IOException;
    }

    public static void print(PrintWriter out, Fields fields) throws IOException {
        try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
            json.configure(JsonGenerator.Feature.AUTO_CLOSE_TARGET, false);
            json.useDefaultPrettyPrinter();
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
        out.println();
        out.flush();
    }

    /** Writes one item into an open object. */
    public interface Item<T> {
        void write(T item) throws IOException;
    }

    /** A field with a list of objects, one for each item. */
    public static <T> void objects(JsonGenerator json, String name, Iterable<T> items, Item<T> fields)
            throws IOException {
        json.writeArrayFieldStart(name);
        for (T item : items) {
            json.writeStartObject();
            fields.write(item);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** A field with a list of texts. */
    public static void strings(JsonGenerator json, String name, Iterable<String> values) throws IOException {
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }
}
