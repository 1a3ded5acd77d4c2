package org.bandpass.trainer.data;

import java.nio.charset.StandardCharsets;
import org.bandpass.schemas.Split;
import org.jspecify.annotations.Nullable;

/**
 * What training takes of a document.
 *
 * @param split how its data were split
 * @param text the text; null where ids are given
 * @param ids token ids of a packed sequence; null where there is text
 */
record TrainingDocument(Split split, @Nullable String text, int @Nullable [] ids) {

    /** Returns how much there is to hold: UTF-8 bytes of the text, or four for each id. */
    long bytes() {
        if (ids != null) {
            return (long) ids.length * Integer.BYTES;
        }
        return text == null ? 0 : text.getBytes(StandardCharsets.UTF_8).length;
    }
}
