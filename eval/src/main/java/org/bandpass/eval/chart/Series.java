package org.bandpass.eval.chart;

import java.util.Locale;

/**
 * The look of one run or band, the same in every picture: a colour of the Okabe–Ito palette, which colour-blind people
 * can tell apart, and a shape, which survives a black-and-white printer.
 *
 * @param index 0 for the control, 1 and above for bands in the order of the plan
 */
public record Series(String name, int index) {

    /** Number of colours in the style sheet. */
    public static final int COLOURS = 7;

    String style() {
        return "s" + index % COLOURS;
    }

    String shape(double x, double y) {
        double r = 5;
        return switch (index % 4) {
            case 0 ->
                format(
                        "M%.1f %.1fa%.1f %.1f 0 1 0 %.1f 0a%.1f %.1f 0 1 0 %.1f 0Z",
                        x - r, y, r, r, 2 * r, r, r, -2 * r);
            case 1 -> format("M%.1f %.1fh%.1fv%.1fh%.1fZ", x - r, y - r, 2 * r, 2 * r, -2 * r);
            case 2 ->
                format(
                        "M%.1f %.1fL%.1f %.1fL%.1f %.1fL%.1f %.1fZ",
                        x, y - 1.3 * r, x + 1.3 * r, y, x, y + 1.3 * r, x - 1.3 * r, y);
            default ->
                format("M%.1f %.1fL%.1f %.1fL%.1f %.1fZ", x, y - 1.2 * r, x + 1.2 * r, y + r, x - 1.2 * r, y + r);
        };
    }

    private static String format(String path, Object... values) {
        return String.format(Locale.ROOT, path, values);
    }
}
