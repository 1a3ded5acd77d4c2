package org.bandpass.console;

import org.jspecify.annotations.Nullable;

/**
 * How far a program is behind.
 *
 * @param documents documents left for it, or finished runs for eval; null if unknown
 * @param atMost the same as {@code documents} if all was counted, otherwise an upper bound from offsets
 * @param partitions partitions of the topic
 * @param state for people
 * @param from what shows the program's position
 * @param lost offsets after its position that were deleted before it had read them
 * @param blocked what open transactions hide from it
 * @param problem why its lag is unknown, or null
 */
record Lag(
        String program,
        String group,
        String topic,
        @Nullable Long documents,
        @Nullable Long atMost,
        int partitions,
        String state,
        From from,
        long lost,
        Blocked blocked,
        @Nullable String problem) {

    enum From {
        /** The offsets that its group has committed. */
        COMMITTED,
        /** What it has written, because its offsets are gone. */
        OUTPUT,
        /** Nothing: it starts at the beginning. */
        BEGINNING,
        UNKNOWN
    }

    /** Returns the unknown lag of a program with a problem, or, without one, of a program whose topic is missing. */
    static Lag unknown(Following following, @Nullable String problem) {
        return new Lag(
                following.program(),
                following.group(),
                following.topic(),
                null,
                null,
                0,
                problem == null ? "no such topic yet" : problem,
                From.UNKNOWN,
                0,
                Blocked.NOT,
                problem);
    }

    boolean exact() {
        return documents != null && documents.equals(atMost);
    }
}
