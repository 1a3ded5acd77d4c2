package org.bandpass.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.bandpass.ingest.SequencePacker.Packed;
import org.bandpass.languagemodel.tokenizer.TokenizedText;
import org.bandpass.schemas.Split;
import org.bandpass.schemas.SplitStamp;
import org.junit.jupiter.api.Test;

class SequencePackerTest {

    private static final int END = 0;
    private static final SplitStamp STAMP = new Split(1, 0.1, 0.1).stamp("00000000000000000000000000000000");

    private final List<Packed> full = new ArrayList<>();

    @Test
    void putsAnEndOfTextBetweenTwoDocuments() {
        SequencePacker packer = new SequencePacker(STAMP, "d", 4, END);
        packer.add("a", text(1, 2), full::add);
        assertThat(full).isEmpty();
        assertThat(packer.waiting()).isEqualTo(2);
        packer.add("b", text(3, 4), full::add);

        assertThat(full).hasSize(1);
        assertThat(full.get(0).ids()).containsExactly(1, 2, END, 3);
        assertThat(full.get(0).covers()).containsExactly("a", "b");
        assertThat(full.get(0).bytes()).isEqualTo(30);
        assertThat(packer.remainder("r").getTokenIds()).containsExactly(4);
        assertThat(packer.remainder("r").getCovers()).containsExactly("b");
        assertThat(packer.remainder("r").getBytes()).isEqualTo(10);
        assertThat(packer.remainder("r").getSequences()).isEqualTo(1);
    }

    @Test
    void cutsALongDocumentIntoSeveralSequences() {
        SequencePacker packer = new SequencePacker(STAMP, "d", 3, END);
        packer.add("a", text(1, 2, 3, 4, 5, 6, 7, 8, 9), full::add);
        assertThat(full)
                .extracting(packed -> Arrays.toString(packed.ids()))
                .containsExactly("[1, 2, 3]", "[4, 5, 6]", "[7, 8, 9]");
        assertThat(full).allSatisfy(packed -> assertThat(packed.covers()).containsExactly("a"));
        assertThat(packer.waiting()).isZero();

        // The end of text belongs to no document, so a sequence that begins with it covers no further document.
        packer.add("b", text(1), full::add);
        assertThat(packer.remainder("r").getTokenIds()).containsExactly(END, 1);
        assertThat(packer.remainder("r").getCovers()).containsExactly("b");
        packer.add("c", text(2), full::add);
        assertThat(full.get(3).ids()).containsExactly(END, 1, END);
        assertThat(full.get(3).covers()).containsExactly("b");
    }

    /** The sequences do not depend on where packing is interrupted. */
    @Test
    void goesOnFromWhatWasLeft() {
        Random random = new Random(5);
        SequencePacker whole = new SequencePacker(STAMP, "d", 7, END);
        SequencePacker interrupted = new SequencePacker(STAMP, "d", 7, END);
        List<Packed> others = new ArrayList<>();
        int tokens = 0;
        for (int i = 0; i < 500; i++) {
            TokenizedText text = text(
                    IntStream.range(0, 1 + random.nextInt(20)).map(t -> 1 + t).toArray());
            tokens += text.ids().length + (i == 0 ? 0 : 1);
            whole.add("d" + i, text, full::add);
            interrupted.add("d" + i, text, others::add);
            interrupted = SequencePacker.of(interrupted.remainder("r"), END);
        }
        assertThat(others).usingRecursiveComparison().isEqualTo(full);
        assertThat(full.size() * 7 + whole.waiting()).isEqualTo(tokens);
    }

    /** Returns tokens of ten bytes each. */
    private static TokenizedText text(int... ids) {
        return new TokenizedText(
                ids, IntStream.rangeClosed(1, ids.length).map(i -> 10 * i).toArray());
    }
}
