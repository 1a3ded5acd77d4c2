package org.bandpass.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/** The page's sections about whether the results can be believed and repeated: audit, timing, provenance. */
final class ReportEvidence {

    private final Results results;

    ReportEvidence(Results results) {
        this.results = results;
    }

    ReportHtml audit() {
        ReportHtml html = new ReportHtml().heading("Audit: the bands against an exact sort of all scores");
        if (results.audit().isEmpty()) {
            return html.paragraph("quiet", "None was made; ‘bandpass audit’ makes one.");
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
        for (ResultsBand band : results.bands()) {
            if (band.name().equals(name)) {
                return ReportWords.percent(band.fraction()) + " (" + ReportWords.percent(band.exactFraction()) + ")";
            }
        }
        return ReportWords.UNKNOWN;
    }

    private static String whole(JsonNode entry, String field) {
        JsonNode value = entry.path(field);
        return value.isNumber() ? ReportWords.count(value.asLong()) : ReportWords.UNKNOWN;
    }

    private static String small(JsonNode entry, String field) {
        JsonNode value = entry.path(field);
        return value.isNumber() ? ReportWords.decimals(value.asDouble(), 6) : ReportWords.UNKNOWN;
    }

    ReportHtml timing() {
        ReportHtml html = new ReportHtml().heading("How long it took");
        List<ChartDurations.Bar> bars = new ArrayList<>();
        double all = 0;
        for (String stage : results.stages().names()) {
            Double seconds = results.stages().number(stage, "seconds");
            if (seconds != null) {
                bars.add(new ChartDurations.Bar(stage, seconds, rate(stage)));
                all += seconds;
            }
        }
        if (bars.isEmpty()) {
            return html.paragraph("quiet", "The stages' summaries are not filed with this report.");
        }
        String processors = results.provenance().programs().get("processors");
        return html.figure(
                ChartDurations.draw("Duration of each stage", bars),
                "Stages ran one after the other, " + Progress.duration(all) + " together"
                        + (processors == null ? "" : ", on " + processors + " processors") + ".");
    }

    private String rate(String stage) {
        List<String> words = new ArrayList<>();
        addRate(words, results.stages().rate(stage, "documentsPerSecond", "documents"), " documents/s");
        addRate(words, results.stages().rate(stage, "tokensPerSecond", "tokens"), " tokens/s");
        Double padding = results.stages().number(stage, "paddingFraction");
        if (padding != null) {
            words.add(ReportWords.percent(padding) + " padding");
        }
        return String.join(", ", words);
    }

    private static void addRate(List<String> words, @Nullable Double rate, String unit) {
        if (rate != null) {
            words.add(ReportWords.count(Math.round(rate)) + unit);
        }
    }

    ReportHtml provenance() {
        ResultsProvenance provenance = results.provenance();
        List<List<String>> rows = new ArrayList<>();
        Map<String, String> programs = provenance.programs();
        rows.add(List.of(
                "Bandpass", orUnknown(programs.get("version")) + ", revision " + orUnknown(programs.get("revision"))));
        rows.add(List.of(
                "Java, Kafka, DJL",
                orUnknown(programs.get("java")) + ", " + orUnknown(programs.get("kafka")) + ", "
                        + orUnknown(programs.get("djl"))));
        rows.add(List.of("reference model", provenance.modelRevision()));
        rows.add(List.of("tokenizer", orUnknown(provenance.tokenizerRevision())));
        rows.add(List.of("seed", orUnknown(provenance.seed())));
        ResultsCuts cuts = results.cuts();
        if (cuts != null) {
            rows.add(List.of(
                    "cuts",
                    "version " + cuts.version() + " of " + ReportWords.count(cuts.count())
                            + " scores, error in rank at most " + ReportWords.decimals(cuts.rankErrorBound(), 6)));
        }
        for (ResultsRun run : results.runs().compared()) {
            rows.add(List.of(
                    "model " + run.name(),
                    orUnknown(run.run().getModelRevision()) + ", run "
                            + run.run().getRunId() + ", "
                            + ReportWords.count(run.run().getStep()) + " steps, "
                            + ReportWords.decimals(run.run().getEpochs(), 2) + " passes over its data, ended by "
                            + orUnknown(run.run().getEndedBy())));
        }
        List<List<String>> settings = new ArrayList<>();
        provenance.settings().forEach((key, value) -> settings.add(List.of(key, value)));
        List<List<String>> schemas = new ArrayList<>();
        ResultsProvenance.schemas().forEach((name, fingerprint) -> schemas.add(List.of(name, fingerprint)));
        return new ReportHtml()
                .heading("Provenance")
                .pairs(rows)
                .details("Settings", new ReportHtml().pairs(settings))
                .details("Schemas of the records", new ReportHtml().pairs(schemas));
    }

    private static String orUnknown(@Nullable Object value) {
        return value == null ? "unknown" : value.toString();
    }
}
