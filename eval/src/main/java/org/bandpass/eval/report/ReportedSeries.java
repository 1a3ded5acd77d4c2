package org.bandpass.eval.report;

import java.util.List;
import org.bandpass.eval.chart.Series;
import org.bandpass.eval.results.BandResult;
import org.bandpass.eval.results.Results;

/** How runs and bands are drawn: the control first, then the bands in their order, the same in every picture. */
final class ReportedSeries {

    static final String CONTROL = "control";

    private ReportedSeries() {}

    static Series of(Results results, String name) {
        List<String> bands = results.bands().stream().map(BandResult::name).toList();
        if (!name.equals(CONTROL) && !bands.contains(name)) {
            throw new IllegalArgumentException("no band " + name + " among " + bands);
        }
        return new Series(name, name.equals(CONTROL) ? 0 : 1 + bands.indexOf(name));
    }
}
