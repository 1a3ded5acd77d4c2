package org.bandpass.trainer.data;

import org.bandpass.languagemodel.tokenizer.TextTokenizer;
import org.bandpass.languagemodel.tokenizer.TokenizerFailedException;
import org.bandpass.service.ProgramFailure;
import org.jspecify.annotations.Nullable;

/**
 * Packs documents into rows of equal length. Each document is end-of-text and then its tokens, as it is scored; rows cut
 * this stream anywhere. A row has {@code sequenceTokens + 1} ids, and begins with the last id of the row before, so each
 * token is predicted once. A sequence of {@code sequenceTokens} that was packed at ingest is a row as it was scored, and
 * takes no id of the row before. One thread at a time.
 */
public final class RowStream {

    private final DocumentStream documents;
    private final TextTokenizer tokenizer;
    private final int sequenceTokens;
    private final int maxPasses;
    private int[] ids = {};
    private int token;
    private int carry;
    private boolean packed;

    /**
     * @param documents at the position's document
     * @param tokenizer the caller closes it
     * @param maxPasses passes after which the rows end, 0 for no end
     */
    public RowStream(
            DocumentStream documents, TextTokenizer tokenizer, int sequenceTokens, int maxPasses, DataPosition from) {
        this.documents = documents;
        this.tokenizer = tokenizer;
        this.sequenceTokens = sequenceTokens;
        this.maxPasses = maxPasses;
        this.token = from.token();
        this.carry = from.carry();
        // A position past the beginning proves that there are tokens.
        this.packed = carry >= 0;
        if (token > 0) {
            ids = ids(documents.current());
        }
    }

    /**
     * Packs the rows of a step.
     *
     * @return the step, or null where the data end before it is full
     * @throws ProgramFailure if a whole pass holds no token
     */
    @Nullable
    StepRows step(int rows) {
        int[][] packedRows = new int[rows][];
        for (int r = 0; r < rows; r++) {
            int[] row = row();
            if (row == null) {
                return null;
            }
            packedRows[r] = row;
        }
        DataPosition after = new DataPosition(documents.epoch(), documents.document(), token, carry);
        return new StepRows(packedRows, after, documents.trained());
    }

    private int @Nullable [] row() {
        int[] row = new int[sequenceTokens + 1];
        int filled = 0;
        if (carry >= 0) {
            row[filled++] = carry;
        }
        while (filled < row.length) {
            if (token == 0 && !begin()) {
                return null;
            }
            if (filled == 1 && isPackedRow()) {
                filled = 0;
            }
            int count = Math.min(row.length - filled, ids.length - token);
            System.arraycopy(ids, token, row, filled, count);
            filled += count;
            token += count;
            if (token == ids.length) {
                token = 0;
                documents.advance();
            }
        }
        carry = row[sequenceTokens];
        return row;
    }

    /** Returns whether the document that begins here fills a row by itself, as all sequences of a topic then do. */
    private boolean isPackedRow() {
        return token == 0
                && ids.length == sequenceTokens + 1
                && documents.current().ids() != null;
    }

    /** Moves to the next document that has tokens; returns false where the passes are over. */
    private boolean begin() {
        long began = documents.epoch();
        while (maxPasses == 0 || documents.epoch() < maxPasses) {
            ids = ids(documents.current());
            if (ids.length > 1) {
                packed = true;
                return true;
            }
            documents.advance();
            if (!packed && documents.epoch() > began) {
                throw new ProgramFailure("the data hold no token: every document of the run is empty");
            }
        }
        return false;
    }

    private int[] ids(TrainingDocument document) {
        int[] tokens = document.ids() != null ? document.ids() : tokens(String.valueOf(document.text()));
        int[] all = new int[tokens.length + 1];
        all[0] = tokenizer.endOfText();
        System.arraycopy(tokens, 0, all, 1, tokens.length);
        return all;
    }

    /** Returns no tokens of a text that the tokenizer fails on; it is skipped like an empty one. */
    private int[] tokens(String text) {
        try {
            return tokenizer.encode(text);
        } catch (TokenizerFailedException e) {
            System.err.println("train: a document is left out: " + e.getMessage());
            return new int[0];
        }
    }
}
