package org.bandpass.selector;

import java.util.Locale;

/** Draws the kept fraction, averaged over the last 4,000 documents, as SVG. */
final class LivePlot {

    private static final int WIDTH = 760;
    private static final int HEIGHT = 300;
    private static final int LEFT = 56;
    private static final int RIGHT = 16;
    private static final int TOP = 44;
    private static final int BOTTOM = 44;
    private static final int WINDOW = 4000;
    private static final int STEP = 1000;
    private static final double LOWEST = 0.3;
    private static final double HIGHEST = 0.9;

    private final StringBuilder body = new StringBuilder();
    private final int documents;
    private int curves;

    LivePlot(double rate, int documents) {
        this.documents = documents;
        for (double y = LOWEST; y < HIGHEST + 0.01; y += 0.1) {
            line(LEFT, y(y), WIDTH - RIGHT, y(y), "#e3e3e3", "");
            text(LEFT - 8, y(y) + 4, "end", "#444", String.format(Locale.ROOT, "%.1f", y));
        }
        for (int x = 0; x <= documents; x += 20_000) {
            text(x(x), HEIGHT - BOTTOM + 18, "middle", "#444", x / 1000 + "k");
        }
        line(LEFT, y(rate), WIDTH - RIGHT, y(rate), "#222", " stroke-dasharray=\"2 3\"");
        text(WIDTH / 2.0, HEIGHT - 8, "middle", "#222", "scored documents");
        text(LEFT, 16, "start", "#222", "fraction kept of the last " + WINDOW + " documents, band high at r = " + rate);
    }

    LivePlot mark(String name, int document) {
        line(x(document), TOP, x(document), HEIGHT - BOTTOM, "#999", " stroke-dasharray=\"4 3\"");
        text(x(document) + 4, HEIGHT - BOTTOM - 6, "start", "#666", name);
        return this;
    }

    LivePlot curve(String name, String colour, boolean[] kept) {
        StringBuilder points = new StringBuilder();
        for (int to = WINDOW; to <= kept.length; to += STEP) {
            int count = 0;
            for (int i = to - WINDOW; i < to; i++) {
                count += kept[i] ? 1 : 0;
            }
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(to), y(count / (double) WINDOW)));
        }
        body.append(String.format(
                "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.8\"/>%n",
                points.toString().strip(), colour));
        text(LEFT + 300.0 * curves++, 34, "start", colour, name);
        return this;
    }

    String svg() {
        return String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"12\">%n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n%s</svg>%n",
                WIDTH, HEIGHT, WIDTH, HEIGHT, body);
    }

    private double x(double document) {
        return LEFT + (WIDTH - LEFT - RIGHT) * document / documents;
    }

    private static double y(double fraction) {
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (fraction - LOWEST) / (HIGHEST - LOWEST);
    }

    private void line(double x1, double y1, double x2, double y2, String colour, String more) {
        body.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\"%s/>%n",
                x1,
                y1,
                x2,
                y2,
                colour,
                more));
    }

    private void text(double x, double y, String anchor, String colour, String words) {
        body.append(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n",
                x,
                y,
                anchor,
                colour,
                words));
    }
}
