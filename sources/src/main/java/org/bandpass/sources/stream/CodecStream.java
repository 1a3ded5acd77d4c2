package org.bandpass.sources.stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.ZipException;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.UnsupportedOptionsException;

/**
 * Decompresses consecutive frames of zstd, bzip2, xz or lz4 with a library. The window of zstd and the memory of xz are
 * bounded. Libraries throw exceptions of many kinds for damaged data: they become {@link ZipException}. If the stored
 * bytes cannot be read, that failure is thrown instead.
 */
final class CodecStream extends BlockStream {

    /** log2 of the largest window that zstd reads without an option: 128 MiB. */
    private static final int LARGEST_WINDOW = 27;

    static final int MOST_MEMORY_KIB = 1 << LARGEST_WINDOW - 10;

    /** First byte of the skippable frame that is the dictionary of all frames after it, as in {@code warc.zst}. */
    private static final int DICTIONARY = 0x5d;

    /** The first four bytes of a frame that is not skippable. */
    private static final int FRAME = 0x28b52ffd;

    private final Stored stored;

    private CodecStream(InputStream in, Stored stored) {
        super(in);
        this.stored = stored;
    }

    /** Opens the stream of a library. */
    interface Library {
        InputStream open(InputStream stored) throws IOException;
    }

    static InputStream of(InputStream in, Library library) throws IOException {
        Stored stored = new Stored(in);
        try {
            // Some libraries read single bytes.
            return new CodecStream(library.open(new BufferedInputStream(stored)), stored);
        } catch (IOException | RuntimeException e) {
            throw failure(e, stored);
        }
    }

    /** Decompresses zstd with the dictionary that begins the file, or else with the given one. */
    static InputStream zstd(InputStream in, byte @Nullable [] given) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in);
        buffered.mark(1);
        boolean own = buffered.read() == DICTIONARY;
        buffered.reset();
        byte[] dictionary = own ? dictionary(buffered) : given;
        return of(buffered, stored -> {
            ZstdInputStream frames = new ZstdInputStream(stored);
            try {
                frames.setLongMax(LARGEST_WINDOW);
                return dictionary == null ? frames : frames.setDict(dictionary);
            } catch (ZstdIOException e) {
                frames.close();
                throw damaged("the zstd dictionary is damaged", e);
            }
        });
    }

    /** Reads a dictionary frame; its content may be compressed. */
    private static byte[] dictionary(InputStream in) throws IOException {
        byte[] header = in.readNBytes(8);
        ByteBuffer fields = ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN);
        long length = header.length < 8 ? 0 : Integer.toUnsignedLong(fields.getInt(4));
        byte[] content = in.readNBytes((int) Math.min(length, Compression.LONGEST_DICTIONARY));
        if (content.length < Math.min(length, Compression.LONGEST_DICTIONARY)) {
            throw new EOFException("the zstd dictionary ends early");
        }
        if (length <= Compression.LONGEST_DICTIONARY && isCompressed(content)) {
            try (InputStream plain = zstd(new ByteArrayInputStream(content), null)) {
                content = plain.readNBytes(Compression.LONGEST_DICTIONARY + 1);
            }
        }
        if (length > Compression.LONGEST_DICTIONARY || content.length > Compression.LONGEST_DICTIONARY) {
            throw new SourceFailure(
                    Rejection.UNSUPPORTED,
                    "a zstd dictionary of more than " + (Compression.LONGEST_DICTIONARY >> 20) + " MiB is not read");
        }
        return content;
    }

    /** Returns whether a dictionary is compressed; a skippable frame in it is not read, as it may hold another. */
    private static boolean isCompressed(byte[] dictionary) {
        return dictionary.length >= 4 && ByteBuffer.wrap(dictionary).getInt() == FRAME;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return in.read(bytes, offset, length);
        } catch (IOException | RuntimeException e) {
            throw failure(e, stored);
        }
    }

    private static IOException failure(Exception e, Stored stored) {
        if (stored.failure != null) {
            return stored.failure;
        }
        if (e instanceof ZstdIOException zstd) {
            return failure(zstd);
        }
        if (e instanceof MemoryLimitException) {
            return unsupported("xz that takes more than " + (MOST_MEMORY_KIB >> 10) + " MiB", "at a lower level", e);
        }
        if (e instanceof UnsupportedOptionsException) {
            return new SourceFailure(
                    Rejection.UNSUPPORTED,
                    "xz of a kind that is not read (" + e.getMessage() + "); repack it: xz -dc OLD.xz | xz > NEW.xz",
                    e);
        }
        return e instanceof ZipException known
                ? known
                : damaged("the compressed data are damaged or end early: " + e.getMessage(), e);
    }

    private static ZipException damaged(String message, Exception cause) {
        ZipException damaged = new ZipException(message);
        damaged.initCause(cause);
        return damaged;
    }

    private static IOException failure(ZstdIOException e) {
        if (e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
            return unsupported(
                    "zstd with a window of more than " + (MOST_MEMORY_KIB >> 10) + " MiB",
                    "without --long: zstd -dc --long=31 OLD.zst | zstd -o NEW.zst",
                    e);
        }
        if (e.getErrorCode() == Zstd.errDictionaryWrong()) {
            return new SourceFailure(
                    Rejection.UNSUPPORTED,
                    "zstd that needs a dictionary, or another one: name it with --zstd-dictionary",
                    e);
        }
        return e;
    }

    private static SourceFailure unsupported(String what, String how, Exception e) {
        return new SourceFailure(
                Rejection.UNSUPPORTED, what + " is not read, to bound the memory; repack it " + how, e);
    }

    /** Keeps the failure of reading the stored bytes, which a library may report as damage. */
    private static final class Stored extends BlockStream {

        private @Nullable IOException failure;

        Stored(InputStream in) {
            super(in);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                failure = e;
                throw e;
            }
        }
    }
}
