package org.bandpass.eval.report;

import java.util.List;
import org.bandpass.eval.chart.Series;
import org.bandpass.eval.results.ComparedRun;
import org.bandpass.eval.results.RunComparison;
import org.bandpass.schemas.TrainingRun;
import org.jspecify.annotations.Nullable;

/** How the runs of a comparison look and what they are called, the same in every part of a page. */
record RunLooks(RunComparison comparison) {

    Series series(String run) {
        List<String> ids = comparison.runs().stream().map(ComparedRun::id).toList();
        return new Series(run, ids.indexOf(run) + (comparison.control() == null ? 1 : 0));
    }

    /** Returns the runs that are compared with the control, or all where there is none. */
    List<String> others() {
        return comparison.runs().stream()
                .map(ComparedRun::id)
                .filter(id -> !id.equals(comparison.control()))
                .toList();
    }

    static String trainedOn(@Nullable TrainingRun run) {
        if (run == null) {
            return Words.UNKNOWN;
        }
        return switch (run.getRole()) {
            case REFERENCE -> "reference split";
            case CONTROL -> "everything (control)";
            case BAND -> "band " + run.getBand() + " of plan " + run.getPlan();
        };
    }
}
