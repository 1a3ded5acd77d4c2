package org.bandpass.sources.stream;

import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** How a file is compressed as a whole. */
public enum Compression {
    NONE("", "none"),
    GZIP("gz", "1f8b"),
    ZSTD("zst", "28b52ffd"),
    LZ4("lz4", "04224d18"),
    BZIP2("bz2", "425a68"),
    XZ("xz", "fd377a585a");

    /** Bytes of the longest zstd dictionary that is read; usual ones have about 100 KiB. */
    public static final int LONGEST_DICTIONARY = 16 << 20;

    /** A skippable frame of zstd, which may precede the data, hex (RFC 8878, 3.1.2). */
    private static final Pattern SKIPPABLE = Pattern.compile("5[0-9a-f]2a4d18");

    private final String suffix;
    /** The first bytes, hex. */
    private final String magic;

    Compression(String suffix, String magic) {
        this.suffix = suffix;
        this.magic = magic;
    }

    /** Returns the compression that the name of a file shows. */
    public static Compression named(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        for (Compression compression : values()) {
            if (compression != NONE && lower.endsWith("." + compression.suffix)) {
                return compression;
            }
        }
        return lower.endsWith(".zstd") ? ZSTD : lower.endsWith(".gzip") ? GZIP : NONE;
    }

    /** Returns the compression that the first bytes of a file show. */
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

    /** Returns a file's name without the suffix of its compression. */
    public static String inner(String fileName) {
        return named(fileName) == NONE ? fileName : fileName.substring(0, fileName.lastIndexOf('.'));
    }

    /** Returns the decompressed bytes; a dictionary in the file takes the place of the given one, which is for zstd. */
    public InputStream decompress(InputStream in, byte @Nullable [] dictionary) throws IOException {
        return switch (this) {
            case NONE -> in;
            case GZIP -> new GzipMembers(in);
            case ZSTD -> CodecStream.zstd(in, dictionary);
            case LZ4 -> CodecStream.of(in, stored -> new FramedLZ4CompressorInputStream(stored, true));
            case BZIP2 -> CodecStream.of(in, stored -> new BZip2CompressorInputStream(stored, true));
            case XZ -> CodecStream.of(in, stored -> new XZInputStream(stored, CodecStream.MOST_MEMORY_KIB));
        };
    }
}
