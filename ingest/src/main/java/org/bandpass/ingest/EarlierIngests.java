package org.bandpass.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.bandpass.ingest.ProgressRecords.IdBlock;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.SequenceRemainder;
import org.bandpass.schemas.UnreadableRecord;
import org.bandpass.sources.EarlierRead;

/**
 * State that earlier ingests left in the topics, from which a new one continues as if there had been no stop.
 *
 * @param progress progress of the sources of this name, by canonical path
 * @param admitted documents admitted so far under all names
 * @param window ids of the documents admitted last
 * @param blocks blocks of ids of this name, in order
 * @param kept whether the blocks of all names fill the window; if not, its ids were read from the documents
 * @param sequences sequences written so far under all names
 * @param packers remainders in the packers of this name
 */
record EarlierIngests(
        Map<String, IngestProgress> progress,
        long admitted,
        DuplicateWindow window,
        List<IdBlock> blocks,
        boolean kept,
        long sequences,
        List<SequenceRemainder> packers) {

    /** A longer wait for more records would only delay the next partition. */
    private static final int FETCH_WAIT_MILLIS = 20;

    /**
     * Reads the topics to their current ends. This waits for open transactions of other names, because progress of this
     * name may follow them, and to miss it would write documents twice.
     *
     * @param end receives the offset up to which progress is known
     * @throws org.bandpass.service.ProgramFailure if the topics cannot be mixed with the documents to be ingested
     */
    static EarlierIngests read(IngestSettings settings, String name, UnitAgreement agreement, ProgressEnd end) {
        Map<String, Object> kafka = new LinkedHashMap<>(settings.kafka());
        kafka.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        try (Admin admin = Admin.create(settings.kafka());
                Consumer<byte[], byte[]> consumer = Clients.reader(kafka, settings.topics())) {
            OffsetSnapshot snapshot = OffsetSnapshot.written(admin, consumer, end.topic());
            end.known(snapshot);
            Map<String, IngestProgress> all = CompactedTopic.read(
                    snapshot, consumer, IngestProgress.class, UnreadableRecord.stopUnlessAt(settings.passing()));
            EarlierIngests earlier = of(all, name, settings, agreement);
            // Every version that packs sequences has kept their ids.
            int wanted = settings.sequences() == null && !earlier.kept
                    ? settings.rules().window()
                    : 0;
            DuplicateWindow found =
                    new DocumentTail(settings, consumer, admin, agreement, wanted).window(earlier.admitted);
            return wanted == 0 ? earlier : earlier.with(found);
        }
    }

    /** Returns how far sources were read under this name. */
    List<EarlierRead> read() {
        return progress.values().stream()
                .map(file -> new EarlierRead(
                        file.getPath(),
                        file.getBytes(),
                        // Older progress has only the time.
                        file.getVersion() == null
                                ? Long.toString(file.getModifiedAt().toEpochMilli())
                                : file.getVersion(),
                        file.getFingerprint(),
                        file.getContent(),
                        file.getPosition(),
                        file.getFinished()))
                .toList();
    }

    private EarlierIngests with(DuplicateWindow found) {
        return new EarlierIngests(progress, admitted, found, blocks, kept, sequences, packers);
    }

    /** Sorts the progress of all names, which is in the order of writing. */
    private static EarlierIngests of(
            Map<String, IngestProgress> all, String name, IngestSettings settings, UnitAgreement agreement) {
        DuplicateWindow window = new DuplicateWindow(settings.rules().window());
        Map<String, IngestProgress> ofName = new HashMap<>();
        List<SequenceRemainder> packers = new ArrayList<>();
        List<IdBlock> blocks = new ArrayList<>();
        long admitted = 0;
        long held = 0;
        long sequences = 0;
        for (IngestProgress each : all.values()) {
            boolean own = each.getIngest().equals(name);
            if (ProgressRecords.isPacker(each)) {
                SequenceRemainder remainder = ProgressRecords.packer(each);
                agreement.require(remainder, each.getIngest());
                sequences += remainder.getSequences();
                if (own) {
                    packers.add(remainder);
                }
            } else if (ProgressRecords.isIdBlock(each)) {
                IdBlock block = ProgressRecords.block(each);
                ProgressRecords.addTo(window, each);
                held += block.count();
                if (own) {
                    blocks.add(block);
                }
            } else {
                admitted += IngestOutput.sum(each.getIngested());
                if (own) {
                    ofName.put(each.getPath(), each);
                }
            }
        }
        boolean kept = held >= Math.min(admitted, settings.rules().window());
        return new EarlierIngests(ofName, admitted, window, blocks, kept, sequences, packers);
    }
}
