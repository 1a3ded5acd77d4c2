package org.bandpass.console;

import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.OffsetSnapshot;

/**
 * Where a topic begins and ends now.
 *
 * @param readable what a reader of committed records sees
 * @param written offset after the last record, decided or not
 * @param open the oldest open transaction of each partition that has one
 */
record TopicEnds(
        OffsetSnapshot readable, Map<TopicPartition, Long> written, Map<TopicPartition, Blocked.OpenTransaction> open) {

    /** Asks the broker. The written ends come last, so that no position that was read before lies beyond them. */
    static TopicEnds of(Consumer<?, ?> reader, Admin admin, String topic) {
        OffsetSnapshot readable = OffsetSnapshot.visible(reader, topic);
        Map<TopicPartition, Long> written =
                CatchUp.of(admin, topic, readable.to().size()).ends();
        List<TopicPartition> beyond = readable.to().keySet().stream()
                .filter(partition ->
                        written.getOrDefault(partition, 0L) > readable.to().getOrDefault(partition, 0L))
                .toList();
        return new TopicEnds(readable, written, new OpenTransactions(admin).oldest(beyond));
    }

    long first(TopicPartition partition) {
        return readable.from().getOrDefault(partition, 0L);
    }

    long readable(TopicPartition partition) {
        return readable.to().getOrDefault(partition, 0L);
    }

    long written(TopicPartition partition) {
        return Math.max(readable(partition), written.getOrDefault(partition, 0L));
    }

    /** Returns what an open transaction hides from a reader at some offset. */
    Blocked blocked(TopicPartition partition, long position) {
        long offsets = written(partition) - Math.max(readable(partition), position);
        return offsets > 0 ? new Blocked(offsets, open.get(partition)) : Blocked.NOT;
    }
}
