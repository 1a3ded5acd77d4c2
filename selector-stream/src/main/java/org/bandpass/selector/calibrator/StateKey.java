package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bandpass.selector.calibrator.PartitionDigests.Population;

/** Keys of {@link PartitionDigests} in its store: kind, length of the revision, revision, stratum, number. */
final class StateKey {

    private static final int KIND = 1;

    private StateKey() {}

    static byte[] of(byte kind, Population population, long number) {
        byte[] revision = population.modelRevision().getBytes(StandardCharsets.UTF_8);
        byte[] stratum = population.stratum().getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(KIND + Integer.BYTES + revision.length + stratum.length + Long.BYTES)
                .put(kind)
                .putInt(revision.length)
                .put(revision)
                .put(stratum)
                .putLong(number)
                .array();
    }

    static Population population(byte[] key) {
        int length = ByteBuffer.wrap(key, KIND, Integer.BYTES).getInt();
        int revisionAt = KIND + Integer.BYTES;
        int stratumAt = revisionAt + length;
        return new Population(
                new String(key, revisionAt, length, StandardCharsets.UTF_8),
                new String(key, stratumAt, key.length - Long.BYTES - stratumAt, StandardCharsets.UTF_8));
    }

    static long number(byte[] key) {
        return ByteBuffer.wrap(key, key.length - Long.BYTES, Long.BYTES).getLong();
    }
}
