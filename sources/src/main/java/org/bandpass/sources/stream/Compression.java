package org.bandpass.sources.stream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a file is compressed as a whole. */
public enum Compression {
    NONE("", "none"),
    GZIP("gz", "1f8b"),
    ZSTD("zst", "28b52ffd"),
    LZ4("lz4", "04224d18"),
    BZIP2("bz2", "425a68"),
    XZ("xz", "fd377a585a");

    /** Bytes of the longest zstd dictionary that is read; usual ones have some 100 KiB. */
    public static final int LONGEST_DICTIONARY = 16 << 20;

    /** A frame of zstd that holds no data but stands before those that do, hex (RFC 8878, 3.1.2). */
    private static final Pattern SKIPPABLE = Pattern.compile("5[0-9a-f]2a4d18");
    /** The skippable frame that is the dictionary of all frames after it; {@code warc.zst} has one. */
    private static final int DICTIONARY = 0x5d;

    private final String suffix;
    /** The first bytes, hex. */
    private final String magic;

    Compression(String suffix, String magic) {
        this.suffix = suffix;
        this.magic = magic;
    }

    /** Returns what the name of a file says. */
    public static Compression named(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        for (Compression compression : values()) {
            if (compression != NONE && lower.endsWith("." + compression.suffix)) {
                return compression;
            }
        }
        return lower.endsWith(".zstd") ? ZSTD : lower.endsWith(".gzip") ? GZIP : NONE;
    }

    /** Returns what the first bytes of a file say. */
    public static Compression seen(byte[] head) {
        String first = HexFormat.of().formatHex(head);
        if (SKIPPABLE.matcher(first).lookingAt()) {
            return ZSTD;
        }
        for (Compression compression : values()) {
            if (first.startsWith(compression.magic)) {
                return compression;
            }
        }
        return NONE;
    }

    /** Returns a file's name without what says how it is compressed. */
    public static String inner(String fileName) {
        return named(fileName) == NONE ? fileName : fileName.substring(0, fileName.lastIndexOf('.'));
    }

    /**
     * Returns the decompressed bytes.
     *
     * @param dictionary dictionary of zstd's frames, or null; one that the file brings itself takes its place
     */
    public InputStream decompress(InputStream in, byte @Nullable [] dictionary) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new GzipMembers(in);
            case ZSTD -> zstd(in, dictionary);
            case LZ4 -> Decompressed.lz4(in);
            case BZIP2 -> Decompressed.bzip2(in);
            case XZ -> Decompressed.xz(in);
        };
    }

    private static InputStream zstd(InputStream in, byte @Nullable [] dictionary) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in);
        buffered.mark(1);
        boolean own = buffered.read() == DICTIONARY;
        buffered.reset();
        return Decompressed.zstd(buffered, own ? Decompressed.dictionary(buffered) : dictionary);
    }
}
