package org.bandpass.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.bandpass.languagemodel.tokenizer.TokenizedText;
import org.bandpass.schemas.SequenceRemainder;
import org.bandpass.schemas.SplitStamp;

/**
 * Packs documents of one domain and split part into sequences of N tokens: the documents' tokens in order, with an end
 * of text between two documents, cut after every N. Nothing is padded or left out; tokens that do not fill a sequence
 * wait for the next document. Used by one thread.
 */
final class SequencePacker {

    /**
     * A full sequence.
     *
     * @param ids its N token ids
     * @param covers ids of its documents, in order
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
     * Makes an empty packer.
     *
     * @param tokens N
     * @param endOfText token id between two documents
     */
    SequencePacker(SplitStamp stamp, String domain, int tokens, int endOfText) {
        this.stamp = stamp;
        this.domain = domain;
        this.endOfText = endOfText;
        this.ids = new int[tokens];
    }

    /** Returns a packer that continues with the remainder of another. */
    static SequencePacker of(SequenceRemainder other, int endOfText) {
        SequencePacker packer =
                new SequencePacker(other.getSplit(), other.getDomain(), other.getSequenceTokens(), endOfText);
        for (int id : other.getTokenIds()) {
            packer.ids[packer.filled++] = id;
        }
        packer.covers.addAll(other.getCovers());
        packer.bytes = other.getBytes();
        packer.sequences = other.getSequences();
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

    /** Returns the number of tokens that wait. */
    int waiting() {
        return filled;
    }

    /** Returns the tokens that wait, and the packer's counts. */
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
