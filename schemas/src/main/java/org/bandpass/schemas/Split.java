package org.bandpass.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.NullMarked;

/**
 * Decides at ingest which part of the data a document belongs to. The part depends only on its id and a seed, so parts
 * are disjoint, and a replay gives the same parts.
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

    public Split {
        if (!(heldOutShare >= 0 && referenceShare >= 0 && heldOutShare + referenceShare <= 1)) {
            throw new IllegalArgumentException("the shares of the split must not be negative and must not exceed 1"
                    + " together: held-out " + heldOutShare + ", reference " + referenceShare);
        }
    }

    public SplitPart partOf(String documentId) {
        double u = uniform(documentId);
        return u < heldOutShare
                ? SplitPart.HELD_OUT
                : u < heldOutShare + referenceShare ? SplitPart.REFERENCE : SplitPart.FINAL;
    }

    /** Returns the stamp for a document's record. */
    public SplitStamp stamp(String documentId) {
        return stamp(partOf(documentId));
    }

    public SplitStamp stamp(SplitPart part) {
        return new SplitStamp(part, seed, heldOutShare, referenceShare);
    }

    /** Returns the split that stamped a record. */
    public static Split of(SplitStamp stamp) {
        return new Split(stamp.getSeed(), stamp.getHeldOutShare(), stamp.getReferenceShare());
    }

    /** Returns the seed and the shares in words. */
    public String words() {
        return "(seed " + seed + ", held-out " + heldOutShare + ", reference " + referenceShare + ")";
    }

    private double uniform(String documentId) {
        MessageDigest digest = DocumentId.sha256();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
        digest.update(documentId.getBytes(StandardCharsets.US_ASCII));
        long bits = ByteBuffer.wrap(digest.digest()).getLong();
        // The lowest 11 bits exceed a double's precision; without them u stays below 1.
        return (bits >>> 11) * 0x1p-53;
    }
}
