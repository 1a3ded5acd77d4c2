package org.bandpass.eval.chart;

import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;

/**
 * Maps values to pixels, with ticks at 1, 2 or 5 times a power of ten.
 *
 * @param to value at {@code pixelTo}, above {@code from}
 * @param pixelTo position of {@code to}; may lie below {@code pixelFrom}, as on a vertical axis
 * @param step distance of two ticks
 */
record Scale(double from, double to, double pixelFrom, double pixelTo, double step) {

    Scale {
        if (!(from < to) || !(step > 0) || Double.isInfinite(to - from)) {
            throw new IllegalArgumentException("no scale from " + from + " to " + to + " in steps of " + step);
        }
    }

    /** Returns a scale that encloses the values and ends at ticks; about that many ticks. */
    static Scale around(DoubleSummaryStatistics values, int ticks, double pixelFrom, double pixelTo) {
        Scale exact = between(values.getMin(), values.getMax(), ticks, pixelFrom, pixelTo);
        double step = exact.step;
        return new Scale(
                Math.floor(exact.from / step) * step, Math.ceil(exact.to / step) * step, pixelFrom, pixelTo, step);
    }

    /** Returns a scale with exactly these ends, a little apart where they are equal; ticks lie inside. */
    static Scale between(double least, double most, int ticks, double pixelFrom, double pixelTo) {
        double margin = least < most ? 0 : Math.max(Math.abs(least) * 0.05, 1e-3);
        double from = least - margin;
        double to = most + margin;
        return new Scale(from, to, pixelFrom, pixelTo, niceStep((to - from) / ticks));
    }

    private static double niceStep(double atLeast) {
        double power = Math.pow(10, Math.floor(Math.log10(atLeast)));
        double digits = atLeast / power;
        if (digits <= 1) {
            return power;
        }
        return power * (digits <= 2 ? 2 : digits <= 5 ? 5 : 10);
    }

    double at(double value) {
        return pixelFrom + (value - from) / (to - from) * (pixelTo - pixelFrom);
    }

    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        double tolerance = 1e-6 * step;
        for (long i = (long) Math.ceil((from - tolerance) / step); i * step <= to + tolerance; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** Returns a tick's label with as many decimals as the steps need. */
    String label(double tick) {
        if (Math.abs(tick) < 1e-6 * step) {
            return "0";
        }
        double magnitude = Math.max(Math.abs(from), Math.abs(to));
        if (magnitude >= 1e6) {
            return trimmed(tick / 1e6) + "M";
        }
        if (magnitude >= 1e4) {
            return trimmed(tick / 1e3) + "k";
        }
        int decimals = (int) Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + decimals + "f", tick);
    }

    private static String trimmed(double value) {
        return String.format(Locale.ROOT, "%.2f", value).replaceAll("\\.?0+$", "");
    }
}
