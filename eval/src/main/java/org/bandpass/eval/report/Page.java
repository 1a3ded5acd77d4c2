package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.results.Amount;
import org.bandpass.eval.results.BandResult;
import org.bandpass.eval.results.DocumentCounts;
import org.bandpass.eval.results.HeldOutResult;
import org.bandpass.eval.results.Population;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.RunResult;
import org.bandpass.eval.results.TaskResult;
import org.jspecify.annotations.Nullable;

/** Writes report.html: one file that needs no network, with the answer on the first screen and the evidence below. */
public record Page(Results results) {

    private static final List<String> MAIN_HEADER = List.of(
            "trained on",
            "documents",
            "share",
            "tokens",
            "trained tokens",
            "held-out bits/byte",
            "held-out difference to the control",
            "cloze accuracy",
            "cloze difference to the control");

    private static final String READING = "Bands are intervals of rank by the reference model's mean negative"
            + " log-likelihood, low = most predictable. ± is one standard error; differences are paired by question."
            + " ‘Within the noise’ means that a 95 % interval of the difference holds zero: the questions do not separate"
            + " the two. Each band is tested by itself; with several bands, one in twenty comparisons of equals is called"
            + " different by chance. ";

    public String text() {
        MixtureSections mixture = new MixtureSections(results);
        ModelSections models = new ModelSections(results);
        EvidenceSections evidence = new EvidenceSections(results);
        Html body = new Html()
                .paragraph("lead", lead())
                .table("main", MAIN_HEADER, mainRows())
                .paragraph("how", READING + Words.seeds(results.runs()))
                .add(gaps())
                .add(mixture.distribution())
                .add(mixture.composition())
                .add(models.training())
                .add(models.evaluation())
                .add(models.imported())
                .add(models.disagreement())
                .add(evidence.audit())
                .add(evidence.timing())
                .add(evidence.provenance());
        String title = "Bandpass: plan ‘" + results.plan().getName() + "’";
        return body.document(title, heading());
    }

    private String heading() {
        List<String> names = results.bands().stream().map(BandResult::name).toList();
        return "Pruning by perplexity: " + Words.list(names) + " against no pruning";
    }

    private String lead() {
        DocumentCounts documents = results.documents();
        Population population = results.population();
        RunResult reference = results.runs().reference();
        StringBuilder lead = new StringBuilder();
        if (documents.files() > 0) {
            lead.append(Words.count(documents.read())
                    + " records were read and " + Words.count(documents.ingested())
                    + " documents ingested (" + Words.count(documents.rejected()) + " refused"
                    + Words.reasons(documents.rejectedByReason()) + "). ");
        }
        if (reference != null) {
            lead.append("A reference model of "
                    + Words.rounded(reference.run().getParameters())
                    + " parameters, trained on " + Words.count(documents.reference())
                    + " of them, scored the "
                    + Words.count(population.count())
                    + " documents of the final split in "
                    + Words.count(population.byDomain().size()) + " domains. ");
        } else {
            lead.append(Words.count(population.count()) + " documents were scored. ");
        }
        RunResult control = results.runs().control();
        if (control != null) {
            int bands = results.runs().bands().size();
            lead.append("Models of " + Words.rounded(control.run().getParameters())
                    + " parameters were trained on everything (the control) and on "
                    + Words.number(bands) + (bands == 1 ? " band" : " bands") + " of the ranking, each for "
                    + Words.rounded(control.run().getTokens()) + " tokens, and compared on "
                    + Words.count(documents.heldOut()) + " held-out documents.");
        }
        return lead.toString().strip();
    }

    private List<List<String>> mainRows() {
        List<List<String>> rows = new ArrayList<>();
        rows.add(mainRow(
                "everything (control)",
                results.population().total(),
                1.0,
                results.runs().control()));
        for (BandResult band : results.bands()) {
            RunResult run = results.runs().bands().get(band.name());
            String name = band.name() + " [" + Words.rank(band.from()) + ", " + Words.rank(band.to())
                    + (band.to() >= 1 ? "]" : ")");
            rows.add(mainRow(name, band.amount(), band.fraction(), run));
        }
        return rows;
    }

    private static List<String> mainRow(String name, Amount amount, @Nullable Double share, @Nullable RunResult run) {
        HeldOutResult heldOut = run == null ? null : run.heldOut();
        TaskResult cloze = run == null ? null : run.cloze();
        return List.of(
                name,
                Words.count(amount.documents()),
                Words.percent(share),
                Words.count(amount.tokens()),
                run == null ? Words.UNKNOWN : Words.count(run.run().getTokens()),
                Words.bitsPerByte(heldOut),
                Words.heldOutDifference(run),
                Words.accuracy(cloze),
                Words.clozeDifference(run));
    }

    private Html gaps() {
        Html list = new Html();
        Gaps.of(results).forEach(gap -> list.paragraph("", gap));
        return list.text().isEmpty() ? list : new Html().block("gaps", list);
    }
}
