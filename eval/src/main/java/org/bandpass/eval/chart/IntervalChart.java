package org.bandpass.eval.chart;

import java.util.List;
import org.bandpass.eval.chart.Canvas.Anchor;
import org.jspecify.annotations.Nullable;

/** Draws estimates with error bars: rows with one point per series, and a line to compare with. */
public final class IntervalChart {

    /** One estimate and its standard error, 0 where there is none. */
    public record Point(Series series, double value, double error) {}

    /** One row: what is estimated, and an estimate per series. */
    public record Row(String label, List<Point> points) {}

    /** A vertical line to compare with; its label stands above it. */
    public record Mark(double at, String label) {}

    /** 95 % of a normal distribution. */
    static final double WIDE = 1.96;

    private static final double RIGHT = 24;
    private static final double TOP = 62;
    private static final double PITCH = 17;
    private static final double TIGHT = 7;
    private static final double BOTTOM = 52;

    private IntervalChart() {}

    /** Draws rows with the points of a row below each other. */
    public static String draw(String title, String axisTitle, List<Row> rows, @Nullable Mark mark) {
        return new IntervalChart.Drawing(rows, mark, PITCH).draw(title, axisTitle);
    }

    /** Draws rows with the points of a row nearly on one line, for many rows. */
    public static String drawTight(String title, String axisTitle, List<Row> rows, @Nullable Mark mark) {
        return new IntervalChart.Drawing(rows, mark, TIGHT).draw(title, axisTitle);
    }

    private record Drawing(List<Row> rows, @Nullable Mark mark, double pitch) {

        String draw(String title, String axisTitle) {
            double height = rows.stream().mapToDouble(this::heightOf).sum();
            Canvas canvas = new Canvas(Canvas.WIDE, TOP + height + BOTTOM, title);
            Scale scale = scale();
            canvas.legend(
                    Canvas.LEFT,
                    18,
                    rows.get(0).points().stream().map(Point::series).toList());
            canvas.bottomAxis(scale, TOP + height, TOP, axisTitle);
            if (mark != null) {
                canvas.line(scale.at(mark.at()), TOP - 8, scale.at(mark.at()), TOP + height, "cut");
                canvas.text(scale.at(mark.at()), TOP - 14, Anchor.MIDDLE, "cut-label", mark.label());
            }
            double y = TOP;
            for (Row row : rows) {
                drawRow(canvas, scale, row, y);
                y += heightOf(row);
            }
            return canvas.svg();
        }

        private double heightOf(Row row) {
            return Math.max(24, row.points().size() * pitch + 12);
        }

        private void drawRow(Canvas canvas, Scale scale, Row row, double top) {
            double middle = top + heightOf(row) / 2;
            canvas.line(Canvas.LEFT, top, Canvas.WIDE - RIGHT, top, "grid");
            canvas.rowLabel(middle + 4.5, row.label());
            double y = middle - (row.points().size() - 1) * pitch / 2;
            for (Point point : row.points()) {
                drawPoint(canvas, scale, point, y);
                y += pitch;
            }
        }

        private static void drawPoint(Canvas canvas, Scale scale, Point point, double y) {
            String style = point.series().style();
            double value = point.value();
            if (point.error() > 0) {
                double wide = WIDE * point.error();
                canvas.line(scale.at(value - wide), y, scale.at(value + wide), y, "thin " + style);
                canvas.line(scale.at(value - point.error()), y, scale.at(value + point.error()), y, "thick " + style);
            }
            canvas.marker(point.series(), scale.at(value), y);
        }

        private Scale scale() {
            double least = mark == null ? Double.POSITIVE_INFINITY : mark.at();
            double most = mark == null ? Double.NEGATIVE_INFINITY : mark.at();
            for (Row row : rows) {
                for (Point point : row.points()) {
                    least = Math.min(least, point.value() - WIDE * point.error());
                    most = Math.max(most, point.value() + WIDE * point.error());
                }
            }
            return Scale.around(least, most, 7, Canvas.LEFT, Canvas.WIDE - RIGHT);
        }
    }
}
