package org.bandpass.eval.report;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.bandpass.eval.results.HeldOutResult;
import org.bandpass.eval.results.ImportedScore;
import org.bandpass.eval.results.PlanRuns;
import org.bandpass.eval.results.RunResult;
import org.bandpass.eval.results.SeedSpread;
import org.bandpass.eval.results.TaskResult;
import org.bandpass.service.Progress;
import org.jspecify.annotations.Nullable;

/** Formats numbers and differences without claiming more than they show. */
final class Words {

    static final String UNKNOWN = "–";

    /** Two-sided 95 % of a normal distribution. */
    private static final double NOISE = 1.96;

    private static final Pattern NEGATIVE_ZERO = Pattern.compile("-0(\\.0*)?");

    private Words() {}

    static double sum(Collection<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).sum();
    }

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static String percent(@Nullable Double share) {
        return share == null ? UNKNOWN : decimals(100 * share, 2) + " %";
    }

    static String decimals(@Nullable Double value, int decimals) {
        if (value == null || !Double.isFinite(value)) {
            return UNKNOWN;
        }
        String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
        return NEGATIVE_ZERO.matcher(text).matches() ? text.substring(1) : text;
    }

    /** Returns a large number in millions or thousands with three digits. */
    static String rounded(long number) {
        if (number >= 1e9) {
            return threeDigits(number / 1e9) + " billion";
        }
        if (number >= 1e6) {
            return threeDigits(number / 1e6) + " million";
        }
        return number >= 1e4 ? threeDigits(number / 1e3) + " thousand" : count(number);
    }

    private static String threeDigits(double number) {
        return decimals(number, number < 10 ? 2 : number < 100 ? 1 : 0);
    }

    static String seconds(double seconds) {
        return seconds < 10 ? decimals(seconds, 1) + " s" : Progress.duration(seconds);
    }

    /** Returns a rank without trailing zeros. */
    static String rank(double rank) {
        return decimals(rank, 4).replaceAll("\\.?0+$", "");
    }

    /** Returns a small number as a word. */
    static String number(int number) {
        String[] words = {"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"};
        return number < words.length ? words[number] : Integer.toString(number);
    }

    /** Returns words joined by commas and a last 'and'. */
    static String list(List<String> words) {
        if (words.size() < 2) {
            return String.join("", words);
        }
        int last = words.size() - 1;
        return String.join(", ", words.subList(0, last)) + " and " + words.get(last);
    }

    /** Returns counts by reason, for a sentence; empty where there are none. */
    static String reasons(SortedMap<String, Long> counts) {
        List<String> reasons = new ArrayList<>();
        counts.forEach((reason, count) -> reasons.add(count(count) + " " + reason));
        return reasons.isEmpty() ? "" : ": " + list(reasons);
    }

    static String bitsPerByte(@Nullable HeldOutResult heldOut) {
        return decimals(heldOut == null ? null : heldOut.bitsPerByte(), 4);
    }

    /** Returns an accuracy with its standard error, in per cent. */
    static String accuracy(@Nullable TaskResult task) {
        if (task == null || task.accuracy() == null) {
            return UNKNOWN;
        }
        Double error = task.standardError();
        return decimals(100 * task.accuracy(), 1) + (error == null ? "" : " ± " + decimals(100 * error, 1)) + " %";
    }

    /** Returns an imported score with its standard error, and its difference to the control's. */
    static String imported(ImportedScore score) {
        Double difference = score.difference();
        return imported(score.value(), score.standardError())
                + (difference == null
                        ? ""
                        : " (" + (difference < 0 ? "" : "+") + imported(difference, score.differenceStandardError())
                                + ")");
    }

    private static String imported(double value, @Nullable Double error) {
        return decimals(value, 4) + (error == null ? "" : " ± " + decimals(error, 4));
    }

    /**
     * Returns a difference of accuracy to the control in points, and whether the choice of questions alone explains it.
     * It names no better model: the error does not include the effect of another seed.
     */
    static String difference(@Nullable TaskResult task) {
        if (task == null || task.difference() == null) {
            return UNKNOWN;
        }
        Double error = task.differenceStandardError() == null ? null : 100 * task.differenceStandardError();
        return difference(100 * task.difference(), error, 1, " points", "questions");
    }

    /** Returns a difference of bits per byte to the control in the same way. */
    static String difference(@Nullable HeldOutResult heldOut) {
        return heldOut == null || heldOut.difference() == null
                ? UNKNOWN
                : difference(heldOut.difference(), heldOut.differenceStandardError(), 4, "", "held-out documents");
    }

    /** Returns the difference of accuracy over seeds where there are several, else that of the one seed. */
    static String clozeDifference(@Nullable RunResult run) {
        SeedSpread spread = run == null ? null : run.clozeSpread();
        return spread == null || spread.difference() == null
                ? difference(run == null ? null : run.cloze())
                : difference(spread, 100, 1, " points");
    }

    /** Returns the difference of bits per byte over seeds where there are several, else that of the one seed. */
    static String heldOutDifference(@Nullable RunResult run) {
        SeedSpread spread = run == null ? null : run.heldOutSpread();
        return spread == null || spread.difference() == null
                ? difference(run == null ? null : run.heldOut())
                : difference(spread, 1, 4, "");
    }

    /** Returns what the verdict rests on: the spread over seeds, or one seed, which proves nothing. */
    static String seeds(PlanRuns runs) {
        int most = runs.compared().stream()
                .mapToInt(run -> run.seeds().size())
                .max()
                .orElse(0);
        return most < 2
                ? "Seeds were not repeated, so the spread between seeds is not in the error ('bandpass run --seeds 3'"
                        + " repeats them)."
                : "Where a verdict names seeds, ± is the standard error over the differences of these seeds, and ‘beyond"
                        + " the noise’ means that a 95 % interval by Student's t leaves out zero. Figures of one run are"
                        + " the first seed's.";
    }

    private static String difference(SeedSpread spread, double scale, int decimals, String unit) {
        double value = scale * Objects.requireNonNull(spread.difference());
        double error = scale * Objects.requireNonNull(spread.differenceStandardError());
        return (value < 0 ? "lower by " : "higher by ") + decimals(Math.abs(value), decimals) + " ± "
                + decimals(error, decimals) + unit + (spread.isBeyondNoise() ? ", beyond" : ", within")
                + " the noise of " + spread.seeds() + " seeds";
    }

    private static String difference(double value, @Nullable Double error, int decimals, String unit, String rows) {
        String by = (value < 0 ? "lower by " : "higher by ") + decimals(Math.abs(value), decimals);
        if (error == null) {
            return by + unit + "; one seed";
        }
        String noise = Math.abs(value) <= NOISE * error ? ", within" : ", beyond";
        return by + " ± " + decimals(error, decimals) + unit + noise + " the noise of the " + rows + "; one seed";
    }
}
