package org.bandpass.selector.digest;

import com.tdunning.math.stats.MergingDigest;
import com.tdunning.math.stats.ScaleFunction;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes, reads and merges t-digests of mean NLL. A digest here is its bytes: t-digest's verbose encoding, compression
 * 2000, uniform centroids (K_0), because the paper's cuts lie in the middle of the distribution. Every step starts from
 * the bytes, never from an object in memory: the object counts its merges, which determine the direction of the next
 * merge and are not in the bytes, so results would depend on when a program was restarted.
 */
public final class ScoreSketch {

    /** Twice the largest number of centroids; the rank error is about 1/10,000. */
    static final double COMPRESSION = 2000;

    private static final int FIXED = Integer.BYTES + 3 * Double.BYTES + Integer.BYTES;
    private static final int CENTROID = 2 * Double.BYTES;
    private static final int VERBOSE = 1;

    private ScoreSketch() {}

    /** Returns a digest, or empty bytes for none, with the first {@code count} mean NLLs added. */
    public static byte[] add(byte[] digest, double[] values, int count) {
        if (count == 0) {
            return digest;
        }
        MergingDigest sketch = read(digest);
        for (int i = 0; i < count; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("a digest contains finite numbers only, not " + values[i]);
            }
            sketch.add(values[i]);
        }
        return write(sketch);
    }

    /** Merges digests in the given order, on which the result depends. */
    public static byte[] merge(List<byte[]> digests) {
        List<MergingDigest> parts = digests.stream()
                .filter(digest -> digest.length > 0)
                .map(ScoreSketch::read)
                .toList();
        if (parts.isEmpty()) {
            return new byte[0];
        }
        MergingDigest whole = read(new byte[0]);
        whole.add(parts);
        return write(whole);
    }

    /**
     * Returns a digest in which every value counts several times. t-digest requires that the smallest and the largest
     * value have a centroid of weight 1; their remaining weight goes to a centroid next to it.
     */
    static byte[] scale(byte[] digest, int factor) {
        if (digest.length == 0 || factor == 1) {
            return digest;
        }
        ByteBuffer in = ByteBuffer.wrap(digest);
        ByteBuffer out = ByteBuffer.allocate(digest.length + 2 * CENTROID);
        out.putInt(in.getInt())
                .putDouble(in.getDouble())
                .putDouble(in.getDouble())
                .putDouble(in.getDouble());
        int centroids = in.getInt();
        int countAt = out.position();
        out.putInt(0);
        int written = 0;
        for (int i = 0; i < centroids; i++) {
            double weight = in.getDouble() * factor;
            double mean = in.getDouble();
            boolean first = i == 0;
            boolean last = i == centroids - 1;
            double alone = (first ? 1 : 0) + (last ? 1 : 0);
            written += first ? put(out, 1, mean) : 0;
            written += put(out, weight - alone, mean);
            written += last ? put(out, 1, mean) : 0;
        }
        out.putInt(countAt, written);
        return bytes(out.flip());
    }

    private static int put(ByteBuffer out, double weight, double mean) {
        if (weight <= 0) {
            return 0;
        }
        out.putDouble(weight).putDouble(mean);
        return 1;
    }

    /** Returns the bytes of a digest in a record, whose buffer is not changed. */
    public static byte[] bytes(ByteBuffer digest) {
        byte[] bytes = new byte[digest.remaining()];
        digest.duplicate().get(bytes);
        return bytes;
    }

    static MergingDigest read(byte[] digest) {
        if (digest.length == 0) {
            MergingDigest empty = new MergingDigest(COMPRESSION);
            empty.setScaleFunction(ScaleFunction.K_0);
            return empty;
        }
        check(digest);
        MergingDigest sketch = MergingDigest.fromBytes(ByteBuffer.wrap(digest));
        // The bytes do not contain it.
        sketch.setScaleFunction(ScaleFunction.K_0);
        return sketch;
    }

    private static byte[] write(MergingDigest sketch) {
        ByteBuffer buffer = ByteBuffer.allocate(sketch.byteSize());
        sketch.asBytes(buffer);
        return bytes(buffer.flip());
    }

    /** Throws an IllegalArgumentException for other bytes, before arrays are allocated by the numbers in them. */
    static void check(byte[] digest) {
        ByteBuffer in = ByteBuffer.wrap(digest);
        boolean whole = digest.length >= FIXED && in.getInt() == VERBOSE;
        if (whole) {
            in.getDouble();
            in.getDouble();
            whole = in.getDouble() == COMPRESSION && digest.length == FIXED + CENTROID * (long) in.getInt();
        }
        if (!whole) {
            throw new IllegalArgumentException(
                    "these " + digest.length + " bytes are not a t-digest of compression " + (int) COMPRESSION);
        }
    }
}
