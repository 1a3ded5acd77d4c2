package org.bandpass.eval.chart;

import java.util.DoubleSummaryStatistics;
import java.util.List;

/** Draws curves, for example of the training loss. */
public final class LineChart {

    /** One curve: pairs of x and y, by x, at least one. */
    public record Curve(Series series, List<double[]> points) {}

    private static final double HEIGHT = 380;
    private static final double LEFT = 64;
    private static final double RIGHT = 24;
    private static final double TOP = 62;
    private static final double BOTTOM = 52;

    private LineChart() {}

    public static String draw(String title, String xTitle, String yTitle, List<Curve> curves) {
        Canvas canvas = new Canvas(Canvas.WIDE, HEIGHT, title);
        Scale across = Scale.between(0, range(curves, 0).getMax(), 8, LEFT, Canvas.WIDE - RIGHT);
        Scale up = Scale.around(range(curves, 1), 6, HEIGHT - BOTTOM, TOP);
        canvas.leftAxis(up, LEFT, Canvas.WIDE - RIGHT, yTitle);
        canvas.bottomAxis(across, HEIGHT - BOTTOM, TOP, xTitle);
        canvas.legend(LEFT, 18, curves.stream().map(Curve::series).toList());
        for (Curve curve : curves) {
            List<double[]> points = curve.points().stream()
                    .map(p -> new double[] {across.at(p[0]), up.at(p[1])})
                    .toList();
            canvas.path(points, false, "curve " + curve.series().style());
            double[] end = points.get(points.size() - 1);
            canvas.marker(curve.series(), end[0], end[1]);
        }
        return canvas.svg();
    }

    private static DoubleSummaryStatistics range(List<Curve> curves, int axis) {
        return curves.stream()
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(point -> point[axis])
                .summaryStatistics();
    }
}
