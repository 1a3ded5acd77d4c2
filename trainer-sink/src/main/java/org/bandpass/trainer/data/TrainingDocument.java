package org.bandpass.trainer.data;

import java.nio.charset.StandardCharsets;
import org.bandpass.schemas.Split;
import org.jspecify.annotations.Nullable;

/** The part of a document that training uses: its text, or the token ids of a packed sequence. */
record TrainingDocument(Split split, @Nullable String text, int @Nullable [] ids) {

    /** Returns its size in memory: UTF-8 bytes of the text, or four for each id. */
    long bytes() {
        if (ids != null) {
            return (long) ids.length * Integer.BYTES;
        }
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
