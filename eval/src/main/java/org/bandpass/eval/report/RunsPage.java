package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.results.ComparedRun;
import org.bandpass.eval.results.ProfileScores;
import org.bandpass.eval.results.RunComparison;
import org.bandpass.schemas.TrainingRun;

/** Writes runs.html: the evaluations of any runs side by side, in one file that needs no network. */
public record RunsPage(RunComparison comparison) {

    private static final List<String> MAIN_HEADER = List.of(
            "run",
            "trained on",
            "trained tokens",
            "held-out perplexity",
            "held-out bits/byte",
            "held-out difference to the control",
            "cloze accuracy",
            "cloze difference to the control");

    private static final String READING =
            "± is one standard error; differences are paired by row. ‘Within the noise’ means"
                    + " that a 95 % interval of the difference holds zero: the rows do not separate the two. With several runs and"
                    + " tasks, one in twenty comparisons of equals is called different by chance. The spread between seeds is not in"
                    + " the error.";

    public String text() {
        RunLooks looks = new RunLooks(comparison);
        RunSections sections = new RunSections(comparison, looks);
        Html body = new Html()
                .table("runs", MAIN_HEADER, mainRows())
                .paragraph("how", READING)
                .add(gaps());
        for (ProfileScores scores : comparison.profiles()) {
            CategorySections categories = new CategorySections(scores, looks);
            body.add(categories.categories())
                    .add(categories.differences())
                    .add(new TaskSections(scores).tasks())
                    .add(new CurveSection(scores, looks).curve());
        }
        List<String> ids = comparison.runs().stream().map(ComparedRun::id).toList();
        body.add(new ImportedSection(ids, comparison.imported()).imported())
                .add(sections.disagreement())
                .add(sections.composition())
                .add(new PublishedSection(comparison).published());
        return body.document("Bandpass: evaluation of " + names(looks), heading(looks));
    }

    private static String names(RunLooks looks) {
        List<String> others = looks.others();
        return Words.list(
                others.isEmpty() ? List.of(String.valueOf(looks.comparison().control())) : others);
    }

    private String heading(RunLooks looks) {
        boolean compared = comparison.control() != null && !looks.others().isEmpty();
        return "Evaluation: " + names(looks) + (compared ? " against " + comparison.control() : "");
    }

    private List<List<String>> mainRows() {
        List<List<String>> rows = new ArrayList<>();
        for (ComparedRun run : comparison.runs()) {
            TrainingRun training = run.training();
            rows.add(List.of(
                    run.id(),
                    RunLooks.trainedOn(training),
                    training == null ? Words.UNKNOWN : Words.count(training.getTokens()),
                    Words.decimals(run.heldOut() == null ? null : run.heldOut().perplexity(), 2),
                    Words.bitsPerByte(run.heldOut()),
                    Words.difference(run.heldOut()),
                    Words.accuracy(run.cloze()),
                    Words.difference(run.cloze())));
        }
        return rows;
    }

    private Html gaps() {
        Html list = new Html();
        RunGaps.of(comparison).forEach(gap -> list.paragraph("", gap));
        return list.text().isEmpty() ? list : new Html().block("gaps", list);
    }
}
