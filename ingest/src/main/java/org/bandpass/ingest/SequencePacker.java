package org.bandpass.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bandpass.languagemodel.tokenizer.TokenizedText;
import org.bandpass.schemas.SequenceRemainder;
import org.bandpass.schemas.SplitStamp;

/**
 * Packs documents of one domain and split part into sequences of N tokens: the tokens of the documents one after
 * another, an end of text between two, cut wherever N are reached. Nothing is padded and nothing left out; what does not
 * fill a sequence waits for the next document. Used by one thread.
 */
final class SequencePacker {

    /**
     * A full sequence.
     *
     * @param ids its N token ids
     * @param covers ids of the documents that they come from, in order
     * @param bytes UTF-8 bytes of text that the ids stand for; an end of text stands for none
     */
    record Packed(int[] ids, List<String> covers, long bytes) {}

    private final SplitStamp stamp;
    private final String domain;
    private final int endOfText;
    private final int[] ids;
    private final List<String> covers = new ArrayList<>();
    private int filled;
    private long bytes;
    private long sequences;

    /**
     * Begins empty.
     *
     * @param stamp split of its documents
     * @param domain domain of its documents
     * @param tokens N
     * @param endOfText what stands between two documents
     */
    SequencePacker(SplitStamp stamp, String domain, int tokens, int endOfText) {
        this.stamp = stamp;
        this.domain = domain;
        this.endOfText = endOfText;
        this.ids = new int[tokens];
    }

    /** Goes on where another left off. */
    static SequencePacker of(SequenceRemainder left, int endOfText) {
        SequencePacker packer =
                new SequencePacker(left.getSplit(), left.getDomain(), left.getSequenceTokens(), endOfText);
        for (int id : left.getTokenIds()) {
            packer.ids[packer.filled++] = id;
        }
        packer.covers.addAll(left.getCovers());
        packer.bytes = left.getBytes();
        packer.sequences = left.getSequences();
        return packer;
    }

    /** Adds a document and hands over the sequences that it fills. */
    void add(String id, TokenizedText text, Consumer<Packed> full) {
        if (filled > 0 || sequences > 0) {
            ids[filled++] = endOfText;
            handOverIfFull(full);
        }
        int from = 0;
        while (from < text.ids().length) {
            int count = Math.min(ids.length - filled, text.ids().length - from);
            System.arraycopy(text.ids(), from, ids, filled, count);
            bytes += text.bytes(from, from + count);
            covers.add(id);
            filled += count;
            from += count;
            handOverIfFull(full);
        }
    }

    SplitStamp stamp() {
        return stamp;
    }

    String domain() {
        return domain;
    }

    /** Returns how many tokens wait. */
    int waiting() {
        return filled;
    }

    /** Returns what waits. */
    SequenceRemainder remainder(String tokenizerRevision) {
        return new SequenceRemainder(
                stamp,
                domain,
                tokenizerRevision,
                ids.length,
                sequences,
                Arrays.stream(ids, 0, filled).boxed().toList(),
                List.copyOf(covers),
                bytes);
    }

    private void handOverIfFull(Consumer<Packed> full) {
        if (filled == ids.length) {
            full.accept(new Packed(ids.clone(), List.copyOf(covers), bytes));
            sequences++;
            filled = 0;
            bytes = 0;
            covers.clear();
        }
    }
}
