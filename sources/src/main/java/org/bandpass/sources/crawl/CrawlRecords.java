package org.bandpass.sources.crawl;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;

/**
 * Splits the archive of a crawl into records, and holds one at a time.
 *
 * <p>A declared length is used where another record, or the end, follows the block. Otherwise the block reaches to the
 * next record: tools that count characters, or convert line ends, write such files. Bytes between records that belong to
 * none are a record without a header.
 */
final class CrawlRecords implements Closeable {

    /**
     * A record of a crawl's archive.
     *
     * @param header its header, or null where it is damaged
     * @param block its bytes, or the first of them; valid until the next record is read
     * @param complete whether the block has all bytes
     * @param remark what is wrong with it, for people, or null
     */
    record CrawlRecord(
            @Nullable CrawlHeader header,
            ByteBuffer block,
            boolean complete,
            @Nullable String remark) {}

    private static final String STANDARD_END = "\r\n\r\n";

    /** Two line ends are usual. Runs of millions must not be held, nor scanned again for each record. */
    private static final int PADDING = 1 << 10;

    private final CrawlFormat format;
    /** Whether the stream ends with the archive, so that a record which seems cut off has a wrong length. */
    private final boolean sealed;

    private final SlidingBytes bytes;
    private final int longest;
    private final long largestFile;
    /** Bytes to pass before the next record. */
    private long toPass;
    /** Whether the current record has no known end. */
    private boolean lost;

    CrawlRecords(InputStream in, CrawlFormat format, Bounds bounds, boolean sealed) {
        this.sealed = sealed;
        this.format = format;
        this.longest = bounds.recordBytes();
        this.largestFile = bounds.fileBytes();
        // The bytes after the block are checked too.
        this.bytes = new SlidingBytes(
                in, (int) Math.min(Integer.MAX_VALUE - 16L, longest + 4L * CrawlFormat.LONGEST_HEADER));
    }

    /** Returns the next record, or null after the last; fails if the archive ends within a record. */
    @Nullable
    CrawlRecord next() throws IOException {
        passOver();
        passPadding();
        if (!bytes.has(1)) {
            bytes.check();
            return null;
        }
        CrawlHeader header = format.header(bytes);
        if (header == null) {
            bytes.check();
            return stray();
        }
        if (header.blockBytes() > longest) {
            return overlong(header);
        }
        int to = header.bytes() + (int) header.blockBytes();
        if (!bytes.has(to)) {
            bytes.check();
        } else if (endsAt(to)) {
            return record(header, to, null);
        }
        return upToNext(header, to);
    }

    private boolean endsAt(int to) {
        int after = bytes.afterPadding(to, PADDING);
        // Only the check for the end of the data reads ahead, so it comes second.
        return format.begins(bytes, after)
                || after == bytes.available() && bytes.endsHere()
                || bytes.broken()
                || bytes.startsWith(STANDARD_END, to);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private CrawlRecord record(CrawlHeader header, int to, @Nullable String remark) {
        toPass = to;
        return new CrawlRecord(header, bytes.slice(header.bytes(), to), true, remark);
    }

    private void passOver() throws IOException {
        if (!bytes.pass(toPass)) {
            bytes.check();
            if (sealed) {
                return;
            }
            throw new SourceFailure(Rejection.BROKEN_OFF, "the file ends in the middle of a record");
        }
        toPass = 0;
        if (lost) {
            lost = false;
            while (findNext(0) < 0 && !bytes.endsHere()) {
                bytes.pass(bytes.available() - CrawlFormat.LONGEST_HEADER);
            }
            int next = findNext(0);
            bytes.pass(next < 0 ? bytes.available() : next);
        }
    }

    private void passPadding() {
        int passed = PADDING;
        while (passed == PADDING) {
            passed = bytes.afterPadding(0, PADDING);
            bytes.pass(passed);
        }
    }

    /** Returns a record with a wrong length: its block ends where the next record begins, or at the end. */
    private CrawlRecord upToNext(CrawlHeader header, int declared) throws IOException {
        int next = findNext(header.bytes());
        if (next < 0 && !bytes.endsHere()) {
            lost = true;
            toPass = header.bytes();
            return new CrawlRecord(
                    header, bytes.slice(header.bytes(), bytes.available()), false, "its end is not found");
        }
        if (next < 0) {
            bytes.check();
            if (!bytes.has(declared) && !sealed) {
                throw new SourceFailure(
                        Rejection.BROKEN_OFF,
                        "the file ends in the middle of a record of " + header.blockBytes() + " bytes");
            }
            next = bytes.available();
        }
        int end = next;
        while (end > header.bytes() && SlidingBytes.isPadding(bytes.at(end - 1))) {
            end--;
        }
        return record(header, end, "declared " + header.blockBytes() + " bytes, found " + (next - header.bytes()));
    }

    private CrawlRecord overlong(CrawlHeader header) {
        boolean all = bytes.has(header.bytes() + (long) longest);
        String remark = "a record of " + header.blockBytes() + " bytes; see " + Bounds.RECORD_BYTES;
        if (header.blockBytes() > largestFile || !all && findNext(header.bytes()) >= 0) {
            // The length is wrong: no file is that long, or other records begin before.
            lost = true;
            toPass = header.bytes();
        } else {
            toPass = header.bytes() + header.blockBytes();
        }
        int held = Math.min(bytes.available(), header.bytes() + CrawlFormat.LONGEST_HEADER);
        return new CrawlRecord(header, bytes.slice(header.bytes(), held), false, remark);
    }

    /** Returns the bytes between two records. */
    private CrawlRecord stray() {
        int next = findNext(1);
        int held = next < 0 ? bytes.available() : next;
        lost = next < 0 && !bytes.endsHere();
        toPass = lost ? 1 : held;
        return new CrawlRecord(null, bytes.slice(0, held), !lost, "no " + format.name() + " record begins here");
    }

    /** Returns the offset of the next record from an offset on, among the bytes that may be held, or -1. */
    private int findNext(int from) {
        int at = from;
        while (at >= 0 && !format.begins(bytes, at)) {
            int line = bytes.afterLineFeed(at, Integer.MAX_VALUE);
            at = line < 0 ? line : bytes.after(line, Integer.MAX_VALUE, b -> b == 0);
        }
        return at;
    }
}
