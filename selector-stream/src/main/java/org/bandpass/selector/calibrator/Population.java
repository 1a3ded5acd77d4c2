package org.bandpass.selector.calibrator;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bandpass.selector.score.Stratification;

/** A stratum of one model's scores; its keys are kind, length of the revision, revision, stratum, number. */
record Population(String modelRevision, String stratum) {

    private static final int KIND = 1;

    static Population all(String modelRevision) {
        return new Population(modelRevision, Stratification.ALL_SCORES);
    }

    boolean isAll() {
        return Stratification.isAll(stratum);
    }

    byte[] key(byte kind, long number) {
        byte[] revision = modelRevision.getBytes(StandardCharsets.UTF_8);
        byte[] name = stratum.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(KIND + Integer.BYTES + revision.length + name.length + Long.BYTES)
                .put(kind)
                .putInt(revision.length)
                .put(revision)
                .put(name)
                .putLong(number)
                .array();
    }

    static Population of(byte[] key) {
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
