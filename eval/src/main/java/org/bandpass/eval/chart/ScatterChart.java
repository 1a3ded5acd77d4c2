package org.bandpass.eval.chart;

import java.util.List;
import org.bandpass.eval.chart.Canvas.Anchor;

/** Draws one point per run over two measures. */
public final class ScatterChart {

    /** One point; the error is the standard error of y, 0 where there is none. */
    public record Point(Series series, double x, double y, double error) {}

    private static final double WIDTH = 620;
    private static final double HEIGHT = 400;
    private static final double LEFT = 64;
    private static final double RIGHT = 96;
    private static final double TOP = 56;
    private static final double BOTTOM = 52;

    private ScatterChart() {}

    public static String draw(String title, String xTitle, String yTitle, List<Point> points) {
        Canvas canvas = new Canvas(WIDTH, HEIGHT, title);
        double[] x = points.stream().mapToDouble(Point::x).sorted().toArray();
        double least = points.stream().mapToDouble(p -> p.y() - p.error()).min().orElse(0);
        double most = points.stream().mapToDouble(p -> p.y() + p.error()).max().orElse(1);
        Scale across = Scale.around(x[0], x[x.length - 1], 5, LEFT, WIDTH - RIGHT);
        Scale up = Scale.around(least, most, 5, HEIGHT - BOTTOM, TOP);
        canvas.leftAxis(up, LEFT, WIDTH - RIGHT, yTitle);
        canvas.bottomAxis(across, HEIGHT - BOTTOM, TOP, xTitle);
        for (Point point : points) {
            double px = across.at(point.x());
            canvas.line(
                    px,
                    up.at(point.y() - point.error()),
                    px,
                    up.at(point.y() + point.error()),
                    "thick " + point.series().style());
            canvas.marker(point.series(), px, up.at(point.y()));
            // A name that would leave the picture goes to the other side of its point.
            boolean room = px + 11 + Canvas.textWidth(point.series().name()) < WIDTH;
            canvas.text(
                    room ? px + 11 : px - 11,
                    up.at(point.y()) + 4.5,
                    room ? Anchor.START : Anchor.END,
                    "label strong",
                    point.series().name());
        }
        return canvas.svg();
    }
}
