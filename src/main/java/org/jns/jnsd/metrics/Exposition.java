// SPDX-License-Identifier: Apache-2.0
package org.jns.jnsd.metrics;

import java.math.BigDecimal;
import java.util.Map;

/**
 * Writes numbers in the text format of OpenMetrics 1.0, restricted to the part that readers of the older Prometheus
 * format accept too: the types counter, gauge and histogram.
 */
final class Exposition {
    private final StringBuilder text = new StringBuilder();

    /** A number that may decrease. */
    void gauge(String name, String help, double value) {
        head(name, "gauge", help);
        sample(name, "", value);
    }

    /** @param label name of the label that distinguishes the numbers */
    void gauges(String name, String help, String label, Map<String, Double> values) {
        head(name, "gauge", help);
        values.forEach((value, number) -> sample(name, label(label, value), number));
    }

    /** A gauge that is always 1 and carries its information in a label. */
    void fact(String name, String help, String label, String value) {
        head(name, "gauge", help);
        sample(name, label(label, value), 1);
    }

    void counter(String name, String help, long value) {
        head(name, "counter", help);
        sample(name + "_total", "", value);
    }

    /** @param label name of the label that distinguishes the numbers */
    void counters(String name, String help, String label, Map<String, Long> values) {
        head(name, "counter", help);
        values.forEach((value, count) -> sample(name + "_total", label(label, value), count));
    }

    /** Histograms of times in seconds. */
    void histograms(String name, String help, String label, Map<String, Latencies> values) {
        head(name, "histogram", help);
        text.append("# UNIT ").append(name).append(" seconds\n");
        values.forEach((value, latencies) -> {
            String own = label(label, value);
            latencies.upTo((bound, count) -> sample(name + "_bucket", own + "," + label("le", bound(bound)), count));
            sample(name + "_count", own, latencies.count());
            sample(name + "_sum", own, latencies.seconds());
        });
    }

    private void head(String name, String type, String help) {
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
        text.append("# HELP ").append(name).append(' ').append(escaped(help)).append('\n');
    }

    private void sample(String name, String labels, double value) {
        text.append(name)
                .append(labels.isEmpty() ? "" : "{" + labels + "}")
                .append(' ')
                .append(number(value))
                .append('\n');
    }

    private static String label(String name, String value) {
        return name + "=\"" + escaped(value) + "\"";
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\"", "\\\"");
    }

    /** The number without an exponent. */
    private static String number(double value) {
        String plain =
                new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
        return plain.equals("0.0") ? "0" : plain;
    }

    /** The spelling of a bound must be the same everywhere: whole numbers have a fraction. */
    private static String bound(double value) {
        if (Double.isInfinite(value)) {
            return "+Inf";
        }
        String number = number(value);
        return number.contains(".") ? number : number + ".0";
    }

    /** The complete text. */
    String end() {
        return text + "# EOF\n";
    }
}
