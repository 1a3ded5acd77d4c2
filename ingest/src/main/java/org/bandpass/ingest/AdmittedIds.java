package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.ingest.PackingProgress.IdBlock;
import org.bandpass.schemas.Topics;
import org.jspecify.annotations.Nullable;

/**
 * The ids that an ingest has admitted, in records of ingest-progress that are written with the documents; so a restart
 * knows repeats without a look at documents. Those that have left the window are deleted.
 */
final class AdmittedIds {

    /** Of one record; 256 KiB, less than any topic takes. */
    private static final int MOST_IDS = 1 << 14;
    /** Of one transaction that writes the ids of a topic from before. */
    private static final int RENEWED_AT_ONCE = 1 << 19;

    private final Topics topics;
    private final String name;
    private final int window;
    private final Deque<IdBlock> blocks;
    private final int longestBlock;
    private ByteBuffer ids = ByteBuffer.allocate(PackingProgress.ID_BYTES << 8);
    private long admitted;

    /**
     * Continues after what is in the topics.
     *
     * @param name name of the ingest
     * @param earlier its ids that are held, in their order
     */
    AdmittedIds(IngestSettings settings, String name, List<IdBlock> earlier) {
        this.topics = settings.topics();
        this.name = name;
        this.window = settings.rules().window();
        this.blocks = new ArrayDeque<>(earlier);
        this.longestBlock = Math.min(MOST_IDS, topics.maxDocumentBytes() / (2 * PackingProgress.ID_BYTES));
        this.admitted = earlier.isEmpty() ? 0 : blocks.getLast().end();
    }

    /** Takes an id that was admitted. */
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

    /** Returns the records of the ids taken since the last call, and of those that have left the window. */
    List<ProducerRecord<byte[], byte[]>> records() {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        ids.flip();
        while (ids.hasRemaining()) {
            IdBlock block = new IdBlock(admitted, Math.min(longestBlock, ids.remaining() / PackingProgress.ID_BYTES));
            ByteBuffer some = ids.slice(ids.position(), block.count() * PackingProgress.ID_BYTES);
            records.add(record(block, PackingProgress.write(name, block, some)));
            blocks.add(block);
            admitted = block.end();
            ids.position(ids.position() + some.remaining());
        }
        ids.clear();
        while (!blocks.isEmpty() && admitted - blocks.getFirst().end() >= window) {
            records.add(record(blocks.removeFirst(), null));
        }
        return records;
    }

    /**
     * Writes all ids of a window anew, for a topic whose ids were not kept; those that were are deleted.
     *
     * @return false where a stop was requested before
     */
    boolean renew(DuplicateWindow all, TransactionWriter writer) {
        for (IdBlock block : blocks) {
            writer.add(() -> record(block, null));
        }
        blocks.clear();
        boolean[] committed = {true};
        all.forEach((high, low) -> {
            add(high, low);
            if (ids.position() >= RENEWED_AT_ONCE * PackingProgress.ID_BYTES) {
                committed[0] = committed[0] && write(writer);
            }
        });
        return committed[0] && write(writer);
    }

    private boolean write(TransactionWriter writer) {
        records().forEach(record -> writer.add(() -> record));
        return writer.commit();
    }

    private ProducerRecord<byte[], byte[]> record(IdBlock block, byte @Nullable [] value) {
        return new ProducerRecord<>(topics.ingestProgress().name(), PackingProgress.key(name, block.name()), value);
    }
}
