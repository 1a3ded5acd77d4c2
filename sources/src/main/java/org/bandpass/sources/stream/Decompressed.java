package org.bandpass.sources.stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.lz4.FramedLZ4CompressorInputStream;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.UnsupportedOptionsException;
import org.tukaani.xz.XZInputStream;

/**
 * Decompresses frames of zstd, bzip2, xz or lz4, one after another, with the library of each. Frames of zstd and xz say how
 * far they look back, and the memory for that is bounded. What a library makes of damaged data, exceptions of any kind, is
 * a {@link ZipException}; where the stored bytes cannot be read, that failure is kept.
 */
final class Decompressed extends BlockStream {

    /** The widest window that zstd and its library read without asking for more: log2 of 128 MiB. */
    private static final int WIDEST_WINDOW = 27;

    private static final int MOST_MEMORY_KIB = 1 << WIDEST_WINDOW - 10;
    private static final int LONGEST_DICTIONARY = Compression.LONGEST_DICTIONARY;

    private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};

    private final Stored stored;

    private Decompressed(InputStream in, Stored stored) {
        super(in);
        this.stored = stored;
    }

    /** Makes the stream of a library. */
    private interface Library {
        InputStream open(InputStream stored) throws IOException;
    }

    static InputStream zstd(InputStream in, byte @Nullable [] dictionary) throws IOException {
        return of(in, stored -> {
            ZstdInputStream frames = new ZstdInputStream(stored);
            try {
                frames.setLongMax(WIDEST_WINDOW);
                return dictionary == null ? frames : frames.setDict(dictionary);
            } catch (ZstdIOException e) {
                frames.close();
                throw damaged("the zstd dictionary is damaged", e);
            }
        });
    }

    /**
     * Returns the dictionary in the skippable frame that begins a file, as {@code warc.zst} has it; the frames after it need
     * it. It may be compressed itself.
     */
    static byte[] dictionary(InputStream in) throws IOException {
        byte[] header = in.readNBytes(8);
        long length = header.length < 8
                ? 0
                : Integer.toUnsignedLong(
                        ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(4));
        byte[] content = in.readNBytes((int) Math.min(length, LONGEST_DICTIONARY));
        if (content.length < Math.min(length, LONGEST_DICTIONARY)) {
            throw new EOFException("the zstd dictionary ends early");
        }
        if (length <= LONGEST_DICTIONARY && startsWith(content, ZSTD)) {
            try (InputStream plain = zstd(new ByteArrayInputStream(content), null)) {
                content = plain.readNBytes(LONGEST_DICTIONARY + 1);
            }
        }
        if (length > LONGEST_DICTIONARY || content.length > LONGEST_DICTIONARY) {
            throw new SourceFailure(
                    Rejection.UNSUPPORTED,
                    "a zstd dictionary of more than " + (LONGEST_DICTIONARY >> 20) + " MiB is not read");
        }
        return content;
    }

    private static boolean startsWith(byte[] bytes, byte[] magic) {
        return bytes.length >= magic.length && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
    }

    static InputStream bzip2(InputStream in) throws IOException {
        return of(in, stored -> new BZip2CompressorInputStream(stored, true));
    }

    static InputStream lz4(InputStream in) throws IOException {
        return of(in, stored -> new FramedLZ4CompressorInputStream(stored, true));
    }

    static InputStream xz(InputStream in) throws IOException {
        return of(in, stored -> new XZInputStream(stored, MOST_MEMORY_KIB));
    }

    private static InputStream of(InputStream in, Library library) throws IOException {
        Stored stored = new Stored(in);
        try {
            return new Decompressed(library.open(stored), stored);
        } catch (IOException | RuntimeException e) {
            throw failure(e, stored);
        }
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

    /** Remembers why the stored bytes could not be read: a library may take that for damage. */
    private static final class Stored extends FilterInputStream {

        private @Nullable IOException failure;

        Stored(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return in.read();
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return in.read(bytes, offset, length);
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        @Override
        public long skip(long n) throws IOException {
            try {
                return in.skip(n);
            } catch (IOException e) {
                throw remembered(e);
            }
        }

        private IOException remembered(IOException e) {
            failure = e;
            return e;
        }
    }
}
