package org.bandpass.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bandpass.schemas.SplitPart;
import org.jspecify.annotations.Nullable;

/** Writes report.html: one file that needs no network, with the answer on its first screen and the evidence below. */
final class ReportPage {

    private static final String STYLE = "report.css";

    private final Results results;

    ReportPage(Results results) {
        this.results = results;
    }

    String text() {
        ReportHtml body = new ReportHtml()
                .paragraph("lead", lead())
                .table("main", mainHeader(), mainRows())
                .paragraph("how", reading());
        List<String> gaps = results.gaps();
        if (!gaps.isEmpty()) {
            ReportHtml list = new ReportHtml();
            gaps.forEach(gap -> list.paragraph("", gap));
            body.block("gaps", list);
        }
        ReportMixture mixture = new ReportMixture(results);
        ReportComparison comparison = new ReportComparison(results);
        body.add(mixture.distribution())
                .add(mixture.composition())
                .add(comparison.training())
                .add(comparison.evaluation())
                .add(comparison.disagreement());
        ReportEvidence evidence = new ReportEvidence(results);
        body.add(evidence.audit()).add(evidence.timing()).add(evidence.provenance());
        return page(body);
    }

    private String page(ReportHtml body) {
        String title = "Bandpass: plan ‘" + results.plan().getName() + "’";
        return """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>%s</title>
                <style>
                %s</style>
                </head>
                <body>
                <h1>%s</h1>
                %s</body>
                </html>
                """.formatted(ChartCanvas.escape(title), style(), ChartCanvas.escape(heading()), body.text());
    }

    private String heading() {
        List<String> names = results.bands().stream().map(ResultsBand::name).toList();
        return "Pruning by perplexity: " + ReportWords.list(names) + " against no pruning";
    }

    private String lead() {
        ResultsDocuments documents = results.documents();
        ResultsRun reference = results.runs().reference();
        StringBuilder lead = new StringBuilder();
        if (documents.files() > 0) {
            lead.append(ReportWords.count(documents.read())
                    + " records were read and " + ReportWords.count(documents.ingestedInAll())
                    + " documents ingested (" + ReportWords.count(documents.rejectedInAll()) + " refused"
                    + ReportWords.reasons(documents.rejected()) + "). ");
        }
        if (reference != null) {
            lead.append("A reference model of "
                    + ReportWords.rounded(reference.run().getParameters())
                    + " parameters, trained on " + ReportWords.count(documents.ingested(SplitPart.REFERENCE))
                    + " of them, scored the "
                    + ReportWords.count(results.population().count())
                    + " documents of the final split in "
                    + ReportWords.count(results.population().tally().byDomain().size()) + " domains. ");
        } else {
            lead.append(ReportWords.count(results.population().count()) + " documents were scored. ");
        }
        ResultsRun control = results.runs().control();
        if (control != null) {
            lead.append("Models of " + ReportWords.rounded(control.run().getParameters())
                    + " parameters were trained on everything (the control) and on "
                    + ReportWords.number(results.runs().bands().size())
                    + (results.runs().bands().size() == 1 ? " band" : " bands") + " of the ranking, each for "
                    + ReportWords.rounded(control.run().getTokens()) + " tokens, and compared on "
                    + ReportWords.count(documents.ingested(SplitPart.HELD_OUT)) + " held-out documents.");
        }
        return lead.toString().strip();
    }

    private static List<String> mainHeader() {
        return List.of(
                "trained on",
                "documents",
                "share",
                "tokens",
                "trained tokens",
                "held-out bits/byte",
                "held-out difference to the control",
                "cloze accuracy",
                "cloze difference to the control");
    }

    private List<List<String>> mainRows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(mainRow("everything (control)", results.population().tally().total(), 1.0, results.runs().control()));
        for (ResultsBand band : results.bands()) {
            ResultsRun run = results.runs().bands().get(band.name());
            String name = band.name() + " [" + ReportWords.rank(band.from()) + ", " + ReportWords.rank(band.to())
                    + (band.to() >= 1 ? "]" : ")");
            rows.add(mainRow(name, band.amount(), band.fraction(), run));
        }
        return rows;
    }

    private static List<String> mainRow(
            String name, ResultsAmount amount, @Nullable Double share, @Nullable ResultsRun run) {
        ResultsEvaluation evaluation = run == null ? ResultsEvaluation.NONE : run.evaluation();
        ResultsLikelihood heldOut = evaluation.heldOut();
        return List.of(
                name,
                ReportWords.count(amount.documents()),
                ReportWords.percent(share),
                ReportWords.count(amount.tokens()),
                run == null ? ReportWords.UNKNOWN : ReportWords.count(run.run().getTokens()),
                ReportWords.decimals(heldOut == null ? null : heldOut.bitsPerByte(), 4),
                ReportWords.difference(heldOut),
                ReportWords.accuracy(evaluation.cloze()),
                ReportWords.difference(evaluation.cloze()));
    }

    private static String reading() {
        return "Bands are intervals of rank by the reference model's mean negative log-likelihood, low = most predictable."
                + " ± is one standard error; differences are paired by question. ‘Within the noise’ means that a 95 %"
                + " interval of the difference holds zero: the questions cannot tell the two apart. Each band is tested by itself;"
                + " with several bands, one in twenty comparisons of equals is called different by chance. One seed was"
                + " run, so the spread between seeds is not in the error.";
    }

    private static String style() {
        try (InputStream style = ReportPage.class.getResourceAsStream(STYLE)) {
            if (style == null) {
                throw new IllegalStateException("the program was built without " + STYLE);
            }
            return new String(style.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
