package org.bandpass.ingest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.bandpass.ingest.PackingProgress.IdBlock;
import org.bandpass.schemas.Clients;
import org.bandpass.schemas.CompactedTopic;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.OffsetSnapshot;
import org.bandpass.schemas.SequenceRemainder;
import org.bandpass.schemas.UnreadableRecord;
import org.bandpass.sources.EarlierRead;

/**
 * What earlier ingests left in the topics; all that a new one needs to continue as if it had never stopped.
 *
 * @param progress what was decided under this name, by canonical path
 * @param admitted documents admitted so far, under all names together
 * @param window ids of the documents admitted last
 * @param blocks ids that are held for this name, in their order
 * @param kept whether the ids of the window are held for some name, rather than found in documents
 * @param sequences sequences written so far, under all names together
 * @param packers what waits in the packers of this name
 */
record EarlierIngests(
        Map<String, IngestProgress> progress,
        long admitted,
        DuplicateWindow window,
        List<IdBlock> blocks,
        boolean kept,
        long sequences,
        List<SequenceRemainder> packers) {

    /** Waiting longer for more to fetch would hold up the next partition, not save anything. */
    private static final int FETCH_WAIT_MILLIS = 20;

    /**
     * Reads the topics to the ends they have now. Records after another name's open transaction are waited for: what
     * this name committed may be among them, and reading it again would double it.
     *
     * @param end receives the offset up to which progress is known
     * @throws org.bandpass.service.ProgramFailure if what is there cannot be mixed with what comes
     */
    static EarlierIngests read(IngestSettings settings, String name, UnitAgreement agreement, ProgressEnd end) {
        Map<String, Object> kafka = new LinkedHashMap<>(settings.kafka());
        kafka.putIfAbsent(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, FETCH_WAIT_MILLIS);
        try (Admin admin = Admin.create(settings.kafka());
                Consumer<byte[], byte[]> consumer = Clients.reader(kafka, settings.topics())) {
            OffsetSnapshot snapshot = OffsetSnapshot.written(admin, consumer, end.topic());
            end.known(snapshot);
            EarlierIngests earlier = of(
                    CompactedTopic.read(
                            snapshot,
                            consumer,
                            IngestProgress.class,
                            UnreadableRecord.stopUnlessAt(settings.passing())),
                    name,
                    settings,
                    agreement);
            // Sequences have kept their ids from their first version on.
            boolean whole = settings.sequences() == null;
            int wanted = whole && !earlier.kept ? settings.rules().window() : 0;
            DuplicateWindow found =
                    new DocumentTail(settings, consumer, admin, agreement, wanted).window(earlier.admitted);
            return wanted == 0 ? earlier : earlier.with(found);
        }
    }

    /** Returns how far this name read sources. */
    List<EarlierRead> read() {
        return progress.values().stream()
                .map(file -> new EarlierRead(
                        file.getPath(),
                        file.getBytes(),
                        // Older progress knows the time alone.
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

    /** Sorts out the progress of all names, which is in the order in which it was written. */
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
            if (PackingProgress.isPacker(each)) {
                SequenceRemainder left = PackingProgress.packer(each);
                agreement.require(left, each.getIngest());
                sequences += left.getSequences();
                if (own) {
                    packers.add(left);
                }
            } else if (PackingProgress.isIdBlock(each)) {
                IdBlock block = PackingProgress.block(each);
                PackingProgress.addTo(window, each);
                held += block.count();
                if (own) {
                    blocks.add(block);
                }
            } else {
                admitted += each.getIngested().values().stream()
                        .mapToLong(Long::longValue)
                        .sum();
                if (own) {
                    ofName.put(each.getPath(), each);
                }
            }
        }
        boolean kept = held >= Math.min(admitted, settings.rules().window());
        return new EarlierIngests(ofName, admitted, window, blocks, kept, sequences, packers);
    }
}
