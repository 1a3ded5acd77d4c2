package org.bandpass.eval.chart;

import java.util.DoubleSummaryStatistics;
import java.util.List;
import org.bandpass.eval.chart.Canvas.Anchor;
import org.jspecify.annotations.Nullable;

/** Draws curves, for example of the training loss. */
public final class LineChart {

    /** One curve: pairs of x and y, by x, at least one. */
    public record Curve(Series series, List<double[]> points) {}

    private static final int MARKED = 10;
    private static final double HEIGHT = 380;
    private static final double LEFT = 64;
    private static final double RIGHT = 24;
    private static final double TOP = 62;
    private static final double BOTTOM = 52;

    private LineChart() {}

    /** A horizontal line to compare with, and the label above its left end. */
    public record Level(double at, String label) {}

    public static String draw(String title, String xTitle, String yTitle, List<Curve> curves) {
        return draw(title, new String[] {xTitle, yTitle}, curves, null);
    }

    /** Titles are those of the two axes. */
    public static String draw(String title, String[] titles, List<Curve> curves, @Nullable Level level) {
        Canvas canvas = new Canvas(Canvas.WIDE, HEIGHT, title);
        Scale across = Scale.between(0, range(curves, 0).getMax(), 8, LEFT, Canvas.WIDE - RIGHT);
        Scale up = Scale.around(heights(curves, level), 6, HEIGHT - BOTTOM, TOP);
        canvas.leftAxis(up, LEFT, Canvas.WIDE - RIGHT, titles[1]);
        canvas.bottomAxis(across, HEIGHT - BOTTOM, TOP, titles[0]);
        if (level != null) {
            canvas.line(LEFT, up.at(level.at()), Canvas.WIDE - RIGHT, up.at(level.at()), "cut");
            canvas.text(LEFT + 8, up.at(level.at()) - 6, Anchor.START, "cut-label", level.label());
        }
        canvas.legend(LEFT, 18, curves.stream().map(Curve::series).toList());
        for (Curve curve : curves) {
            List<double[]> points = curve.points().stream()
                    .map(p -> new double[] {across.at(p[0]), up.at(p[1])})
                    .toList();
            canvas.path(points, false, "curve " + curve.series().style());
            // Few points are measurements, each with a mark; of many only the last has one.
            for (double[] point : points.size() > MARKED ? points.subList(points.size() - 1, points.size()) : points) {
                canvas.marker(curve.series(), point[0], point[1]);
            }
        }
        return canvas.svg();
    }

    private static DoubleSummaryStatistics heights(List<Curve> curves, @Nullable Level level) {
        DoubleSummaryStatistics heights = range(curves, 1);
        if (level != null) {
            heights.accept(level.at());
        }
        return heights;
    }

    private static DoubleSummaryStatistics range(List<Curve> curves, int axis) {
        return curves.stream()
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(point -> point[axis])
                .summaryStatistics();
    }
}
