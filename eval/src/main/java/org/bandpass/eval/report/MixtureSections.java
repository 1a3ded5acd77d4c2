package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.bandpass.eval.chart.RidgeChart;
import org.bandpass.eval.chart.Series;
import org.bandpass.eval.chart.ShareChart;
import org.bandpass.eval.results.Amount;
import org.bandpass.eval.results.BandResult;
import org.bandpass.eval.results.CutQuantiles;
import org.bandpass.eval.results.Population;
import org.bandpass.eval.results.Results;
import org.bandpass.eval.results.Tally;
import org.jspecify.annotations.Nullable;

/** The page's sections about the data: how predictable it is, and what selection does to its mixture. */
final class MixtureSections {

    /** More rows than this are no picture any more; the rest is counted in the caption. */
    private static final int MOST_DOMAINS = 25;
    /** Share of the values that lies outside of the picture at each end. */
    private static final double TAIL = 0.001;

    private final Results results;

    MixtureSections(Results results) {
        this.results = results;
    }

    /** How predictable each domain is, and where the cuts lie. */
    Html distribution() {
        Html html = new Html().heading("How predictable the documents are, and where the cuts lie");
        if (results.population().count() == 0) {
            return html.paragraph("quiet", "Nothing is scored.");
        }
        Tally tally = results.population().tally();
        Map<String, Amount> byDomain = tally.byDomain();
        double[] all = results.population().sorted();
        double[] range = {Population.quantile(all, TAIL), Population.quantile(all, 1 - TAIL)};
        List<RidgeChart.Row> rows = new ArrayList<>();
        rows.add(ridge("all documents", tally.total(), all, "s0"));
        List<String> names = drawnDomains();
        Map<String, double[]> values = new LinkedHashMap<>();
        names.forEach(domain -> values.put(domain, results.population().sorted(domain)));
        values.entrySet().stream()
                .sorted(Comparator.comparing(domain -> Population.quantile(domain.getValue(), 0.5)))
                .forEach(domain -> rows.add(ridge(
                        domain.getKey(),
                        byDomain.getOrDefault(domain.getKey(), Amount.NONE),
                        domain.getValue(),
                        "s6")));
        String[] titles = {
            "Distribution of mean negative log-likelihood by domain",
            "mean negative log-likelihood under the reference model, nats per token (log-perplexity)",
            "documents, median"
        };
        String svg = RidgeChart.draw(titles, range, rows, cutLines());
        return html.figure(
                svg,
                "Each ridge is the distribution of one domain's documents, drawn to the same height, ordered by median."
                        + " Dashed lines are the cuts between bands, by rank among all"
                        + " documents. The picture leaves out the outermost 0.1 % at each end." + left(names));
    }

    private static RidgeChart.Row ridge(String label, Amount amount, double[] values, String style) {
        String note = Words.count(amount.documents()) + ", " + Words.decimals(Population.quantile(values, 0.5), 2);
        return new RidgeChart.Row(label, note, values, style);
    }

    private List<RidgeChart.Cut> cutLines() {
        CutQuantiles cuts = results.cuts();
        List<RidgeChart.Cut> lines = new ArrayList<>();
        TreeSet<Double> edges = new TreeSet<>();
        results.bands().forEach(band -> edges.addAll(List.of(band.from(), band.to())));
        for (double edge : edges) {
            Double nll = cuts == null ? null : cuts.quantiles().get(edge);
            if (edge > 0 && edge < 1 && nll != null) {
                lines.add(new RidgeChart.Cut(nll, Words.rank(100 * edge) + " %"));
            }
        }
        return lines;
    }

    /** Which domains the text comes from, before and after. */
    Html composition() {
        Html html = new Html().heading("What selection does to the mixture");
        List<String> domains = drawnDomains();
        if (domains.isEmpty()) {
            return html.paragraph("quiet", "Nothing is scored.");
        }
        List<ShareChart.Column> columns = new ArrayList<>();
        columns.add(column(
                "control",
                "everything",
                results.population().tally().total(),
                results.population().tally().byDomain(),
                domains));
        for (BandResult band : results.bands()) {
            columns.add(column(band.name(), band.name(), band.amount(), band.byDomain(), domains));
        }
        String svg = ShareChart.draw("Share of tokens by domain before and after selection", domains, columns);
        return html.figure(
                        svg,
                        "Share of the scored tokens by domain. In a band, the vertical line repeats the share before"
                                + " selection: a bar that ends short of it has lost, one that passes it has gained."
                                + left(domains))
                .details("How much of each domain a band keeps", kept());
    }

    private ShareChart.Column column(
            String series, String name, Amount total, Map<String, Amount> byDomain, List<String> domains) {
        List<Double> shares = new ArrayList<>();
        for (String domain : domains) {
            long tokens = byDomain.getOrDefault(domain, Amount.NONE).tokens();
            shares.add(total.tokens() == 0 ? 0.0 : tokens / (double) total.tokens());
        }
        String note = Words.count(total.documents()) + " documents";
        return new ShareChart.Column(
                new Series(name, ReportedSeries.of(results, series).index()), note, shares);
    }

    private Html kept() {
        List<String> header = new ArrayList<>(List.of("domain", "documents", "tokens", "bytes"));
        for (BandResult band : results.bands()) {
            header.add(band.name() + ": documents kept");
            header.add("tokens kept");
        }
        List<List<String>> rows = new ArrayList<>();
        results.population().tally().byDomain().forEach((domain, all) -> {
            List<String> row = new ArrayList<>(
                    List.of(domain, Words.count(all.documents()), Words.count(all.tokens()), Words.count(all.bytes())));
            for (BandResult band : results.bands()) {
                Amount amount = band.byDomain().getOrDefault(domain, Amount.NONE);
                row.add(Words.percent(share(amount.documents(), all.documents())));
                row.add(Words.percent(share(amount.tokens(), all.tokens())));
            }
            rows.add(row);
        });
        return new Html().table("", header, rows);
    }

    private static @Nullable Double share(long part, long all) {
        return all == 0 ? null : part / (double) all;
    }

    private List<String> drawnDomains() {
        Map<String, Amount> all = results.population().tally().byDomain();
        return all.keySet().stream()
                .sorted(Comparator.comparing((String domain) ->
                                -all.getOrDefault(domain, Amount.NONE).tokens())
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST_DOMAINS)
                .toList();
    }

    private String left(List<String> drawn) {
        int others = results.population().tally().byDomain().size() - drawn.size();
        return others == 0 ? "" : " " + others + " smaller domains are not drawn.";
    }
}
