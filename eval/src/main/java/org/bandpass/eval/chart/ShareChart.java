package org.bandpass.eval.chart;

import java.util.List;
import java.util.Locale;
import org.bandpass.eval.chart.Canvas.Anchor;

/** Draws shares as bars, a row per domain and a column before and after each selection, all at one scale. */
public final class ShareChart {

    /** One column: a share in [0, 1] per row; the note stands below its name. */
    public record Column(Series series, String note, List<Double> shares) {}

    private static final double TOP = 48;
    private static final double ROW = 24;
    private static final double BAR = 15;
    private static final double GAP = 18;
    private static final double NUMBER = 64;
    private static final double BOTTOM = 10;

    private ShareChart() {}

    /** Draws the columns; a thin line in the bars of the others shows the share in the first. */
    public static String draw(String title, List<String> rows, List<Column> columns) {
        Canvas canvas = new Canvas(Canvas.WIDE, TOP + rows.size() * ROW + BOTTOM, title);
        double column = (Canvas.WIDE - Canvas.LEFT - GAP * (columns.size() - 1)) / columns.size();
        double most = columns.stream()
                .flatMap(c -> c.shares().stream())
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        double perShare = most > 0 ? (column - NUMBER) / most : 0;
        for (int r = 0; r < rows.size(); r++) {
            canvas.rowLabel(TOP + r * ROW + BAR - 2, rows.get(r));
        }
        for (int c = 0; c < columns.size(); c++) {
            drawColumn(canvas, columns.get(c), columns.get(0), Canvas.LEFT + c * (column + GAP), perShare);
        }
        return canvas.svg();
    }

    private static void drawColumn(Canvas canvas, Column column, Column before, double x, double perShare) {
        canvas.marker(column.series(), x + 6, 14);
        canvas.text(x + 18, 18, Anchor.START, "label strong", column.series().name());
        canvas.text(x, 37, Anchor.START, "note", column.note());
        for (int r = 0; r < column.shares().size(); r++) {
            double y = TOP + r * ROW;
            double share = column.shares().get(r);
            double reference = before.shares().get(r);
            canvas.box(x, y, share * perShare, BAR, "bar " + column.series().style());
            if (!column.equals(before)) {
                canvas.line(x + reference * perShare, y - 3, x + reference * perShare, y + BAR + 3, "before");
            }
            canvas.text(
                    x + Math.max(share, column.equals(before) ? 0 : reference) * perShare + 5,
                    y + BAR - 3,
                    Anchor.START,
                    "tick",
                    percent(share));
        }
        canvas.line(x, TOP - 4, x, TOP + column.shares().size() * ROW - 4, "axis");
    }

    private static String percent(double share) {
        if (share == 0) {
            return "0";
        }
        return share < 0.0005 ? "<0.1 %" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
