package org.bandpass.eval.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bandpass.eval.chart.DurationChart;
import org.bandpass.eval.results.BandResult;
import org.bandpass.eval.results.CutQuantiles;
import org.bandpass.eval.results.Provenance;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.RunResult;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/** The page's sections about whether the results can be believed and repeated: audit, timing, provenance. */
record EvidenceSections(Results results) {

    Html audit() {
        Html html = new Html().heading("Audit: the bands against an exact sort of all scores");
        if (results.audit().isEmpty()) {
            return html.paragraph("quiet", "There is none; ‘bandpass audit’ makes one.");
        }
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode entry : results.audit()) {
            String band = entry.path("band").asText();
            rows.add(List.of(
                    band,
                    whole(entry, "documents"),
                    whole(entry, "lost"),
                    whole(entry, "doubled"),
                    whole(entry, "misplaced"),
                    whole(entry, "tieMass"),
                    small(entry, "maxDistanceFromCut"),
                    small(entry, "rankErrorBound"),
                    exact(band)));
        }
        return html.table(
                        "",
                        List.of(
                                "band",
                                "scored documents seen",
                                "lost",
                                "doubled",
                                "misplaced",
                                "share a score with a cut",
                                "farthest from its cut",
                                "bound of the digest's error",
                                "share kept (exact)"),
                        rows)
                .paragraph(
                        "quiet",
                        "Misplaced documents lie on the other side of a cut than an exact sort puts them; distances are in"
                                + " rank. The exact share is what sorting all scores would keep.");
    }

    private String exact(String name) {
        for (BandResult band : results.bands()) {
            if (band.name().equals(name)) {
                return Words.percent(band.fraction()) + " (" + Words.percent(band.exactFraction()) + ")";
            }
        }
        return Words.UNKNOWN;
    }

    private static String whole(JsonNode entry, String field) {
        JsonNode value = entry.path(field);
        return value.isNumber() ? Words.count(value.asLong()) : Words.UNKNOWN;
    }

    private static String small(JsonNode entry, String field) {
        return Words.decimals(entry.path(field).asDouble(Double.NaN), 6);
    }

    Html timing() {
        Html html = new Html().heading("How long it took");
        Map<String, Double> durations = results.stages().seconds();
        if (durations.isEmpty()) {
            return html.paragraph("quiet", "This report has no summaries of the stages.");
        }
        List<DurationChart.Bar> bars = new ArrayList<>();
        durations.forEach((stage, seconds) ->
                bars.add(new DurationChart.Bar(stage, seconds, Words.seconds(seconds), rate(stage))));
        String processors = results.provenance().processors();
        return html.figure(
                DurationChart.draw("Duration of each stage", bars),
                "Stages ran one after the other, "
                        + Progress.duration(Words.sum(durations.values())) + " together"
                        + (processors == null ? "" : ", on " + processors + " processors") + ".");
    }

    private String rate(String stage) {
        List<String> words = new ArrayList<>();
        for (String unit : List.of("documents", "tokens")) {
            Double rate = results.stages().rate(stage, unit);
            if (rate != null) {
                words.add(Words.count(Math.round(rate)) + " " + unit + "/s");
            }
        }
        Double padding = results.stages().number(stage, "paddingFraction");
        if (padding != null) {
            words.add(Words.percent(padding) + " padding");
        }
        return String.join(", ", words);
    }

    Html provenance() {
        Provenance provenance = results.provenance();
        Map<String, String> rows = new LinkedHashMap<>();
        rows.put("Bandpass", orUnknown(provenance.version()) + ", revision " + orUnknown(provenance.revision()));
        rows.put(
                "Java, Kafka, DJL",
                orUnknown(provenance.java()) + ", " + orUnknown(provenance.kafka()) + ", "
                        + orUnknown(provenance.djl()));
        rows.put("reference model", provenance.modelRevision());
        rows.put("tokenizer", orUnknown(provenance.tokenizerRevision()));
        rows.put("seed", orUnknown(provenance.seed()));
        CutQuantiles cuts = results.cuts();
        if (cuts != null) {
            rows.put(
                    "cuts",
                    "version " + cuts.version() + " of " + Words.count(cuts.count()) + " scores, error in rank at most "
                            + Words.decimals(cuts.rankErrorBound(), 6));
        }
        for (RunResult run : results.runs().compared()) {
            rows.put(
                    "model " + run.name(),
                    orUnknown(run.run().getModelRevision()) + ", run "
                            + run.run().getRunId() + ", "
                            + Words.count(run.run().getStep()) + " steps, "
                            + Words.decimals(run.run().getEpochs(), 2) + " passes over its data, ended by "
                            + orUnknown(run.run().getEndedBy()));
        }
        return new Html()
                .heading("Provenance")
                .pairs(rows)
                .details("Settings", new Html().pairs(provenance.settings()))
                .details("Schemas of the records", new Html().pairs(provenance.schemas()));
    }

    private static String orUnknown(@Nullable Object value) {
        return value == null ? "unknown" : value.toString();
    }
}
