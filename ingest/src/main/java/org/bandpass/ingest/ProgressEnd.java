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

/** Up to where an ingest knows ingest-progress; who writes under its name after that has taken over. */
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

    /** Takes that all before an offset is known. */
    void known(OffsetSnapshot read) {
        end = read.to().getOrDefault(partition, 0L);
    }

    /** Takes where progress was committed. */
    void committed(Collection<Long> offsets) {
        for (long offset : offsets) {
            end = end == Long.MAX_VALUE ? end : Math.max(end, offset + 1);
        }
    }

    /**
     * Looks for what was committed under this name since.
     *
     * @param own offsets that our last transaction may have
     * @param decided whether that transaction is decided; what follows an open one is not seen, because waiting for our own
     *     would take until its time-out
     * @return whether it is committed
     * @throws ProgramFailure if another ingest has committed something under this name
     */
    boolean requireOurs(Collection<Long> own, boolean decided) {
        if (end == Long.MAX_VALUE) {
            return false;
        }
        boolean[] committed = new boolean[1];
        Map<String, Object> kafka = new HashMap<>(settings.kafka());
        // In an outage whoever waits here hears no stop and keeps no patience.
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

    /** Returns the failure of an ingest whose name another one uses. */
    ProgramFailure takenOver(@Nullable RuntimeException failure) {
        return new ProgramFailure(
                "another ingest with the name '" + name + "' has begun and takes over; this one ends, and what it has"
                        + " committed stays. Ingests that run at the same time need a --name each",
                failure);
    }

    private boolean isOfThisName(ConsumerRecord<byte[], byte[]> record) {
        return record.key() != null && new String(record.key(), StandardCharsets.UTF_8).startsWith(name + "/");
    }
}
