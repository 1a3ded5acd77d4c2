package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.SequenceRemainder;

/**
 * The records in ingest-progress that are of no file: what waits in each packer, and the ids that each transaction
 * admitted. Canonical paths begin with a slash or a scheme, so these names are none.
 */
final class PackingProgress {

    /** Bytes of an id. */
    static final int ID_BYTES = 2 * Long.BYTES;

    private static final String PACKER = "packer/";
    private static final String ADMITTED = "admitted/";
    private static final AvroSerde<IngestProgress> PROGRESS = AvroSerde.of(IngestProgress.class);
    private static final AvroSerde<SequenceRemainder> REMAINDER = AvroSerde.of(SequenceRemainder.class);

    /**
     * Ids that one transaction admitted, as a block among all that an ingest has admitted.
     *
     * @param first how many documents the ingest had admitted before
     * @param count how many these are
     */
    record IdBlock(long first, int count) {

        String name() {
            return ADMITTED + first;
        }

        long end() {
            return first + count;
        }
    }

    private PackingProgress() {}

    static boolean isPacker(IngestProgress progress) {
        return progress.getPath().startsWith(PACKER);
    }

    static boolean isIdBlock(IngestProgress progress) {
        return progress.getPath().startsWith(ADMITTED);
    }

    /** Returns the key of a record: the ingest's name and a path, or one of the names here. */
    static byte[] key(String ingest, String path) {
        return (ingest + "/" + path).getBytes(StandardCharsets.UTF_8);
    }

    static String nameOf(SequenceRemainder left) {
        return PACKER + HeaderNames.nameOf(left.getSplit().getPart()) + "/" + left.getDomain();
    }

    static byte[] write(String ingest, SequenceRemainder left) {
        return write(ingest, nameOf(left), left.getSequences(), ByteBuffer.wrap(REMAINDER.write(left)));
    }

    static byte[] write(String ingest, IdBlock block, ByteBuffer ids) {
        return write(ingest, block.name(), block.count(), ids);
    }

    private static byte[] write(String ingest, String name, long position, ByteBuffer remainder) {
        return PROGRESS.write(IngestProgress.newBuilder()
                .setIngest(ingest)
                .setPath(name)
                .setBytes(0)
                .setModifiedAt(Instant.EPOCH)
                .setFingerprint("")
                .setPosition(position)
                .setFinished(false)
                .setRemainder(remainder)
                .build());
    }

    static SequenceRemainder packer(IngestProgress progress) {
        ByteBuffer remainder = content(progress);
        byte[] bytes = new byte[remainder.remaining()];
        remainder.get(bytes);
        return REMAINDER.read(bytes);
    }

    static IdBlock block(IngestProgress progress) {
        return new IdBlock(
                Long.parseLong(progress.getPath().substring(ADMITTED.length())),
                content(progress).remaining() / ID_BYTES);
    }

    /** Adds the ids of a block to a window, in their order. */
    static void addTo(DuplicateWindow window, IngestProgress block) {
        ByteBuffer ids = content(block);
        while (ids.remaining() >= ID_BYTES) {
            long high = ids.getLong();
            long low = ids.getLong();
            // Two ingests at once do not see each other's documents.
            if (!window.contains(high, low)) {
                window.add(high, low);
            }
        }
    }

    private static ByteBuffer content(IngestProgress progress) {
        ByteBuffer remainder = progress.getRemainder();
        if (remainder == null) {
            throw new IllegalStateException(progress.getIngest() + "/" + progress.getPath() + " has no remainder");
        }
        return remainder.duplicate();
    }
}
