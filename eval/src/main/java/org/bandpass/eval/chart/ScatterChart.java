package org.bandpass.eval.chart;

import java.util.List;
import java.util.stream.DoubleStream;
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
        DoubleStream x = points.stream().mapToDouble(Point::x);
        DoubleStream y = points.stream().flatMapToDouble(p -> DoubleStream.of(p.y() - p.error(), p.y() + p.error()));
        Scale across = Scale.around(x.summaryStatistics(), 5, LEFT, WIDTH - RIGHT);
        Scale up = Scale.around(y.summaryStatistics(), 5, HEIGHT - BOTTOM, TOP);
        canvas.leftAxis(up, LEFT, WIDTH - RIGHT, yTitle);
        canvas.bottomAxis(across, HEIGHT - BOTTOM, TOP, xTitle);
        for (Point point : points) {
            Series series = point.series();
            double px = across.at(point.x());
            double low = up.at(point.y() - point.error());
            double high = up.at(point.y() + point.error());
            canvas.line(px, low, px, high, "thick " + series.style());
            canvas.marker(series, px, up.at(point.y()));
            // A name that does not fit to the right of its point stands to the left.
            boolean room = px + 11 + Canvas.textWidth(series.name()) < WIDTH;
            Anchor anchor = room ? Anchor.START : Anchor.END;
            canvas.text(room ? px + 11 : px - 11, up.at(point.y()) + 4.5, anchor, "label strong", series.name());
        }
        return canvas.svg();
    }
}
