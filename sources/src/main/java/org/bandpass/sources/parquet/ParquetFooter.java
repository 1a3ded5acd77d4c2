package org.bandpass.sources.parquet;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import shaded.parquet.org.apache.thrift.TBase;
import shaded.parquet.org.apache.thrift.TException;
import shaded.parquet.org.apache.thrift.protocol.TCompactProtocol;
import shaded.parquet.org.apache.thrift.protocol.TList;
import shaded.parquet.org.apache.thrift.protocol.TProtocolException;
import shaded.parquet.org.apache.thrift.protocol.TStruct;
import shaded.parquet.org.apache.thrift.transport.TIOStreamTransport;
import shaded.parquet.org.apache.thrift.transport.TTransport;

/** Reads the descriptions within a Parquet file, which are Thrift, without believing the sizes they claim. */
final class ParquetFooter {

    private static final String MAGIC = "PAR1";
    private static final String ENCRYPTED = "PARE";
    /** Length of the footer and the magic after it. */
    private static final int TAIL = 8;
    /** Footers grow with the file, not with its records. */
    private static final int LONGEST = 16 << 20;
    /** Headers of pages may quote the least and the largest value. */
    private static final int LONGEST_PAGE_HEADER = 4 << 20;
    /** An empty struct takes a byte of the file and a hundred of memory; used ones are twenty bytes long. */
    private static final int MOST_STRUCTS = 1 << 20;

    private static final int MOST_ELEMENTS = 2 << 20;
    private static final int BUFFER = 64 << 10;

    private ParquetFooter() {}

    /**
     * Reads what stands at the end of a file.
     *
     * @throws SourceFailure if it is no Parquet file, or not all of one
     */
    static FileMetaData read(FileChannel file) throws IOException {
        long size = file.size();
        String first = word(file, 0, size);
        if (!first.equals(MAGIC)) {
            throw first.equals(ENCRYPTED)
                    ? new SourceFailure(Rejection.UNSUPPORTED, "encrypted Parquet is not read")
                    : new SourceFailure(Rejection.NOT_AS_NAMED, "the name says Parquet, the content does not");
        }
        String last = word(file, size - MAGIC.length(), size);
        if (last.equals(ENCRYPTED)) {
            throw new SourceFailure(Rejection.UNSUPPORTED, "encrypted Parquet is not read");
        }
        if (size < MAGIC.length() + TAIL || !last.equals(MAGIC)) {
            throw new SourceFailure(
                    Rejection.BROKEN_OFF, "the file ends before its footer, without which nothing of it can be read");
        }
        int length = bytes(file, size - TAIL, Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .getInt();
        if (length < 0 || length > size - TAIL - MAGIC.length()) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "the footer is longer than the file");
        }
        if (length > LONGEST) {
            throw new SourceFailure(Rejection.UNSUPPORTED, "a footer of more than " + LONGEST + " bytes is not read");
        }
        ByteBuffer footer = bytes(file, size - TAIL - length, length);
        return read(new FileMetaData(), new ByteArrayInputStream(footer.array(), footer.arrayOffset(), length), length);
    }

    static PageHeader readPageHeader(InputStream in) throws IOException {
        return read(new PageHeader(), in, LONGEST_PAGE_HEADER);
    }

    /** Returns bytes of a file. */
    static ByteBuffer bytes(FileChannel file, long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        while (bytes.position() < length) {
            // The channel copies what it reads at once, outside of the heap.
            bytes.limit(Math.min(length, bytes.position() + BUFFER));
            if (file.read(bytes, from + bytes.position()) < 0) {
                throw new EOFException("the file ends in the middle of a page");
            }
        }
        return bytes.flip();
    }

    private static String word(FileChannel file, long from, long size) throws IOException {
        return from < 0 || size < MAGIC.length()
                ? ""
                : StandardCharsets.ISO_8859_1
                        .decode(bytes(file, from, MAGIC.length()))
                        .toString();
    }

    private static <T extends TBase<?, ?>> T read(T into, InputStream in, int longest) throws IOException {
        try {
            into.read(new Bounded(new TIOStreamTransport(in), longest));
            return into;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (TException | RuntimeException e) {
            throw new SourceFailure(Rejection.BROKEN_OFF, "a description within the file is damaged", e);
        }
    }

    /** Believes no more structs and elements than take a bounded part of the memory. */
    private static final class Bounded extends TCompactProtocol {

        private int structs;
        private long elements;

        Bounded(TTransport from, int longest) throws TException {
            super(from, longest, longest);
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
