package org.bandpass.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.ingest.Decision.Accepted;
import org.bandpass.ingest.Decision.Admitted;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.SplitPart;
import org.bandpass.schemas.Topics;

/** Turns admitted documents into records of the topics, one record per document. Belongs to the writing thread. */
class UnitRecords {

    private final Topics topics;
    private final AdmittedIds ids;
    private long written;

    /**
     * Continues after the records in the topic.
     *
     * @param ids keeps the admitted ids
     * @param written records of documents written before
     */
    UnitRecords(Topics topics, AdmittedIds ids, long written) {
        this.topics = topics;
        this.ids = ids;
        this.written = written;
    }

    /** Returns the records to write for a document; none if it only fills a sequence further. */
    final List<ProducerRecord<byte[], byte[]>> of(Accepted document) {
        ids.add(document.id());
        return records(document);
    }

    List<ProducerRecord<byte[], byte[]>> records(Accepted document) {
        return List.of(record(document.id(), document.part(), ((Admitted) document).value()));
    }

    /** Returns the records that a restart needs besides the positions in files. */
    List<ProducerRecord<byte[], byte[]>> state() {
        return ids.records();
    }

    /** Returns the next record of documents; they are spread over the partitions in turn. */
    final ProducerRecord<byte[], byte[]> record(String id, SplitPart part, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topics.documents().name(),
                (int) (written++ % topics.partitions()),
                id.getBytes(StandardCharsets.UTF_8),
                value);
        record.headers().add(HeaderNames.SPLIT, HeaderNames.bytes(HeaderNames.nameOf(part)));
        return record;
    }
}
