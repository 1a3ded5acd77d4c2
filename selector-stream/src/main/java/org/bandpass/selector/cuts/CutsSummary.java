package org.bandpass.selector.cuts;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Cuts;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.digest.RankTable;
import org.bandpass.selector.runtime.Summary;
import org.bandpass.selector.score.Stratification;
import org.jspecify.annotations.Nullable;

/** Prints versions of the cuts. */
public final class CutsSummary {

    /** Heads the lines of {@link #listed}. */
    public static final String HEADER =
            "version  model             scores        strata  rank error  drift    published             plans";

    /** The paper's cuts. */
    private static final double[] RANKS = {0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875};

    private CutsSummary() {}

    public static Summary calibrated(CutsVersion version, double seconds) {
        Cuts all = version.all();
        ObjectNode json = version(version);
        StringBuilder text = new StringBuilder(Summary.format(
                "cuts version %d of model revision %s: %,d scores, %d strata, ranks to within %.5f",
                all.getVersion(),
                all.getModelRevision(),
                all.getCount(),
                version.strata().size(),
                all.getRankErrorBound()));
        quantiles(all, json, text, "%n  %5.3f  %.4f nats per token");
        return new Summary(json.put("seconds", seconds), text.toString());
    }

    /** Returns a version with the names of the plans that have a copy of it. */
    public static Summary listed(CutsVersion version, List<String> plans) {
        Cuts all = version.all();
        Instant published = Instant.ofEpochMilli(version.publishedAt());
        ObjectNode json = version(version).put("drift", all.getDrift()).put("publishedAt", published.toString());
        plans.forEach(json.putArray("plans")::add);
        return new Summary(
                json,
                Summary.format(
                        "%7d  %-16s  %,12d  %6d  %10.6f  %7s  %-20s  %s",
                        all.getVersion(),
                        all.getModelRevision(),
                        all.getCount(),
                        version.strata().size(),
                        all.getRankErrorBound(),
                        all.getDrift() == null ? "-" : Summary.format("%.4f", all.getDrift()),
                        published.truncatedTo(ChronoUnit.SECONDS),
                        String.join(", ", plans)));
    }

    private static ObjectNode version(CutsVersion version) {
        Cuts all = version.all();
        return Summary.object()
                .put("scoredTopic", all.getScoredTopic())
                .put("modelRevision", all.getModelRevision())
                .put("version", all.getVersion())
                .put("count", all.getCount())
                .put("strata", version.strata().size())
                .put("rankErrorBound", all.getRankErrorBound());
    }

    public static Summary shown(Cuts cuts) {
        ObjectNode json = Summary.object()
                .put("version", cuts.getVersion())
                .put("modelRevision", cuts.getModelRevision())
                .put("stratum", cuts.getStratum())
                .put("count", cuts.getCount())
                .put("rankErrorBound", cuts.getRankErrorBound());
        StringBuilder text =
                new StringBuilder(Summary.format("%-28s %,12d scores", cuts.getStratum(), cuts.getCount()));
        quantiles(cuts, json, text, "  %.3f: %.4f");
        return new Summary(json, text.toString());
    }

    private static void quantiles(Cuts cuts, ObjectNode json, StringBuilder text, String format) {
        RankTable table = RankTable.of(cuts.getDigest());
        ObjectNode quantiles = json.putObject("quantiles");
        for (double rank : RANKS) {
            double nll = table.quantile(rank);
            quantiles.put(Double.toString(rank), nll);
            text.append(Summary.format(format, rank, nll));
        }
    }

    /** Returns the difference of a stratum between two versions, null if one has no cuts for it. */
    public static Summary compared(String stratum, @Nullable Cuts one, @Nullable Cuts other) {
        ObjectNode json = Summary.object()
                .put("stratum", stratum)
                .put("countFrom", one == null ? null : one.getCount())
                .put("countTo", other == null ? null : other.getCount());
        if (one == null || other == null) {
            json.putNull("distance");
            return new Summary(json, Summary.format("%-28s only in %s", stratum, one == null ? "--to" : "--from"));
        }
        RankTable before = RankTable.of(one.getDigest());
        RankTable after = RankTable.of(other.getDigest());
        double distance = before.distance(after);
        ObjectNode shifts = json.put("distance", distance).putObject("shifts");
        StringBuilder text = new StringBuilder(Summary.format("%-28s distance %.4f", stratum, distance));
        for (double rank : RANKS) {
            double shift = after.quantile(rank) - before.quantile(rank);
            shifts.put(Double.toString(rank), shift);
            text.append(Summary.format("  %.3f: %+.4f", rank, shift));
        }
        return new Summary(json, text.toString());
    }

    public static Summary pruned(CutsVersion version, boolean deleted) {
        ObjectNode json = Summary.object()
                .put("modelRevision", version.id().modelRevision())
                .put("version", version.id().version())
                .put("deleted", deleted);
        return new Summary(json, title(version));
    }

    public static String title(CutsVersion version) {
        return "version " + version.id().version() + " of model revision "
                + version.id().modelRevision();
    }

    /** Returns a new plan with the scores at the ends of its bands. */
    public static Summary frozen(Plan plan) {
        Cuts all = plan.getCuts().stream()
                .filter(cuts -> Stratification.isAll(cuts.getStratum()))
                .findFirst()
                .orElseThrow();
        RankTable table = RankTable.of(all.getDigest());
        ObjectNode json = Summary.object()
                .put("plan", plan.getName())
                .put("version", plan.getCutsVersion())
                .put("count", all.getCount())
                .put("rankErrorBound", all.getRankErrorBound());
        ArrayNode bands = json.putArray("bands");
        StringBuilder text = new StringBuilder(Summary.format(
                "plan %s: cuts version %d of %,d scores, by %s",
                plan.getName(), all.getVersion(), all.getCount(), plan.getStratification()));
        for (Band band : plan.getBands()) {
            double from = table.quantile(band.getFrom());
            double to = table.quantile(band.getTo());
            bands.addObject()
                    .put("name", band.getName())
                    .put("from", band.getFrom())
                    .put("to", band.getTo())
                    .put("nllFrom", from)
                    .put("nllTo", to);
            text.append(Summary.format(
                    "%n  %-10s ranks %.3f to %.3f  %.4f to %.4f nats per token",
                    band.getName(), band.getFrom(), band.getTo(), from, to));
        }
        return new Summary(json, text.toString());
    }
}
