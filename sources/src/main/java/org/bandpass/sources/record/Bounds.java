package org.bandpass.sources.record;

/**
 * Limits of reading. The constants name the settings, for messages.
 *
 * @param recordBytes largest record as stored, decompressed
 * @param fileBytes largest file, decompressed
 * @param fileRatio largest ratio of decompressed to stored bytes
 * @param jsonDepth deepest nesting of JSON
 * @param replacedShare largest share of a page's characters that could not be decoded
 */
public record Bounds(int recordBytes, long fileBytes, int fileRatio, int jsonDepth, double replacedShare) {

    public static final String RECORD_BYTES = "ingest.record.max.bytes";
    public static final String FILE_BYTES = "ingest.file.max.bytes";
    public static final String FILE_RATIO = "ingest.file.max.ratio";
    public static final String JSON_DEPTH = "ingest.json.max.depth";
    public static final String REPLACED_SHARE = "ingest.page.replaced.share";

    /** The default settings. */
    public static final Bounds DEFAULT = new Bounds(32 << 20, 1L << 40, 200, 100, 0.01);

    /** The ratio is not checked up to this number: small files may be very repetitive. */
    private static final long FREE = 16L << 20;

    /** Returns whether so many bytes or values are too many for the stored bytes. */
    public boolean exceedsRatio(long expanded, long stored) {
        return expanded > FREE && expanded / fileRatio > stored;
    }
}
