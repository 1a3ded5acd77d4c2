package org.bandpass.selector.plan;

import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bandpass.schemas.Band;
import org.jspecify.annotations.Nullable;

/** Makes and checks bands: half-open intervals of rank [from, to), but one that ends at 1 includes 1. */
public final class PlanBands {

    /** The paper's bands. */
    public static final List<String> NAMES = List.of("low", "medium", "high");

    /** Default share that each of them keeps. */
    public static final double DEFAULT_RATE = 0.5;

    /** Without dots, which separate plan and band in a topic's name. */
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_-]{0,62}");

    private static final Pattern SHORTHAND = Pattern.compile("(low|medium|high)-(\\d{1,2})");
    private static final int MOST = 64;

    private PlanBands() {}

    /**
     * Returns a band of the paper: low [0, r), medium [0.5 − r/2, 0.5 + r/2), high [1 − r, 1].
     *
     * @throws IllegalArgumentException if the name is another, or the rate is not in (0, 1]
     */
    public static Band named(String name, double rate) {
        if (!(rate > 0 && rate <= 1)) {
            throw new IllegalArgumentException("the rate must be above 0 and at most 1, not " + rate);
        }
        // With decimals 1 − 0.7 is 0.3.
        BigDecimal r = BigDecimal.valueOf(rate);
        BigDecimal half = r.divide(BigDecimal.valueOf(2));
        BigDecimal middle = new BigDecimal("0.5");
        return switch (name) {
            case "low" -> new Band(name, 0.0, rate);
            case "medium" ->
                new Band(
                        name,
                        middle.subtract(half).doubleValue(),
                        middle.add(half).doubleValue());
            case "high" -> new Band(name, BigDecimal.ONE.subtract(r).doubleValue(), 1.0);
            default ->
                throw new IllegalArgumentException("there is no band '" + name + "'; there are low, medium and high");
        };
    }

    /** Returns the band that a plan's name implies, as {@code high-50} does, or null. */
    public static @Nullable Band ofShorthand(String plan) {
        Matcher matcher = SHORTHAND.matcher(plan);
        if (!matcher.matches()) {
            return null;
        }
        int percent = Integer.parseInt(matcher.group(2));
        return percent == 0 ? null : named(matcher.group(1), percent / 100.0);
    }

    /** Throws an IllegalArgumentException if a name cannot be part of a topic's name. */
    static void checkName(String what, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    what + " '" + name + "' must be 1 to 63 letters, digits, hyphens and underscores, no dot");
        }
    }

    /** Throws an IllegalArgumentException if a band is invalid. */
    static void check(List<Band> bands) {
        if (bands.isEmpty() || bands.size() > MOST) {
            throw new IllegalArgumentException("a plan has 1 to " + MOST + " bands, not " + bands.size());
        }
        Set<String> names = new HashSet<>();
        for (Band band : bands) {
            checkName("the band", band.getName());
            if (!names.add(band.getName())) {
                throw new IllegalArgumentException("two bands are called '" + band.getName() + "'");
            }
            if (!(band.getFrom() >= 0 && band.getFrom() < band.getTo() && band.getTo() <= 1)) {
                throw new IllegalArgumentException("band '" + band.getName()
                        + "' must have 0 <= from < to <= 1, not from " + band.getFrom() + " to " + band.getTo());
            }
        }
    }

    public static boolean contains(Band band, double rank) {
        return rank >= band.getFrom() && (rank < band.getTo() || band.getTo() >= 1);
    }

    /** Returns the ends of a band except 0 and 1, outside which there is nothing. */
    public static List<Double> cuts(Band band) {
        return Stream.of(band.getFrom(), band.getTo())
                .filter(cut -> cut > 0 && cut < 1)
                .toList();
    }
}
