package org.bandpass.console;

import org.jspecify.annotations.Nullable;

/**
 * How far a program is behind.
 *
 * @param program which program
 * @param group its consumer group
 * @param topic the topic it follows
 * @param documents documents it still has to do, or finished runs for eval; null where the topic does not exist yet
 * @param atMost the same as {@code documents} where it was counted to the end, otherwise an upper bound from offsets
 * @param partitions partitions of the topic
 * @param state for people
 */
record Lag(
        String program,
        String group,
        String topic,
        @Nullable Long documents,
        @Nullable Long atMost,
        int partitions,
        String state) {

    static Lag withoutTopic(Following following) {
        return new Lag(following.program(), following.group(), following.topic(), null, null, 0, "no such topic yet");
    }

    boolean exact() {
        return documents != null && documents.equals(atMost);
    }
}
