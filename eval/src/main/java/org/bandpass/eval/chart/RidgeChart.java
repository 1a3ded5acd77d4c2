package org.bandpass.eval.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bandpass.eval.chart.Canvas.Anchor;

/** Draws one density per row over a common axis, and the cuts as vertical lines through all rows. */
public final class RidgeChart {

    /** One row; at least one value. The note stands at the right; the style is the class of the area. */
    public record Row(String label, String note, double[] values, String style) {}

    /** One vertical line, and the label above it. */
    public record Cut(double at, String label) {}

    private static final double RIGHT = 150;
    private static final double TOP = 46;
    private static final double ROW = 34;
    private static final double RIDGE = 30;
    private static final double BOTTOM = 52;

    private RidgeChart() {}

    /** Titles are those of picture, axis and notes; the range is the first and last value of the axis. */
    public static String draw(String[] titles, double[] range, List<Row> rows, List<Cut> cuts) {
        double bottom = TOP + rows.size() * ROW + 6;
        Canvas canvas = new Canvas(Canvas.WIDE, bottom + BOTTOM, titles[0]);
        Scale scale = Scale.between(range[0], range[1], 8, Canvas.LEFT, Canvas.WIDE - RIGHT);
        canvas.bottomAxis(scale, bottom, TOP, titles[1]);
        canvas.text(Canvas.WIDE - RIGHT + 12, TOP - 16, Anchor.START, "note", titles[2]);
        for (int row = 0; row < rows.size(); row++) {
            drawRow(canvas, scale, rows.get(row), TOP + (row + 1) * ROW);
        }
        double lastLabel = Double.NEGATIVE_INFINITY;
        for (Cut cut : cuts) {
            if (cut.at() >= scale.from() && cut.at() <= scale.to()) {
                double x = scale.at(cut.at());
                canvas.line(x, TOP - 10, x, bottom, "cut");
                // The labels of two close cuts would overlap: the second label moves one line up.
                boolean crowded = x - lastLabel < Canvas.textWidth(cut.label()) + 6;
                canvas.text(x, crowded ? TOP - 32 : TOP - 16, Anchor.MIDDLE, "cut-label", cut.label());
                lastLabel = crowded ? lastLabel : x;
            }
        }
        return canvas.svg();
    }

    private static void drawRow(Canvas canvas, Scale scale, Row row, double base) {
        double[] density = Density.of(row.values(), scale.from(), scale.to());
        double most = Arrays.stream(density).max().orElse(0);
        List<double[]> outline = new ArrayList<>();
        outline.add(new double[] {scale.pixelFrom(), base});
        for (int bin = 0; bin < density.length; bin++) {
            double value = scale.from() + (bin + 0.5) * (scale.to() - scale.from()) / density.length;
            outline.add(new double[] {scale.at(value), most > 0 ? base - density[bin] / most * RIDGE : base});
        }
        outline.add(new double[] {scale.pixelTo(), base});
        canvas.path(outline, true, "ridge " + row.style());
        canvas.line(scale.pixelFrom(), base, scale.pixelTo(), base, "grid");
        canvas.rowLabel(base - 8, row.label());
        canvas.text(Canvas.WIDE - RIGHT + 12, base - 8, Anchor.START, "note", row.note());
    }
}
