package org.bandpass.sources.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses the members of gzip (RFC 1952), one after another.
 *
 * <p>Java's own stream ends without an error at a damaged later member or a pause of the network. Here the checksum and
 * length of each member must be right, and only zeros may follow the last, unless a tail is allowed.
 */
public final class GzipMembers extends BlockStream {

    private static final int FLAG_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    private final boolean tailAllowed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final ByteBuffer input = ByteBuffer.allocate(64 << 10).limit(0);
    private boolean inMember;
    private boolean begun;
    private boolean ended;

    public GzipMembers(InputStream in) {
        this(in, false);
    }

    /** Begins before the first member; if a tail is allowed, anything after the last member is skipped. */
    public GzipMembers(InputStream in, boolean tailAllowed) {
        super(in);
        this.tailAllowed = tailAllowed;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended && (inMember || beginMember())) {
            int count = inflate(bytes, offset, length);
            if (count > 0) {
                crc.update(bytes, offset, count);
                return count;
            }
            if (inflater.finished()) {
                endMember();
            }
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }

    private int inflate(byte[] bytes, int offset, int length) throws IOException {
        try {
            if (inflater.needsInput()) {
                require(fill());
                inflater.setInput(input);
            }
            int count = inflater.inflate(bytes, offset, length);
            if (count == 0 && inflater.needsDictionary()) {
                throw new ZipException("the gzip data need a dictionary");
            }
            return count;
        } catch (DataFormatException e) {
            throw new ZipException("damaged gzip data: " + e.getMessage());
        }
    }

    private boolean beginMember() throws IOException {
        int first = afterZeros();
        if (first < 0) {
            return false;
        }
        if (!isMember(first)) {
            if (tailAllowed && begun) {
                ended = true;
                return false;
            }
            throw new ZipException("what follows a gzip member is no gzip member");
        }
        int flags = octet();
        skipOctets(6);
        if ((flags & FLAG_EXTRA) != 0) {
            skipOctets(octet() | octet() << 8);
        }
        for (int texts = Integer.bitCount(flags & (FLAG_NAME | FLAG_COMMENT)); texts > 0; texts--) {
            while (octet() != 0) {
                // a text of the header ends with a zero
            }
        }
        if ((flags & FLAG_CRC) != 0) {
            skipOctets(2);
        }
        inflater.reset();
        inflater.setInput(input);
        crc.reset();
        inMember = true;
        begun = true;
        return true;
    }

    private boolean isMember(int first) throws IOException {
        return first == 0x1f && octet() == 0x8b && octet() == 8;
    }

    /** Returns the next octet that is not zero, or -1 at the end: block devices and tar pad with zeros. */
    private int afterZeros() throws IOException {
        while (input.hasRemaining() || fill()) {
            int next = input.get() & 0xff;
            if (next != 0) {
                return next;
            }
        }
        return -1;
    }

    private void endMember() throws IOException {
        long sum = word();
        long size = word();
        if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new ZipException("the check sum of a gzip member is wrong");
        }
        inMember = false;
    }

    private long word() throws IOException {
        long low = octet() | octet() << 8;
        return low | (long) (octet() | octet() << 8) << 16;
    }

    private void skipOctets(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            octet();
        }
    }

    private int octet() throws IOException {
        require(input.hasRemaining() || fill());
        return input.get() & 0xff;
    }

    private static void require(boolean more) throws EOFException {
        if (!more) {
            throw new EOFException("the gzip data end in the middle of a member");
        }
    }

    private boolean fill() throws IOException {
        int count = in.read(input.array(), 0, input.capacity());
        input.clear().limit(Math.max(0, count));
        return count > 0;
    }
}
