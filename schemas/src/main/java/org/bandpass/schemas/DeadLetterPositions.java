package org.bandpass.schemas;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;

/**
 * Positions of records at which a program would stop, but which the user allows to become dead letters: the value of
 * the setting {@link #SETTING}.
 *
 * @param names positions as {@code TOPIC-PARTITION@OFFSET}
 */
@NullMarked
public record DeadLetterPositions(Set<String> names) {

    /** The setting, which all programs share; its positions are separated by commas. */
    public static final String SETTING = "dead.letter.positions";

    public static final DeadLetterPositions NONE = new DeadLetterPositions(Set.of());

    private static final String POSITION = "[a-zA-Z0-9._-]+-\\d+@\\d+";

    public DeadLetterPositions {
        names = Set.copyOf(names);
        for (String name : names) {
            if (!name.matches(POSITION)) {
                throw new IllegalArgumentException("not a position: '" + name
                        + "'; expected TOPIC-PARTITION@OFFSET, as in bandpass.documents-3@17");
            }
        }
    }

    /**
     * Parses positions separated by commas; the text may be empty.
     *
     * @throws IllegalArgumentException if one is not {@code TOPIC-PARTITION@OFFSET}
     */
    public static DeadLetterPositions parse(String text) {
        return new DeadLetterPositions(Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet()));
    }

    /** Returns a position in the format of the setting. */
    public static String name(String topic, int partition, long offset) {
        return topic + "-" + partition + "@" + offset;
    }

    /** Returns whether the record at a position may become a dead letter. */
    public boolean contains(String topic, int partition, long offset) {
        return !names.isEmpty() && names.contains(name(topic, partition, offset));
    }
}
