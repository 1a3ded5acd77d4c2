package org.bandpass.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.NullMarked;

/**
 * Decides once, at ingest, which part of the data a document belongs to, from its id and a seed alone: disjoint by
 * construction and the same under replay.
 *
 * <p>u = first 8 bytes of SHA-256(seed, 8 bytes big-endian ‖ document id, ASCII) / 2^64; held-out for u below the
 * held-out share, reference for u below both shares together, final above.
 *
 * @param seed seed of the split
 * @param heldOutShare share kept for evaluation, in [0, 1)
 * @param referenceShare share that trains the reference model, in [0, 1)
 */
@NullMarked
public record Split(long seed, double heldOutShare, double referenceShare) {

    private static final double TWO_TO_64 = 0x1p64;

    public Split {
        if (!(heldOutShare >= 0 && referenceShare >= 0 && heldOutShare + referenceShare <= 1)) {
            throw new IllegalArgumentException("the shares of the split must not be negative and must not exceed 1"
                    + " together: held-out " + heldOutShare + ", reference " + referenceShare);
        }
    }

    public SplitPart partOf(String documentId) {
        double u = uniform(documentId);
        if (u < heldOutShare) {
            return SplitPart.HELD_OUT;
        }
        return u < heldOutShare + referenceShare ? SplitPart.REFERENCE : SplitPart.FINAL;
    }

    /** Returns the stamp that a document's record carries. */
    public SplitStamp stamp(String documentId) {
        return stamp(partOf(documentId));
    }

    /** Returns the stamp of a sequence, which is packed within one part. */
    public SplitStamp stamp(SplitPart part) {
        return new SplitStamp(part, seed, heldOutShare, referenceShare);
    }

    /** Returns the split that stamped a record. */
    public static Split of(SplitStamp stamp) {
        return new Split(stamp.getSeed(), stamp.getHeldOutShare(), stamp.getReferenceShare());
    }

    /** Returns the seed and the shares for people. */
    public String words() {
        return "(seed " + seed + ", held-out " + heldOutShare + ", reference " + referenceShare + ")";
    }

    private double uniform(String documentId) {
        MessageDigest digest = DocumentId.sha256();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
        digest.update(documentId.getBytes(StandardCharsets.US_ASCII));
        long bits = ByteBuffer.wrap(digest.digest()).getLong();
        // The lowest 11 bits are beyond a double's precision; dropping them keeps u below 1.
        return (bits >>> 11) * 0x1p11 / TWO_TO_64;
    }
}
