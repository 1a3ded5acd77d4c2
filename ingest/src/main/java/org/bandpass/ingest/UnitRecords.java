package org.bandpass.ingest;

import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.ingest.Decision.Accepted;

/** What admitted documents become in the topics. Belongs to the writing thread. */
interface UnitRecords {

    /** Returns the records that a document brings about, none where it only fills a sequence further. */
    List<ProducerRecord<byte[], byte[]>> of(Accepted document);

    /** Returns what a restart must know beside the positions of files, after the last document. */
    List<ProducerRecord<byte[], byte[]>> state();
}
