package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.CatchUp;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.TopicSpec;

/**
 * What earlier ingests left in the topics; all that a new one needs to go on as if it had never stopped.
 *
 * @param progress what was decided under this name, by canonical path
 * @param admitted documents admitted so far, under all names together
 * @param window ids of the documents admitted last
 */
record EarlierIngests(Map<String, IngestProgress> progress, long admitted, DuplicateWindow window) {

    /** Waiting longer for more to fetch would hold up the next partition, not save anything. */
    private static final int FETCH_WAIT_MILLIS = 20;

    /**
     * Reads the topics to the ends they have now. Records behind another name's open transaction are waited for: what
     * this name committed may be among them, and reading it again would double it.
     *
     * @throws org.bandpass.service.ProgramFailure if the documents are stamped with another split
     */
    static EarlierIngests read(IngestSettings settings, String name) {
        Map<String, Object> kafka = new LinkedHashMap<>(settings.kafka());
        kafka.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        try (Admin admin = Admin.create(settings.kafka());
                Consumer<byte[], byte[]> consumer = Clients.reader(kafka, settings.topics())) {
            Map<String, IngestProgress> all =
                    progress(consumer, admin, settings.topics().ingestProgress());
            Map<String, IngestProgress> ofName = new HashMap<>();
            long admitted = 0;
            for (IngestProgress file : all.values()) {
                admitted += file.getIngested().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                if (file.getIngest().equals(name)) {
                    ofName.put(file.getPath(), file);
                }
            }
            DocumentTail tail = new DocumentTail(settings, consumer, admin);
            return new EarlierIngests(ofName, admitted, tail.window(admitted));
        }
    }

    private static Map<String, IngestProgress> progress(
            Consumer<byte[], byte[]> consumer, Admin admin, TopicSpec topic) {
        AvroSerde<IngestProgress> serde = AvroSerde.of(IngestProgress.class);
        Map<String, IngestProgress> latest = new HashMap<>();
        CatchUp end = CatchUp.of(admin, topic.name(), topic.partitions());
        new OffsetSnapshot(topic.name(), consumer.beginningOffsets(end.ends().keySet()), end.ends())
                .read(consumer, record -> {
                    String key = new String(record.key(), StandardCharsets.UTF_8);
                    if (record.value() == null) {
                        latest.remove(key);
                    } else {
                        latest.put(key, serde.read(record.value()));
                    }
                });
        return latest;
    }
}
