package org.bandpass.eval.chart;

import java.util.List;
import org.bandpass.eval.chart.Canvas.Anchor;

/** Draws durations as bars, in their order. */
public final class DurationChart {

    /** One bar: the seconds give its length; duration and note stand to its right. */
    public record Bar(String label, double seconds, String duration, String note) {}

    private static final double ROW = 25;
    private static final double BAR = 15;
    private static final double TOP = 8;
    private static final double NUMBER = 330;

    private DurationChart() {}

    public static String draw(String title, List<Bar> bars) {
        Canvas canvas = new Canvas(Canvas.WIDE, TOP + bars.size() * ROW + 6, title);
        double most = bars.stream().mapToDouble(Bar::seconds).max().orElse(1);
        double perSecond = (Canvas.WIDE - Canvas.LEFT - NUMBER) / Math.max(most, 1e-9);
        double y = TOP;
        for (Bar bar : bars) {
            canvas.rowLabel(y + BAR - 3, bar.label());
            canvas.box(Canvas.LEFT, y, bar.seconds() * perSecond, BAR, "bar s0");
            double end = Canvas.LEFT + bar.seconds() * perSecond + 8;
            canvas.text(end, y + BAR - 3, Anchor.START, "label", bar.duration());
            canvas.text(end + Canvas.textWidth(bar.duration()) + 10, y + BAR - 3, Anchor.START, "note", bar.note());
            y += ROW;
        }
        canvas.line(Canvas.LEFT, TOP - 4, Canvas.LEFT, y - 4, "axis");
        return canvas.svg();
    }
}
