package org.bandpass.sources.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip of any number of members (RFC 1952), one after another.
 *
 * <p>Java's own stream takes a damaged later member, or a pause of the network, for the end of the data; here each
 * member's check sum and length must be right, and only zeros may follow the last unless it is said otherwise.
 */
public final class GzipMembers extends BlockStream {

    private static final int FLAG_CRC = 2;
    private static final int FLAG_EXTRA = 4;
    private static final int FLAG_NAME = 8;
    private static final int FLAG_COMMENT = 16;

    private final boolean more;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] input = new byte[64 << 10];
    private int from;
    private int to;
    private boolean inMember;
    private boolean begun;
    private boolean ended;

    public GzipMembers(InputStream in) {
        this(in, false);
    }

    /**
     * Reads from the beginning of the first member.
     *
     * @param more whether more than zeros, which is passed over, may follow the last member
     */
    public GzipMembers(InputStream in, boolean more) {
        super(in);
        this.more = more;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            if (!inMember && !beginMember()) {
                ended = true;
                break;
            }
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
                if (!fill()) {
                    throw new EOFException("the gzip data end in the middle of a member");
                }
                inflater.setInput(input, from, to - from);
            }
            int count = inflater.inflate(bytes, offset, length);
            if (count == 0 && inflater.needsDictionary()) {
                throw new ZipException("the gzip data need a dictionary");
            }
            from = to - inflater.getRemaining();
            return count;
        } catch (DataFormatException e) {
            throw new ZipException("damaged gzip data: " + e.getMessage());
        }
    }

    private boolean beginMember() throws IOException {
        int first = padding();
        if (first < 0) {
            return false;
        }
        if (!isMember(first)) {
            if (more && begun) {
                return false;
            }
            throw new ZipException("what follows a gzip member is no gzip member");
        }
        int flags = octet();
        skip(6);
        if ((flags & FLAG_EXTRA) != 0) {
            skip(octet() | octet() << 8);
        }
        for (int text : new int[] {FLAG_NAME, FLAG_COMMENT}) {
            if ((flags & text) != 0) {
                while (octet() != 0) {
                    // a text of the header ends with a zero
                }
            }
        }
        if ((flags & FLAG_CRC) != 0) {
            skip(2);
        }
        inflater.reset();
        inflater.setInput(input, from, to - from);
        crc.reset();
        inMember = true;
        begun = true;
        return true;
    }

    private boolean isMember(int first) throws IOException {
        return first == 0x1f && octet() == 0x8b && octet() == 8;
    }

    /** Returns the next octet that is not zero, or -1 at the end: block devices and tar leave zeros behind. */
    private int padding() throws IOException {
        int next = 0;
        while (next == 0) {
            if (from == to && !fill()) {
                return -1;
            }
            next = input[from++] & 0xff;
        }
        return next;
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

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            octet();
        }
    }

    private int octet() throws IOException {
        if (from == to && !fill()) {
            throw new EOFException("the gzip data end in the middle of a member");
        }
        return input[from++] & 0xff;
    }

    private boolean fill() throws IOException {
        int count = in.read(input, 0, input.length);
        from = 0;
        to = Math.max(0, count);
        return count > 0;
    }
}
