package org.bandpass.selector;

import java.util.ArrayList;
import java.util.List;
import org.bandpass.schemas.Band;
import org.bandpass.schemas.Plan;
import org.bandpass.selector.plan.PlanBands;
import org.bandpass.selector.plan.PlanDraft;
import org.bandpass.selector.score.Stratification;
import org.bandpass.service.ConfigurationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that describe a new frozen plan, mixed into the commands that make one. */
final class PlanOptions {

    @Option(
            names = "--bands",
            paramLabel = "BAND",
            split = ",",
            description =
                    "Bands: low, medium, high, or NAME=FROM:TO in rank (default: the band in the plan's name, such"
                            + " as high-50; else those of --cuts-of; else low,medium,high).")
    private List<String> bands = new ArrayList<>();

    @Option(
            names = "--rate",
            description =
                    "Share of the documents that low, medium and high keep, above 0 and at most 1 (default: 0.5).")
    private @Nullable Double rate;

    @Option(
            names = "--stratification",
            paramLabel = "NAME",
            description = "Population that ranks refer to: all (default), domain, source or language.")
    private @Nullable String stratification;

    @Option(
            names = "--cuts-version",
            paramLabel = "V",
            description = "Version of the cuts (default: the latest, see 'bandpass cuts list').")
    private @Nullable Integer version;

    @Option(
            names = "--model-revision",
            paramLabel = "REVISION",
            description = "Whose scores are ranked; needed where several models have scored.")
    private @Nullable String modelRevision;

    @Option(names = "--allow-partial", description = "Allow cuts that do not account for all of the scored topic.")
    private boolean partial;

    @Option(
            names = "--mix-revisions",
            description =
                    "Allow cuts over scores that were made in different ways (dtype, max.windows, context token).")
    private boolean mixed;

    @Option(names = "--origin", paramLabel = "TEXT", description = "Why the plan is made; a note for people.")
    private @Nullable String origin;

    boolean isGiven() {
        return !bands.isEmpty() || rate != null || stratification != null || origin != null || choosesCuts();
    }

    boolean choosesCuts() {
        return version != null || modelRevision != null || partial || mixed;
    }

    /** Returns the draft of a plan; {@code model} is a plan whose bands and stratification are the default. */
    PlanDraft draft(String name, @Nullable Plan model, String defaultOrigin) {
        String defaultStratification = model == null ? Stratification.ALL_SCORES : model.getStratification();
        try {
            Plan plan = PlanDraft.frozen(name, intervals(name, model))
                    .setStratification(
                            Stratification.named(stratification == null ? defaultStratification : stratification)
                                    .word())
                    .setOrigin(origin == null ? defaultOrigin : origin)
                    .build();
            return new PlanDraft(plan, modelRevision, version, partial, mixed);
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(e.getMessage(), e);
        }
    }

    private List<Band> intervals(String name, @Nullable Plan model) {
        Band implied = PlanBands.ofShorthand(name);
        if (bands.isEmpty() && implied != null) {
            return List.of(rate == null ? implied : PlanBands.named(implied.getName(), rate));
        }
        List<String> named = bands.isEmpty() && model == null ? PlanBands.NAMES : bands;
        if (rate != null && named.stream().allMatch(band -> band.indexOf('=') >= 0)) {
            throw new IllegalArgumentException(
                    "--rate is for the bands low, medium and high, and --bands names none of them");
        }
        return named.isEmpty() && model != null
                ? model.getBands()
                : named.stream().map(this::interval).toList();
    }

    private Band interval(String text) {
        int equals = text.indexOf('=');
        int colon = text.indexOf(':', equals);
        if (equals < 0) {
            return PlanBands.named(text, rate == null ? PlanBands.DEFAULT_RATE : rate);
        }
        try {
            return new Band(
                    text.substring(0, equals),
                    Double.parseDouble(text.substring(equals + 1, colon)),
                    Double.parseDouble(text.substring(colon + 1)));
        } catch (NumberFormatException | StringIndexOutOfBoundsException e) {
            throw new IllegalArgumentException("band '" + text + "' is not NAME=FROM:TO with two numbers", e);
        }
    }
}
