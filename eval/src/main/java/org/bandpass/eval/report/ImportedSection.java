package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.bandpass.eval.results.ImportedScore;

/**
 * The pages' section about scores that other harnesses computed.
 *
 * @param runs names of the columns, in order
 * @param scores by these names
 */
record ImportedSection(List<String> runs, Map<String, List<ImportedScore>> scores) {

    /** Scores that other harnesses computed; empty where there are none. */
    Html imported() {
        Map<List<String>, List<String>> rows = new TreeMap<>(Comparator.comparing(Object::toString));
        for (int r = 0; r < runs.size(); r++) {
            for (ImportedScore score : scores.getOrDefault(runs.get(r), List.of())) {
                List<String> cells = rows.computeIfAbsent(
                        List.of(score.harness(), score.task(), score.metric()),
                        key -> new ArrayList<>(Collections.nCopies(runs.size(), Words.UNKNOWN)));
                cells.set(r, Words.imported(score));
            }
        }
        if (rows.isEmpty()) {
            return new Html();
        }
        List<String> header = new ArrayList<>(List.of("harness", "task", "metric"));
        header.addAll(runs);
        List<List<String>> table = new ArrayList<>();
        rows.forEach((key, cells) ->
                table.add(Stream.concat(key.stream(), cells.stream()).toList()));
        return new Html()
                .heading("Scores of other harnesses")
                .table("", header, table)
                .paragraph(
                        "quiet",
                        "Taken over with ‘bandpass eval import’. In brackets the difference to the control; it is not paired,"
                                + " since such a file has no rows, so its error is larger than that of a paired one.");
    }
}
