package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.eval.results.FinalScore;
import org.bandpass.eval.results.ProfileScores;
import org.bandpass.eval.results.PublishedScores;
import org.bandpass.eval.results.RunComparison;

/** The page's section with the paper's own scores, which are not measured here, and beside them the runs that compare. */
record PublishedSection(RunComparison comparison) {

    Html published() {
        PublishedScores paper = comparison.published();
        List<String> header = new ArrayList<>(List.of("model"));
        paper.categories().forEach(category -> header.add(ScoreWords.name(category)));
        header.add("average");
        Html html = new Html().heading("The paper's scores: published by its authors, not measured here");
        List<List<String>> ours = ours(paper);
        if (ours.isEmpty()) {
            html.paragraph(
                    "how",
                    "None of the runs above compares with these: it takes profile " + paper.profile()
                            + " with all its tasks and rows, and a model whose context is at least "
                            + Words.count(paper.context()) + " tokens.");
        } else {
            html.subheading("Measured here").table("", header, ours);
        }
        List<List<String>> theirs = new ArrayList<>();
        for (PublishedScores.Row row : paper.rows()) {
            List<String> cells = new ArrayList<>(List.of("paper: " + row.data() + " " + row.size() + ", "
                    + (row.pruning().equals("none") ? "no pruning" : row.pruning() + " perplexity")));
            row.scores().forEach(score -> cells.add(Words.decimals(score, 2)));
            cells.add(Words.decimals(row.average(), 2));
            theirs.add(cells);
        }
        return html.subheading("Theirs: figures from the paper")
                .table("theirs", header, theirs)
                .paragraph(
                        "how",
                        "Source: " + paper.source() + "; " + paper.measure() + ", profile " + paper.profile()
                                + ", context "
                                + Words.count(paper.context())
                                + " tokens. Sampling of rows alone gives an average at this"
                                + " scale a standard error of about 0.55.");
    }

    private List<List<String>> ours(PublishedScores paper) {
        List<List<String>> rows = new ArrayList<>();
        for (ProfileScores scores : comparison.profiles()) {
            scores.runs().forEach((id, score) -> {
                if (paper.comparable(scores, score)) {
                    rows.add(row(paper, id, score));
                }
            });
        }
        return rows;
    }

    private static List<String> row(PublishedScores paper, String id, FinalScore score) {
        List<String> row = new ArrayList<>(List.of(id));
        paper.categories().forEach(name -> row.add(ScoreWords.score(CategorySections.mean(score.figures(), name))));
        row.add(ScoreWords.score(score.figures().average()));
        return row;
    }
}
