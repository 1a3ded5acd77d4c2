package org.bandpass.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.bandpass.schemas.AvroSerde;
import org.bandpass.schemas.HeaderNames;
import org.bandpass.schemas.IngestProgress;
import org.bandpass.schemas.SequenceRemainder;
import org.bandpass.schemas.Topics;
import org.jspecify.annotations.Nullable;

/**
 * Makes and reads the records of ingest-progress: the progress of each file, the tokens that wait in each packer, and
 * the ids admitted by each transaction. Paths begin with a slash or a scheme, so the names of packers and ids are never
 * paths.
 *
 * @param ingest name of the ingest
 */
record ProgressRecords(Topics topics, String ingest) {

    /** Bytes of an id. */
    static final int ID_BYTES = 2 * Long.BYTES;

    private static final String PACKER = "packer/";
    private static final String ADMITTED = "admitted/";
    private static final AvroSerde<IngestProgress> PROGRESS = AvroSerde.of(IngestProgress.class);
    private static final AvroSerde<SequenceRemainder> REMAINDER = AvroSerde.of(SequenceRemainder.class);

    /**
     * A block of the ids that an ingest has admitted, in order.
     *
     * @param first number of documents admitted before
     * @param count number of ids
     */
    record IdBlock(long first, int count) {

        String name() {
            return ADMITTED + first;
        }

        long end() {
            return first + count;
        }
    }

    /** Returns the progress of a path or name; null deletes it. */
    ProducerRecord<byte[], byte[]> of(String path, @Nullable IngestProgress progress) {
        byte[] key = (ingest + "/" + path).getBytes(StandardCharsets.UTF_8);
        byte[] value = progress == null ? null : PROGRESS.write(progress);
        return new ProducerRecord<>(topics.ingestProgress().name(), key, value);
    }

    ProducerRecord<byte[], byte[]> of(SequenceRemainder remainder) {
        String part = HeaderNames.nameOf(remainder.getSplit().getPart());
        ByteBuffer bytes = ByteBuffer.wrap(REMAINDER.write(remainder));
        return of(PACKER + part + "/" + remainder.getDomain(), remainder.getSequences(), bytes);
    }

    ProducerRecord<byte[], byte[]> of(String name, long position, ByteBuffer remainder) {
        return of(
                name,
                IngestProgress.newBuilder()
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

    static boolean isPacker(IngestProgress progress) {
        return progress.getPath().startsWith(PACKER);
    }

    static boolean isIdBlock(IngestProgress progress) {
        return progress.getPath().startsWith(ADMITTED);
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

    /** Adds the ids of a block to a window, in order. */
    static void addTo(DuplicateWindow window, IngestProgress block) {
        ByteBuffer ids = content(block);
        while (ids.remaining() >= ID_BYTES) {
            window.add(ids.getLong(), ids.getLong());
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
