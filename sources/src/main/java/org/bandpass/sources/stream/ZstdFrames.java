package org.bandpass.sources.stream;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;

/**
 * Decompresses zstd of any number of frames (RFC 8878), one after another. Each says how far it looks back; as much
 * memory is taken, outside of what the JVM counts, so that it is bounded.
 */
final class ZstdFrames extends FilterInputStream {

    /** The widest window without asking for more, of zstd and of its library alike: log2 of 128 MiB. */
    private static final int WIDEST_WINDOW = 27;

    ZstdFrames(InputStream in) throws IOException {
        super(new ZstdInputStream(in).setLongMax(WIDEST_WINDOW));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (ZstdIOException e) {
            if (e.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()) {
                throw new SourceFailure(
                        Rejection.UNSUPPORTED,
                        "zstd with a window of more than " + (1 << WIDEST_WINDOW - 20) + " MiB is not read, as that"
                                + " takes as much memory; repack it without --long:"
                                + " zstd -dc --long=31 OLD.zst | zstd -o NEW.zst",
                        e);
            }
            throw e;
        }
    }
}
