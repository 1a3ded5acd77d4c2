package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.Comparator;
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
import org.jspecify.annotations.Nullable;

/** The page's sections about the data: how predictable it is, and what selection does to its mixture. */
record MixtureSections(Results results) {

    /** A picture with more rows is unreadable; the caption counts the others. */
    private static final int MOST_DOMAINS = 25;
    /** Share of the values that the picture leaves out at each end. */
    private static final double TAIL = 0.001;

    private Map<String, Amount> byDomain() {
        return results.population().byDomain();
    }

    /** How predictable each domain is, and where the cuts lie. */
    Html distribution() {
        Html html = new Html().heading("How predictable the documents are, and where the cuts lie");
        Population population = results.population();
        if (population.count() == 0) {
            return html.paragraph("quiet", "Nothing is scored.");
        }
        double[] all = population.sorted();
        double[] range = {Population.quantile(all, TAIL), Population.quantile(all, 1 - TAIL)};
        List<RidgeChart.Row> rows = new ArrayList<>();
        rows.add(ridge("all documents", population.total(), all, "s0"));
        List<String> domains = drawnDomains();
        domains.stream()
                .map(domain -> ridge(domain, amount(byDomain(), domain), population.sorted(domain), "s6"))
                .sorted(Comparator.comparingDouble(row -> Population.quantile(row.values(), 0.5)))
                .forEach(rows::add);
        String[] titles = {
            "Distribution of mean negative log-likelihood by domain",
            "mean negative log-likelihood under the reference model, nats per token (log-perplexity)",
            "documents, median"
        };
        return html.figure(
                RidgeChart.draw(titles, range, rows, cutLines()),
                "Each ridge is the distribution of one domain's documents, drawn to the same height, ordered by median."
                        + " Dashed lines are the cuts between bands, by rank among all"
                        + " documents. The picture leaves out the outermost 0.1 % at each end." + others(domains));
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
        columns.add(column(new Series("everything", 0), results.population().total(), byDomain(), domains));
        for (BandResult band : results.bands()) {
            columns.add(column(ModelSections.series(results, band.name()), band.amount(), band.byDomain(), domains));
        }
        return html.figure(
                        ShareChart.draw("Share of tokens by domain before and after selection", domains, columns),
                        "Share of the scored tokens by domain. In a band, the vertical line repeats the share before"
                                + " selection: a bar that ends short of it has lost, one that passes it has gained."
                                + others(domains))
                .details("How much of each domain a band keeps", kept());
    }

    private static ShareChart.Column column(
            Series series, Amount total, Map<String, Amount> byDomain, List<String> domains) {
        List<Double> shares = new ArrayList<>();
        for (String domain : domains) {
            Double share = share(amount(byDomain, domain).tokens(), total.tokens());
            shares.add(share == null ? 0.0 : share);
        }
        return new ShareChart.Column(series, Words.count(total.documents()) + " documents", shares);
    }

    private Html kept() {
        List<String> header = new ArrayList<>(List.of("domain", "documents", "tokens", "bytes"));
        for (BandResult band : results.bands()) {
            header.add(band.name() + ": documents kept");
            header.add("tokens kept");
        }
        List<List<String>> rows = new ArrayList<>();
        byDomain().forEach((domain, all) -> {
            List<String> row = new ArrayList<>(
                    List.of(domain, Words.count(all.documents()), Words.count(all.tokens()), Words.count(all.bytes())));
            for (BandResult band : results.bands()) {
                Amount amount = amount(band.byDomain(), domain);
                row.add(Words.percent(share(amount.documents(), all.documents())));
                row.add(Words.percent(share(amount.tokens(), all.tokens())));
            }
            rows.add(row);
        });
        return new Html().table("", header, rows);
    }

    private static Amount amount(Map<String, Amount> byDomain, String domain) {
        return byDomain.getOrDefault(domain, Amount.NONE);
    }

    private static @Nullable Double share(long part, long all) {
        return all == 0 ? null : part / (double) all;
    }

    /** Returns the domains with most tokens; of equal ones the first by name. */
    private List<String> drawnDomains() {
        return byDomain().entrySet().stream()
                .sorted(Comparator.comparingLong(domain -> -domain.getValue().tokens()))
                .limit(MOST_DOMAINS)
                .map(Map.Entry::getKey)
                .toList();
    }

    private String others(List<String> drawn) {
        int others = byDomain().size() - drawn.size();
        return others == 0 ? "" : " " + others + " smaller domains are not drawn.";
    }
}
