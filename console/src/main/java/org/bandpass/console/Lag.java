package org.bandpass.console;

import org.jspecify.annotations.Nullable;

/**
 * How far a program is behind.
 *
 * @param program which program
 * @param group its consumer group
 * @param topic the topic it follows
 * @param documents documents it still has to do, or finished runs for eval; null where unknown
 * @param atMost the same as {@code documents} where it was counted to the end, otherwise an upper bound from offsets
 * @param partitions partitions of the topic
 * @param state for people
 * @param begin where the count begins
 */
record Lag(
        String program,
        String group,
        String topic,
        @Nullable Long documents,
        @Nullable Long atMost,
        int partitions,
        String state,
        Begin begin) {

    enum From {
        /** The offsets that its group has committed. */
        COMMITTED,
        /** What it has written, because its offsets are gone. */
        OUTPUT,
        /** Nothing: it starts at the beginning. */
        BEGINNING,
        UNKNOWN
    }

    /**
     * Where the count begins, and what is not in it.
     *
     * @param from what says where the program stands
     * @param lost offsets after its position that were deleted before it had read them
     * @param blocked what open transactions keep from it
     * @param problem why its lag is unknown, or null
     */
    record Begin(
            From from, long lost, Blocked blocked, @Nullable String problem) {}

    /** The lag of a program of which only a problem is known, or, where that is null, of one whose topic is missing. */
    static Lag unknown(Following following, @Nullable String problem) {
        return new Lag(
                following.program(),
                following.group(),
                following.topic(),
                null,
                null,
                0,
                problem == null ? "no such topic yet" : problem,
                new Begin(From.UNKNOWN, 0, Blocked.NOT, problem));
    }

    boolean exact() {
        return documents != null && documents.equals(atMost);
    }
}
