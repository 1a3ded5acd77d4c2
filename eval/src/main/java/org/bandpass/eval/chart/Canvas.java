package org.bandpass.eval.chart;

import java.util.List;
import java.util.Locale;

/**
 * Collects the elements of one SVG picture. Sizes are pixels at full size; colours are classes of the page's style sheet,
 * so that a picture follows light and dark. Only this class escapes text.
 */
public final class Canvas {

    /** Which point of a text its position gives. */
    enum Anchor {
        START,
        MIDDLE,
        END
    }

    /** Width of a picture that fills the page. */
    static final double WIDE = 960;
    /** Where the rows of such a picture begin. */
    static final double LEFT = 230;

    private static final int LABEL_CHARACTERS = 30;
    private static final double TICK_LABEL_GAP = 18;
    private static final double AXIS_TITLE_GAP = 38;
    private static final double HALF_LINE = 4.5;
    private static final double LEGEND_ROW = 17;

    private final StringBuilder svg = new StringBuilder();
    private final double width;
    private final double height;
    private final String title;

    Canvas(double width, double height, String title) {
        this.width = width;
        this.height = height;
        this.title = title;
    }

    void line(double x1, double y1, double x2, double y2, String style) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" class=\"%s\"/>", x1, y1, x2, y2, style);
    }

    void box(double x, double y, double boxWidth, double boxHeight, String style) {
        add(
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" class=\"%s\"/>",
                x, y, Math.max(0, boxWidth), boxHeight, style);
    }

    void text(double x, double y, Anchor anchor, String style, String content) {
        add(
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" class=\"%s\">%s</text>",
                x, y, anchor.name().toLowerCase(Locale.ROOT), style, escape(content));
    }

    /** Writes the name of a row to the left of the row. */
    void rowLabel(double y, String label) {
        boolean fits = label.codePointCount(0, label.length()) <= LABEL_CHARACTERS;
        String shown = fits ? label : label.substring(0, label.offsetByCodePoints(0, LABEL_CHARACTERS - 1)) + "…";
        text(LEFT - 12, y, Anchor.END, "label", shown);
    }

    /** Draws points joined by lines; a closed path can be filled. */
    void path(List<double[]> points, boolean closed, String style) {
        StringBuilder data = new StringBuilder();
        for (double[] point : points) {
            data.append(String.format(Locale.ROOT, "%s%.1f %.1f", data.isEmpty() ? "M" : "L", point[0], point[1]));
        }
        add("<path d=\"%s%s\" class=\"%s\"/>", data, closed ? "Z" : "", style);
    }

    void marker(Series series, double x, double y) {
        add("<path d=\"%s\" class=\"mark %s\"/>", series.shape(x, y), series.style());
    }

    /** Draws a horizontal axis with grid lines upwards. */
    void bottomAxis(Scale scale, double y, double top, String axisTitle) {
        for (double tick : scale.ticks()) {
            line(scale.at(tick), top, scale.at(tick), y, "grid");
            text(scale.at(tick), y + TICK_LABEL_GAP, Anchor.MIDDLE, "tick", scale.label(tick));
        }
        line(scale.pixelFrom(), y, scale.pixelTo(), y, "axis");
        text((scale.pixelFrom() + scale.pixelTo()) / 2, y + AXIS_TITLE_GAP, Anchor.MIDDLE, "axis-title", axisTitle);
    }

    /** Draws a vertical axis with grid lines to the right, and its title above. */
    void leftAxis(Scale scale, double x, double right, String axisTitle) {
        for (double tick : scale.ticks()) {
            line(x, scale.at(tick), right, scale.at(tick), "grid");
            text(x - 8, scale.at(tick) + HALF_LINE, Anchor.END, "tick", scale.label(tick));
        }
        text(0, scale.pixelTo() - 14, Anchor.START, "axis-title", axisTitle);
    }

    /** Draws a legend to the right of x; entries that do not fit go into the next row. */
    void legend(double x, double y, List<Series> entries) {
        double at = x;
        double row = y;
        for (Series entry : entries) {
            if (at + 18 + textWidth(entry.name()) > width && at > x) {
                at = x;
                row += LEGEND_ROW;
            }
            marker(entry, at + 6, row - HALF_LINE);
            text(at + 18, row, Anchor.START, "label", entry.name());
            at += 18 + textWidth(entry.name()) + 22;
        }
    }

    /** Returns an upper bound of a text's width at 13 px; the reader's font is not known. */
    static double textWidth(String content) {
        return 7.2 * content.codePointCount(0, content.length());
    }

    /** Returns the picture as an element for an HTML page. */
    String svg() {
        return String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$.0f\" height=\"%2$.0f\""
                        + " viewBox=\"0 0 %1$.0f %2$.0f\" role=\"img\" aria-label=\"%3$s\">%n%4$s</svg>",
                width,
                height,
                escape(title),
                svg);
    }

    /** Returns markup that HTML and SVG show as the text. */
    public static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replaceAll("[\\p{Cntrl}&&[^\n]]", "�");
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
