package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.ingest.ProgressRecords.IdBlock;

/**
 * Keeps the admitted ids in records of ingest-progress, written with the documents, so a restart recognises duplicates
 * without reading the documents. Ids that have left the window are deleted.
 */
final class AdmittedIds {

    /** In one record: 256 KiB, which every topic takes. */
    private static final int MOST_IDS = 1 << 14;
    /** In one transaction that writes the ids of an older topic. */
    private static final int RENEWED_AT_ONCE = 1 << 19;

    private final ProgressRecords progress;
    private final int window;
    private final Deque<IdBlock> blocks;
    private final int longestBlock;
    private ByteBuffer ids = ByteBuffer.allocate(ProgressRecords.ID_BYTES << 8);
    private long admitted;

    /** Continues after earlier blocks of ids, which are in order. */
    AdmittedIds(IngestSettings settings, ProgressRecords progress, List<IdBlock> earlier) {
        this.progress = progress;
        this.window = settings.rules().window();
        this.blocks = new ArrayDeque<>(earlier);
        this.longestBlock = Math.min(MOST_IDS, settings.topics().maxDocumentBytes() / (2 * ProgressRecords.ID_BYTES));
        this.admitted = earlier.isEmpty() ? 0 : blocks.getLast().end();
    }

    /** Adds an admitted id. */
    void add(String id) {
        add(DuplicateWindow.high(id), DuplicateWindow.low(id));
    }

    private void add(long high, long low) {
        if (window == 0) {
            return;
        }
        if (!ids.hasRemaining()) {
            ids = ByteBuffer.wrap(Arrays.copyOf(ids.array(), 2 * ids.capacity()))
                    .position(ids.position());
        }
        ids.putLong(high).putLong(low);
    }

    /** Returns records that add the ids since the last call, and delete those that have left the window. */
    List<ProducerRecord<byte[], byte[]>> records() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        ids.flip();
        while (ids.hasRemaining()) {
            IdBlock block = new IdBlock(admitted, Math.min(longestBlock, ids.remaining() / ProgressRecords.ID_BYTES));
            ByteBuffer some = ids.slice(ids.position(), block.count() * ProgressRecords.ID_BYTES);
            records.add(progress.of(block.name(), block.count(), some));
            blocks.add(block);
            admitted = block.end();
            ids.position(ids.position() + some.remaining());
        }
        ids.clear();
        while (!blocks.isEmpty() && admitted - blocks.getFirst().end() >= window) {
            records.add(progress.of(blocks.removeFirst().name(), null));
        }
        return records;
    }

    /**
     * Replaces the blocks by all ids of a window, for an older topic whose ids were not kept.
     *
     * @return false if a stop was requested first
     */
    boolean renew(DuplicateWindow all, TransactionWriter writer) {
        for (IdBlock block : blocks) {
            writer.add(progress.of(block.name(), null));
        }
        blocks.clear();
        boolean[] committed = {true};
        all.forEach((high, low) -> {
            add(high, low);
            if (ids.position() >= RENEWED_AT_ONCE * ProgressRecords.ID_BYTES) {
                committed[0] = committed[0] && write(writer);
            }
        });
        return committed[0] && write(writer);
    }

    private boolean write(TransactionWriter writer) {
        records().forEach(writer::add);
        return writer.commit();
    }
}
