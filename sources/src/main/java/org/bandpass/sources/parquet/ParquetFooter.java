package org.bandpass.sources.parquet;

import static org.bandpass.sources.parquet.PageLimits.require;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.format.FileMetaData;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.protocol.TProtocolException;
import shaded.parquet.org.apache.thrift.protocol.TStruct;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;

/** Reads the Thrift structures of a Parquet file: the footer and page headers. The sizes they claim are not trusted. */
final class ParquetFooter {

    private static final String MAGIC = "PAR1";
    private static final String ENCRYPTED = "PARE";
    /** Bytes of the footer's length and the magic after it. */
    private static final int TAIL = 8;
    /** Footers grow with the number of row groups and columns, not of rows. */
    private static final int LONGEST = 16 << 20;
    /** An empty struct takes one byte in the file and a hundred in memory; used ones have twenty bytes in the file. */
    private static final int MOST_STRUCTS = 1 << 20;

    private static final int MOST_ELEMENTS = 2 << 20;
    private static final int BUFFER = 64 << 10;

    private ParquetFooter() {}

    /** Reads the footer; fails if the file is not Parquet, or ends early. */
    static FileMetaData read(FileChannel file) throws IOException {
        long size = file.size();
        String first = magic(file, 0, size);
        String last = magic(file, size - MAGIC.length(), size);
        if (first.equals(ENCRYPTED) || first.equals(MAGIC) && last.equals(ENCRYPTED)) {
            throw new SourceFailure(Rejection.UNSUPPORTED, "encrypted Parquet is not read");
        }
        if (!first.equals(MAGIC)) {
            throw new SourceFailure(Rejection.NOT_AS_NAMED, "the name says Parquet, the content does not");
        }
        require(
                size >= MAGIC.length() + TAIL && last.equals(MAGIC),
                "the file ends before its footer, without which nothing of it can be read");
        int length = BytesUtils.bytesToInt(bytes(file, size - TAIL, Integer.BYTES));
        require(length >= 0 && length <= size - TAIL - MAGIC.length(), "the footer is longer than the file");
        if (length > LONGEST) {
            throw new SourceFailure(Rejection.UNSUPPORTED, "a footer of more than " + LONGEST + " bytes is not read");
        }
        return read(new FileMetaData(), new ByteArrayInputStream(bytes(file, size - TAIL - length, length)));
    }

    private static String magic(FileChannel file, long at, long size) throws IOException {
        return size < MAGIC.length() ? "" : new String(bytes(file, at, MAGIC.length()), StandardCharsets.ISO_8859_1);
    }

    static byte[] bytes(FileChannel file, long from, int length) throws IOException {
        byte[] bytes = new byte[length];
        read(file, from, bytes, length);
        return bytes;
    }

    /** Reads part of a file to the beginning of an array. */
    static void read(FileChannel file, long from, byte[] target, int length) throws IOException {
        int done = 0;
        while (done < length) {
            // The channel copies each read outside of the heap, so reads are small.
            int count = file.read(ByteBuffer.wrap(target, done, Math.min(BUFFER, length - done)), from + done);
            require(count >= 0, "the file ends in the middle of a page");
            done += count;
        }
    }

    /** Reads a structure; the stream is left after it. */
    static <T extends TBase<?, ?>> T read(T target, ByteArrayInputStream in) throws SourceFailure {
        try {
            target.read(new Bounded(in));
            return target;
        } catch (TException | RuntimeException e) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "a description within the file is damaged", e);
        }
    }

    /** Limits how many structs and elements are created, and so the memory they take. */
    private static final class Bounded extends TCompactProtocol {

        private int structs;
        private long elements;

        Bounded(ByteArrayInputStream in) throws TException {
            super(new TIOStreamTransport(in), in.available(), in.available());
        }

        @Override
        public TStruct readStructBegin() throws TException {
            if (++structs > MOST_STRUCTS) {
                throw new TProtocolException(TProtocolException.SIZE_LIMIT, "more than " + MOST_STRUCTS + " structs");
            }
            return super.readStructBegin();
        }

        @Override
        public TList readListBegin() throws TException {
            TList list = super.readListBegin();
            elements += list.size;
            if (elements > MOST_ELEMENTS) {
                throw new TProtocolException(
                        TProtocolException.SIZE_LIMIT, "lists of more than " + MOST_ELEMENTS + " elements");
            }
            return list;
        }
    }
}
