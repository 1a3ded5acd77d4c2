package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.ingest.Decision.Accepted;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Topics;

/** Makes one record of each document; nothing is left over but the ids, by which repeats are known. */
final class DocumentRecords implements UnitRecords {

    private final Topics topics;
    private final AdmittedIds ids;

    DocumentRecords(Topics topics, AdmittedIds ids) {
        this.topics = topics;
        this.ids = ids;
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> of(Accepted accepted) {
        Admitted document = (Admitted) accepted;
        ids.add(document.id());
        return List.of(record(topics, document.ordinal(), document.id(), document.part(), document.value()));
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> state() {
        return ids.records();
    }

    /** Returns a record of documents, which go round the partitions. */
    static ProducerRecord<byte[], byte[]> record(Topics topics, long ordinal, String id, SplitPart part, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.documents().name(),
                (int) (ordinal % topics.partitions()),
                id.getBytes(StandardCharsets.UTF_8),
                value);
        record.headers().add(HeaderNames.SPLIT, HeaderNames.bytes(HeaderNames.nameOf(part)));
        return record;
    }
}
