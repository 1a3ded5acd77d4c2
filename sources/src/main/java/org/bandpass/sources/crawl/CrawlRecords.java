package org.bandpass.sources.crawl;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import org.bandpass.sources.record.Bounds;
import org.bandpass.sources.record.Rejection;
import org.bandpass.sources.record.SourceFailure;
import org.bandpass.sources.stream.SlidingBytes;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the archive of a crawl into records, of which one is held at a time.
 *
 * <p>A declared length is believed where a record, or the end, follows. Where it is not, the block reaches to the next
 * record: tools that counted characters, or turned line ends, leave such files. What is between records and belongs to
 * none is a record without a header.
 */
final class CrawlRecords implements Closeable {

    private static final String STANDARD_END = "\r\n\r\n";

    /** Two line ends are the rule; a run of millions must not be held, nor looked at again and again. */
    private static final int PADDING = 1 << 10;

    private final CrawlFormat format;
    private final boolean sealed;
    private final SlidingBytes bytes;
    private final int longest;
    private final long largestFile;
    /** How far the record given out last reaches. */
    private long toPass;
    /** Whether the record given out last has no known end. */
    private boolean lost;

    /**
     * Begins before the first record.
     *
     * @param sealed whether content that ends is known to be whole, so that a record which seems cut off is one whose
     *     length is wrong
     */
    CrawlRecords(InputStream in, CrawlFormat format, Bounds bounds, boolean sealed) {
        this.sealed = sealed;
        this.format = format;
        this.longest = bounds.recordBytes();
        this.largestFile = bounds.fileBytes();
        // What follows the block is looked at too.
        this.bytes = new SlidingBytes(
                in, (int) Math.min(Integer.MAX_VALUE - 16L, longest + 4L * CrawlFormat.LONGEST_HEADER));
    }

    /**
     * Returns the next record, or null after the last.
     *
     * @throws SourceFailure if the archive ends within a record
     */
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
        int from = header.bytes();
        int to = from + (int) header.blockBytes();
        if (!bytes.has(to)) {
            bytes.check();
            return cutShort(header);
        }
        int after = bytes.afterPadding(to, PADDING);
        // To look for the end of the data reads on, which is not needed where a record follows.
        if (format.begins(bytes, after) || after == bytes.available() && bytes.endsHere()) {
            return give(header, from, to, null);
        }
        // Behind the end that the standard wants, and before a break, what follows is another matter.
        boolean asDeclared = bytes.broken() || bytes.startsWith(STANDARD_END, to);
        return asDeclared ? give(header, from, to, null) : reachingFurther(header);
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }

    private CrawlRecord give(CrawlHeader header, int from, int to, @Nullable String remark) {
        toPass = to;
        return new CrawlRecord(header, bytes.slice(from, to), true, remark);
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

    /** A block that ends before its declared end is one that is too long, or the file is broken off. */
    private CrawlRecord cutShort(CrawlHeader header) throws SourceFailure {
        int next = findNext(header.bytes());
        if (next < 0 && !sealed) {
            throw new SourceFailure(
                    Rejection.BROKEN_OFF,
                    "the file ends in the middle of a record of " + header.blockBytes() + " bytes");
        }
        int end = next < 0 ? bytes.available() : next;
        return give(header, header.bytes(), withoutEnd(header.bytes(), end), remark(header, end));
    }

    /** A block after which no record begins ends where the next one does. */
    private CrawlRecord reachingFurther(CrawlHeader header) throws IOException {
        int next = findNext(header.bytes());
        if (next < 0 && !bytes.endsHere()) {
            lost = true;
            toPass = header.bytes();
            return new CrawlRecord(
                    header, bytes.slice(header.bytes(), bytes.available()), false, "its end is not found");
        }
        if (next < 0) {
            bytes.check();
        }
        int end = next < 0 ? bytes.available() : next;
        return give(header, header.bytes(), withoutEnd(header.bytes(), end), remark(header, end));
    }

    private CrawlRecord overlong(CrawlHeader header) {
        boolean all = bytes.has(header.bytes() + (long) longest);
        String remark = "a record of " + header.blockBytes() + " bytes; see " + Bounds.RECORD_BYTES;
        if (header.blockBytes() > largestFile || !all && findNext(header.bytes()) >= 0) {
            // It is the length that is wrong: no file is as long as that, or other records follow before.
            lost = true;
            toPass = header.bytes();
        } else {
            toPass = header.bytes() + header.blockBytes();
        }
        int held = Math.min(bytes.available(), header.bytes() + CrawlFormat.LONGEST_HEADER);
        return new CrawlRecord(header, bytes.slice(header.bytes(), held), false, remark);
    }

    /** Takes what is between two records. */
    private CrawlRecord stray() {
        int next = findNext(1);
        int held = next < 0 ? bytes.available() : next;
        lost = next < 0 && !bytes.endsHere();
        toPass = lost ? 1 : held;
        return new CrawlRecord(null, bytes.slice(0, held), !lost, "no " + format.name() + " record begins here");
    }

    /** Returns the offset of the next record from an offset on, as far as bytes may be held; -1 where there is none. */
    private int findNext(int from) {
        int at = from;
        while (at >= 0 && !format.begins(bytes, at)) {
            int line = bytes.afterLineFeed(at, Integer.MAX_VALUE);
            at = line < 0 ? line : bytes.afterZeros(line);
        }
        return at;
    }

    private int withoutEnd(int from, int to) {
        int end = to;
        while (end > from && bytes.isPadding(end - 1)) {
            end--;
        }
        return end;
    }

    private static String remark(CrawlHeader header, int next) {
        return "declared " + header.blockBytes() + " bytes, found " + (next - header.bytes());
    }
}
