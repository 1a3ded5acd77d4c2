package org.bandpass.eval.chart;

import java.util.List;
import java.util.stream.DoubleStream;
import org.bandpass.eval.chart.Canvas.Anchor;
import org.jspecify.annotations.Nullable;

/**
 * Estimates with error bars: rows with one point per series.
 *
 * @param mark the line to compare with, or null for none
 * @param pitch distance of two points of a row, {@link #LOOSE} or {@link #TIGHT}
 */
public record IntervalChart(List<Row> rows, @Nullable Mark mark, double pitch) {

    /** One estimate and its standard error, 0 where there is none. */
    public record Point(Series series, double value, double error) {

        private DoubleStream ends() {
            return DoubleStream.of(value - WIDE * error, value + WIDE * error);
        }
    }

    /** One row: what is estimated, a note below its name, empty for none, and an estimate per series. */
    public record Row(String label, String note, List<Point> points) {

        public Row(String label, List<Point> points) {
            this(label, "", points);
        }
    }

    /** A vertical line to compare with, and the label above it. */
    public record Mark(double at, String label) {}

    /** Points of a row stand below each other. */
    public static final double LOOSE = 17;
    /** Points of a row stand nearly on one line, for many rows. */
    public static final double TIGHT = 7;

    /** 95 % of a normal distribution. */
    private static final double WIDE = 1.96;

    private static final double RIGHT = 24;
    private static final double TOP = 62;
    private static final double BOTTOM = 52;

    public String draw(String title, String axisTitle) {
        double height = rows.stream().mapToDouble(this::heightOf).sum();
        Canvas canvas = new Canvas(Canvas.WIDE, TOP + height + BOTTOM, title);
        Scale scale = scale();
        canvas.legend(
                Canvas.LEFT,
                18,
                rows.stream()
                        .flatMap(row -> row.points().stream())
                        .map(Point::series)
                        .distinct()
                        .toList());
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
        double least = row.note().isEmpty() ? 24 : 44;
        return Math.max(least, row.points().size() * pitch + 12);
    }

    private void drawRow(Canvas canvas, Scale scale, Row row, double top) {
        double middle = top + heightOf(row) / 2;
        canvas.line(Canvas.LEFT, top, Canvas.WIDE - RIGHT, top, "grid");
        canvas.rowLabel(middle + (row.note().isEmpty() ? 4.5 : -2), row.label());
        canvas.text(Canvas.LEFT - 12, middle + 14, Anchor.END, "note", row.note());
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
        DoubleStream ends = rows.stream().flatMap(row -> row.points().stream()).flatMapToDouble(Point::ends);
        DoubleStream all = mark == null ? ends : DoubleStream.concat(ends, DoubleStream.of(mark.at()));
        return Scale.around(all.summaryStatistics(), 7, Canvas.LEFT, Canvas.WIDE - RIGHT);
    }
}
