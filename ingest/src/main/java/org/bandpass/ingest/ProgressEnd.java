package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/** End of the known part of ingest-progress. Later records of the same name come from an ingest that took over. */
final class ProgressEnd {

    private static final int ANSWER_MILLIS = 5_000;

    private final IngestSettings settings;
    private final String name;
    private final TopicPartition partition;
    private long end = Long.MAX_VALUE;

    ProgressEnd(IngestSettings settings, String name) {
        this.settings = settings;
        this.name = name;
        this.partition = new TopicPartition(settings.topics().ingestProgress().name(), 0);
    }

    String topic() {
        return partition.topic();
    }

    /** Notes that ingest-progress was read. */
    void known(OffsetSnapshot read) {
        end = read.to().getOrDefault(partition, 0L);
    }

    /** Notes the offsets of committed progress. */
    void committed(Collection<Long> offsets) {
        for (long offset : offsets) {
            end = end == Long.MAX_VALUE ? end : Math.max(end, offset + 1);
        }
    }

    /**
     * Looks for progress that was committed under this name since.
     *
     * @param own offsets of our last transaction, as far as they are known
     * @param decided whether that transaction is decided; if not, records after it are not read, because reading them
     *     would wait for its time-out
     * @return whether it is committed
     * @throws ProgramFailure if another ingest has committed progress under this name
     */
    boolean requireOurs(Collection<Long> own, boolean decided) {
        if (end == Long.MAX_VALUE) {
            return false;
        }
        boolean[] committed = new boolean[1];
        Map<String, Object> kafka = new HashMap<>(settings.kafka());
        // A stop and the patience of an outage are not checked while this waits.
        kafka.put("request.timeout.ms", ANSWER_MILLIS);
        kafka.put("default.api.timeout.ms", ANSWER_MILLIS);
        try (Admin admin = Admin.create(kafka);
                Consumer<byte[], byte[]> consumer = Clients.reader(kafka, settings.topics())) {
            OffsetSnapshot all = decided
                    ? OffsetSnapshot.written(admin, consumer, topic())
                    : OffsetSnapshot.visible(consumer, topic());
            long from = Math.max(end, all.from().getOrDefault(partition, 0L));
            new OffsetSnapshot(topic(), Map.of(partition, from), all.to()).read(consumer, record -> {
                if (own.contains(record.offset())) {
                    committed[0] = true;
                } else if (isOfThisName(record)) {
                    throw takenOver(null);
                }
            });
        }
        return committed[0];
    }

    /** Returns the failure of an ingest whose name another ingest uses. */
    ProgramFailure takenOver(@Nullable RuntimeException failure) {
        return new ProgramFailure(
                "another ingest with the name '" + name + "' has begun and takes over; this one ends, and what it has"
                        + " committed stays. Ingests that run at the same time need different names (--name)",
                failure);
    }

    private boolean isOfThisName(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && new String(record.key(), StandardCharsets.UTF_8).startsWith(name + "/");
    }
}
